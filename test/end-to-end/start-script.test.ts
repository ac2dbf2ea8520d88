// `npm start` in a fresh clone: builds what is missing or older than its source, and nothing else. The clone holds a program of
// one file, so that what is compiled is the script's doing and not the product's size.
import assert from 'node:assert/strict';
import { appendFile, cp, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { killPrograms, Program, runProgram } from '../support/program.ts';

let clone = '';
before(async () => {
  clone = await mkdtemp(join(tmpdir(), 'postern-clone-'));
  for (const name of ['scripts/start.mjs', 'package.json']) await cp(name, join(clone, name));
  const settings = JSON.parse(await readFile('tsconfig.json', 'utf8'));
  await writeFile(join(clone, 'tsconfig.json'), JSON.stringify({ ...settings, include: ['src'] }));
  await mkdir(join(clone, 'src/cli'), { recursive: true });
  await writeFile(
    join(clone, 'src/cli/postern.ts'),
    'console.log(JSON.stringify({ words: process.argv.slice(2) }));\n',
  );
  await symlink(join(process.cwd(), 'node_modules'), join(clone, 'node_modules'));
});
afterEach(killPrograms);
after(() => rm(clone, { recursive: true }));

/** The script's whole output. */
async function start(): Promise<string> {
  const entry = join(clone, 'scripts/start.mjs');
  const { code, stdout, stderr } = await runProgram(['--listen', '127.0.0.1:0'], { cwd: clone, entry });
  assert.equal(code, 0, stderr);
  return stdout;
}

const builtAt = async (): Promise<number> => (await stat(join(clone, 'dist/src/cli/postern.js'))).mtimeMs;

test('the first start builds, the second does not, one after a change does', async () => {
  assert.match(await start(), /\{"words":\["start","--listen","127\.0\.0\.1:0"\]\}\n$/);
  const first = await builtAt();
  await start();
  assert.equal(await builtAt(), first);

  await appendFile(join(clone, 'src/cli/postern.ts'), '\nconsole.log("changed");\n');
  assert.match(await start(), /changed\n$/);
  assert.ok((await builtAt()) > first);
});

test('the product starts by the script, built as it is', async (t) => {
  const cwd = await mkdtemp(join(tmpdir(), 'postern-start-'));
  t.after(() => rm(cwd, { recursive: true }));
  const entry = join(process.cwd(), 'scripts/start.mjs');
  const program = new Program(['--listen', '127.0.0.1:0'], { cwd, entry });
  const { management } = await program.ready();
  assert.equal((await fetch(`${management}/_postern/health`)).status, 200);
  assert.equal((await program.stop()).code, 0);
});

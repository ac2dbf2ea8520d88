// `npm start` in a fresh clone: builds what is missing or older than its source, and nothing else.
import assert from 'node:assert/strict';
import { appendFile, cp, mkdtemp, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { killPrograms, Program } from '../support/program.ts';

let clone = '';
before(async () => {
  clone = await mkdtemp(join(tmpdir(), 'postern-clone-'));
  for (const name of ['scripts/start.mjs', 'package.json', 'tsconfig.json'])
    await cp(name, join(clone, name));
  // The tests beside the sources need what is not copied.
  await cp('src', join(clone, 'src'), { recursive: true, filter: (path) => !path.endsWith('.test.ts') });
  await symlink(join(process.cwd(), 'node_modules'), join(clone, 'node_modules'));
});
afterEach(killPrograms);
after(() => rm(clone, { recursive: true }));

async function startAndStop(): Promise<void> {
  const words = ['--listen', '127.0.0.1:0'];
  const program = new Program(words, { cwd: clone, entry: join(clone, 'scripts/start.mjs') });
  const { management } = await program.ready();
  assert.equal((await fetch(`${management}/_postern/health`)).status, 200);
  assert.equal((await program.stop()).code, 0);
}

const builtAt = async (): Promise<number> => (await stat(join(clone, 'dist/src/main.js'))).mtimeMs;

test('the first start builds, the second does not, one after a change does', async () => {
  await startAndStop();
  const first = await builtAt();
  await startAndStop();
  assert.equal(await builtAt(), first);

  await appendFile(join(clone, 'src/main.ts'), '\nexport const changed = true;\n');
  await startAndStop();
  assert.ok((await builtAt()) > first);
});

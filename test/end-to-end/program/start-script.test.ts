// `npm start` in a fresh clone: builds what is missing or older than its source, and nothing else. The clone holds a program of
// one file, so that what is compiled is the script's doing and not the product's size.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFile, cp, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { killPrograms, Program, runProgram } from '../../support/program.ts';

let clone = '';
before(async () => {
  clone = await mkdtemp(join(tmpdir(), 'postern-clone-'));
  for (const name of ['start', 'bundle', 'licences', 'loaded-together', 'console', 'commit'])
    await cp(`scripts/${name}.mjs`, join(clone, `scripts/${name}.mjs`));
  for (const name of ['package.json', 'NOTICE']) await cp(name, join(clone, name));
  for (const folder of ['src/cli', 'src/settings', 'console'])
    await mkdir(join(clone, folder), { recursive: true });
  const bundled = (await readFile('scripts/bundle.mjs', 'utf8')).matchAll(/'([a-z/-]+\.ts)'/g);
  for (const [, entry] of bundled) {
    await mkdir(dirname(join(clone, 'src', entry!)), { recursive: true });
    await writeFile(join(clone, 'src', entry!), '');
  }
  await writeFile(
    join(clone, 'src/cli/bin.ts'),
    'console.log(JSON.stringify({ words: process.argv.slice(2) }));\n',
  );
  await writeFile(join(clone, 'console/index.html'), '<!doctype html><title>console</title>\n');
  await writeFile(
    join(clone, 'src/settings/options.ts'),
    "export const table = { data: { flag: 'data' } };\n",
  );
  await symlink(join(process.cwd(), 'node_modules'), join(clone, 'node_modules'));
});
afterEach(killPrograms);
after(() => rm(clone, { recursive: true }));

/** The script's whole output, and whether it said that it builds. */
async function start(): Promise<{ stdout: string; isBuilding: boolean }> {
  const entry = join(clone, 'scripts/start.mjs');
  const { code, stdout, stderr } = await runProgram(['--listen', '127.0.0.1:0'], { cwd: clone, entry });
  assert.equal(code, 0, stderr);
  return { stdout, isBuilding: /^postern: building first /m.test(stderr) };
}

const git = (...words: readonly string[]): string =>
  execFileSync('git', words, { cwd: clone, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();

const commitOf = async (): Promise<string | undefined> => {
  const text = await readFile(join(clone, 'dist/commit.json'), 'utf8').catch(() => '{}');
  return (JSON.parse(text) as { commit?: string }).commit;
};

const builtAt = async (): Promise<number> => (await stat(join(clone, 'dist/program/cli/bin.js'))).mtimeMs;

test('the first start builds, the second does not, one after a change does', async () => {
  const { stdout, isBuilding } = await start();
  assert.match(stdout, /\{"words":\["start","--listen","127\.0\.0\.1:0"\]\}\n$/);
  assert.equal(isBuilding, true);
  assert.equal(await commitOf(), undefined, 'of what is no clone there is no commit');
  const first = await builtAt();
  assert.equal((await start()).isBuilding, false);
  assert.equal(await builtAt(), first);

  await appendFile(join(clone, 'src/cli/bin.ts'), '\nconsole.log("changed");\n');
  git('init', '-q');
  git('add', 'src');
  git('-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '-q', '-m', 'a change');
  assert.match((await start()).stdout, /changed\n$/);
  assert.ok((await builtAt()) > first);
  assert.equal(await commitOf(), git('rev-parse', '--short=12', 'HEAD'));
});

test('options that npm took for its own are given back with the right command, before anything is built', async () => {
  const entry = join(process.cwd(), 'scripts/start.mjs');
  // What `npm start --listen 127.0.0.1:4800 --log-level=debug` comes to.
  const environment = { npm_config_listen: 'true', npm_config_log_level: 'debug', npm_config_audit: '' };
  const { code, stdout, stderr } = await runProgram(['127.0.0.1:4800'], { cwd: clone, entry, environment });
  assert.deepEqual([code, stdout], [2, '']);
  assert.equal(
    stderr,
    'postern: npm takes options for its own unless "--" stands in front of them. Write: npm start -- --listen 127.0.0.1:4800 --log-level debug\n',
  );
});

test('the version has the commit of the build, and that of Node.js', async () => {
  const built = await readFile('dist/commit.json', 'utf8').catch(() => undefined);
  const commit = built === undefined ? '' : ` (commit ${(JSON.parse(built) as { commit: string }).commit})`;
  const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
  for (const word of ['version', '--version']) {
    const { stdout } = await runProgram([word], { cwd: clone });
    assert.equal(stdout, `postern ${version}${commit}, Node.js ${process.versions.node}\n`);
  }
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

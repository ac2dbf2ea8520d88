// The package as npm packs it: what it exports, and that its types are found by those who use it.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';

const run = promisify(execFile);
const bin = (name: string): string => resolve('node_modules/.bin', name);

const USER = `import { evaluateMapping, type Fault, renderTemplate, selectRoute, startPostern, type TestPostern } from 'postern/testing';

const postern: TestPostern = await startPostern({ logs: (line) => console.log(line.event) });
const fault: Fault = { error: 503, times: 1 };
postern.faults.set({ route: 'GET /pets' }, fault).off();
const url: string = postern.url('a1b2c3');
await postern.reset();
await postern.close();
const { request } = evaluateMapping({ requestParameters: { 'append:header.a': '1' } }, { path: url });
console.log(request?.headers.a, renderTemplate('a').output, selectRoute(['$default'], { path: '/' })?.routeKey);
// @ts-expect-error a delay is a number
postern.faults.set({}, { delay: 'long' });
`;

describe('the packed package', () => {
  let home = '';
  let tarball = '';

  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'postern-package-'));
    const packed = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', home]);
    tarball = join(home, JSON.parse(packed.stdout)[0].filename);
    const inside = join(home, 'node_modules/postern');
    await mkdir(inside, { recursive: true });
    await run('tar', ['-xzf', tarball, '-C', inside, '--strip-components=1']);
    await symlink(resolve('node_modules'), join(inside, 'node_modules'));
    await writeFile(join(home, 'package.json'), '{"type":"module"}');
    await writeFile(join(home, 'user.ts'), USER);
  });
  after(() => rm(home, { recursive: true, force: true }));

  test('publint and arethetypeswrong find nothing wrong with it', async () => {
    await run(bin('publint'), [tarball, '--strict']);
    await run(bin('attw'), [tarball, '--profile', 'esm-only']);
  });

  for (const [module, moduleResolution] of [
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ] as const) {
    test(`its types hold in a project with moduleResolution ${moduleResolution}`, async () => {
      const options = ['--module', module, '--moduleResolution', moduleResolution, '--target', 'es2022'];
      const lib = ['--lib', 'es2022,dom', '--types', ''];
      const checks = ['--strict', '--noEmit', '--skipLibCheck', 'false', '--exactOptionalPropertyTypes'];
      const { stdout } = await run(bin('tsc'), [...options, ...lib, ...checks, 'user.ts'], {
        cwd: home,
      }).catch((error: { stdout: string }) => error);
      assert.equal(stdout, '');
    });
  }

  test('it runs, and what it does not export is refused', async () => {
    const script = `
      const { selectRoute, startPostern } = await import('postern/testing');
      console.log(selectRoute(['GET /a'], { path: '/a' }).routeKey);
      const postern = await startPostern();
      console.log((await fetch(postern.management + '/v2/apis')).status);
      await postern.close();
      for (const name of ['postern', 'postern/dist/src/main.js'])
        await import(name).catch(({ code }) => console.log(code));`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { cwd: home });
    const refused = 'ERR_PACKAGE_PATH_NOT_EXPORTED';
    assert.deepEqual(stdout.trim().split('\n'), ['GET /a', '200', refused, refused]);
  });

  test('its command is there', async () => {
    const { stdout } = await run(
      process.execPath,
      ['node_modules/postern/dist/program/cli/bin.js', 'version'],
      {
        cwd: home,
      },
    );
    assert.match(stdout, /^postern \d/);
  });
});

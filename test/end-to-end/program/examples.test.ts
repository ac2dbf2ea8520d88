// Every example runs by the one command of its README, prints what the README shows, and ends what it has started.
import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, test } from 'node:test';
import { killPrograms, type Outcome, runProgram } from '../../support/program.ts';

afterEach(killPrograms);

const EXAMPLES = [
  'cdk',
  'custom-domain-mtls',
  'jwt-oidc',
  'lambda',
  'lambda-authorizer',
  'mapping',
  'openapi',
  'private-integration',
  'sam',
  'serverless',
  'sqs',
];

/** As a user runs it, but without Node's own warnings. */
const run = (entry: string): Promise<Outcome> =>
  runProgram([], { cwd: resolve('.'), entry, environment: { NODE_NO_WARNINGS: '1' } });

for (const name of EXAMPLES) {
  test(`examples/${name} prints what its README shows`, async () => {
    // Output ends when the last process that writes to it has ended.
    const { code, stdout, stderr } = await run(resolve('examples', name, 'run.mjs'));
    assert.equal(code, 0, stderr);
    assert.doesNotMatch(stderr, /expected/);
    const readme = await readFile(resolve('examples', name, 'README.md'), 'utf8');
    assert.ok(readme.replaceAll('```text\n', '```\n').includes(`\`\`\`\n${stdout}\`\`\``), stdout);
    assert.ok(readme.includes(`node examples/${name}/run.mjs\n`));
  });
}

test('an example that gets another value than its README shows says so and ends with 1', async (t) => {
  const root = await mkdtemp(join(tmpdir(), 'postern-examples-'));
  t.after(() => rm(root, { recursive: true }));
  await mkdir(join(root, 'examples'));
  for (const name of ['stand.mjs', 'echo-backend.mjs', 'mapping'])
    await cp(resolve('examples', name), join(root, 'examples', name), { recursive: true });
  for (const name of ['scripts', 'node_modules']) await symlink(resolve(name), join(root, name));
  const readme = join(root, 'examples/mapping/README.md');
  const text = await readFile(readme, 'utf8');
  await writeFile(readme, text.replace('x-environment: blue', 'x-environment: green'));
  const { code, stderr } = await run(join(root, 'examples/mapping/run.mjs'));
  assert.equal(code, 1);
  assert.match(stderr, /^line \d+ is " +x-environment: blue", expected " +x-environment: green"$/m);
});

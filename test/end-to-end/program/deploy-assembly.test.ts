// Cloud assemblies and Serverless packages, as their tools leave them, by `postern deploy` (spec/definitions.md §9, §10; rows 89 to 94
// of §14). What their APIs answer is shown by examples/cdk and examples/serverless.
import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { StackCommandName } from '../../../src/cli/command-options.ts';
import type { DeployReport } from '../../../src/definitions/deploy-answer.ts';
import { type RunningPostern, startTestPostern } from '../../support/postern.ts';
import { runProgram } from '../../support/program.ts';
import { runStackWords } from '../../support/stack-commands.ts';

let root: string;
let server: RunningPostern;
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'postern-assembly-'));
  server = await startTestPostern();
});
after(async () => {
  assert.deepEqual(server.errors, []);
  await server.close();
  await rm(root, { recursive: true, force: true });
});

function run(line: string) {
  const [name, ...words] = line.split(' ');
  return runStackWords(name as StackCommandName, words, { endpoint: server.management, cwd: root });
}

async function reportOf(line: string): Promise<DeployReport> {
  return JSON.parse((await run(`${line} --json`)).stdout);
}

/** What is said of the place where nobody has code. */
const withoutCode = ({ findings }: DeployReport) => findings.filter(({ severity }) => severity !== 'note');

describe('cloud assemblies of aws-cdk-lib', () => {
  const APP = `
const { App, Stack, CfnOutput } = require(${JSON.stringify(resolve('node_modules/aws-cdk-lib'))});
const { HttpApi } = require(${JSON.stringify(resolve('node_modules/aws-cdk-lib/aws-apigatewayv2'))});
const { HttpLambdaIntegration } = require(${JSON.stringify(resolve('node_modules/aws-cdk-lib/aws-apigatewayv2-integrations'))});
const { Code, Function, Runtime } = require(${JSON.stringify(resolve('node_modules/aws-cdk-lib/aws-lambda'))});
class Pets extends Stack {
  constructor(app, id, props) {
    super(app, id, props);
    const code = Code.fromAsset(${JSON.stringify(resolve('examples/cdk/src'))});
    const fn = new Function(this, 'List', { runtime: Runtime.NODEJS_22_X, handler: 'list.handler', code });
    const api = new HttpApi(this, 'Api', { defaultIntegration: new HttpLambdaIntegration('Int', fn) });
    new CfnOutput(this, 'Id', { value: api.apiId });
  }
}
for (const [outdir, context] of [['with', { 'aws:cdk:enable-asset-metadata': true }], ['without', {}]]) {
  const app = new App({ outdir, context, analyticsReporting: false });
  new Pets(app, 'Pets');
  app.synth();
}
{
  const app = new App({ outdir: 'two', analyticsReporting: false });
  const base = new Pets(app, 'Base', { stackName: 'shop-base', env: { account: '123456789012', region: 'eu-west-1' } });
  new Pets(app, 'Shop', { terminationProtection: true, env: base }).addDependency(base);
  app.synth();
}
`;

  before(async () => {
    await writeFile(join(root, 'app.cjs'), APP);
    const { code, stderr } = await runProgram([], { cwd: root, entry: join(root, 'app.cjs') });
    assert.equal(code, 0, stderr);
  });

  // Row 89: the rule on BootstrapVersion passes, or nothing would be deployed.
  for (const [name, has] of [
    ['with', true],
    ['without', false],
  ] as const) {
    test(`code is found ${name} metadata of assets (§9.3)`, async () => {
      const template = await readFile(join(root, name, 'Pets.template.json'), 'utf8');
      assert.equal(template.includes('aws:asset:path'), has);
      assert.ok(template.includes('BootstrapVersion'));
      const report = await reportOf(`deploy ${name}`);
      assert.deepEqual([report.outcome, withoutCode(report)], ['deployed', []]);
    });
  }

  // Row 91.
  test('several stacks and no name are refused, exit code 2', async () => {
    const { code, stderr } = await run('deploy two');
    assert.equal(code, 2);
    assert.match(
      stderr,
      /^postern: Since this app includes more than a single stack, specify .*\nStacks: Base · Shop\n$/,
    );
  });

  test('what a stack depends on comes first, each where it belongs; a protected one is forced (§9.2, §9.5, §9.8)', async () => {
    const { code, stdout, stderr } = await run('deploy two Shop');
    assert.equal(code, 0, stderr);
    assert.deepEqual(stdout.match(/^[\w-]+ {2}two {2}→ {2}.*$/gm), [
      'shop-base  two  →  123456789012 eu-west-1',
      'Shop  two  →  123456789012 eu-west-1',
    ]);
    const there = '--account-id 123456789012 --region eu-west-1';
    const refused = await run(`delete Shop --yes ${there}`);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /TerminationProtection/);
    assert.equal((await run(`delete Shop --force ${there}`)).code, 0);
    assert.match((await run(`stacks ${there}`)).stdout, /^shop-base /);
  });
});

describe('packages of the Serverless Framework', () => {
  const STAMP = /\d{13}-\d{4}-\d\d-\d\dT[\d:.]+Z/g;
  const RANDOM = /WebsocketsDeployment[A-Za-z0-9]{20,}/g;

  /** The example's package, as packaging it again leaves it. */
  async function packaged(change: (template: string) => string): Promise<void> {
    const from = resolve('examples/serverless/.serverless');
    await cp(from, join(root, 'service/.serverless'), { recursive: true });
    for (const name of ['cloudformation-template-update-stack.json', 'serverless-state.json']) {
      const text = await readFile(join(from, name), 'utf8');
      assert.notEqual(text.search(STAMP), -1, name);
      await writeFile(join(root, 'service/.serverless', name), change(text));
    }
  }

  const later = (text: string) => text.replace(STAMP, '1900000000000-2030-03-17T17:46:40.000Z');

  // Row 93: the names of deployments are all that is random in a package of these sources.
  test('packaged again from the same sources there is nothing to change (§7.4)', async () => {
    await packaged((text) => text);
    const first = await reportOf('deploy service/.serverless');
    assert.deepEqual([first.outcome, first.stack.name, withoutCode(first)], ['deployed', 'shop-dev', []]);
    await packaged(later);
    assert.equal((await reportOf('deploy service/.serverless')).outcome, 'unchanged');
  });

  // Row 94.
  test('a WebSocket API gets the new deployment that the package has, and its stage', async () => {
    await packaged((text) => later(text).replace(RANDOM, `WebsocketsDeployment${'x'.repeat(30)}`));
    const { changes } = await reportOf('deploy service/.serverless');
    assert.deepEqual(
      changes.map(({ action, type }) => [action, type.split('::')[2]]),
      [
        ['create', 'Deployment'],
        ['update', 'Stage'],
        ['delete', 'Deployment'],
      ],
    );
  });
});

// `postern deploy`, `stacks` and `delete` against a running server (spec/definitions.md §1, §11).
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { GetApisCommand } from '@aws-sdk/client-apigatewayv2';
import type { StackCommandName } from '../../../src/cli/command-options.ts';
import type { DeployReport } from '../../../src/definitions/deploy-answer.ts';
import { type RunningPostern, startTestPostern } from '../../support/postern.ts';
import { killPrograms, runProgram } from '../../support/program.ts';
import { type CommandOutcome, runStackWords } from '../../support/stack-commands.ts';

const PETS = `Parameters:
  Mood: { Type: String, Default: calm }
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: { Name: pets, ProtocolType: HTTP }
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs20.x
      Handler: index.handler
      Role: arn:aws:iam::000000000000:role/any
      Code: src
      Environment: { Variables: { MOOD: !Ref Mood } }
  Int:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Api
      IntegrationType: AWS_PROXY
      IntegrationUri: !GetAtt Fn.Arn
      PayloadFormatVersion: 2.0
      TimeoutInMillis: 9000
  ListRoute:
    Type: AWS::ApiGatewayV2::Route
    Properties: { ApiId: !Ref Api, RouteKey: GET /pets, Target: !Sub 'integrations/\${Int}' }
  Stage:
    Type: AWS::ApiGatewayV2::Stage
    Properties: { ApiId: !Ref Api, StageName: $default, AutoDeploy: true }
Outputs:
  Url: { Value: !Sub 'https://\${Api}.execute-api.\${AWS::Region}.\${AWS::URLSuffix}/' }
`;
const HANDLER = `exports.handler = async (event) => ({ path: event.rawPath, mood: process.env.MOOD });\n`;
const OPENAPI = `openapi: 3.0.1
info: { title: shop, version: '1' }
paths:
  /items:
    get:
      x-amazon-apigateway-integration:
        { type: http_proxy, httpMethod: GET, uri: 'http://127.0.0.1:1/', payloadFormatVersion: '1.0' }
`;

let root: string;
let server: RunningPostern;
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'postern-deploy-'));
  server = await startTestPostern();
});
after(async () => {
  assert.deepEqual(server.errors, []);
  await server.close();
  await rm(root, { recursive: true, force: true });
});
afterEach(killPrograms);

async function project(name: string, files: Readonly<Record<string, string>>): Promise<string> {
  const cwd = join(root, name);
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(cwd, file)), { recursive: true });
    await writeFile(join(cwd, file), text);
  }
  return cwd;
}

const pets = (files: Readonly<Record<string, string>> = {}) =>
  project('pets', { 'template.yaml': PETS, 'src/index.js': HANDLER, ...files });

function run(cwd: string, line: string, input?: string): Promise<CommandOutcome> {
  const [name, ...words] = line.split(' ');
  const typed = input === undefined ? {} : { input };
  return runStackWords(name as StackCommandName, words, { endpoint: server.management, cwd, ...typed });
}

async function reportOf(cwd: string, line: string): Promise<DeployReport> {
  return JSON.parse((await run(cwd, `${line} --json`)).stdout);
}

function get(url: string): Promise<{ readonly status: number; readonly body: string }> {
  const { host, pathname } = new URL(url);
  return new Promise((resolve, reject) => {
    const options = { host: server.host, port: server.port, path: pathname, headers: { host } };
    request(options, (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode!, body }));
    })
      .on('error', reject)
      .end();
  });
}

const apiCount = async () => (await server.client.send(new GetApisCommand({}))).Items!.length;

describe('postern deploy', () => {
  test('a template deploys by the program, says what it made, and answers where it says', async () => {
    const cwd = await pets();
    const words = ['deploy', '--endpoint', server.management, '--capabilities', 'CAPABILITY_IAM'];
    const { code, stdout, stderr } = await runProgram(words, { cwd });
    assert.equal(code, 0, stderr + stdout);
    assert.match(stdout, /^pets {2}template\.yaml {2}→ {2}000000000000 us-east-1\n/);
    assert.match(stdout, /^ {3}\+ ListRoute {2}AWS::ApiGatewayV2::Route {8}\w+$/m);
    assert.match(stdout, /added; 1 function\n/);
    assert.match(stdout, /^note {5}--capabilities has no effect here$/m);
    const here = /Url {2}https:\/\/(\w+)\.execute-api\.us-east-1\.amazonaws\.com\/ {3}here: (http\S+)/.exec(
      stdout,
    );
    assert.ok(here, stdout);
    const { status, body } = await get(`${here[2]}pets`);
    assert.deepEqual([status, JSON.parse(body)], [200, { path: '/pets', mood: 'calm' }]);
  });

  test('again is nothing to change, which --fail-on-empty-changeset is about (§11.4.3)', async () => {
    const cwd = await pets();
    const again = await run(cwd, 'deploy');
    assert.deepEqual([again.code, again.stdout.split('\n')[0]], [0, 'pets: nothing to change']);
    assert.match(again.stdout, /here: http/);
    const failing = await run(cwd, 'deploy --fail-on-empty-changeset');
    assert.deepEqual(
      [failing.code, failing.stderr],
      [1, 'postern: No changes to deploy. Stack pets is up to date\n'],
    );
  });

  test('--dry-run shows what would change, before and after, and changes nothing (§11.4.2)', async () => {
    const cwd = await pets({ 'template.yaml': PETS.replace('9000', '5000') });
    const plan = await run(cwd, 'deploy --no-execute-changeset');
    assert.equal(plan.code, 0, plan.stderr);
    assert.match(plan.stdout, /^ {3}~ Int {2}.* TimeoutInMillis: 9000 → 5000$/m);
    assert.match(plan.stdout, /1 changed, \d+ unchanged/);
    assert.match(plan.stdout, /A dry run: nothing was changed\.\n$/);
    assert.equal((await run(cwd, 'deploy --dry-run --fail')).code, 1);
    assert.equal((await run(await pets(), 'deploy --dry-run --fail')).code, 0);
  });

  test('--confirm asks, and only yes is yes', async () => {
    const cwd = await pets({ 'template.yaml': PETS.replace('9000', '5000') });
    const no = await run(cwd, 'deploy --confirm', 'n\n');
    assert.equal(no.code, 1);
    assert.match(no.stderr, /~ Int .*\n[\s\S]*Deploy pets\? \[y\/N\] postern: Nothing was deployed\.\n$/);
    assert.equal((await run(cwd, 'deploy --confirm', '')).code, 1);
    const yes = await run(cwd, 'deploy --confirm', 'y\n');
    assert.equal(yes.code, 0, yes.stderr);
    assert.match(yes.stdout, /1 changed/);
    assert.equal((await reportOf(cwd, 'deploy')).outcome, 'unchanged');
  });

  test('parameters come from the command line, then from samconfig.toml (§1.4)', async () => {
    const config =
      '[default.deploy.parameters]\nstack_name = "moody"\nparameter_overrides = "Mood=sad No=1"\n';
    const cwd = await project('sam', {
      'template.yaml': PETS,
      'src/index.js': HANDLER,
      'samconfig.toml': config,
    });
    const sad = await reportOf(cwd, 'deploy');
    assert.equal(sad.stack.name, 'moody');
    assert.ok(sad.findings.some(({ severity, text }) => severity === 'note' && /\bNo\b/.test(text)));
    const url = `${sad.endpoints[0]!.url.replace(/\/$/, '')}/pets`;
    assert.equal(JSON.parse((await get(url)).body).mood, 'sad');
    assert.equal((await run(cwd, 'deploy --parameter-overrides Mood=glad')).code, 0);
    assert.equal(JSON.parse((await get(url)).body).mood, 'glad');
    const unknown = await run(cwd, 'deploy --parameter-overrides No=1');
    assert.equal(unknown.code, 1);
    assert.match(unknown.stderr, /Parameters: \[No\] do not exist in the template/);
    assert.equal((await run(cwd, 'delete moody --yes')).code, 0);
  });

  test('--outputs-file has the shape of the CDK, with what AWS would say', async () => {
    const cwd = await pets();
    assert.equal((await run(cwd, 'deploy --outputs-file out.json')).code, 0);
    const { pets: outputs } = JSON.parse(await readFile(join(cwd, 'out.json'), 'utf8'));
    assert.match(outputs.Url, /^https:\/\/\w+\.execute-api\.us-east-1\.amazonaws\.com\/$/);
    assert.equal((await run(cwd, 'deploy --outputs-file made/for/it.json')).code, 0);
    assert.match(await readFile(join(cwd, 'made/for/it.json'), 'utf8'), /"Url"/);
  });

  test('--json is one document, whatever happens', async () => {
    const cwd = await pets();
    for (const [line, expected, message] of [
      ['stacks nowhere --json', 1, /Stack with id nowhere does not exist/],
      ['delete nowhere --yes --json', 1, /Stack with id nowhere does not exist/],
      ['deploy no.yaml --json', 2, /no\.yaml does not exist/],
      ['deploy --fail --json', 2, /--fail is for --dry-run/],
    ] as const) {
      const { code, stdout, stderr } = await run(cwd, line);
      const { outcome, message: said } = JSON.parse(stdout);
      assert.deepEqual([code, outcome], [expected, 'failed'], line);
      assert.match(said, message);
      assert.match(stderr, message);
    }
  });

  // Row 96 of spec/definitions.md §14.
  test('--dry-run of what the API refuses is refused, with its place, and nothing is stored', async () => {
    const cwd = await project('refused', {
      'template.yaml': PETS.replace('9000', '1').replace('Name: pets', 'Name: refused'),
      'src/index.js': HANDLER,
    });
    const count = await apiCount();
    for (const line of ['deploy --dry-run', 'deploy']) {
      const { code, stdout, stderr } = await run(cwd, line);
      assert.deepEqual([code, stdout], [1, ''], stderr);
      assert.match(stderr, /^error {4}template\.yaml:\d+:\d+ {2}.*Int/m);
      assert.match(stderr, /\npostern: Nothing was deployed\.\n$/);
    }
    assert.equal(await apiCount(), count);
    const { code, stdout } = await run(cwd, 'deploy --json');
    assert.deepEqual([code, JSON.parse(stdout).outcome], [1, 'refused']);
  });

  test('a file that the template includes is read here, and what is wrong in it has its place', async () => {
    const resources =
      'Type: AWS::ApiGatewayV2::Api\nProperties:\n  Name: inc\n  ProtocolType: HTTP\n  Nme: x\n';
    const cwd = await project('including', {
      'template.yaml':
        'Resources:\n  Api:\n    Fn::Transform: { Name: AWS::Include, Parameters: { Location: parts/api.yaml } }\n',
      'parts/api.yaml': resources,
    });
    const { code, stderr } = await run(cwd, 'deploy');
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^error {4}parts\/api\.yaml:\d+:\d+ {2}[\s\S]*extraneous key \[Nme\] is not permitted/m,
    );
  });

  test('--strict refuses what has warnings', async () => {
    const template = PETS.replace(
      'Outputs:',
      `  Jwt:
    Type: AWS::ApiGatewayV2::Authorizer
    Properties:
      ApiId: !Ref Api
      AuthorizerType: JWT
      Name: j
      IdentitySource: [$request.header.Authorization]
      JwtConfiguration: { Audience: [a], Issuer: !Sub 'https://cognito-idp.us-east-1.amazonaws.com/\${Pool}' }
  Pool: { Type: AWS::Cognito::UserPool }
Outputs:`,
    );
    const cwd = await project('strict', { 'template.yaml': template, 'src/index.js': HANDLER });
    const { code, stderr } = await run(cwd, 'deploy --strict');
    assert.equal(code, 1, stderr);
    assert.match(stderr, /^warning {2}/m);
    assert.match(stderr, /Warnings are refused with --strict\.\n$/);
  });

  test('an OpenAPI document is a stack with one API, which is live', async () => {
    const cwd = await project('shop', { 'api.yaml': OPENAPI });
    const { outcome, endpoints, stack } = await reportOf(cwd, 'deploy api.yaml');
    assert.deepEqual([outcome, stack.name, endpoints[0]?.stage], ['deployed', 'shop', '$default']);
    assert.deepEqual(
      endpoints[0]!.routes.map(({ key }) => key),
      ['GET /items'],
    );
    assert.equal((await reportOf(cwd, 'deploy api.yaml')).outcome, 'unchanged');
    assert.equal((await run(cwd, 'delete shop --yes')).code, 0);
  });

  // Row 95 of spec/definitions.md §14.
  test('serverless.yml is refused with what to do instead, exit code 2', async () => {
    const cwd = await project('sls', { 'serverless.yml': 'service: a' });
    const { code, stderr } = await runProgram(['deploy', 'serverless.yml'], { cwd });
    assert.equal(code, 2);
    assert.match(
      stderr,
      /^postern: serverless\.yml is read by the Serverless Framework: run "npx serverless package"/,
    );
  });

  test('without a server one sentence names its address and what starts one', async () => {
    const { code, stderr } = await runProgram(['deploy', '--listen', '127.0.0.1:1'], { cwd: await pets() });
    assert.equal(code, 1);
    assert.match(stderr, /^postern: No Postern answers at http:\/\/127\.0\.0\.1:1 .*"postern dev".*\n$/);
  });
});

describe('postern stacks and postern delete', () => {
  test('stacks are listed, and one is shown with its resources', async () => {
    const cwd = await pets();
    await run(cwd, 'deploy');
    const list = await run(cwd, 'stacks');
    assert.match(list.stdout, /^pets +UPDATE_COMPLETE {2}template\.yaml {2}\d+ \w+ ago$/m);
    const one = await run(cwd, 'stacks pets');
    assert.equal(one.code, 0, one.stderr);
    assert.match(one.stdout, /^ {2}ListRoute {2}AWS::ApiGatewayV2::Route {8}\w+$/m);
    assert.match(one.stdout, /^ {2}Url {2}https:.* here: http/m);
    const described = JSON.parse((await run(cwd, 'stacks pets --json')).stdout);
    assert.equal(described.name, 'pets');
    assert.ok(described.resources.some(({ logicalId }: { logicalId: string }) => logicalId === 'ListRoute'));
  });

  test('delete asks, deletes all of it, and knows what is not there', async () => {
    const cwd = await pets();
    await run(cwd, 'deploy');
    const count = await apiCount();
    const no = await run(cwd, 'delete pets', 'n\n');
    assert.equal(no.code, 1);
    assert.match(
      no.stderr,
      /^Delete the stack pets with \d+ resources\? \[y\/N\] postern: Nothing was deleted\.\n$/,
    );
    const yes = await run(cwd, 'delete pets', 'yes\n');
    assert.equal(yes.code, 0, yes.stderr);
    assert.match(yes.stdout, /^ {3}- ListRoute /m);
    assert.equal(await apiCount(), count - 1);
    for (const line of ['delete pets --yes', 'delete pets', 'stacks pets']) {
      const { code, stderr } = await run(cwd, line);
      assert.deepEqual([code, stderr], [1, 'postern: Stack with id pets does not exist\n']);
    }
  });
});

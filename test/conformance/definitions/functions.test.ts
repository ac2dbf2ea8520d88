// Functions of definitions, deployed to a server and called (spec/definitions.md §7, §14 rows 52, 87, 88, 92).
import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { DeployReport } from '../../../src/definitions/deploy-answer.ts';
import type { DeployRequest } from '../../../src/definitions/deploy-request.ts';
import { parseConfig } from '../../../src/settings/config-file.ts';
import { REGION, type RunningPostern, startTestPostern } from '../../support/postern.ts';
import { zipOf } from '../../support/zip.ts';

const NODE = `nodejs${process.versions.node.split('.')[0]}.x`;
const ANSWER = 'exports.handler = async (event) => ({ statusCode: 200, body: TEXT });';
const says = (text: string): string => ANSWER.replace('TEXT', text);

const FILES: { readonly [path: string]: string | Buffer } = {
  'node/src/app.js': says('"node " + event.rawPath + " " + process.env.A + " " + process.env.B'),
  'python/app.py':
    'import os\ndef handler(event, context):\n  return {"statusCode": 200, "body": "python " + os.environ["A"] + " " + context.function_name}\n',
  'hello/app.ts':
    'export const handler = async (): Promise<object> => ({ statusCode: 200, body: "esbuild" });',
  'bash/bootstrap': `#!/bin/sh
while true; do
  headers=$(mktemp)
  curl -sS -D "$headers" "http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation/next" > /dev/null
  id=$(tr -d '\\r' < "$headers" | sed -n 's/^[Ll]ambda-[Rr]untime-[Aa]ws-[Rr]equest-[Ii]d: //p')
  curl -sS "http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation/$id/response" -d '{"statusCode":200,"body":"provided"}' > /dev/null
done
`,
  'layer/nodejs/node_modules/shared/index.js': 'exports.name = "from the layer";',
  'layered/index.js': says('require("shared").name'),
  'one.zip': zipOf([{ name: 'index.js', content: says('"one"') }]),
  'two.zip': zipOf([{ name: 'index.js', content: says('"two"') }]),
  'settings.mjs':
    'export const handler = async () => ({ statusCode: 200, body: "settings " + process.env.A });',
};

let directory = '';
let postern: RunningPostern;
let lambda: LambdaClient;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'postern-functions-'));
  for (const [name, content] of Object.entries(FILES)) {
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), content);
  }
  await chmod(join(directory, 'bash/bootstrap'), 0o755);
  const text = `stacks:
  stood: { functions: { Fn: { file: settings.mjs } } }
  mapped: { s3: { "s3://artifacts/": . } }
`;
  const { sections } = parseConfig(text, 'postern.yaml', directory);
  postern = await startTestPostern({ sections });
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  lambda = new LambdaClient({ endpoint: postern.management, region: REGION, credentials });
});

after(async () => {
  lambda.destroy();
  await postern.close();
  await rm(directory, { recursive: true });
});

async function deploy(
  stackName: string,
  template: string,
  more: Partial<DeployRequest> = {},
): Promise<DeployReport> {
  const request: DeployRequest = {
    stackName,
    template: { name: 'template.yaml', text: template },
    directory,
    ...more,
  };
  const reply = await fetch(`${postern.management}/_postern/stacks`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
  });
  return (await reply.json()) as DeployReport;
}

/** An API whose `$default` route calls Fn, or what else `uri` is. */
const withApi = (fn: string, more = '', uri = '!GetAtt Fn.Arn'): string => `Resources:
  Api: {Type: 'AWS::ApiGatewayV2::Api', Properties: {Name: pets, ProtocolType: HTTP}}
  Stage: {Type: 'AWS::ApiGatewayV2::Stage', Properties: {ApiId: !Ref Api, StageName: $default, AutoDeploy: true}}
  Int: {Type: 'AWS::ApiGatewayV2::Integration', Properties: {ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationUri: ${uri}, PayloadFormatVersion: 2.0}}
  R: {Type: 'AWS::ApiGatewayV2::Route', Properties: {ApiId: !Ref Api, RouteKey: $default, Target: !Sub 'integrations/\${Int}'}}
  Fn:
    Type: AWS::Lambda::Function
    Properties: {${fn}}
${more}
`;

/** What the API of a stack answers. */
async function answered({ endpoints }: DeployReport, path = ''): Promise<string> {
  const { apiId } = endpoints[0]!;
  const reply = await fetch(`${postern.management}/_aws/execute-api/${apiId}${path === '' ? '/' : path}`);
  return reply.status === 200 ? await reply.text() : `${reply.status}`;
}

const RUN: readonly (readonly [
  what: string,
  fn: string,
  body: string,
  more?: Partial<DeployRequest>,
  resources?: string,
])[] = [
  [
    'a directory',
    `Runtime: ${NODE}, Handler: src/app.handler, Code: node, Environment: {Variables: {A: 1.10}}`,
    'node / 1.10 undefined',
  ],
  [
    'variables of --env-vars',
    `Runtime: ${NODE}, Handler: src/app.handler, Code: node, Environment: {Variables: {A: a}}`,
    'node / fn b',
    { variables: { Parameters: { A: 'all', B: 'b' }, Fn: { A: 'fn' } } },
  ],
  [
    'without a variable whose value nobody knows (row 36)',
    `Runtime: ${NODE}, Handler: src/app.handler, Code: node, Environment: {Variables: {A: !GetAtt W.Url, B: b}}`,
    'node / undefined b',
    {},
    '  W: {Type: AWS::Foo::Bar}',
  ],
  [
    'Python',
    'Runtime: python3.12, Handler: app.handler, Code: python, FunctionName: pythons, Environment: {Variables: {A: a}}',
    'python a pythons',
  ],
  ['a bootstrap', 'Runtime: provided.al2023, Handler: x, Code: bash', 'provided'],
  [
    'code in the template',
    `Runtime: ${NODE}, Handler: index.handler, Code: {ZipFile: '${says('"inline"')}'}`,
    'inline',
  ],
  ['a zip', `Runtime: ${NODE}, Handler: index.handler, Code: one.zip`, 'one'],
  [
    'an asset',
    `Runtime: ${NODE}, Handler: index.handler, Code: {S3Bucket: !Sub 'assets-\${AWS::AccountId}', S3Key: abc.zip}`,
    'two',
    { assets: { 'abc.zip': { path: 'two.zip', packaging: 'file' } } },
  ],
  [
    'an artifact',
    `Runtime: ${NODE}, Handler: src/app.handler, Code: {S3Bucket: b, S3Key: serverless/x/dev/1-2/x.zip}`,
    'node / undefined undefined',
    { assets: { 'x.zip': { path: 'node', packaging: 'directory' } } },
  ],
  [
    'a layer',
    `Runtime: ${NODE}, Handler: index.handler, Code: layered, Layers: [!Ref L]`,
    'from the layer',
    {},
    '  L: {Type: AWS::Lambda::LayerVersion, Properties: {Content: layer}}',
  ],
];

for (const [what, fn, body, more = {}, resources] of RUN) {
  test(`a function of a definition runs: ${what} (§7.2)`, async () => {
    const assets = more.assets && {
      assets: Object.fromEntries(
        Object.entries(more.assets).map(([key, asset]) => [
          key,
          { ...asset, path: join(directory, asset.path) },
        ]),
      ),
    };
    const name = `run-${RUN.findIndex(([each]) => each === what)}`;
    const report = await deploy(name, withApi(fn, resources), { ...more, ...assets });
    assert.equal(report.outcome, 'deployed', JSON.stringify(report.findings));
    assert.equal(await answered(report), body);
    assert.equal(report.functions[0]!.logicalId, 'Fn');
    const again = await deploy(name, withApi(fn, resources), { ...more, ...assets });
    assert.equal(again.outcome, 'unchanged');
  });
}

test('an object of S3 is where stacks.NAME.s3 says (§6.5.3)', async () => {
  const fn = `Runtime: ${NODE}, Handler: index.handler, Code: {S3Bucket: artifacts, S3Key: one.zip}`;
  assert.equal(await answered(await deploy('mapped', withApi(fn))), 'one');
});

test('what esbuild would begin with runs (row 88)', async () => {
  const template = withApi(
    `Runtime: ${NODE}, Handler: dist.handler, Code: hello/`,
    '    Metadata: {BuildMethod: esbuild, BuildProperties: {EntryPoints: [app.ts]}}',
  );
  const report = await deploy('built', template);
  assert.equal(await answered(report), 'esbuild');
  assert.equal(report.functions[0]!.code, join(directory, 'hello/app.ts'));
});

test('a function of SAM without CodeUri is in the directory of the template, an image is built nowhere (§7.2)', async () => {
  const event = (path: string): string =>
    `Events: {E: {Type: HttpApi, Properties: {Path: ${path}, Method: get}}}`;
  const report = await deploy(
    'packaged',
    `Transform: AWS::Serverless-2016-10-31
Resources:
  F: {Type: AWS::Serverless::Function, Properties: {Runtime: ${NODE}, Handler: hello/app.handler, ${event('/f')}}}
  I:
    Type: AWS::Serverless::Function
    Properties: {PackageType: Image, ${event('/i')}}
    Metadata: {Dockerfile: Dockerfile, DockerContext: .}
`,
  );
  assert.equal(
    report.functions.find(({ logicalId }) => logicalId === 'F')?.code,
    join(directory, 'hello/app.ts'),
  );
  assert.equal(await answered(report, '/f'), 'esbuild');
  const [said] = report.findings.filter(({ severity }) => severity === 'warning');
  assert.match(said!.text, /^I: its code is a container image\. GET \/i will answer 500 until /);
});

test('a function is found by name, ARN, version and alias, and a route by either (§7.1.1)', async () => {
  const fn = `FunctionName: aliased, Runtime: ${NODE}, Handler: index.handler, Code: {ZipFile: '${says('"aliased"')}'}`;
  const more = `  Version: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref Fn}}
  Alias: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !Ref Fn, FunctionVersion: !GetAtt Version.Version, Name: live}}
`;
  assert.equal(await answered(await deploy('aliases', withApi(fn, more, '!Ref Alias'))), 'aliased');
  const arn = `arn:aws:lambda:${REGION}:000000000000:function:aliased`;
  for (const FunctionName of ['aliased', arn, `${arn}:live`, 'aliased:1']) {
    const { Payload, StatusCode } = await lambda.send(new InvokeCommand({ FunctionName }));
    assert.equal(StatusCode, 200);
    assert.equal(JSON.parse(Buffer.from(Payload!).toString()).body, 'aliased', FunctionName);
  }
});

test('another artifact replaces the code, the same one under another key does not (row 52, Choice D36)', async () => {
  const template = (key: string) =>
    withApi(
      `FunctionName: changing, Runtime: ${NODE}, Handler: index.handler, Code: {S3Bucket: b, S3Key: ${key}.zip}`,
    );
  const asset = (key: string, path: string) => ({
    assets: { [`${key}.zip`]: { path: join(directory, path), packaging: 'file' } as const },
  });
  const first = await deploy('changing', template('k1'), asset('k1', 'one.zip'));
  assert.equal(await answered(first), 'one');
  const same = await deploy('changing', template('k2'), asset('k2', 'one.zip'));
  assert.deepEqual(same.changes, []);
  const other = await deploy('changing', template('k3'), asset('k3', 'two.zip'));
  assert.deepEqual(
    other.changes.map(({ action, logicalId, members }) => [
      action,
      logicalId,
      members.map(({ name }) => name),
    ]),
    [['update', 'Fn', ['Code']]],
  );
  assert.equal(await answered(other), 'two', 'what answers is what the answer of the deploy was about');
});

test('code that is used where it is counts as soon as it changes (§7.2)', async () => {
  const path = join(directory, 'watched/index.js');
  await mkdir(dirname(path));
  await writeFile(path, says('"before"'));
  const report = await deploy('watched', withApi(`Runtime: ${NODE}, Handler: index.handler, Code: watched`));
  assert.equal(await answered(report), 'before');
  await writeFile(path, says('"after"'));
  for (let left = 100; left > 0 && (await answered(report)) === 'before'; left--) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.equal(await answered(report), 'after');
});

test('a runtime that is not here answers 500, with a warning; settings answer instead (row 87)', async () => {
  const fn = 'Runtime: java21, Handler: a.B, Code: node, Environment: {Variables: {A: of the template}}';
  const report = await deploy('java', withApi(fn));
  assert.equal(report.outcome, 'deployed');
  const [warning] = report.findings.filter(({ severity }) => severity === 'warning');
  assert.match(
    warning!.text,
    /^Fn: the runtime java21 does not run here\. \$default will answer 500 until stacks\.java\.functions\.Fn/,
  );
  assert.equal(await answered(report), '500');
  const stood = await deploy('stood', withApi(fn));
  assert.deepEqual(
    stood.findings.filter(({ severity }) => severity === 'warning'),
    [],
  );
  assert.equal(await answered(stood), 'settings of the template');
});

test('addresses of APIs in environments are of this machine, outputs keep AWS’s (row 92)', async () => {
  const template = `${withApi(`Runtime: ${NODE}, Handler: index.handler, Code: {ZipFile: '${says('process.env.EP')}'}, Environment: {Variables: {EP: !Sub 'https://\${Ws}.execute-api.us-east-1.amazonaws.com/dev'}}`)}
  Ws: {Type: 'AWS::ApiGatewayV2::Api', Properties: {Name: chat, ProtocolType: WEBSOCKET, RouteSelectionExpression: $request.body.action}}
Outputs:
  Ep: {Value: !Sub 'https://\${Ws}.execute-api.us-east-1.amazonaws.com/dev'}
`;
  const report = await deploy('addresses', template);
  assert.equal(report.outcome, 'deployed', JSON.stringify(report.findings));
  const { value, here } = report.outputs.Ep!;
  const [id] = /(?<=\/\/)[a-z0-9]{10}/.exec(value!)!;
  assert.equal(value, `https://${id}.execute-api.us-east-1.amazonaws.com/dev`);
  assert.match(
    here!,
    new RegExp(
      `^http://(?:${id}\\.execute-api\\.localhost:\\d+|127\\.0\\.0\\.1:\\d+/_aws/execute-api/${id})/dev$`,
    ),
  );
  assert.equal(await answered(report), here);
});

test('a name is one stack’s, and goes with it (§7.1.3)', async () => {
  const fn = `FunctionName: mine, Runtime: ${NODE}, Handler: index.handler, Code: one.zip`;
  await deploy('owner', withApi(fn));
  const refused = await deploy('other', withApi(fn));
  assert.equal(refused.outcome, 'refused');
  assert.equal(refused.message, 'mine already exists in stack owner');
  const twice = `${withApi(fn)}  Fn2: {Type: AWS::Lambda::Function, Properties: {${fn}}}\n`;
  assert.equal(
    (await deploy('twice', twice.replaceAll('mine', 'twice'))).message,
    'twice already exists in stack twice',
  );
  const gone = await fetch(`${postern.management}/_postern/stacks/owner`, { method: 'DELETE' });
  assert.equal(gone.status, 200);
  await assert.rejects(lambda.send(new InvokeCommand({ FunctionName: 'mine' })), {
    name: 'ResourceNotFoundException',
  });
  assert.equal((await deploy('other', withApi(fn))).outcome, 'deployed');
});

test('nothing of it is a defect', () => {
  assert.deepEqual(
    postern.errors.filter((line) => /defect|management\.failed/.test(line)),
    [],
  );
});

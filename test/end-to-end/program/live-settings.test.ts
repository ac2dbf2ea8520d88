// A configuration file that changes while the program runs (docs/reference/settings.md): what is live at once, what needs a
// restart, and that no request fails for it.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { ApiGatewayV2 } from '@aws-sdk/client-apigatewayv2';
import { WebSocket } from 'ws';
import { type Collector, startCollector } from '../../support/collector.ts';
import { killPrograms, Program } from '../../support/program.ts';

const KEY = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
const LISTENER =
  'arn:aws:elasticloadbalancing:us-east-1:000000000000:listener/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2';
const GROUP = 'arn:aws:logs:us-east-1:000000000000:log-group:pets';

describe('settings that change while the program runs', () => {
  let root = '';
  let made = 0;
  const open: (() => void)[] = [];
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'postern-live-'));
  });
  afterEach(() => {
    for (const close of open.splice(0)) close();
    killPrograms();
  });
  after(() => rm(root, { recursive: true }));

  interface Running {
    readonly program: Program;
    readonly management: string;
    readonly directory: string;
    readonly client: ApiGatewayV2;
    /** Writes the file as editors do, and waits for the line that says what became of it. */
    change(yaml: string): Promise<Record<string, unknown>>;
    /** What was said since the last change. */
    said(): Promise<Record<string, unknown>>;
  }

  async function start(yaml: string, files: Readonly<Record<string, string>> = {}): Promise<Running> {
    const directory = join(root, String(++made));
    await writeFiles(directory, { ...files, 'postern.yaml': yaml });
    const program = new Program(['--listen', '127.0.0.1:0', '--config', 'postern.yaml'], { cwd: directory });
    const { management } = await program.ready();
    const client = new ApiGatewayV2({ endpoint: management, region: 'us-east-1', credentials: KEY });
    open.push(() => client.destroy());
    let heard = 0;
    const said = async (): Promise<Record<string, unknown>> =>
      JSON.parse(await program.line('"msg":"the configuration ', ++heard));
    return {
      program,
      management,
      directory,
      client,
      said,
      async change(text) {
        await writeFile(join(directory, 'new'), text);
        await rename(join(directory, 'new'), join(directory, 'postern.yaml'));
        return said();
      },
    };
  }

  async function writeFiles(directory: string, files: Readonly<Record<string, string>>): Promise<void> {
    const { mkdir } = await import('node:fs/promises');
    await mkdir(directory, { recursive: true });
    for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  }

  async function backend(text: string): Promise<string> {
    const server: Server = createServer((_request, response) => response.end(text)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    open.push(() => {
      server.closeAllConnections();
      server.close();
    });
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** Asks all the time, four at once. Every answer must be a 200. */
  function load(url: string): { stop(): Promise<readonly string[]> } {
    let isOver = false;
    const seen: string[] = [];
    const one = async (): Promise<void> => {
      while (!isOver) {
        const response = await fetch(url);
        const text = await response.text();
        seen.push(response.status === 200 ? text : `${response.status} ${text}`);
      }
    };
    const all = Promise.all([one(), one(), one(), one()]);
    return {
      async stop() {
        isOver = true;
        await all;
        return seen;
      },
    };
  }

  test('functions: another environment and another function, without a failed request', async () => {
    const code = 'export const handler = async () => `${process.env.WHAT} `;\n';
    const functions = (what: string, more = ''): string =>
      `functions:\n  hello: { file: hello.mjs, environment: { WHAT: ${what} }, watch: false }\n${more}`;
    const { client, management, change, program } = await start(functions('old'), { 'hello.mjs': code });
    const target = (name: string): string => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
    const { ApiId } = await client.createApi({ Name: 'a', ProtocolType: 'HTTP', Target: target('hello') });
    const url = `${management}/_aws/execute-api/${ApiId}/`;
    assert.equal(await (await fetch(url)).text(), 'old ');
    const running = load(url);
    const line = await change(
      functions('new', '  other: { file: hello.mjs, environment: { WHAT: other } }\n'),
    );
    assert.deepEqual([line.level, line.changed], ['info', ['functions']]);
    assert.equal(await (await fetch(url)).text(), 'new ');
    assert.deepEqual(new Set(await running.stop()), new Set(['old ', 'new ']));
    const other = await client.createApi({ Name: 'b', ProtocolType: 'HTTP', Target: target('other') });
    assert.equal(await (await fetch(`${management}/_aws/execute-api/${other.ApiId}/`)).text(), 'other ');
    assert.equal((await program.stop()).code, 0);
  });

  test('functions where there were none, and none where there were some', async () => {
    const code = 'export const handler = async () => "here";\n';
    const { management, change, program } = await start('logLevel: info\n', { 'hello.mjs': code });
    const invoke = async (): Promise<number> =>
      (await fetch(`${management}/2015-03-31/functions/hello/invocations`, { method: 'POST', body: '{}' }))
        .status;
    assert.equal(await invoke(), 404);
    await change('logLevel: info\nfunctions: { hello: { file: hello.mjs } }\n');
    assert.equal(await invoke(), 200);
    await change('logLevel: info\n');
    assert.equal(await invoke(), 404);
    await program.stop();
  });

  test('private targets: requests go elsewhere, without a failed one', async () => {
    const [one, two] = [await backend('one'), await backend('two')];
    const yaml = (address: string): string => `privateTargets:\n  ${LISTENER}: { targets: ["${address}"] }\n`;
    const { client, management, change } = await start(yaml(one));
    const { VpcLinkId } = await client.createVpcLink({ Name: 'v', SubnetIds: ['subnet-12345678'] });
    const { ApiId } = await client.createApi({ Name: 'a', ProtocolType: 'HTTP' });
    const { IntegrationId } = await client.createIntegration({
      ApiId,
      IntegrationType: 'HTTP_PROXY',
      IntegrationMethod: 'GET',
      IntegrationUri: LISTENER,
      ConnectionType: 'VPC_LINK',
      ConnectionId: VpcLinkId,
      PayloadFormatVersion: '1.0',
    });
    await client.createRoute({ ApiId, RouteKey: '$default', Target: `integrations/${IntegrationId}` });
    await client.createStage({ ApiId, StageName: '$default', AutoDeploy: true });
    const url = `${management}/_aws/execute-api/${ApiId}/`;
    assert.equal(await (await fetch(url)).text(), 'one');
    const running = load(url);
    assert.deepEqual((await change(yaml(two))).changed, ['privateTargets']);
    assert.equal(await (await fetch(url)).text(), 'two');
    assert.deepEqual(new Set(await running.stop()), new Set(['one', 'two']));
  });

  test('throttling and log destinations', async () => {
    const at = await backend('there');
    const { client, management, change, directory, program } = await start(
      `logDestinations:\n  ${GROUP}: { file: old.log }\n`,
    );
    const { ApiId } = await client.createApi({ Name: 'a', ProtocolType: 'HTTP' });
    const { IntegrationId } = await client.createIntegration({
      ApiId,
      IntegrationType: 'HTTP_PROXY',
      IntegrationMethod: 'GET',
      IntegrationUri: `http://${at}/`,
      PayloadFormatVersion: '1.0',
    });
    await client.createRoute({ ApiId, RouteKey: '$default', Target: `integrations/${IntegrationId}` });
    await client.createStage({
      ApiId,
      StageName: '$default',
      AutoDeploy: true,
      AccessLogSettings: { DestinationArn: GROUP, Format: '$context.requestId $context.status' },
    });
    const url = `${management}/_aws/execute-api/${ApiId}/`;
    assert.equal((await fetch(url)).status, 200);
    await change(
      `logDestinations:\n  ${GROUP}: { file: new.log }\nthrottling: { accountRateLimit: 0, accountBurstLimit: 0 }\n`,
    );
    assert.equal((await fetch(url)).status, 429);
    await change(`logDestinations:\n  ${GROUP}: { file: new.log }\n`);
    assert.equal((await fetch(url)).status, 200);
    // Whoever stops writes what waits.
    assert.equal((await program.stop()).code, 0);
    const statuses = async (name: string): Promise<string[]> =>
      (await readFile(join(directory, name), 'utf8'))
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => line.split(' ')[1]!);
    assert.deepEqual([await statuses('old.log'), await statuses('new.log')], [['200'], ['429', '200']]);
  });

  test('traces: off, on, elsewhere and off again; the last spans go out at the end', async () => {
    const [one, two] = [await startCollector(), await startCollector()];
    open.push(
      () => void one.close(),
      () => void two.close(),
    );
    const at = await backend('there');
    const yaml = (collector: Collector): string =>
      `traces: { endpoint: "${collector.endpoint}", headers: { x-token: hush }, serviceName: shop }\n`;
    const { client, management, change, program } = await start('logLevel: info\n');
    const { ApiId } = await client.createApi({ Name: 'a', ProtocolType: 'HTTP', Target: `http://${at}/` });
    const call = async (): Promise<void> => {
      assert.equal((await fetch(`${management}/_aws/execute-api/${ApiId}/`)).status, 200);
    };
    await call();
    assert.deepEqual((await change(`logLevel: info\n${yaml(one)}`)).changed, ['traces']);
    await call();
    assert.equal((await one.trace(() => true, 2))[0]!.resource['service.name'], 'shop');
    await change(`logLevel: info\n${yaml(two)}`);
    await call();
    assert.equal((await two.trace(() => true, 2)).length, 2);
    await change('logLevel: info\n');
    await call();
    await change(`logLevel: info\n${yaml(one)}`);
    await call();
    const { code, stdout } = await program.stop();
    assert.equal(code, 0);
    assert.deepEqual([one.spans.length, two.spans.length], [4, 2]);
    assert.ok(!stdout.includes('hush'), 'secrets do not get into the log');
    assert.match(stdout, /"event":"traces\.exported","endpoint":"http:[^"]*\/v1\/traces","ratio":1/);
  });

  test('credentials: on SIGHUP too, and the secret before is refused at once', async () => {
    const yaml = (secret: string): string =>
      `credentials:\n  - { accessKeyId: ${KEY.accessKeyId}, secretAccessKey: ${secret} }\n`;
    const { client, program, directory, said, change } = await start(yaml(KEY.secretAccessKey));
    assert.deepEqual((await client.getApis({})).Items, []);
    const line = await change(yaml('another'));
    assert.deepEqual(line.changed, ['credentials']);
    await assert.rejects(client.getApis({}), { name: 'InvalidSignatureException' });
    await writeFile(join(directory, 'postern.yaml'), yaml(KEY.secretAccessKey));
    program.child.kill('SIGHUP');
    assert.deepEqual((await said()).changed, ['credentials']);
    assert.deepEqual((await client.getApis({})).Items, []);
    const { stdout } = await program.stop();
    assert.ok(!stdout.includes('another'), 'secrets do not get into the log');
  });

  test('API keys of WebSocket APIs', async () => {
    const value = 'a-secret-of-twenty-characters';
    const { client, management, change } = await start('apiKeys: []\n');
    const { ApiId } = await client.createApi({
      Name: 'chat',
      ProtocolType: 'WEBSOCKET',
      RouteSelectionExpression: '$request.body.action',
    });
    const { IntegrationId } = await client.createIntegration({ ApiId, IntegrationType: 'MOCK' });
    await client.createRoute({
      ApiId,
      RouteKey: '$connect',
      ApiKeyRequired: true,
      Target: `integrations/${IntegrationId}`,
    });
    await client.createStage({ ApiId, StageName: 'prod', AutoDeploy: true });
    await client.createDeployment({ ApiId, StageName: 'prod' });
    const connects = async (): Promise<number> => {
      const socket = new WebSocket(`${management.replace('http', 'ws')}/prod`, {
        headers: { host: `${ApiId}.execute-api.localhost`, 'x-api-key': value },
      });
      open.push(() => socket.terminate());
      socket.on('error', () => undefined);
      return new Promise((resolve) => {
        socket.on('unexpected-response', (_request, response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        });
        socket.on('upgrade', ({ statusCode }) => resolve(statusCode ?? 0));
      });
    };
    assert.equal(await connects(), 403);
    await change(`apiKeys: [{ id: partner, value: ${value} }]\n`);
    const admitted = await connects();
    assert.notEqual(admitted, 403);
    await change('apiKeys: []\n');
    assert.equal(await connects(), 403);
  });

  const WRONG: readonly (readonly [what: string, yaml: string, says: RegExp])[] = [
    [
      'a file that is no YAML',
      'throttling: { accountRateLimit: [\n',
      /^postern\.yaml:\d+:\d+: this is not YAML/,
    ],
    [
      'a wrong value',
      'throttling:\n  accountRateLimit: -1\n',
      /^postern\.yaml:2:21: throttling\.accountRateLimit is a number from 0/,
    ],
    [
      'an unknown setting beside a good one',
      'throttling: { accountRateLimit: 0, accountBurstLimit: 0 }\ntrottling: {}\n',
      /^postern\.yaml:2:1: .*"trottling".* Did you mean throttling\?/,
    ],
    [
      'a truststore that is not there, beside a good value',
      'throttling: { accountRateLimit: 0, accountBurstLimit: 0 }\ntruststores: { "s3://a/b.pem": nowhere.pem }\n',
      /^The truststore cannot be read: ENOENT/,
    ],
    ['an empty file', '', /^The file \S+postern\.yaml is empty\.$/],
  ];
  for (const [what, yaml, says] of WRONG) {
    test(`${what}: one sentence, and everything stays as it was`, async () => {
      const at = await backend('there');
      const { client, management, change, program } = await start('region: us-east-1\n');
      const { ApiId } = await client.createApi({ Name: 'a', ProtocolType: 'HTTP', Target: `http://${at}/` });
      const line = await change(yaml);
      assert.deepEqual(
        [line.level, line.msg],
        ['error', 'the configuration cannot be used; the one before stays in force'],
      );
      assert.match(String(line.reason), says);
      assert.equal((await fetch(`${management}/_aws/execute-api/${ApiId}/`)).status, 200);
      const mended = await change(
        'region: us-east-1\nthrottling: { accountRateLimit: 0, accountBurstLimit: 0 }\n',
      );
      assert.deepEqual(mended.changed, ['throttling']);
      assert.equal((await fetch(`${management}/_aws/execute-api/${ApiId}/`)).status, 429);
      assert.equal((await program.stop()).code, 0);
    });
  }

  test('a door that others reach keeps its credentials, also when the file would have it elsewhere', async () => {
    const directory = join(root, String(++made));
    const yaml = `listen: 0.0.0.0:0\ncredentials:\n  - { accessKeyId: ${KEY.accessKeyId}, secretAccessKey: secret }\n`;
    await writeFiles(directory, { 'postern.yaml': yaml });
    const program = new Program(['--config', 'postern.yaml'], { cwd: directory });
    const { management } = await program.ready();
    await writeFile(join(directory, 'new'), 'listen: 127.0.0.1:0\n');
    await rename(join(directory, 'new'), join(directory, 'postern.yaml'));
    const line = await program.logged('the configuration cannot be used; the one before stays in force');
    assert.match(String(line.reason), /^The management door would listen on 0\.0\.0\.0:0, .* no credentials/);
    assert.equal((await fetch(`${management}/v2/apis`)).status, 403);
    await program.stop();
  });

  test('what needs a restart is named each time, and the rest is in force', async () => {
    const { management, change, said, program } = await start('region: us-east-1\n');
    const later = 'region: eu-west-1\nwebSocket: { idleSeconds: 5 }\n';
    const line = await change(`${later}apiKeys: [{ id: a, value: a-secret-of-twenty-characters }]\n`);
    assert.deepEqual(
      [line.level, line.changed, line.needRestart],
      ['warn', ['apiKeys'], ['region', 'webSocket']],
    );
    assert.match(String(line.reason), /^region, webSocket: a change there needs a restart/);
    assert.deepEqual((await change(later)).needRestart, ['region', 'webSocket']);
    const back = await change('region: us-east-1 # as before\n');
    assert.deepEqual([back.level, back.changed, back.msg], ['info', [], 'the configuration is unchanged']);
    program.child.kill('SIGHUP');
    assert.equal((await said()).msg, 'the configuration is unchanged');
    assert.equal((await fetch(`${management}/_postern/health`)).status, 200);
    await program.stop();
  });
});

// How changes go live, and what is told when they do not: the feed of the store, stages, single routes
// (docs/guide/stages-and-deployments.md).
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { ApiGatewayV2, type ApiGatewayV2ServiceException } from '@aws-sdk/client-apigatewayv2';
import { WebSocket } from 'ws';
import { type Connection, connect } from '../../../src/store/sqlite/connection.ts';
import { killPrograms, Program, runProgram } from '../../support/program.ts';
import { sign } from '../../support/signing.ts';

const ANY_PORT = ['--listen', '127.0.0.1:0'];
const CREDENTIALS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };

interface RouteProblem {
  readonly routeKey: string;
  readonly part: string;
  readonly reason: string;
}

interface Stage {
  readonly apiId: string;
  readonly stageName: string;
  readonly status: string;
  readonly wantedDeploymentId?: string;
  readonly liveDeploymentId?: string;
  readonly liveSince?: string;
  readonly routeProblems: readonly RouteProblem[];
}

describe('how changes go live', () => {
  let root = '';
  let made = 0;
  const open: { close(): void }[] = [];
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'postern-status-'));
  });
  afterEach(() => {
    for (const each of open.splice(0)) each.close();
    killPrograms();
  });
  after(() => rm(root, { recursive: true }));

  interface Started {
    readonly program: Program;
    readonly management: string;
    readonly client: ApiGatewayV2;
    readonly data: string;
    readonly database: Connection;
    stages(): Promise<readonly Stage[]>;
    health(): Promise<readonly [number, { status: string; problems?: string[] }]>;
    doctor(): Promise<{ code: number | null; text: string }>;
  }

  async function start(): Promise<Started> {
    const data = join(root, String(++made));
    const program = new Program([...ANY_PORT, '--data', data], { cwd: root });
    const { management } = await program.ready();
    const client = new ApiGatewayV2({
      endpoint: management,
      region: 'us-east-1',
      credentials: CREDENTIALS,
      maxAttempts: 3,
    });
    const database = connect(join(data, 'postern.db'));
    open.push(database, { close: () => client.destroy() });
    return {
      program,
      management,
      client,
      data,
      database,
      async stages() {
        const { stages } = (await (await fetch(`${management}/_postern/stages`)).json()) as {
          stages: Stage[];
        };
        return stages;
      },
      async health() {
        const response = await fetch(`${management}/_postern/health`);
        return [response.status, (await response.json()) as { status: string }];
      },
      async doctor() {
        const words = ['doctor', '--listen', new URL(management).host, '--data', data];
        const { code, stdout } = await runProgram(words, { cwd: root });
        return { code, text: stdout };
      },
    };
  }

  test('changes that are lost on the way are read anew: nothing hangs, and everything goes live', async () => {
    const { program, management, client, database, health, stages } = await start();
    // Whatever is written, the feed does not tell of it.
    await database.exec(
      'create trigger lose after insert on change begin delete from change where number = new.number; end',
    );
    for (const name of ['one', 'two']) {
      const { ApiId } = await client.createApi({
        Name: name,
        ProtocolType: 'HTTP',
        Target: 'http://127.0.0.1:1',
      });
      assert.equal(
        (await fetch(`${management}/_aws/execute-api/${ApiId}/`)).status,
        503,
        'its backend is asked',
      );
    }
    assert.equal((await stages()).length, 2);
    await database.exec('drop trigger lose');
    const { ApiId } = await client.createApi({
      Name: 'three',
      ProtocolType: 'HTTP',
      Target: 'http://127.0.0.1:1',
    });
    assert.equal((await fetch(`${management}/_aws/execute-api/${ApiId}/`)).status, 503);
    assert.deepEqual(await health(), [200, { status: 'ok' }]);
    assert.match(String((await program.logged('a change could not be published')).reason), /are not there/);
    await program.logged('changes are live again');
    assert.equal((await program.stop()).code, 0);
  });

  test('while nothing can be read: a writer is told so, health and doctor tell, and it mends itself', async () => {
    const { program, management, client, database, health, stages, doctor } = await start();
    const { ApiId } = await client.createApi({
      Name: 'one',
      ProtocolType: 'HTTP',
      Target: 'http://127.0.0.1:1',
    });
    await database.exec(
      `create trigger lose after insert on change begin delete from change where number = new.number; end;
       insert into document (seq, key, parent, body) values (900000, '-/-/apis/broken', '-/-/apis', '{')`,
    );
    await assert.rejects(
      client.createApi({ Name: 'two', ProtocolType: 'HTTP', Target: 'http://127.0.0.1:1' }),
      (error: ApiGatewayV2ServiceException) => {
        assert.equal(error.name, 'NotYetLiveException');
        assert.deepEqual([error.$metadata.httpStatusCode, error.$metadata.attempts], [507, 1]);
        assert.match(error.message, /^The change is stored, but not live yet: do not repeat it\. .* damaged/);
        return true;
      },
    );
    const [status, { problems }] = await health();
    assert.equal(status, 200, 'a new start would mend nothing');
    assert.match(problems?.[0] ?? '', /^Changes are stored, but not live: .* damaged/);
    assert.equal(
      (await fetch(`${management}/_aws/execute-api/${ApiId}/`)).status,
      503,
      'what was live is served',
    );
    assert.equal((await fetch(`${management}/_postern/ready`)).status, 200);
    const { code, text } = await doctor();
    assert.equal(code, 1);
    assert.match(text, /^✗ Both doors .* not healthy: Changes are stored, but not live/m);
    const waiting = client.createApi({ Name: 'three', ProtocolType: 'HTTP', Target: 'http://127.0.0.1:1' });
    await database.exec(`drop trigger lose; delete from document where seq = 900000`);
    await waiting;
    await program.logged('changes are live again');
    assert.deepEqual(await health(), [200, { status: 'ok' }]);
    assert.equal((await stages()).length, 3);
    assert.equal((await program.stop()).code, 0);
  });

  test('a route that cannot run refuses alone; log, stages, doctor and explain say why', async () => {
    const { program, management, client, stages, doctor } = await start();
    const { ApiId } = await client.createApi({ Name: 'pets', ProtocolType: 'HTTP' });
    const integration = async (uri: string): Promise<string> => {
      const { IntegrationId } = await client.createIntegration({
        ApiId,
        IntegrationType: 'HTTP_PROXY',
        IntegrationMethod: 'GET',
        PayloadFormatVersion: '1.0',
        IntegrationUri: uri,
      });
      return `integrations/${IntegrationId}`;
    };
    await client.createRoute({
      ApiId,
      RouteKey: 'GET /good',
      Target: await integration('http://127.0.0.1:1/'),
    });
    await client.createRoute({
      ApiId,
      RouteKey: 'GET /bad',
      Target: await integration('http://${stageVariables.backend}/'),
    });
    await client.createStage({ ApiId, StageName: 'prod', AutoDeploy: true, StageVariables: { other: 'x' } });
    const base = `${management}/_aws/execute-api/${ApiId}/prod`;
    assert.equal((await fetch(`${base}/good`)).status, 503);
    assert.equal((await fetch(`${base}/bad`)).status, 500);
    const [stage] = await stages();
    assert.equal(stage?.status, 'live');
    assert.ok(stage?.liveDeploymentId !== undefined && stage.liveDeploymentId === stage.wantedDeploymentId);
    assert.ok(Math.abs(Date.parse(stage?.liveSince ?? '') - Date.now()) < 60_000);
    const reason = 'The stage variable backend in the integration URI is not defined';
    assert.deepEqual(
      stage?.routeProblems.map((problem) => [problem.routeKey, problem.part, problem.reason]),
      [['GET /bad', 'integration', reason]],
    );
    const logged = await program.logged('a route cannot run');
    assert.deepEqual(
      [logged.apiId, logged.stage, logged.route, logged.reason],
      [ApiId, 'prod', 'GET /bad', reason],
    );
    const { code, text } = await doctor();
    assert.equal(code, 1);
    assert.match(text, new RegExp(`^✗ Stages +stage prod of API ${ApiId}, route GET /bad: .*${reason}`, 'm'));
    const explained = await runProgram(['explain', 'GET', `${base}/bad`, '--endpoint', management], {
      cwd: root,
    });
    assert.match(explained.stdout, new RegExp(reason));
    await client.updateStage({ ApiId, StageName: 'prod', StageVariables: { backend: '127.0.0.1:1' } });
    assert.equal((await fetch(`${base}/bad`)).status, 503);
    assert.deepEqual((await stages())[0]?.routeProblems, []);
    assert.equal((await doctor()).code, 0);
    await program.stop();
  });

  test('a WebSocket route that a stage variable makes useless fails alone', async () => {
    const { program, management, client, stages } = await start();
    const { ApiId } = await client.createApi({
      Name: 'chat',
      ProtocolType: 'WEBSOCKET',
      RouteSelectionExpression: '$request.body.action',
    });
    const mock = await client.createIntegration({
      ApiId,
      IntegrationType: 'MOCK',
      TemplateSelectionExpression: '200',
      RequestTemplates: { '200': '{"statusCode":200}' },
    });
    await client.createIntegrationResponse({
      ApiId,
      IntegrationId: mock.IntegrationId,
      IntegrationResponseKey: '$default',
      TemplateSelectionExpression: 'default',
      ResponseTemplates: { default: '{"answer":"good"}' },
    });
    const useless = await client.createIntegration({
      ApiId,
      IntegrationType: 'AWS',
      IntegrationMethod: 'POST',
      IntegrationUri: 'arn:aws:apigateway:us-east-1:${stageVariables.what}',
    });
    for (const [RouteKey, { IntegrationId }] of [
      ['good', mock],
      ['bad', useless],
    ] as const) {
      const { RouteId } = await client.createRoute({
        ApiId,
        RouteKey,
        Target: `integrations/${IntegrationId}`,
        RouteResponseSelectionExpression: '$default',
      });
      await client.createRouteResponse({ ApiId, RouteId, RouteResponseKey: '$default' });
    }
    await client.createStage({ ApiId, StageName: 'prod', StageVariables: { what: 'nothing' } });
    await client.createDeployment({ ApiId, StageName: 'prod' });
    const socket = new WebSocket(`${management.replace('http', 'ws')}/prod`, {
      headers: { host: `${ApiId}.execute-api.localhost` },
    });
    open.push(socket);
    await once(socket, 'open');
    const asked = async (action: string): Promise<Record<string, unknown>> => {
      socket.send(JSON.stringify({ action }));
      const [data] = await once(socket, 'message');
      return JSON.parse(String(data));
    };
    assert.deepEqual(await asked('good'), { answer: 'good' });
    assert.equal((await asked('bad')).message, 'Internal server error');
    assert.deepEqual(await asked('good'), { answer: 'good' });
    const [stage] = await stages();
    assert.deepEqual(
      [stage?.status, ...(stage?.routeProblems.map(({ routeKey, part }) => `${routeKey} ${part}`) ?? [])],
      ['live', 'bad integration'],
    );
    assert.equal((await program.logged('a route cannot run')).route, 'bad');
    socket.terminate();
    await program.stop();
  });

  test('stages are told to their own account alone', async () => {
    const environment = { POSTERN_CREDENTIALS: 'AKIAONE:secret:111111111111,AKIATWO:secret:222222222222' };
    const data = join(root, String(++made));
    const program = new Program([...ANY_PORT, '--data', data], { cwd: root, environment });
    const { management } = await program.ready();
    const credentials = { accessKeyId: 'AKIAONE', secretAccessKey: 'secret' };
    const client = new ApiGatewayV2({ endpoint: management, region: 'us-east-1', credentials });
    open.push({ close: () => client.destroy() });
    const { ApiId } = await client.createApi({
      Name: 'mine',
      ProtocolType: 'HTTP',
      Target: 'http://127.0.0.1:1',
    });
    assert.equal((await fetch(`${management}/_postern/stages`)).status, 403);
    const seenBy = async (accessKeyId: string): Promise<unknown[]> => {
      const { hostname: host, port } = new URL(management);
      const { lines } = await sign(
        { host: `${host}:${port}`, path: '/_postern/stages' },
        { accessKeyId, secretAccessKey: 'secret', service: 'apigateway' },
      );
      const headers = lines.map((line) => line.split(': ') as [string, string]);
      const response = await fetch(`${management}/_postern/stages`, {
        headers: headers.filter(([name]) => name.toLowerCase() !== 'host'),
      });
      const { stages } = (await response.json()) as { stages: Stage[] };
      return stages.map(({ apiId }) => apiId);
    };
    assert.deepEqual([await seenBy('AKIAONE'), await seenBy('AKIATWO')], [[ApiId], []]);
    await program.stop();
  });
});

// Throttling, access log, execution log and metrics of WebSocket APIs over the wire (spec/websocket-api.md §9).
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  CreateApiCommand,
  CreateIntegrationCommand,
  CreateIntegrationResponseCommand,
  CreateModelCommand,
  CreateRouteCommand,
  CreateRouteResponseCommand,
  CreateStageCommand,
  type CreateStageCommandInput,
  UpdateStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import WebSocket from 'ws';
import type { LogDestination } from '../../../src/backends/log-destinations/settings.ts';
import { ACCOUNT, REGION, type RunningPostern, startTestPostern } from '../../support/postern.ts';

const ACCESS_ARN = `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:chat`;

interface Chat {
  readonly postern: RunningPostern;
  readonly apiId: string;
  /** Ends the program and returns what a log file holds. */
  logOf(arn: string): Promise<string[]>;
  connect(): Promise<WebSocket>;
}

/** An API whose route `join` answers by a MOCK integration, with `$connect` by the same. */
async function start(t: TestContext, stage: Partial<CreateStageCommandInput>): Promise<Chat> {
  const directory = await mkdtemp(join(tmpdir(), 'postern-ws-logs-'));
  const file = (name: string) => join(directory, `${name}.log`);
  const logDestinations: LogDestination[] = [
    { arn: ACCESS_ARN, target: { kind: 'file', path: file('access') } },
  ];
  const postern = await startTestPostern({ sections: { logDestinations }, data: join(directory, 'data') });
  t.after(async () => {
    await postern.close();
    await rm(directory, { recursive: true, force: true });
  });
  const { client } = postern;
  const { ApiId } = await client.send(
    new CreateApiCommand({
      Name: 'chat',
      ProtocolType: 'WEBSOCKET',
      RouteSelectionExpression: '$request.body.action',
    }),
  );
  const { IntegrationId } = await client.send(
    new CreateIntegrationCommand({
      ApiId,
      IntegrationType: 'MOCK',
      RequestTemplates: { $default: '{"statusCode": 200}' },
      TemplateSelectionExpression: '\\$default',
    }),
  );
  await client.send(
    new CreateIntegrationResponseCommand({ ApiId, IntegrationId, IntegrationResponseKey: '$default' }),
  );
  await client.send(new CreateModelCommand({ ApiId, Name: 'Named', Schema: '{"required": ["name"]}' }));
  const Target = `integrations/${IntegrationId}`;
  await client.send(new CreateRouteCommand({ ApiId, RouteKey: '$connect', Target }));
  const { RouteId } = await client.send(
    new CreateRouteCommand({ ApiId, RouteKey: 'join', Target, RouteResponseSelectionExpression: '$default' }),
  );
  await client.send(new CreateRouteResponseCommand({ ApiId, RouteId, RouteResponseKey: '$default' }));
  await client.send(
    new CreateRouteCommand({
      ApiId,
      RouteKey: 'name',
      Target,
      ModelSelectionExpression: 'x',
      RequestModels: { $default: 'Named' },
    }),
  );
  await client.send(new CreateStageCommand({ ApiId, StageName: 'prod', AutoDeploy: true, ...stage }));
  return {
    postern,
    apiId: ApiId!,
    async connect() {
      const socket = new WebSocket(`ws://${postern.host}:${postern.port}/prod`, {
        headers: { Host: `${ApiId}.execute-api.localhost`, 'User-Agent': 'tester' },
      });
      await once(socket, 'open');
      return socket;
    },
    async logOf(arn) {
      await postern.close();
      const group = arn.split(':log-group:')[1]!;
      const path =
        arn === ACCESS_ARN
          ? file('access')
          : join(directory, 'data', 'access-logs', ACCOUNT, REGION, `${encodeURIComponent(group)}.log`);
      return (await readFile(path, 'utf8')).trimEnd().split('\n');
    },
  };
}

async function ask(socket: WebSocket, message: string): Promise<string> {
  const answer = once(socket, 'message');
  socket.send(message);
  return String((await answer)[0]);
}

async function end(socket: WebSocket): Promise<void> {
  const closed = once(socket, 'close');
  socket.close(1000, 'bye');
  await closed;
}

test('one access log entry a connect, message and disconnect', async (t) => {
  const chat = await start(t, {
    AccessLogSettings: {
      DestinationArn: ACCESS_ARN,
      Format:
        '$context.requestId $context.eventType $context.routeKey $context.status $context.integrationStatus ' +
        '$context.identity.userAgent $context.error.message $context.disconnectStatusCode $context.httpMethod',
    },
  });
  const socket = await chat.connect();
  await ask(socket, '{"action": "join"}');
  await ask(socket, '{"action": "nowhere"}');
  await end(socket);
  const lines = (await chat.logOf(ACCESS_ARN)).map((line) => line.slice(line.indexOf(' ') + 1));
  assert.deepEqual(lines, [
    'CONNECT $connect 200 200 tester - - -',
    'MESSAGE join 200 200 tester - - -',
    'MESSAGE - 403 - tester Forbidden - -',
    'DISCONNECT - 200 - tester - 1000 -',
  ]);
});

test('the execution log has the lines of a connect in order, and why a message was refused', async (t) => {
  const chat = await start(t, { DefaultRouteSettings: { LoggingLevel: 'INFO' } });
  const socket = await chat.connect();
  await ask(socket, '{"action": "name"}');
  await end(socket);
  const arn = `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:/aws/apigateway/${chat.apiId}/prod`;
  const lines = await chat.logOf(arn);
  assert.ok(lines.every((line) => /^\([A-Za-z0-9_-]{15}=\) /.test(line) && Buffer.byteLength(line) <= 1024));
  const said = lines.map((line) => line.slice(line.indexOf(' ') + 1));
  const id = /\((.*?)\)/.exec(lines[0]!)![1];
  assert.deepEqual(said.slice(0, 7), [
    `Extended Request Id: ${id}`,
    `Verifying Usage Plan for request: ${id}. API Key:  API Stage: ${chat.apiId}/prod`,
    "API Key  authorized because route '$connect' does not require API Key. Request will not contribute to throttle or quota limits",
    `Usage Plan check succeeded for API Key  and API Stage ${chat.apiId}/prod`,
    `Starting execution for request: ${id}`,
    'WebSocket Request Route: [$connect]',
    `Client [UserAgent: tester, SourceIp: 127.0.0.1] is connecting to WebSocket API [${chat.apiId}].`,
  ]);
  const failed = said.find((line) => line.startsWith('Request body does not match'));
  assert.match(failed ?? '', /required property 'name'/);
});

test('at level ERROR only failures are logged', async (t) => {
  const chat = await start(t, { DefaultRouteSettings: { LoggingLevel: 'ERROR' } });
  const socket = await chat.connect();
  await ask(socket, '{"action": "join"}');
  await ask(socket, '{"action": "nowhere"}');
  await end(socket);
  const arn = `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:/aws/apigateway/${chat.apiId}/prod`;
  const said = (await chat.logOf(arn)).map((line) => line.slice(line.indexOf(' ') + 1));
  assert.deepEqual(said, ['Execution failed with status: 403, ACCESS_DENIED: Forbidden']);
});

test('a throttled message gets an error frame, a throttled connect 429, and settings are live at once', async (t) => {
  const chat = await start(t, {
    RouteSettings: { join: { ThrottlingRateLimit: 0, ThrottlingBurstLimit: 0 } },
  });
  const socket = await chat.connect();
  assert.match(await ask(socket, '{"action": "join"}'), /^\{"message": "Too Many Requests", /);
  const { client } = chat.postern;
  await client.send(
    new UpdateStageCommand({
      ApiId: chat.apiId,
      StageName: 'prod',
      RouteSettings: {
        join: { ThrottlingRateLimit: 100, ThrottlingBurstLimit: 100 },
        $connect: { ThrottlingRateLimit: 0 },
      },
    }),
  );
  assert.equal(await ask(socket, '{"action": "join"}'), '');
  await assert.rejects(() => chat.connect(), /Unexpected server response: 429/);
  await end(socket);
});

test('metrics count connects, messages of both directions and errors', async (t) => {
  const chat = await start(t, { RouteSettings: { join: { DetailedMetricsEnabled: true } } });
  const socket = await chat.connect();
  await ask(socket, '{"action": "join"}');
  await ask(socket, '{"action": "nowhere"}');
  await end(socket);
  const { host, port } = chat.postern;
  const page = await (await fetch(`http://${host}:${port}/_postern/metrics`)).text();
  const labels = `api_id="${chat.apiId}",stage="prod"`;
  for (const line of [
    `apigateway_websocket_connect_count_total{${labels}} 1`,
    `apigateway_websocket_message_count_total{${labels}} 4`,
    `apigateway_websocket_client_error_total{${labels}} 1`,
    `apigateway_websocket_execution_error_total{${labels}} 0`,
    `apigateway_websocket_message_count_total{${labels},route="join"} 2`,
  ]) {
    assert.ok(page.includes(`${line}\n`), line);
  }
});

// What is counted of WebSocket APIs, by kind of event and integration (spec/websocket-api.md §9.6).
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  CreateIntegrationCommand,
  type CreateIntegrationCommandInput,
  CreateIntegrationResponseCommand,
  CreateModelCommand,
  CreateRouteCommand,
  CreateRouteResponseCommand,
  CreateStageCommand,
  DeleteRouteCommand,
  GetRoutesCommand,
} from '@aws-sdk/client-apigatewayv2';
import { startRecordingBackend } from '../../support/recording-backend.ts';
import {
  closedBy,
  connectionsClient,
  createWebSocketApi,
  nextMessage,
  startWebSocketStand,
  type WebSocketApi,
  type WebSocketStand,
} from '../../support/websocket-stand.ts';

type Counts = Readonly<Record<string, number>>;

/** The counters that are not 0, by their short names; of a route, or of the stage. */
async function counts({ postern }: WebSocketStand, apiId: string, route?: string): Promise<Counts> {
  const page = await (await fetch(`http://${postern.host}:${postern.port}/_postern/metrics`)).text();
  const labels = `api_id="${apiId}",stage="prod"${route === undefined ? '' : `,route="${route}"`}`;
  const found = new Map<string, number>();
  for (const line of page.split('\n')) {
    const match = /^apigateway_websocket_(\w+?)(?:_total)?\{(.*)\} (\d+)$/.exec(line);
    const counted = /^(?:integration_latency_seconds_count|\w+_(?:count|error))$/.test(match?.[1] ?? '');
    if (counted && match![2] === labels && match![3] !== '0') found.set(match![1]!, Number(match![3]));
  }
  return Object.fromEntries(found);
}

async function addRoute(
  { postern: { client } }: WebSocketStand,
  ApiId: string,
  RouteKey: string,
  integration: Partial<CreateIntegrationCommandInput>,
): Promise<void> {
  const { IntegrationId } = await client.send(
    new CreateIntegrationCommand({ ApiId, ...integration } as CreateIntegrationCommandInput),
  );
  await client.send(
    new CreateIntegrationResponseCommand({ ApiId, IntegrationId, IntegrationResponseKey: '$default' }),
  );
  const { RouteId } = await client.send(
    new CreateRouteCommand({
      ...{ ApiId, RouteKey, Target: `integrations/${IntegrationId}` },
      RouteResponseSelectionExpression: '$default',
      ...(RouteKey === 'modelled' ? { ModelSelectionExpression: 'm', RequestModels: { m: 'Never' } } : {}),
    }),
  );
  await client.send(new CreateRouteResponseCommand({ ApiId, RouteId, RouteResponseKey: '$default' }));
}

async function start(t: TestContext): Promise<{ stand: WebSocketStand; api: WebSocketApi }> {
  const backend = await startRecordingBackend();
  t.after(() => backend.close());
  backend.script('HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno');
  const stand = await startWebSocketStand(t);
  const { client } = stand.postern;
  const api = await createWebSocketApi(stand, { stages: [] });
  const ApiId = api.apiId;
  const { Items } = await client.send(new GetRoutesCommand({ ApiId }));
  const { RouteId } = Items!.find(({ RouteKey }) => RouteKey === '$default')!;
  await client.send(new DeleteRouteCommand({ ApiId, RouteId }));
  await client.send(new CreateModelCommand({ ApiId, Name: 'Never', Schema: '{"not": {}}' }));
  const mock = (status: number) => ({
    IntegrationType: 'MOCK' as const,
    RequestTemplates: { $default: `{"statusCode": ${status}}` },
    TemplateSelectionExpression: '\\$default',
  });
  const http = (port: number) => ({
    IntegrationType: 'HTTP' as const,
    IntegrationMethod: 'POST',
    IntegrationUri: `http://127.0.0.1:${port}/`,
  });
  await addRoute(stand, ApiId, 'mock', mock(200));
  await addRoute(stand, ApiId, 'mock 500', mock(500));
  await addRoute(stand, ApiId, 'modelled', mock(200));
  await addRoute(stand, ApiId, 'refusing', {
    ...mock(200),
    PassthroughBehavior: 'NEVER',
    RequestTemplates: {},
  });
  await addRoute(stand, ApiId, 'http', http(backend.port));
  const closed = await startRecordingBackend();
  await addRoute(stand, ApiId, 'unreachable', http(closed.port));
  await closed.close();
  await client.send(new CreateRouteCommand({ ApiId, RouteKey: 'one-way', Target: api.target }));
  await client.send(
    new CreateStageCommand({
      ...{ ApiId, StageName: 'prod', AutoDeploy: true },
      RouteSettings: { mock: { DetailedMetricsEnabled: true } },
    }),
  );
  return { stand, api };
}

const MESSAGES: readonly (readonly [action: string, counted: Counts])[] = [
  ['mock', { message_count: 2 }],
  ['mock 500', { message_count: 2, integration_error: 1 }],
  ['modelled', { message_count: 2, client_error: 1 }],
  ['refusing', { message_count: 2, client_error: 1 }],
  ['nowhere', { message_count: 2, client_error: 1 }],
  ['http', { message_count: 2, integration_error: 1, integration_latency_seconds_count: 1 }],
  ['unreachable', { message_count: 2, execution_error: 1 }],
  ['one-way', { message_count: 1, integration_latency_seconds_count: 1 }],
];

test('a message is counted by what became of it (§9.6)', async (t) => {
  const { stand, api } = await start(t);
  const { socket } = await api.connect('/prod');
  let before = await counts(stand, api.apiId);
  assert.deepEqual(before, { connect_count: 1, integration_latency_seconds_count: 1 });
  for (const [action, counted] of MESSAGES) {
    await t.test(action, async () => {
      const calls = stand.eventsOf('hello').length;
      const answered = action === 'one-way' ? undefined : nextMessage(socket!);
      socket!.send(JSON.stringify({ action }));
      await answered;
      while (answered === undefined && stand.eventsOf('hello').length === calls) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      // The function's answer is still on its way when it has been asked.
      let after = await counts(stand, api.apiId);
      while (after.message_count === before.message_count) after = await counts(stand, api.apiId);
      const names = [...Object.keys(after), ...Object.keys(counted)];
      const more = names
        .map((name) => [name, (after[name] ?? 0) - (before[name] ?? 0)] as const)
        .filter(([, count]) => count !== 0);
      assert.deepEqual(Object.fromEntries(more), counted);
      before = after;
    });
  }
  assert.deepEqual(await counts(stand, api.apiId, 'mock'), { message_count: 2 });
  assert.deepEqual(await counts(stand, api.apiId, 'http'), {}, 'only with detailed metrics');
});

test('connects, ends and what @connections sends (§9.6)', async (t) => {
  const { stand, api } = await start(t);
  stand.answer({ payload: '{}' }, { payload: '{"statusCode":401}' });
  assert.equal((await api.connect('/prod')).status, 401);
  stand.answer({ payload: '{}' }, { functionError: 'Unhandled', payload: '{}' });
  assert.equal((await api.connect('/prod')).status, 502);
  stand.answer({ payload: '{}' });
  const { socket } = await api.connect('/prod');
  const expected = { connect_count: 3, integration_error: 1, execution_error: 1 };
  assert.deepEqual(await counts(stand, api.apiId), { ...expected, integration_latency_seconds_count: 3 });
  const { connectionId: ConnectionId } = stand.eventsOf('hello')[0]!.requestContext as {
    connectionId: string;
  };
  const sdk = connectionsClient(stand.postern, api.host, '/prod');
  t.after(() => sdk.destroy());
  await sdk.postToConnection({ ConnectionId, Data: 'x' });
  await sdk.getConnection({ ConnectionId });
  // Calls have no latency of an integration.
  const posted = { ...expected, message_count: 1 };
  assert.deepEqual(await counts(stand, api.apiId), { ...posted, integration_latency_seconds_count: 3 });
  const closed = closedBy(socket!);
  await sdk.deleteConnection({ ConnectionId });
  await closed;
  const ended = { ...posted, integration_latency_seconds_count: 4 };
  let now = await counts(stand, api.apiId);
  while (now.integration_latency_seconds_count !== 4) now = await counts(stand, api.apiId);
  assert.deepEqual(now, ended);
});

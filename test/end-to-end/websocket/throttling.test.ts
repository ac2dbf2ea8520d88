// Throttling of WebSocket APIs over the wire (spec/websocket-api.md §9.1, §9.2). Rates are so low that nothing is filled again
// while a test runs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CreateDeploymentCommand,
  CreateRouteCommand,
  CreateStageCommand,
  type CreateStageCommandInput,
  DeleteRouteCommand,
  GetRoutesCommand,
  GetStageCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import type { WebSocket } from 'ws';
import {
  closedBy,
  connectionsClient,
  createWebSocketApi,
  nextMessage,
  startWebSocketStand,
  told,
  type WebSocketApi,
  type WebSocketStand,
} from '../../support/websocket-stand.ts';

const SLOW = { rateLimit: 0.001 };
const THROTTLED =
  /^\{"message": "Too Many Requests", "connectionId":"([\w-]{15}=)", "requestId":"[\w-]{15}="\}$/;

/** A stage that is deployed by hand, of an API with the routes $connect, $disconnect, $default and `join`. */
async function limited(
  stand: WebSocketStand,
  settings: Partial<CreateStageCommandInput>,
): Promise<WebSocketApi & { update(settings: Partial<CreateStageCommandInput>): Promise<void> }> {
  const { client } = stand.postern;
  const api = await createWebSocketApi(stand, { stages: [] });
  await client.send(new CreateRouteCommand({ ApiId: api.apiId, RouteKey: 'join', Target: api.target }));
  const { DeploymentId } = await client.send(new CreateDeploymentCommand({ ApiId: api.apiId }));
  const where = { ApiId: api.apiId, StageName: 'prod' };
  await client.send(new CreateStageCommand({ ...where, DeploymentId, ...settings }));
  return {
    ...api,
    async update(changed) {
      const { DeploymentId: after } = await client.send(new UpdateStageCommand({ ...where, ...changed }));
      assert.equal(after, DeploymentId);
    },
  };
}

const join = '{"action": "join"}';
const other = '{"action": "other"}';

/** The messages that are over the limit, as `0`, and those that are not, as `1`, in the order they were sent. */
async function send(stand: WebSocketStand, socket: WebSocket, messages: readonly string[]): Promise<string> {
  let passed = '';
  for (const message of messages) {
    const before = stand.eventsOf('hello').length;
    let frame: string | Buffer | undefined;
    const answered = nextMessage(socket).then((data) => {
      frame = data;
    });
    socket.send(message);
    while (frame === undefined && stand.eventsOf('hello').length === before) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (frame === undefined) {
      passed += '1';
      socket.removeAllListeners('message');
      continue;
    }
    await answered;
    assert.match(String(frame), THROTTLED);
    passed += '0';
  }
  return passed;
}

test('connects, messages and @connections of all APIs take tokens of one bucket (§9.1.1, §9.1.3, §9.1.4)', async (t) => {
  const stand = await startWebSocketStand(t, {
    sections: { throttling: { ...SLOW, burstLimit: 5 } },
  });
  const [api, second] = [await createWebSocketApi(stand), await createWebSocketApi(stand)];
  const { socket } = await api.connect('/prod');
  const { connectionId } = stand.eventsOf('hello')[0]!.requestContext as { connectionId: string };
  assert.equal(await send(stand, socket!, [other]), '1');
  const sdk = connectionsClient(stand.postern, api.host, '/prod');
  t.after(() => sdk.destroy());
  const posted = nextMessage(socket!);
  await sdk.postToConnection({ ConnectionId: connectionId, Data: 'x' });
  assert.equal(await posted, 'x');
  assert.equal(told(await second.connect('/prod')), '101');
  await sdk.getConnection({ ConnectionId: connectionId });
  // Five tokens are gone.
  const refused = await second.connect('/prod');
  assert.equal(told(refused), '429 Too Many Requests');
  assert.equal(refused.headers['x-amzn-errortype'], 'TooManyRequestsException');
  assert.equal(await send(stand, socket!, [other]), '0');
  await assert.rejects(() => sdk.getConnection({ ConnectionId: connectionId }), {
    name: 'LimitExceededException',
  });
  // The connection stays, and its end is told of (§9.1.3).
  assert.equal(socket!.readyState, 1);
  socket!.close(1000, 'bye');
  const isTold = () =>
    stand.eventsOf('hello').some(({ requestContext }) => Object(requestContext).disconnectReason === 'bye');
  while (!isTold()) await new Promise((resolve) => setImmediate(resolve));
});

test('a connect without $connect route takes a token too (§1.6.1, §9.1.3)', async (t) => {
  const stand = await startWebSocketStand(t);
  const { client } = stand.postern;
  const api = await createWebSocketApi(stand, { stages: ['prod'] });
  const { Items } = await client.send(new GetRoutesCommand({ ApiId: api.apiId }));
  const connect = Items!.find(({ RouteKey }) => RouteKey === '$connect')!;
  await client.send(new DeleteRouteCommand({ ApiId: api.apiId, RouteId: connect.RouteId }));
  const settings = { ThrottlingRateLimit: 0.001, ThrottlingBurstLimit: 1 };
  await client.send(
    new UpdateStageCommand({ ApiId: api.apiId, StageName: 'prod', DefaultRouteSettings: settings }),
  );
  assert.equal(told(await api.connect('/prod')), '101');
  assert.equal(told(await api.connect('/prod')), '429 Too Many Requests');
});

test('each route has a bucket of its own, by its own setting or the default, and changes act at once (§9.1.2, §9.2)', async (t) => {
  const stand = await startWebSocketStand(t);
  const api = await limited(stand, {
    DefaultRouteSettings: { ThrottlingRateLimit: 0.001, ThrottlingBurstLimit: 2 },
    RouteSettings: { join: { ThrottlingBurstLimit: 3 } },
  });
  const { socket } = await api.connect('/prod');
  assert.equal(await send(stand, socket!, [join, join, other, join, other, join, other]), '1111100');
  // With another rate the bucket of $default is filled again, and that of `join` is not.
  await api.update({ RouteSettings: { $default: { ThrottlingRateLimit: 1_000_000 } } });
  let passed = '0';
  while (passed === '0') passed = await send(stand, socket!, [other]);
  assert.equal(await send(stand, socket!, [join]), '0');
});

for (const [name, settings] of [
  ['rate', { ThrottlingRateLimit: 0 }],
  ['burst', { ThrottlingBurstLimit: 0 }],
  ['both', { ThrottlingRateLimit: 0, ThrottlingBurstLimit: 0 }],
] as const) {
  test(`0 blocks the route, but not $disconnect: ${name} (§9.1.3, §9.1.5)`, async (t) => {
    const stand = await startWebSocketStand(t);
    const api = await limited(stand, { RouteSettings: { join: settings, $disconnect: settings } });
    const { socket } = await api.connect('/prod');
    assert.equal(await send(stand, socket!, [join, other, join]), '010');
    const closed = closedBy(socket!);
    socket!.close(1000);
    await closed;
    const events = () =>
      stand.eventsOf('hello').map(({ requestContext }) => Object(requestContext).eventType);
    while (!events().includes('DISCONNECT')) await new Promise((resolve) => setImmediate(resolve));
    await api.update({ RouteSettings: { $connect: settings } });
    assert.equal(told(await api.connect('/prod')), '429 Too Many Requests');
    const { RouteSettings } = await stand.postern.client.send(
      new GetStageCommand({ ApiId: api.apiId, StageName: 'prod' }),
    );
    assert.deepEqual(RouteSettings!.$connect, settings);
  });
}

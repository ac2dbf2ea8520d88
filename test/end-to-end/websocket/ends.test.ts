// How connections end, over the whole wire: what the client gets, what `$disconnect` is told and when, and what does not end
// them (spec/websocket-api.md §7.4 to §7.6, §10.1.6).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CreateIntegrationCommand,
  CreateIntegrationResponseCommand,
  CreateModelCommand,
  CreateRouteCommand,
  CreateRouteResponseCommand,
  CreateStageCommand,
  DeleteApiCommand,
  DeleteRouteCommand,
  DeleteStageCommand,
  GetRoutesCommand,
} from '@aws-sdk/client-apigatewayv2';
import { WebSocket } from 'ws';
import { NO_SECTIONS } from '../../../src/settings/sections.ts';
import type { InvokeAnswer } from '../../support/invoke-server.ts';
import { sendRaw } from '../../support/raw-client.ts';
import { BINARY, CONTINUATION, closeFrame, frame, SocketClient, TEXT } from '../../support/socket-client.ts';
import {
  closedBy,
  connectionsClient,
  createWebSocketApi,
  nextMessage,
  startWebSocketStand,
  type WebSocketApi,
  type WebSocketStand,
} from '../../support/websocket-stand.ts';

const NO_CODE = '1005 Client-side close frame status not set';
const GOING_AWAY = '1001 Going away';

interface Context {
  readonly eventType: string;
  readonly connectionId: string;
  readonly disconnectStatusCode?: number;
  readonly disconnectReason?: string;
}

const contexts = (stand: WebSocketStand): Context[] =>
  stand.eventsOf('hello').map(({ requestContext }) => requestContext as Context);

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** Until the function has been told of that many ends. */
async function disconnects(stand: WebSocketStand, count: number): Promise<string[]> {
  for (;;) {
    const found = contexts(stand).filter(({ eventType }) => eventType === 'DISCONNECT');
    if (found.length >= count) {
      return found.map((each) => `${each.disconnectStatusCode} ${each.disconnectReason}`);
    }
    await turn();
  }
}

async function opened(api: WebSocketApi, path = '/prod'): Promise<WebSocket> {
  const { socket, status } = await api.connect(path);
  assert.ok(socket, `refused with ${status}`);
  return socket;
}

/** A connection of bytes; what it gets until it is over, and what `$disconnect` is told, once. */
function testEnd(name: string, end: (client: SocketClient) => void, gets: readonly string[], told: string) {
  test(`$disconnect: ${name}`, async (t) => {
    const stand = await startWebSocketStand(t);
    const { host, port } = stand.postern;
    const api = await createWebSocketApi(stand);
    const client = await SocketClient.open({ host, port, path: '/prod', authority: api.host });
    end(client);
    if (!client.socket.destroyed) assert.deepEqual(await client.rest(), gets);
    client.destroy();
    assert.deepEqual(await disconnects(stand, 1), [told]);
    // Another connection comes and goes; nothing more is told of the first.
    const other = await opened(api);
    other.close(1000);
    assert.deepEqual(await disconnects(stand, 2), [told, '1000 ']);
    const ids = new Set(contexts(stand).map(({ connectionId }) => connectionId));
    assert.equal(ids.size, 2);
  });
}

const says =
  (...frames: readonly Buffer[]) =>
  (client: SocketClient): void =>
    client.send(...frames);
const long = 'x'.repeat(32_768);

testEnd('a close with code and reason', says(closeFrame(3001, 'Bye')), ['close 3001 Bye', 'end'], '3001 Bye');
testEnd('a close with a code alone', says(closeFrame(1001)), ['close 1001', 'end'], '1001 ');
testEnd('a close without a code', says(closeFrame()), ['close', 'end'], NO_CODE);
testEnd('lost by a reset', (client) => void client.socket.resetAndDestroy(), [], '1006 ');
testEnd('lost without a close frame', (client) => void client.socket.end(), ['end'], '1006 ');
testEnd('a binary message', says(frame(BINARY, 'a')), ['close 1003', 'end'], '1003 ');
testEnd('a frame that is too long', says(frame(TEXT, `${long}x`)), ['close 1009', 'end'], '1009 ');
testEnd(
  'a message that is too long',
  says(...Array.from({ length: 5 }, (_, i) => frame(i === 0 ? TEXT : CONTINUATION, long, { fin: i === 4 }))),
  ['close 1009', 'end'],
  '1009 ',
);
testEnd('a violation', says(frame(TEXT, 'a', { masked: false })), ['close 1002', 'end'], '1002 ');
testEnd('no UTF-8', says(frame(TEXT, Buffer.from([0xff]))), ['close 1007', 'end'], '1007 ');

test('a message that is too long reaches no route (§7.2.3)', async (t) => {
  const stand = await startWebSocketStand(t);
  const socket = await opened(await createWebSocketApi(stand));
  socket.send(`${long}x`);
  assert.deepEqual(await disconnects(stand, 1), ['1009 ']);
  assert.deepEqual(
    contexts(stand).map(({ eventType }) => eventType),
    ['CONNECT', 'DISCONNECT'],
  );
});

test('DELETE of @connections ends with 1000 (§7.4, §7.6)', async (t) => {
  const stand = await startWebSocketStand(t);
  const api = await createWebSocketApi(stand);
  const socket = await opened(api);
  const closed = closedBy(socket);
  const sdk = connectionsClient(stand.postern, api.host, '/prod');
  t.after(() => sdk.destroy());
  await sdk.deleteConnection({ ConnectionId: contexts(stand)[0]!.connectionId });
  assert.equal(await closed, '1000 Connection Closed Normally');
  assert.deepEqual(await disconnects(stand, 1), ['1000 Connection Closed Normally']);
});

test('deleting the stage ends its connections, and not those of another', async (t) => {
  const stand = await startWebSocketStand(t);
  const api = await createWebSocketApi(stand, { stages: ['prod', 'test'] });
  const [ending, staying] = [await opened(api), await opened(api, '/test')];
  const closed = closedBy(ending);
  const where = { ApiId: api.apiId, StageName: 'prod' };
  await stand.postern.client.send(new DeleteStageCommand(where));
  assert.equal(await closed, GOING_AWAY);
  assert.deepEqual(await disconnects(stand, 1), [GOING_AWAY]);
  assert.equal(staying.readyState, WebSocket.OPEN);
  assert.equal((await api.connect('/prod')).status, 403);
});

test('deleting the API ends its connections', async (t) => {
  const stand = await startWebSocketStand(t);
  const api = await createWebSocketApi(stand);
  const socket = await opened(api);
  const closed = closedBy(socket);
  await stand.postern.client.send(new DeleteApiCommand({ ApiId: api.apiId }));
  assert.equal(await closed, GOING_AWAY);
  assert.deepEqual(await disconnects(stand, 1), [GOING_AWAY]);
});

test('the program ends: clients are told, and $disconnect with them', async (t) => {
  const stand = await startWebSocketStand(t);
  const api = await createWebSocketApi(stand);
  const sockets = await Promise.all(Array.from({ length: 10 }, () => opened(api)));
  const closed = sockets.map(closedBy);
  await stand.postern.close();
  for (const each of closed) assert.equal(await each, GOING_AWAY);
  assert.equal((await disconnects(stand, 10)).length, 10);
});

test('an idle connection is closed by the clock that runs', async (t) => {
  const webSocket = { ...NO_SECTIONS.webSocket, idleMillis: 100 };
  const stand = await startWebSocketStand(t, { sections: { webSocket } });
  const closed = closedBy(await opened(await createWebSocketApi(stand)));
  assert.equal(await closed, GOING_AWAY);
  assert.deepEqual(await disconnects(stand, 1), [GOING_AWAY]);
});

test('a connection that is too old is closed by the clock that runs', async (t) => {
  const webSocket = { ...NO_SECTIONS.webSocket, lifeMillis: 100 };
  const stand = await startWebSocketStand(t, { sections: { webSocket } });
  const closed = closedBy(await opened(await createWebSocketApi(stand)));
  assert.equal(await closed, GOING_AWAY);
  assert.deepEqual(await disconnects(stand, 1), [GOING_AWAY]);
});

test('during $disconnect the connection is gone, and its answer is nobody’s (§7.5.1, §7.5.3)', async (t) => {
  const stand = await startWebSocketStand(t);
  const api = await createWebSocketApi(stand);
  const { host, port } = stand.postern;
  const answers: InvokeAnswer[] = [
    { payload: '{"statusCode":500,"body":"secret"}' },
    { functionError: 'Unhandled', payload: '{"errorMessage":"Boom"}' },
    { payload: 'no JSON' },
    { status: 403, errorType: 'AccessDeniedException' },
    'end',
  ];
  for (const answer of answers) {
    const told: number[] = [];
    stand.lambda.script(async (event) => {
      const { connectionId, eventType } = JSON.parse(event).requestContext as Context;
      if (eventType !== 'DISCONNECT') return { payload: '{"statusCode":200}' };
      for (const method of ['POST', 'GET', 'DELETE']) {
        const head = `${method} /prod/@connections/${connectionId} HTTP/1.1\r\nHost: ${api.host}\r\n`;
        const length = method === 'POST' ? 'Content-Length: 1\r\n\r\nx' : '\r\n';
        told.push((await sendRaw({ host, port, bytes: head + length })).status);
      }
      return answer;
    });
    const socket = await opened(api);
    const heard: unknown[] = [];
    socket.on('message', (data) => heard.push(data));
    const closed = closedBy(socket);
    socket.close(1000);
    assert.equal(await closed, '1000');
    while (told.length < 3) await turn();
    assert.deepEqual(told, [410, 410, 410]);
    assert.deepEqual(heard, []);
    // One call, whatever comes of it.
    (await opened(api)).close(1000);
    while (told.length < 6) await turn();
    assert.equal((await disconnects(stand, 2)).length, 2);
  }
});

test('without a $disconnect route an end calls nobody (§7.5)', async (t) => {
  const stand = await startWebSocketStand(t);
  const api = await createWebSocketApi(stand);
  const { client } = stand.postern;
  const { Items = [] } = await client.send(new GetRoutesCommand({ ApiId: api.apiId }));
  const { RouteId } = Items.find(({ RouteKey }) => RouteKey === '$disconnect')!;
  await client.send(new DeleteRouteCommand({ ApiId: api.apiId, RouteId }));
  const socket = await opened(api);
  const closed = closedBy(socket);
  socket.close(1000);
  await closed;
  await opened(api);
  assert.deepEqual(
    contexts(stand).map(({ eventType }) => eventType),
    ['CONNECT', 'CONNECT'],
  );
});

const ERROR = (text: string): RegExp =>
  new RegExp(
    `^\\{"message": "${text}", "connectionId":"[\\w-]{15}=", "(?:request|message)Id":"[\\w-]{15}="\\}$`,
  );

test('failures of messages do not end the connection (§7.4)', async (t) => {
  const stand = await startWebSocketStand(t);
  const api = await createWebSocketApi(stand, { stages: [] });
  const { client } = stand.postern;
  const ApiId = api.apiId;
  const { Items = [] } = await client.send(new GetRoutesCommand({ ApiId }));
  const { RouteId: fallback } = Items.find(({ RouteKey }) => RouteKey === '$default')!;
  await client.send(new DeleteRouteCommand({ ApiId, RouteId: fallback }));
  await client.send(
    new CreateModelCommand({
      ApiId,
      Name: 'Named',
      ContentType: 'application/json',
      Schema: '{"required":["name"]}',
    }),
  );
  const mock = async (template: string): Promise<string> => {
    const { IntegrationId } = await client.send(
      new CreateIntegrationCommand({
        ...{ ApiId, IntegrationType: 'MOCK', RequestTemplates: { 'application/json': template } },
      }),
    );
    await client.send(
      new CreateIntegrationResponseCommand({
        ...{ ApiId, IntegrationId, IntegrationResponseKey: '$default' },
        ResponseTemplates: { 'application/json': 'pong' },
      }),
    );
    return `integrations/${IntegrationId}`;
  };
  const route = async (RouteKey: string, Target: string, members: object = {}): Promise<void> => {
    const { RouteId } = await client.send(
      new CreateRouteCommand({
        ...{ ApiId, RouteKey, Target, RouteResponseSelectionExpression: '$default', ...members },
      }),
    );
    await client.send(new CreateRouteResponseCommand({ ApiId, RouteId, RouteResponseKey: '$default' }));
  };
  const ok = await mock('{"statusCode": 200}');
  await route('ping', ok);
  await route('throttled', ok);
  await route('named', ok, {
    ModelSelectionExpression: '$request.body.action',
    RequestModels: { $default: 'Named' },
  });
  await route('broken', await mock('#if('));
  await route('function', api.target);
  await client.send(
    new CreateStageCommand({
      ...{ ApiId, StageName: 'prod', AutoDeploy: true },
      RouteSettings: { throttled: { ThrottlingRateLimit: 0, ThrottlingBurstLimit: 0 } },
    }),
  );
  const socket = await opened(api);
  stand.answer({}, { functionError: 'Unhandled', payload: '{"errorMessage":"Boom"}' });
  for (const [message, answer] of [
    ['{"action": "nowhere"}', ERROR('Forbidden')],
    ['no JSON', ERROR('Forbidden')],
    ['{"action": "named"}', ERROR('Bad request body')],
    ['{"action": "throttled"}', ERROR('Too Many Requests')],
    ['{"action": "broken"}', ERROR('Internal server error')],
    ['{"action": "function"}', ERROR('Internal server error')],
  ] as const) {
    const heard = nextMessage(socket);
    socket.send(message);
    assert.match(String(await heard), answer, message);
    const next = nextMessage(socket);
    socket.send('{"action": "ping"}');
    assert.equal(await next, 'pong', `behind ${message}`);
  }
  assert.equal(socket.readyState, WebSocket.OPEN);
});

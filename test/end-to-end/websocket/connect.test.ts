// Connect requests over the whole wire: the order of the steps, APIs without `$connect`, what comes of the query string
// (spec/websocket-api.md §1.1.3, §1.6, §1.10 row t).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CreateRouteCommand,
  DeleteRouteCommand,
  GetRoutesCommand,
  UpdateRouteCommand,
  type UpdateRouteCommandInput,
  UpdateStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import type { ApiKeySettings } from '../../../src/websocket-api/api-keys.ts';
import { policy, statement } from '../../support/authorizer-stand.ts';
import type { InvokeAnswer } from '../../support/invoke-server.ts';
import { sendRaw } from '../../support/raw-client.ts';
import { handshake } from '../../support/socket-client.ts';
import {
  createWebSocketApi,
  startWebSocketStand,
  told,
  type WebSocketApi,
  type WebSocketStand,
} from '../../support/websocket-stand.ts';

const ALLOW: InvokeAnswer = policy(statement('Allow', '*'));
const DENY: InvokeAnswer = policy(statement('Deny', '*'));
const says = (statusCode: number): InvokeAnswer => ({ payload: JSON.stringify({ statusCode }) });

const KEY: ApiKeySettings = {
  id: 'partner',
  value: 'a-secret-of-twenty-characters',
  isEnabled: true,
  stages: ['*'],
  throttle: undefined,
  quota: undefined,
};

async function connectRoute({ postern }: WebSocketStand, ApiId: string): Promise<string> {
  const { Items = [] } = await postern.client.send(new GetRoutesCommand({ ApiId }));
  return Items.find(({ RouteKey }) => RouteKey === '$connect')!.RouteId!;
}

async function updateConnect(
  stand: WebSocketStand,
  { apiId: ApiId }: WebSocketApi,
  change: Omit<UpdateRouteCommandInput, 'ApiId' | 'RouteId'>,
): Promise<void> {
  const RouteId = await connectRoute(stand, ApiId);
  await stand.postern.client.send(new UpdateRouteCommand({ ApiId, RouteId, ...change }));
}

test('the steps of a connect request, each with all later ones failing too (§1.6.1)', async (t) => {
  const stand = await startWebSocketStand(t, { sections: { apiKeys: [KEY] } });
  const api = await createWebSocketApi(stand, { type: 'CUSTOM', apiKeyRequired: true });
  await updateConnect(stand, api, {
    RequestParameters: { 'route.request.querystring.room': { Required: true } },
  });
  const throttle = (ThrottlingRateLimit: number, ThrottlingBurstLimit: number) =>
    stand.postern.client.send(
      new UpdateStageCommand({
        ...{ ApiId: api.apiId, StageName: 'prod' },
        RouteSettings: { $connect: { ThrottlingRateLimit, ThrottlingBurstLimit } },
      }),
    );
  await throttle(0, 0);
  stand.answer(DENY, says(401));
  const asked = (): string[] =>
    stand.lambda.invocations.map(({ functionName }) => functionName.split(':').at(-1)!);
  const key = { 'x-api-key': KEY.value };

  // Of the request itself, before anything is asked.
  const plain = await sendRaw({
    ...{ host: stand.postern.host, port: stand.postern.port },
    bytes: `GET /prod HTTP/1.1\r\nHost: ${api.host}\r\n\r\n`,
  });
  assert.equal(plain.status, 426);
  assert.equal(told(await api.connect('/nope')), '403 {"message":"Forbidden"}');
  assert.equal(told(await api.connect('/prod')), '429 Too Many Requests');
  assert.deepEqual(asked(), []);
  await throttle(10_000, 5_000);
  assert.equal(
    told(await api.connect('/prod')),
    '403 User is not authorized to access this resource with an explicit deny',
  );
  assert.deepEqual(asked(), ['who']);
  stand.answer(ALLOW, says(401));
  assert.equal(told(await api.connect('/prod')), '403 Forbidden');
  assert.deepEqual(asked(), ['who']);
  assert.equal(told(await api.connect('/prod', key)), '400 Missing required request parameters: [room]');
  assert.deepEqual(asked(), ['who', 'who']);
  const refused = await api.connect('/prod?room=1', key);
  assert.deepEqual([refused.status, refused.body], [401, '']);
  assert.deepEqual(asked(), ['who', 'who', 'who', 'hello']);
  stand.answer(ALLOW, says(200));
  assert.equal(told(await api.connect('/prod?room=1', key)), '101');
  assert.deepEqual(asked(), ['who', 'hello']);
  const idOf = (name: string) =>
    (stand.eventsOf(name)[0]!.requestContext as { readonly connectionId: string }).connectionId;
  assert.equal(idOf('who'), idOf('hello'), 'one id from the first step on');
});

test('required parameters: all that are missing are named (§1.10 row t)', async (t) => {
  const stand = await startWebSocketStand(t);
  const api = await createWebSocketApi(stand);
  await updateConnect(stand, api, {
    RequestParameters: {
      'route.request.querystring.room': { Required: true },
      'route.request.header.X-User': { Required: true },
      'route.request.querystring.other': { Required: false },
    },
  });
  for (const [path, headers, expected] of [
    ['/prod?room=1', { 'x-user': 'a' }, '101'],
    ['/prod?room=', { 'x-user': '' }, '101'],
    ['/prod', { 'x-user': 'a' }, '400 Missing required request parameters: [room]'],
    ['/prod?room=1', {}, '400 Missing required request parameters: [X-User]'],
    ['/prod?Room=1&x-user=a', {}, '400 Missing required request parameters: [room, X-User]'],
  ] as const) {
    const shake = await api.connect(path, headers);
    assert.equal(told(shake), expected, path);
    if (shake.status === 400) assert.equal(shake.headers['x-amzn-errortype'], 'BadRequestException');
  }
});

test('without a $connect route everybody gets in, and no function is asked (§1.6.2)', async (t) => {
  const stand = await startWebSocketStand(t);
  const api = await createWebSocketApi(stand, { type: 'CUSTOM', apiKeyRequired: true });
  stand.answer(DENY, says(401));
  assert.equal(told(await api.connect('/prod')).slice(0, 3), '403');
  const RouteId = await connectRoute(stand, api.apiId);
  await stand.postern.client.send(new DeleteRouteCommand({ ApiId: api.apiId, RouteId }));
  stand.answer(DENY, says(401));
  const { socket } = await api.connect('/prod');
  assert.ok(socket);
  assert.deepEqual(stand.lambda.invocations, []);
  socket.close(1000);
  while (stand.eventsOf('hello').length < 1) await new Promise((resolve) => setImmediate(resolve));
  const [event] = stand.eventsOf('hello');
  assert.equal((event!.requestContext as { eventType: string }).eventType, 'DISCONNECT');
});

test('a $connect route without target is judged, and calls nobody (§1.6.3)', async (t) => {
  const stand = await startWebSocketStand(t, { sections: { apiKeys: [KEY] } });
  const api = await createWebSocketApi(stand, { type: 'CUSTOM', apiKeyRequired: true });
  const { client } = stand.postern;
  const ApiId = api.apiId;
  const { Items = [] } = await client.send(new GetRoutesCommand({ ApiId }));
  const { AuthorizerId, RouteId } = Items.find(({ RouteKey }) => RouteKey === '$connect')!;
  await client.send(new DeleteRouteCommand({ ApiId, RouteId }));
  await client.send(
    new CreateRouteCommand({
      ...{ ApiId, RouteKey: '$connect', AuthorizationType: 'CUSTOM', AuthorizerId, ApiKeyRequired: true },
    }),
  );
  stand.answer(DENY, says(401));
  assert.equal(told(await api.connect('/prod')).slice(0, 12), '403 User is ');
  stand.answer(ALLOW, says(401));
  assert.equal(told(await api.connect('/prod')), '403 Forbidden');
  assert.equal(told(await api.connect('/prod', { 'x-api-key': KEY.value })), '101');
  assert.deepEqual(stand.eventsOf('hello'), []);
});

test('a connect that is refused has no $disconnect (§1.6.5)', async (t) => {
  const stand = await startWebSocketStand(t);
  const api = await createWebSocketApi(stand);
  stand.answer(ALLOW, says(401));
  assert.equal((await api.connect('/prod')).status, 401);
  // One that is accepted comes behind it, with the only end.
  stand.answer(ALLOW, says(200));
  const { socket } = await api.connect('/prod');
  socket!.close(1000);
  while (stand.eventsOf('hello').length < 2) await new Promise((resolve) => setImmediate(resolve));
  const contexts = stand.eventsOf('hello').map(({ requestContext }) => requestContext) as {
    readonly eventType: string;
    readonly connectionId: string;
  }[];
  assert.deepEqual(
    contexts.map(({ eventType }) => eventType),
    ['CONNECT', 'DISCONNECT'],
  );
  assert.equal(contexts[0]!.connectionId, contexts[1]!.connectionId);
});

test('the query string and the offered subprotocols exist for the connect request alone (§1.1.3, §1.9.1)', async (t) => {
  const stand = await startWebSocketStand(t);
  const api = await createWebSocketApi(stand, { type: 'CUSTOM' });
  stand.answer(ALLOW);
  const path = '/prod/?token=a%20b&token=c&room=%C3%A4';
  const { host, port } = stand.postern;
  const bytes = handshake({ path, authority: api.host, lines: 'Sec-WebSocket-Protocol: chat, other\r\n' });
  const mask = Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0x61, 0x88, 0x80, 0, 0, 0, 0]).toString('latin1');
  await sendRaw({ host, port, bytes: bytes + mask }).catch(() => undefined);
  while (stand.eventsOf('hello').length < 3) await new Promise((resolve) => setImmediate(resolve));
  const given = {
    queryStringParameters: { token: 'c', room: 'ä' },
    multiValueQueryStringParameters: { token: ['a b', 'c'], room: ['ä'] },
  };
  const members = (event: Record<string, unknown> | undefined) => ({
    queryStringParameters: event!.queryStringParameters,
    multiValueQueryStringParameters: event!.multiValueQueryStringParameters,
  });
  const [connect, message, disconnect] = stand.eventsOf('hello');
  assert.deepEqual(members(stand.eventsOf('who')[0]), given);
  assert.deepEqual(members(connect), given);
  const none = { queryStringParameters: undefined, multiValueQueryStringParameters: undefined };
  assert.deepEqual(members(message), none);
  assert.deepEqual(members(disconnect), none);
  const headers = connect!.headers as Record<string, string>;
  assert.equal(headers['Sec-WebSocket-Protocol'], 'chat, other');
  assert.equal((message!.headers as typeof headers | undefined)?.['Sec-WebSocket-Protocol'], undefined);
});

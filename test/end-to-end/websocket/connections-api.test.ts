// @connections over the wire: the AWS SDK's client, and bytes (spec/websocket-api.md §6).
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { CreateApiMappingCommand, CreateDomainNameCommand } from '@aws-sdk/client-apigatewayv2';
import type { WebSocket } from 'ws';
import { ACCOUNT, REGION } from '../../support/postern.ts';
import { sendRaw } from '../../support/raw-client.ts';
import { type HeaderLine, valuesOf } from '../../support/raw-message.ts';
import { SocketClient } from '../../support/socket-client.ts';
import {
  closedBy,
  connectionsClient,
  createWebSocketApi,
  nextMessage,
  startWebSocketStand,
  type WebSocketApi,
  type WebSocketStand,
} from '../../support/websocket-stand.ts';

const UNKNOWN = 'AAAAAAAAAAAAAAA=';

interface Opened {
  readonly socket: WebSocket;
  readonly id: string;
}

async function open(
  stand: WebSocketStand,
  api: WebSocketApi,
  path = '/prod',
  headers: Record<string, string> = {},
): Promise<Opened> {
  const before = stand.eventsOf('hello').length;
  const { socket } = await api.connect(path, headers);
  const { connectionId } = stand.eventsOf('hello')[before]!.requestContext as { connectionId: string };
  return { socket: socket!, id: connectionId };
}

interface Reply {
  readonly status: number;
  readonly headers: readonly HeaderLine[];
  readonly body: string;
}

async function send(
  { postern }: WebSocketStand,
  host: string,
  line: string,
  body = '',
  lines: readonly string[] = [],
): Promise<Reply> {
  const length = line.startsWith('POST') ? [`Content-Length: ${Buffer.byteLength(body, 'latin1')}`] : [];
  const head = [`${line} HTTP/1.1`, `Host: ${host}`, ...length, ...lines, '', body];
  return sendRaw({ host: postern.host, port: postern.port, bytes: head.join('\r\n') });
}

const only = (headers: readonly HeaderLine[], name: string): string | undefined => {
  const values = valuesOf(headers, name);
  assert.ok(values.length <= 1, name);
  return values[0];
};
const names = (headers: readonly HeaderLine[]): string[] =>
  headers
    .map(([name]) => name.toLowerCase())
    .filter((name) => name !== 'connection')
    .sort();

/** `410 GoneException` and the body. */
function toldBy({ status, headers, body }: Reply): string {
  assert.match(only(headers, 'x-amzn-requestid')!, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  assert.match(only(headers, 'x-amz-apigw-id')!, /^[\w-]{15}=$/);
  return [status, only(headers, 'x-amzn-errortype'), body]
    .filter((part) => part !== '')
    .join(' ')
    .trim();
}

test('the AWS SDK sends, asks and disconnects (§6.1, §6.3)', async (t) => {
  const stand = await startWebSocketStand(t);
  const api = await createWebSocketApi(stand);
  const endpoints = [
    [api.host, '/prod'],
    ['127.0.0.1', `/_aws/execute-api/${api.apiId}/prod`],
  ] as const;
  for (const [host, path] of endpoints) {
    const { socket, id } = await open(stand, api, '/prod', { 'User-Agent': 'agent "x"' });
    const client = connectionsClient(stand.postern, host, path);
    t.after(() => client.destroy());
    const message = nextMessage(socket);
    const posted = await client.postToConnection({ ConnectionId: id, Data: 'hello ☕' });
    assert.equal(await message, 'hello ☕');
    assert.equal(posted.$metadata.httpStatusCode, 200);
    assert.match(posted.$metadata.requestId!, /^[0-9a-f-]{36}$/);
    const { Identity, ConnectedAt, LastActiveAt } = await client.getConnection({ ConnectionId: id });
    assert.deepEqual(Identity, { SourceIp: '127.0.0.1', UserAgent: 'agent "x"' });
    assert.ok(LastActiveAt!.getTime() >= ConnectedAt!.getTime());
    const closed = closedBy(socket);
    const deleted = await client.deleteConnection({ ConnectionId: id });
    assert.equal(deleted.$metadata.httpStatusCode, 204);
    assert.equal(await closed, '1000 Connection Closed Normally');
    for (const call of [
      () => client.postToConnection({ ConnectionId: id, Data: 'x' }),
      () => client.getConnection({ ConnectionId: id }),
      () => client.deleteConnection({ ConnectionId: id }),
    ]) {
      await assert.rejects(call, { name: 'GoneException' });
    }
  }
});

test('$disconnect tells of the code and reason of a DELETE (§6.8)', async (t) => {
  const stand = await startWebSocketStand(t);
  const api = await createWebSocketApi(stand);
  const { id } = await open(stand, api);
  await send(stand, api.host, `DELETE /prod/@connections/${id}`);
  while (stand.eventsOf('hello').length < 2) await new Promise((resolve) => setImmediate(resolve));
  const context = stand.eventsOf('hello')[1]!.requestContext as Record<string, unknown>;
  assert.deepEqual(
    [context.eventType, context.disconnectStatusCode, context.disconnectReason],
    ['DISCONNECT', 1000, 'Connection Closed Normally'],
  );
});

test('replies in full (§6.3)', async (t) => {
  const stand = await startWebSocketStand(t);
  const api = await createWebSocketApi(stand);
  const { id } = await open(stand, api);
  const path = `/prod/@connections/${id}`;
  const posted = await send(stand, api.host, `POST ${path}`, 'x');
  assert.equal(toldBy(posted), '200');
  const own = [
    'content-length',
    'content-type',
    'date',
    'x-amz-apigw-id',
    'x-amzn-requestid',
    'x-amzn-trace-id',
  ];
  assert.deepEqual(names(posted.headers), own);
  assert.equal(only(posted.headers, 'content-length'), '0');
  assert.equal(only(posted.headers, 'content-type'), 'application/json');
  assert.match(only(posted.headers, 'x-amzn-trace-id')!, /^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/);
  const got = await send(stand, api.host, `GET ${path}`);
  assert.deepEqual(names(got.headers), own);
  const { connectedAt, lastActiveAt } = JSON.parse(got.body);
  assert.equal(
    got.body,
    `{\n  "identity" : {\n    "sourceIp" : "127.0.0.1",\n    "userAgent" : null\n  },\n  "connectedAt" : "${connectedAt}",\n  "lastActiveAt" : "${lastActiveAt}"\n}`,
  );
  for (const time of [connectedAt, lastActiveAt])
    assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  const deleted = await send(stand, api.host, `DELETE ${path}`);
  assert.equal(toldBy(deleted), '204');
  assert.deepEqual(
    names(deleted.headers),
    own.filter((name) => !name.startsWith('content-')),
  );
  const gone = await send(stand, api.host, `GET ${path}`);
  assert.equal(toldBy(gone), '410 GoneException');
  assert.deepEqual(names(gone.headers), [...own, 'x-amzn-errortype'].sort());
  assert.equal(only(gone.headers, 'content-length'), '0');
});

test('ids and @connections, raw and encoded, and nothing else (§6.2, §6.5.3)', async (t) => {
  const stand = await startWebSocketStand(t);
  const api = await createWebSocketApi(stand);
  const { id } = await open(stand, api);
  const encoded = id.replace('=', '%3D');
  const bad = (what: string): string =>
    `400 BadRequestException ${JSON.stringify({ message: `Invalid connectionId: ${what}` })}`;
  const forbidden = '403 ForbiddenException {"message":"Forbidden"}';
  const rows: readonly (readonly [path: string, what: string])[] = [
    [`/prod/@connections/${id}`, '200'],
    [`/prod/@connections/${encoded}`, '200'],
    [`/prod/%40connections/${id}`, '200'],
    [`/prod/%40connections/${encoded}`, '200'],
    [`/prod/@connections/${encoded.toLowerCase()}`, id === id.toLowerCase() ? '200' : '410 GoneException'],
    [`/prod/@connections/${id}?x=1`, '200'],
    [`/prod/@connections/${UNKNOWN}`, '410 GoneException'],
    [`/prod/@connections/${id.replace('=', '%253D')}`, bad(`${id.slice(0, -1)}%3D`)],
    [`/prod/%2540connections/${id}`, forbidden],
    [`/prod/@Connections/${id}`, forbidden],
    [`/prod/@connections/${id}/`, bad(`${id}/`)],
    [`/prod/@connections/x/../${id}`, bad(`x/../${id}`)],
    [`/prod/@connections/${id.slice(0, -1)}`, bad(id.slice(0, -1))],
    ['/prod/@connections/abc', bad('abc')],
    ['/prod/@connections/%00', bad('\u0000')],
    ['/prod/@connections/%', bad('%')],
    ['/prod/@connections/%3Cscript%3E', bad('<script>')],
    ['/prod/@connections/', bad('')],
    ['/prod/@connections', bad('')],
    [`/dev/@connections/${id}`, forbidden],
    [`/@connections/${id}`, forbidden],
    [`/PROD/@connections/${id}`, forbidden],
    [`/prod/x/@connections/${id}`, forbidden],
    [`//prod/@connections/${id}`, forbidden],
  ];
  for (const [path, what] of rows) {
    const reply = await send(stand, api.host, `POST ${path}`, 'x');
    assert.equal(toldBy(reply), what, path);
    assert.equal(valuesOf(reply.headers, 'x-amzn-trace-id').length, /^(200|410)/.test(what) ? 1 : 0, path);
  }
});

test('other methods (§6.2.4)', async (t) => {
  const stand = await startWebSocketStand(t);
  const api = await createWebSocketApi(stand);
  for (const method of ['PUT', 'PATCH', 'OPTIONS', 'HEAD']) {
    const reply = await send(stand, api.host, `${method} /prod/%40connections/${UNKNOWN}`);
    const message = `No method found matching route @connections/${UNKNOWN} for http method ${method}.`;
    const body = method === 'HEAD' ? '' : ` ${JSON.stringify({ message })}`;
    assert.equal(toldBy(reply), `403 ForbiddenException${body}`);
  }
});

test('a connection is reached through its own API and stage alone (§6.5.4)', async (t) => {
  const stand = await startWebSocketStand(t);
  const api = await createWebSocketApi(stand, { stages: ['prod', 'dev'] });
  const other = await createWebSocketApi(stand);
  const { id, socket } = await open(stand, api);
  const heard: unknown[] = [];
  socket.on('message', (data) => heard.push(String(data)));
  for (const method of ['POST', 'GET', 'DELETE']) {
    for (const [host, path] of [
      [api.host, '/dev'],
      [other.host, '/prod'],
    ] as const) {
      const reply = await send(stand, host, `${method} ${path}/@connections/${id}`, 'wrong');
      assert.equal(toldBy(reply), '410 GoneException');
    }
  }
  await send(stand, api.host, `POST /prod/@connections/${id}`, 'right');
  while (heard.length === 0) await once(socket, 'message');
  assert.deepEqual(heard, ['right']);
});

test('inside $connect the connection is not there yet (§1.6.4, §6.7)', async (t) => {
  const stand = await startWebSocketStand(t);
  const api = await createWebSocketApi(stand);
  const told: string[] = [];
  stand.lambda.script(async (event) => {
    const { connectionId, eventType } = JSON.parse(event).requestContext;
    if (eventType !== 'CONNECT') return {};
    for (const method of ['POST', 'GET', 'DELETE']) {
      told.push(toldBy(await send(stand, api.host, `${method} /prod/@connections/${connectionId}`, 'x')));
    }
    return { payload: '{"statusCode":200}' };
  });
  assert.equal((await api.connect('/prod')).status, 101);
  assert.deepEqual(told, Array(3).fill('410 GoneException'));
});

test('the body is the message, whatever its type (§6.6.1 to §6.6.3, §6.6.6)', async (t) => {
  const stand = await startWebSocketStand(t);
  const api = await createWebSocketApi(stand);
  const { id, socket } = await open(stand, api);
  const heard: (string | Buffer)[] = [];
  socket.on('message', (data: Buffer, isBinary) => heard.push(isBinary ? data : data.toString('utf8')));
  const rows: readonly (readonly [string, string | Buffer])[] = [
    ['{"a":1}', '{"a":1}'],
    ['', ''],
    ['\u0000\r\n', '\u0000\r\n'],
    [Buffer.from('é☕').toString('latin1'), 'é☕'],
    ['\xff\xfe', Buffer.from([0xff, 0xfe])],
    ['x'.repeat(131_072), 'x'.repeat(131_072)],
  ];
  for (const [body] of rows) {
    const lines = ['Content-Type: image/png'];
    assert.equal(toldBy(await send(stand, api.host, `POST /prod/@connections/${id}`, body, lines)), '200');
  }
  while (heard.length < rows.length) await once(socket, 'message');
  assert.deepEqual(
    heard,
    rows.map(([, message]) => message),
  );
});

test('large messages go out in frames of at most 32 KB (§6.6.5)', async (t) => {
  const stand = await startWebSocketStand(t);
  const api = await createWebSocketApi(stand);
  const { host, port } = stand.postern;
  const client = await SocketClient.open({ host, port, path: '/prod', authority: api.host });
  t.after(() => client.destroy());
  const { connectionId } = stand.eventsOf('hello')[0]!.requestContext as { connectionId: string };
  await send(stand, api.host, `POST /prod/@connections/${connectionId}`, 'x'.repeat(131_072));
  const lengths: number[] = [];
  for (let isLast = false; !isLast; ) {
    const frame = (await client.next())!;
    lengths.push(frame.payload.length);
    isLast = frame.fin;
  }
  assert.deepEqual(lengths, Array(4).fill(32_768));
});

test('more than 128 KB: 413 (§6.5)', async (t) => {
  const stand = await startWebSocketStand(t);
  const api = await createWebSocketApi(stand);
  const { id } = await open(stand, api);
  const path = `/prod/@connections/${id}`;
  const large = '413 PayloadTooLargeException {"message":"Request Entity Too Large"}';
  const chunked = `POST ${path} HTTP/1.1\r\nHost: ${api.host}\r\nTransfer-Encoding: chunked\r\n\r\n20001\r\n${'x'.repeat(131_073)}\r\n0\r\n\r\n`;
  const { host, port } = stand.postern;
  assert.equal(toldBy(await send(stand, api.host, `POST ${path}`, 'x'.repeat(131_073))), large);
  assert.equal(toldBy(await sendRaw({ host, port, bytes: chunked })), large);
  const client = connectionsClient(stand.postern, api.host, '/prod');
  t.after(() => client.destroy());
  await assert.rejects(client.postToConnection({ ConnectionId: id, Data: Buffer.alloc(131_073) }), {
    name: 'PayloadTooLargeException',
  });
});

test('a client that does not read: 429, and the connection stays (§6.5)', async (t) => {
  const stand = await startWebSocketStand(t);
  const api = await createWebSocketApi(stand);
  const { id, socket } = await open(stand, api);
  socket.pause();
  const body = 'x'.repeat(131_072);
  let reply: Reply;
  do {
    reply = await send(stand, api.host, `POST /prod/@connections/${id}`, body);
  } while (reply.status === 200);
  assert.equal(toldBy(reply), '429 LimitExceededException {"message":"Too Many Requests"}');
  socket.resume();
  assert.equal((await send(stand, api.host, `GET /prod/@connections/${id}`)).status, 200);
});

test('calls take tokens of the account (§9.1.3, §9.1.4)', async (t) => {
  const stand = await startWebSocketStand(t, {
    sections: { throttling: { rateLimit: 0.001, burstLimit: 3 } },
  });
  const api = await createWebSocketApi(stand);
  const path = `GET /prod/@connections/${UNKNOWN}`;
  let told = '';
  for (let i = 0; i < 4; i++) told = toldBy(await send(stand, api.host, path));
  assert.equal(told, '429 LimitExceededException {"message":"Too Many Requests"}');
});

test('a post is activity; a disabled endpoint has no connections (§6.6.7, §1.3.2)', async (t) => {
  const stand = await startWebSocketStand(t);
  const api = await createWebSocketApi(stand, { api: { DisableExecuteApiEndpoint: true } });
  const reply = await send(stand, api.host, `POST /prod/@connections/${UNKNOWN}`, 'x');
  assert.equal(toldBy(reply), '403 ForbiddenException {"message":"Forbidden"}');
  const open1 = await createWebSocketApi(stand);
  const { id, socket } = await open(stand, open1);
  const at = async (): Promise<number> => {
    const { body } = await send(stand, open1.host, `GET /prod/@connections/${id}`);
    return Date.parse(JSON.parse(body).lastActiveAt);
  };
  const before = await at();
  while (Date.now() <= before) await new Promise((resolve) => setImmediate(resolve));
  // Asking is none.
  assert.equal(await at(), before);
  const heard = nextMessage(socket);
  await send(stand, open1.host, `POST /prod/@connections/${id}`, 'x');
  assert.equal(await heard, 'x');
  assert.ok((await at()) > before);
});

test('through a custom domain (§1.2.5, §6.1.2, §6.2.3)', async (t) => {
  const stand = await startWebSocketStand(t);
  const api = await createWebSocketApi(stand);
  const { client } = stand.postern;
  const DomainName = 'chat.example.com';
  const CertificateArn = `arn:aws:acm:${REGION}:${ACCOUNT}:certificate/c-1`;
  await client.send(
    new CreateDomainNameCommand({ DomainName, DomainNameConfigurations: [{ CertificateArn }] }),
  );
  for (const ApiMappingKey of ['', 'key']) {
    await client.send(
      new CreateApiMappingCommand({ DomainName, ApiId: api.apiId, Stage: 'prod', ApiMappingKey }),
    );
  }
  for (const path of ['', '/key']) {
    const { socket, id } = await open(stand, api, path === '' ? '/' : path, { Host: DomainName });
    const sdk = connectionsClient(stand.postern, DomainName, path);
    t.after(() => sdk.destroy());
    const heard = nextMessage(socket);
    await sdk.postToConnection({ ConnectionId: id, Data: 'x' });
    assert.equal(await heard, 'x');
    // The default endpoint reaches it too.
    assert.equal(toldBy(await send(stand, api.host, `POST /prod/@connections/${id}`, 'y')), '200');
    const message = `No method found matching route test0/@connections/${id} for http method POST.`;
    const wrong = await send(
      stand,
      DomainName,
      `POST ${path}/test0/%40connections/${id.replace('=', '%3D')}`,
      'x',
    );
    assert.equal(toldBy(wrong), `403 ForbiddenException ${JSON.stringify({ message })}`);
  }
});

// Upgrade requests of WebSocket APIs, as raw text: the 101 and its lines, and every refusal (spec/websocket-api.md §1.1, §1.5,
// §1.6, §1.8 to §1.11).
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  BAD_GATEWAY,
  INTEGRATION_TIMEOUT,
  INTERNAL_ERROR,
  UNREACHABLE,
} from '../../src/websocket-api/failures.ts';
import type { SocketFailed } from '../../src/websocket-api/stage.ts';
import { openRaw, type RawReply, sendRaw } from '../support/raw-client.ts';
import { closeFrame, handshake } from '../support/socket-client.ts';
import { answered, type SocketStand, type StandOptions, startSocketStand } from '../support/socket-stand.ts';

async function start(t: TestContext, options: StandOptions = {}): Promise<SocketStand> {
  const stand = await startSocketStand(options);
  t.after(async () => {
    await stand.close();
    assert.deepEqual(stand.defects, []);
  });
  return stand;
}

const ID = /^[A-Za-z0-9_-]{15}=$/;
const failing = (failure: SocketFailed['failure']): SocketFailed => ({ kind: 'failed', failure, error: '' });

function ask(stand: SocketStand, bytes: string): Promise<RawReply> {
  return sendRaw({ host: stand.host, port: stand.port, bytes });
}

function headersOf(reply: RawReply): Map<string, string> {
  return new Map(reply.headers.map(([name, value]) => [name.toLowerCase(), value]));
}

test('the 101 has exactly its lines', async (t) => {
  const stand = await start(t);
  const client = await stand.open();
  const [status, date, ...lines] = client.head.split('\r\n');
  assert.equal(status, 'HTTP/1.1 101 Switching Protocols');
  assert.match(date!, /^Date: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/);
  assert.deepEqual(lines, [
    'Connection: upgrade',
    'upgrade: websocket',
    'sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
  ]);
  client.destroy();
});

const BOTH = 'server_no_context_takeover; client_no_context_takeover';
for (const [offer, answer] of [
  ['permessage-deflate', `permessage-deflate; ${BOTH}`],
  ['permessage-deflate; client_max_window_bits', `permessage-deflate; ${BOTH}`],
  ['permessage-deflate; server_max_window_bits=12', `permessage-deflate; server_max_window_bits=12; ${BOTH}`],
  ['x-unknown, permessage-deflate', `permessage-deflate; ${BOTH}`],
  ['permessage-deflate; server_max_window_bits=99, permessage-deflate', `permessage-deflate; ${BOTH}`],
  ['x-unknown', undefined],
  ['permessage-deflate; server_max_window_bits=99', undefined],
  ['permessage-deflate; server_max_window_bits=8', undefined],
  ['permessage-deflate; server_max_window_bits=12; server_max_window_bits=12', undefined],
  ['permessage-deflate; unknown', undefined],
  ['"', undefined],
] as const) {
  test(`extensions: ${offer} is answered with ${answer ?? 'none'}`, async (t) => {
    const stand = await start(t);
    const client = await stand.open(`Sec-WebSocket-Extensions: ${offer}\r\n`);
    const line = client.head.split('\r\n').find((each) => each.startsWith('sec-websocket-extensions'));
    assert.equal(line, answer === undefined ? undefined : `sec-websocket-extensions: ${answer}`);
    client.destroy();
  });
}

for (const { name, offered, returned, line } of [
  { name: 'none is picked of what is offered', offered: 'chat, other', returned: [], line: undefined },
  {
    name: 'what the integration returned',
    offered: 'chat, other',
    returned: ['Sec-WebSocket-Protocol', 'other'],
    line: 'Sec-WebSocket-Protocol: other',
  },
  {
    name: 'of any letter case',
    offered: 'chat',
    returned: ['sec-WEBSOCKET-protocol', 'chat'],
    line: 'Sec-WebSocket-Protocol: chat',
  },
  {
    name: 'one that was not offered',
    offered: undefined,
    returned: ['Sec-WebSocket-Protocol', 'a, b'],
    line: 'Sec-WebSocket-Protocol: a, b',
  },
]) {
  test(`subprotocol: ${name}`, async (t) => {
    const stand = await start(t, { connect: () => answered('', 200, returned) });
    const client = await stand.open(offered === undefined ? '' : `Sec-WebSocket-Protocol: ${offered}\r\n`);
    const found = client.head.split('\r\n').find((each) => /^sec-websocket-protocol/i.test(each));
    assert.equal(found, line);
    client.destroy();
  });
}

for (const path of ['/test', '/test/', '/test?a=b', '/test/?a=b']) {
  test(`${path} is the stage`, async (t) => {
    const stand = await start(t);
    const reply = await openHead(stand, handshake({ path, authority: 'x' }));
    assert.match(reply, /^HTTP\/1\.1 101 /);
  });
}

for (const { name, lines } of [
  { name: 'names in any case', lines: ['CONNECTION: UPGRADE', 'UPGRADE: WebSocket'] },
  { name: 'Connection as a list', lines: ['Connection: keep-alive, Upgrade', 'Upgrade: websocket'] },
  {
    name: 'any Origin',
    lines: ['Connection: Upgrade', 'Upgrade: websocket', 'Origin: https://evil.example'],
  },
]) {
  test(`an upgrade request is accepted: ${name}`, async (t) => {
    const stand = await start(t);
    assert.match(await openHead(stand, requestOf(lines)), /^HTTP\/1\.1 101 /);
  });
}

const UPGRADE = ['Connection: Upgrade', 'Upgrade: websocket'];
const VERSION = 'Sec-WebSocket-Version: 13';
const KEY = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';

function requestOf(lines: readonly string[], start = 'GET /test HTTP/1.1', rest = [VERSION, KEY]): string {
  return [start, 'Host: api.example.com', ...lines, ...rest, '', ''].join('\r\n');
}

interface Refusal {
  readonly name: string;
  readonly bytes: string;
  readonly status: number;
  readonly message: string;
  readonly errorType?: string;
  readonly line?: readonly [name: string, value: string];
}

const forbidden = (path: string): Refusal => ({
  name: `${path.slice(0, 30)} is no stage`,
  bytes: handshake({ path, authority: 'api.example.com' }),
  status: 403,
  message: 'Forbidden',
  errorType: 'ForbiddenException',
});
const upgradeRequired = (name: string, bytes: string): Refusal => ({
  name,
  bytes,
  status: 426,
  message: 'Upgrade Required',
  line: ['upgrade', 'websocket'],
});
const badKey = (name: string, key: readonly string[]): Refusal => ({
  name,
  bytes: requestOf(UPGRADE, undefined, [VERSION, ...key]),
  status: 400,
  message: 'Bad Request',
  errorType: 'BadRequestException',
});

const refusals: readonly Refusal[] = [
  forbidden('/'),
  forbidden('/nope'),
  forbidden('/Test'),
  forbidden('//test'),
  forbidden('/test/extra'),
  forbidden('/test//'),
  forbidden('/ping'),
  {
    name: 'a URL of more than 4096 characters',
    bytes: handshake({ path: `/test?${'a'.repeat(4_091)}`, authority: 'x' }),
    status: 414,
    message: 'Request URI too long',
    errorType: 'BadRequestException',
  },
  ...['POST', 'PUT', 'DELETE', 'OPTIONS'].map((method) => ({
    name: `${method} on a stage`,
    bytes: requestOf(UPGRADE, `${method} /test HTTP/1.1`),
    status: 403,
    message: 'Missing Authentication Token',
    errorType: 'MissingAuthenticationTokenException',
  })),
  upgradeRequired('a plain GET', requestOf([], undefined, [])),
  upgradeRequired('no Upgrade', requestOf(['Connection: Upgrade'])),
  upgradeRequired('another Upgrade', requestOf(['Connection: Upgrade', 'Upgrade: h2c'])),
  upgradeRequired('no Connection', requestOf(['Upgrade: websocket'])),
  upgradeRequired('HTTP/1.0', requestOf(UPGRADE, 'GET /test HTTP/1.0')),
  {
    ...upgradeRequired('version 8', requestOf(UPGRADE, undefined, ['Sec-WebSocket-Version: 8', KEY])),
    line: ['sec-websocket-version', '13'],
  },
  {
    ...upgradeRequired('no version', requestOf(UPGRADE, undefined, [KEY])),
    line: ['sec-websocket-version', '13'],
  },
  badKey('no key', []),
  badKey('a key of 15 bytes', ['Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAA']),
  badKey('a key of 17 bytes', ['Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAAA=']),
  badKey('a key that is no base64', ['Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25j*Q==']),
  badKey('two keys', [KEY, KEY]),
];

for (const { name, bytes, status, message, errorType, line } of refusals) {
  test(`an upgrade is refused: ${name}`, async (t) => {
    const stand = await start(t);
    const reply = await ask(stand, bytes);
    const headers = headersOf(reply);
    assert.equal(reply.status, status);
    assert.equal(reply.body, `{"message":"${message}"}`);
    assert.equal(headers.get('content-type'), 'application/json');
    assert.match(headers.get('x-amzn-requestid')!, /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/);
    assert.match(headers.get('x-amz-apigw-id')!, ID);
    assert.equal(headers.get('x-amzn-errortype'), errorType);
    assert.ok(headers.has('date'));
    if (line !== undefined) assert.equal(headers.get(line[0]), line[1]);
    assert.deepEqual(stand.events, []);
  });
}

test('a header section of more than 10,240 bytes is a 431', async (t) => {
  const stand = await start(t);
  const reply = await ask(
    stand,
    handshake({ path: '/test', authority: 'x', lines: `A: ${'a'.repeat(10_240)}\r\n` }),
  );
  assert.equal(reply.status, 431);
});

test('a disabled endpoint refuses connections and @connections', async (t) => {
  const stand = await start(t, { executeApiDisabled: true });
  for (const path of ['/test', '/test/@connections/AAAAAAAAAAAAAAA=']) {
    const reply = await ask(stand, handshake({ path, authority: 'x' }));
    assert.equal(reply.status, 403);
    assert.equal(reply.body, '{"message":"Forbidden"}');
  }
});

test('the reference codec refuses upgrades', async (t) => {
  const stand = await start(t, { codec: 'reference' });
  assert.equal((await ask(stand, handshake({ path: '/test', authority: 'x' }))).status, 426);
});

for (const { name, failure, status, message, errorType } of [
  { name: 'an error', failure: BAD_GATEWAY, status: 502, message: 'Internal server error' },
  {
    name: 'a configuration that cannot work',
    failure: INTERNAL_ERROR,
    status: 500,
    message: 'Internal server error',
  },
  { name: 'a timeout', failure: INTEGRATION_TIMEOUT, status: 504, message: 'Endpoint request timed out' },
  {
    name: 'a backend that is not there',
    failure: UNREACHABLE,
    status: 504,
    message: 'Network error communicating with endpoint',
  },
].map((row) => ({ errorType: 'InternalServerErrorException', ...row }))) {
  test(`$connect fails: ${name}`, async (t) => {
    const stand = await start(t, { connect: () => failing(failure) });
    const reply = await ask(stand, handshake(stand));
    const [event] = stand.events;
    assert.equal(reply.status, status);
    assert.equal(
      reply.body,
      `{"message": "${message}", "connectionId":"${event!.connection.id}", "requestId":"${event!.requestId}"}`,
    );
    assert.equal(headersOf(reply).get('x-amzn-errortype'), errorType);
    assert.equal(event!.status, status);
    assert.deepEqual(stand.ended, []);
  });
}

for (const status of [301, 400, 401, 403, 404, 410, 418, 500, 501]) {
  test(`$connect answers ${status}: that status and no body`, async (t) => {
    const headers = ['Location', 'https://example.com/', 'Set-Cookie', 'a=b'];
    const stand = await start(t, { connect: () => answered('secret', status, headers) });
    const reply = await ask(stand, handshake(stand));
    assert.equal(reply.status, status);
    assert.equal(reply.body, '');
    const names = headersOf(reply);
    assert.equal(names.get('content-type'), 'application/json');
    for (const absent of ['location', 'set-cookie', 'x-amzn-errortype']) assert.ok(!names.has(absent));
    assert.deepEqual(stand.ended, []);
  });
}

for (const status of [200, 201, 204, 299]) {
  test(`$connect answers ${status}: accepted`, async (t) => {
    const stand = await start(t, { connect: () => answered('', status) });
    (await stand.open()).destroy();
  });
}

for (const status of [0, 99, 101, 600, 1000]) {
  test(`$connect answers ${status}, which is no final status: 502`, async (t) => {
    const stand = await start(t, { connect: () => answered('', status) });
    assert.equal((await ask(stand, handshake(stand))).status, 502);
  });
}

test('more new connections than are allowed: 429', async (t) => {
  let left = 1;
  const stand = await start(t, { admitsOne: () => left-- > 0 });
  const client = await stand.open();
  const reply = await ask(stand, handshake(stand));
  assert.equal(reply.status, 429);
  assert.match(reply.body, /^\{"message": "Too Many Requests", "connectionId":"/);
  assert.equal(headersOf(reply).get('x-amzn-errortype'), 'TooManyRequestsException');
  client.destroy();
});

test('the connection id is the same from $connect on, and opens with the 101', async (t) => {
  let answer = (): void => {};
  const stand = await start(t, {
    connect: () => new Promise((resolve) => (answer = () => resolve(answered('')))),
  });
  const opening = stand.open();
  while (!stand.pending.has('CONNECT')) await stand.turn();
  const id = stand.pending.get('CONNECT')!.connection.id;
  assert.match(id, ID);
  assert.equal(stand.hub.find(id), undefined);
  answer();
  const client = await opening;
  assert.equal(stand.hub.find(id)?.info.id, id);
  client.send(closeFrame(1000));
  await client.rest();
  await stand.untilEnded(1);
  assert.deepEqual(stand.ended, [{ id, code: 1000, reason: '' }]);
  assert.equal(stand.hub.find(id), undefined);
});

for (const { status, told } of [
  { status: 200, told: [[1006, '']] },
  { status: 401, told: [] },
]) {
  test(`a client that leaves during $connect, which answers ${status}`, async (t) => {
    let answer = (): void => {};
    const stand = await start(t, {
      connect: () => new Promise((resolve) => (answer = () => resolve(answered('', status)))),
    });
    const socket = await openRaw(stand.host, stand.port);
    socket.write(handshake(stand), 'latin1');
    while (!stand.pending.has('CONNECT')) await stand.turn();
    socket.resetAndDestroy();
    while (stand.connections() > 0) await stand.turn();
    answer();
    while (stand.events.length < 1 + told.length) await stand.turn();
    assert.deepEqual(
      stand.ended.map(({ code, reason }) => [code, reason]),
      told,
    );
    assert.equal(stand.hub.size, 0);
  });
}

/** The head of the reply to an upgrade request; the connection is dropped. */
async function openHead(stand: SocketStand, bytes: string): Promise<string> {
  const socket = await openRaw(stand.host, stand.port);
  socket.write(bytes, 'latin1');
  let received = '';
  for await (const data of socket) {
    received += String(data);
    if (received.includes('\r\n\r\n')) break;
  }
  socket.destroy();
  return received;
}

// Upgrade requests of WebSocket APIs, as raw text: the 101 and its lines, and every refusal (spec/websocket-api.md §1.1, §1.5,
// §1.6, §1.8 to §1.11).
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  BAD_GATEWAY,
  INTEGRATION_TIMEOUT,
  INTERNAL_ERROR,
  UNREACHABLE,
} from '../../../src/websocket-api/failures.ts';
import type { SocketFailed } from '../../../src/websocket-api/stage.ts';
import { openRaw, type RawReply, sendRaw } from '../../support/raw-client.ts';
import { closeFrame, handshake } from '../../support/socket-client.ts';
import {
  answered,
  type SocketStand,
  type StandOptions,
  startSocketStand,
} from '../../support/socket-stand.ts';

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
const OFFERS = [
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
] as const;

test('permessage-deflate is agreed on as RFC 7692 has it, whatever is offered (§1.8.2)', async (t) => {
  const stand = await start(t);
  for (const [offer, answer] of OFFERS) {
    await t.test(`${offer}: ${answer ?? 'none'}`, async () => {
      const client = await stand.open(`Sec-WebSocket-Extensions: ${offer}\r\n`);
      const line = client.head.split('\r\n').find((each) => each.startsWith('sec-websocket-extensions'));
      assert.equal(line, answer === undefined ? undefined : `sec-websocket-extensions: ${answer}`);
      client.destroy();
    });
  }
});

const UPGRADE = ['Connection: Upgrade', 'Upgrade: websocket'];
const VERSION = 'Sec-WebSocket-Version: 13';
const KEY = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';

function requestOf(lines: readonly string[], start = 'GET /test HTTP/1.1', rest = [VERSION, KEY]): string {
  return [start, 'Host: api.example.com', ...lines, ...rest, '', ''].join('\r\n');
}

function testAccepted(name: string, bytes: string): void {
  test(`an upgrade request is accepted: ${name}`, async (t) => {
    const stand = await start(t);
    assert.match(await openHead(stand, bytes), /^HTTP\/1\.1 101 /);
  });
}

const at = (path: string): string => handshake({ path, authority: 'api.example.com' });

testAccepted('the stage', at('/test'));
testAccepted('a slash behind the stage', at('/test/'));
testAccepted('a query string', at('/test?a=b'));
testAccepted('a slash and a query string', at('/test/?a=b'));
testAccepted('a URL of 4,096 characters', at(`/test?${'a'.repeat(4_090)}`));
testAccepted('names in any case', requestOf(['CONNECTION: UPGRADE', 'UPGRADE: WebSocket']));
testAccepted('Connection as a list', requestOf(['Connection: keep-alive, Upgrade', 'Upgrade: websocket']));
testAccepted('any Origin', requestOf([...UPGRADE, 'Origin: https://evil.example']));
testAccepted('no Origin', requestOf(UPGRADE));
testAccepted('a head of 10,240 bytes', headOf(10_240));

/** An upgrade request of that many bytes, without the empty line. */
function headOf(length: number): string {
  const bare = requestOf([...UPGRADE, 'X-A: ']).length - 2;
  return requestOf([...UPGRADE, `X-A: ${'a'.repeat(length - bare)}`]);
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
const malformed = (name: string, rest: string[]): Refusal => ({
  name,
  bytes: requestOf(UPGRADE, undefined, rest),
  status: 400,
  message: 'Bad Request',
  errorType: 'BadRequestException',
});
const badKey = (name: string, key: readonly string[]): Refusal => malformed(name, [VERSION, ...key]);
const badVersion = (name: string, versions: readonly string[]): Refusal =>
  malformed(name, [...versions, KEY]);

const tooLong = (name: string, bytes: string): Refusal => ({
  name,
  bytes,
  status: 414,
  message: 'Request URI too long',
  errorType: 'BadRequestException',
});
const noMethod = (method: string): Refusal => ({
  name: `${method} on a stage`,
  bytes: requestOf(UPGRADE, `${method} /test HTTP/1.1`),
  status: 403,
  message: 'Missing Authentication Token',
  errorType: 'MissingAuthenticationTokenException',
});
const wrongVersion = (name: string, version: readonly string[]): Refusal => ({
  ...upgradeRequired(name, requestOf(UPGRADE, undefined, [...version, KEY])),
  line: ['sec-websocket-version', '13'],
});

const refusals: readonly Refusal[] = [
  forbidden('/'),
  forbidden('/nope'),
  forbidden('/Test'),
  forbidden('/te%73t'),
  forbidden('/sping'),
  forbidden('//test'),
  forbidden('/test/extra'),
  forbidden('/test//'),
  forbidden('/ping'),
  tooLong('a URL of 4,097 characters', at(`/test?${'a'.repeat(4_091)}`)),
  noMethod('POST'),
  noMethod('PUT'),
  noMethod('DELETE'),
  noMethod('OPTIONS'),
  noMethod('PATCH'),
  upgradeRequired('a plain GET', requestOf([], undefined, [])),
  upgradeRequired('no Upgrade', requestOf(['Connection: Upgrade'])),
  upgradeRequired('another Upgrade', requestOf(['Connection: Upgrade', 'Upgrade: h2c'])),
  upgradeRequired('no Connection', requestOf(['Upgrade: websocket'])),
  upgradeRequired('HTTP/1.0', requestOf(UPGRADE, 'GET /test HTTP/1.0')),
  wrongVersion('version 8', ['Sec-WebSocket-Version: 8']),
  wrongVersion('version 14', ['Sec-WebSocket-Version: 14']),
  wrongVersion('no version', []),
  wrongVersion('two versions in a line', ['Sec-WebSocket-Version: 13, 8']),
  badVersion('two versions', ['Sec-WebSocket-Version: 13', 'Sec-WebSocket-Version: 8']),
  badVersion('two versions, the first another', ['Sec-WebSocket-Version: 8', 'Sec-WebSocket-Version: 13']),
  badVersion('the version twice', ['Sec-WebSocket-Version: 13', 'Sec-WebSocket-Version: 13']),
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
  const reply = await ask(stand, headOf(10_241));
  assert.equal(reply.status, 431);
  assert.deepEqual(stand.events, []);
});

test('HEAD on a stage has the refusal of other methods, without its body', async (t) => {
  const stand = await start(t);
  const reply = await ask(stand, requestOf(UPGRADE, 'HEAD /test HTTP/1.1'));
  assert.equal(reply.status, 403);
  assert.equal(headersOf(reply).get('x-amzn-errortype'), 'MissingAuthenticationTokenException');
  assert.equal(reply.body, '');
});

test('a refusal is an ordinary reply: its lines, and the connection stays (§1.10.1, §1.10.5)', async (t) => {
  const stand = await start(t);
  const socket = await openRaw(stand.host, stand.port);
  const requests = [at('/nope'), requestOf([], undefined, []), at('/test')];
  let received = '';
  socket.write(requests.shift()!, 'latin1');
  const replies: string[] = [];
  for await (const data of socket) {
    received += (data as Buffer).toString('latin1');
    const reply = /^(.*?)\r\n\r\n(\{.*\})?$/s.exec(received);
    if (reply === null || (reply[2] === undefined && !received.startsWith('HTTP/1.1 101'))) continue;
    replies.push(received);
    received = '';
    const next = requests.shift();
    if (next === undefined) break;
    socket.write(next, 'latin1');
  }
  socket.destroy();
  assert.deepEqual(
    replies[0]!
      .split('\r\n')
      .map((line) => line.replace(/^(Date|x-amzn-RequestId|x-amz-apigw-id): .*/, '$1')),
    [
      'HTTP/1.1 403 Forbidden',
      'Content-Type: application/json',
      'Date',
      'x-amzn-RequestId',
      'x-amz-apigw-id',
      'x-amzn-ErrorType: ForbiddenException',
      'Content-Length: 23',
      'Connection: keep-alive',
      '',
      '{"message":"Forbidden"}',
    ],
  );
  assert.match(replies[1]!, /^HTTP\/1\.1 426 Upgrade Required\r\n/);
  assert.match(replies[2]!, /^HTTP\/1\.1 101 Switching Protocols\r\n/);
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

const FAILURES: readonly (readonly [SocketFailed['failure'], status: number, message: string])[] = [
  [BAD_GATEWAY, 502, 'Internal server error'],
  [INTERNAL_ERROR, 500, 'Internal server error'],
  [INTEGRATION_TIMEOUT, 504, 'Endpoint request timed out'],
  [UNREACHABLE, 504, 'Network error communicating with endpoint'],
];

test('$connect fails: the template of error frames with the ids of the event (§1.10.3)', async (t) => {
  for (const [failure, status, message] of FAILURES) {
    const stand = await start(t, { connect: () => failing(failure) });
    const reply = await ask(stand, handshake(stand));
    const [event] = stand.events;
    assert.equal(reply.status, status);
    assert.equal(
      reply.body,
      `{"message": "${message}", "connectionId":"${event!.connection.id}", "requestId":"${event!.requestId}"}`,
    );
    assert.equal(headersOf(reply).get('x-amzn-errortype'), 'InternalServerErrorException');
    assert.equal(event!.status, status);
    assert.deepEqual(stand.ended, []);
  }
});

test('$connect answers what is no final status: 502 (§1.7.1)', async (t) => {
  for (const status of [0, 99, 101, 600, 1000]) {
    const stand = await start(t, { connect: () => answered('', status) });
    assert.equal((await ask(stand, handshake(stand))).status, 502);
  }
});

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

async function leaveDuring(t: TestContext, status: number, told: readonly unknown[]): Promise<void> {
  let answer = (): void => {};
  const stand = await start(t, {
    connect: () => new Promise((resolve) => (answer = () => resolve(answered('', status)))),
  });
  const socket = await openRaw(stand.host, stand.port);
  socket.write(handshake(stand), 'latin1');
  while (!stand.pending.has('CONNECT')) await stand.turn();
  socket.resetAndDestroy();
  while (stand.connections() > 0) await stand.turn();
  assert.deepEqual(stand.events, [], 'the integration goes on');
  answer();
  while (stand.events.length < 1 + told.length) await stand.turn();
  assert.deepEqual(
    stand.ended.map(({ code, reason }) => [code, reason]),
    told,
  );
  assert.equal(stand.hub.size, 0);
}

test('a client that leaves during $connect, which succeeds: $disconnect (§1.6.6)', (t) =>
  leaveDuring(t, 200, [[1006, '']]));
test('a client that leaves during $connect, which refuses: none (§1.6.6)', (t) => leaveDuring(t, 401, []));

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

// The server name of real ClientHellos, whole and cut, and of faulty ones (RFC 8446 §4.1.2; RFC 6066 §3).
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import { type ConnectionOptions, connect } from 'node:tls';
import fc from 'fast-check';
import { INCOMPLETE, MALFORMED, readServerName } from './client-hello.ts';

/** What a client of node:tls sends first. */
async function helloOf(options: ConnectionOptions): Promise<Buffer> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = connect({ host: '127.0.0.1', port, ...options });
  client.on('error', () => {});
  const [socket] = await once(server, 'connection');
  let hello: Buffer = Buffer.alloc(0);
  while (hello.length < 5 || hello.length < 5 + hello.readUInt16BE(3)) {
    const [data] = await once(socket, 'data');
    hello = Buffer.concat([hello, data]);
  }
  client.destroy();
  socket.destroy();
  server.close();
  return hello;
}

const named = await helloOf({ servername: 'API.Example.com' });

test('the server name is in lower case, and empty when there is none', async () => {
  assert.equal(readServerName(named), 'api.example.com');
  assert.equal(readServerName(await helloOf({ maxVersion: 'TLSv1.2', servername: 'a.b' })), 'a.b');
  assert.equal(readServerName(await helloOf({})), '');
  assert.equal(readServerName(Buffer.concat([named, Buffer.from('more')])), 'api.example.com');
});

test('every beginning of it is incomplete', () => {
  for (let length = 0; length < named.length; length++) {
    assert.equal(readServerName(named.subarray(0, length)), INCOMPLETE, String(length));
  }
});

test('it may come in records of any size', () => {
  const body = named.subarray(5);
  for (const size of [1, 3, 4, 5, 100, body.length - 1]) {
    const records: Buffer[] = [];
    for (let at = 0; at < body.length; at += size) {
      const fragment = body.subarray(at, at + size);
      records.push(
        Buffer.concat([Buffer.of(0x16, 3, 1, fragment.length >> 8, fragment.length & 0xff), fragment]),
      );
    }
    assert.equal(readServerName(Buffer.concat(records)), 'api.example.com', String(size));
  }
});

test('whatever the bytes, it answers, and never with a name that is not in them', () => {
  fc.assert(
    fc.property(fc.nat(named.length - 1), fc.nat(255), (at, byte) => {
      const bytes = Buffer.from(named);
      bytes[at] = byte;
      const name = readServerName(bytes);
      if (typeof name === 'string') assert.ok(bytes.toString('latin1').toLowerCase().includes(name));
    }),
    { numRuns: 2000 },
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
      const name = readServerName(Buffer.from([0x16, 3, 1, ...bytes]));
      assert.ok(typeof name === 'string' || name === INCOMPLETE || name === MALFORMED);
    }),
  );
});

/** A ClientHello with these extension bytes. */
function hello(extensions: Buffer): Buffer {
  const fixed = Buffer.concat([Buffer.alloc(34, 3), Buffer.of(0, 0, 2, 0x13, 1, 1, 0)]);
  const body = Buffer.concat([
    fixed,
    Buffer.of(extensions.length >> 8, extensions.length & 0xff),
    extensions,
  ]);
  const message = Buffer.concat([Buffer.of(1, 0, body.length >> 8, body.length & 0xff), body]);
  return Buffer.concat([Buffer.of(0x16, 3, 1, message.length >> 8, message.length & 0xff), message]);
}

function serverName(entries: readonly (readonly [type: number, name: string])[]): Buffer {
  const list = Buffer.concat(
    entries.map(([type, name]) => Buffer.concat([Buffer.of(type, 0, name.length), Buffer.from(name)])),
  );
  const content = Buffer.concat([Buffer.of(list.length >> 8, list.length & 0xff), list]);
  return Buffer.concat([Buffer.of(0, 0, content.length >> 8, content.length & 0xff), content]);
}

const ROWS: readonly (readonly [what: string, bytes: Buffer, expected: unknown])[] = [
  ['one name', hello(serverName([[0, 'a.test']])), 'a.test'],
  ['no extension', hello(Buffer.alloc(0)), ''],
  [
    'two extensions of names',
    hello(Buffer.concat([serverName([[0, 'a']]), serverName([[0, 'b']])])),
    MALFORMED,
  ],
  [
    'two names',
    hello(
      serverName([
        [0, 'a'],
        [0, 'b'],
      ]),
    ),
    MALFORMED,
  ],
  ['a name of another type', hello(serverName([[1, 'a']])), MALFORMED],
  ['an empty name', hello(serverName([[0, '']])), MALFORMED],
  ['a name with NUL', hello(serverName([[0, 'a\0b']])), MALFORMED],
  ['an empty list', hello(serverName([])), MALFORMED],
  ['an extension cut off', hello(Buffer.of(0, 0, 0, 9, 0)), MALFORMED],
  ['another record', Buffer.from('GET / HTTP/1.1\r\n'), MALFORMED],
  ['another handshake message', Buffer.of(0x16, 3, 1, 0, 4, 2, 0, 0, 0), MALFORMED],
  ['an empty record', Buffer.of(0x16, 3, 1, 0, 0), MALFORMED],
  ['a record too long', Buffer.of(0x16, 3, 1, 0xff, 0xff), MALFORMED],
  ['a message too long', Buffer.of(0x16, 3, 1, 0, 4, 1, 1, 0, 0), MALFORMED],
];

for (const [what, bytes, expected] of ROWS) {
  test(`a ClientHello with ${what}`, () => assert.equal(readServerName(bytes), expected));
}

// What HTTP/2 must not carry into the gateway: fields that mean something else in HTTP/1.1, bad pseudo fields, floods.
// Written as frames, since no client library sends them (RFC 9113 §8.2, §8.3, §10).
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { connect, type TLSSocket } from 'node:tls';
import { TEST_CERTIFICATE, TEST_KEY } from '../../../test/support/certificate.ts';
import type { Exchange } from '../exchange.ts';
import { createListener } from '../listener/listener.ts';

const DATA = 0;
const HEADERS = 1;
const PRIORITY = 2;
const RST_STREAM = 3;
const SETTINGS = 4;
const PING = 6;
const GOAWAY = 7;
const CONTINUATION = 9;
const END_STREAM = 1;
const ACK = 1;
const END_HEADERS = 4;
const PADDED = 8;
const WITH_PRIORITY = 0x20;
const ENHANCE_YOUR_CALM = 11;

const START: Fields = [
  [':method', 'POST'],
  [':scheme', 'https'],
  [':path', '/'],
  [':authority', 'a.example'],
];
type Fields = readonly (readonly [name: string, value: string])[];

function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** Literal fields without indexing and without Huffman coding (RFC 7541 §6.2.2). */
function hpack(fields: Fields): Buffer {
  const text = (value: string): Buffer => {
    const bytes = Buffer.from(value, 'latin1');
    assert.ok(bytes.length < 127);
    return Buffer.concat([Buffer.of(bytes.length), bytes]);
  };
  return Buffer.concat(fields.flatMap(([name, value]) => [Buffer.of(0), text(name), text(value)]));
}

function headersFrame(stream: number, fields: Fields, flags: number): Buffer {
  return frame(HEADERS, flags | END_HEADERS, stream, hpack(fields));
}

const isGoaway = ({ type }: Frame): boolean => type === GOAWAY;

/** The error code of a GOAWAY. */
const codeOf = (goaway: Frame | undefined): number | undefined => goaway?.payload.readUInt32BE(4);

interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
}

class RawSession {
  readonly socket: TLSSocket;
  readonly frames: Frame[] = [];
  isOver = false;
  #input: Buffer = Buffer.alloc(0);
  #wake: () => void = () => {};

  constructor(socket: TLSSocket) {
    this.socket = socket;
    socket.on('data', (data: Buffer) => this.#take(data));
    socket.on('error', () => {});
    socket.on('close', () => {
      this.isOver = true;
      this.#wake();
    });
    socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    socket.write(frame(SETTINGS, 0, 0, Buffer.alloc(0)));
  }

  #take(data: Buffer): void {
    this.#input = Buffer.concat([this.#input, data]);
    while (this.#input.length >= 9 && this.#input.length >= 9 + this.#input.readUIntBE(0, 3)) {
      const end = 9 + this.#input.readUIntBE(0, 3);
      const [type, flags, stream] = [this.#input[3]!, this.#input[4]!, this.#input.readUInt32BE(5)];
      this.frames.push({ type, flags, stream, payload: this.#input.subarray(9, end) });
      this.#input = this.#input.subarray(end);
    }
    this.#wake();
  }

  headers(stream: number, fields: Fields, flags = END_STREAM): void {
    this.socket.write(headersFrame(stream, fields, flags));
  }

  /** The first frame that satisfies, undefined when the connection ends without one. */
  async until(isIt: (frame: Frame) => boolean): Promise<Frame | undefined> {
    for (;;) {
      const found = this.frames.find(isIt);
      if (found !== undefined || this.isOver) return found;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** What became of a stream: the status of its reply (of those we answer with), 'reset' or 'gone'. */
  async outcome(stream: number): Promise<string> {
    const found = await this.until(
      (each) =>
        (each.stream === stream && (each.type === HEADERS || each.type === RST_STREAM)) ||
        each.type === GOAWAY,
    );
    if (found === undefined || found.type === GOAWAY) return 'gone';
    if (found.type === RST_STREAM) return 'reset';
    // Static table: 8 is 200, 12 is 400 (RFC 7541, appendix A).
    return { 136: '200', 140: '400' }[found.payload[0]!] ?? 'other';
  }
}

interface Stand {
  readonly seen: Exchange[];
  open(): Promise<RawSession>;
}

async function start(t: TestContext): Promise<Stand> {
  const seen: Exchange[] = [];
  const listener = createListener({
    tls: { identity: { cert: TEST_CERTIFICATE, key: TEST_KEY } },
    onExchange(exchange) {
      seen.push(exchange);
      exchange.body.read(1_000_000, (body) => {
        if (body !== undefined) exchange.send(200, '', body);
      });
    },
  });
  const { port } = await listener.listen('127.0.0.1', 0);
  const sockets: TLSSocket[] = [];
  t.after(async () => {
    for (const socket of sockets) socket.destroy();
    await listener.close(0);
  });
  return {
    seen,
    async open() {
      const socket = connect({ host: '127.0.0.1', port, ca: TEST_CERTIFICATE, ALPNProtocols: ['h2'] });
      sockets.push(socket);
      await once(socket, 'secureConnect');
      assert.equal(socket.alpnProtocol, 'h2');
      return new RawSession(socket);
    },
  };
}

const without = (name: string): Fields => START.filter(([each]) => each !== name);
const instead = (name: string, value: string): Fields =>
  START.map((each) => (each[0] === name ? [name, value] : each));

const REFUSED: readonly (readonly [what: string, fields: Fields])[] = [
  // node:http2 leaves these out without a word.
  ['a line end in a value', [...START, ['x', 'a\r\nTransfer-Encoding: chunked']]],
  ['a bare LF in a value', [...START, ['x', 'a\nb: c']]],
  ['a bare CR in a value', [...START, ['x', 'a\rb']]],
  ['NUL in a value', [...START, ['x', 'a\0b']]],
  ['a control character in a value', [...START, ['x', 'a\x01b']]],
  ['a line end in a name', [...START, ['x: 1\r\ny', 'z']]],
  ['a colon in a name', [...START, ['x:y', 'z']]],
  ['a blank in a name', [...START, ['x y', 'z']]],
  ['an empty name', [...START, ['', 'z']]],
  ['a bad field among good ones', [...START, ['x', 'a'], ['y', 'a\0b'], ['z', 'c']]],
  ['upper case in a name', [...START, ['X-Y', 'z']]],
  ['Transfer-Encoding', [...START, ['transfer-encoding', 'chunked']]],
  ['Connection', [...START, ['connection', 'close']]],
  ['Keep-Alive', [...START, ['keep-alive', '1']]],
  ['Proxy-Connection', [...START, ['proxy-connection', 'close']]],
  ['Upgrade', [...START, ['upgrade', 'websocket']]],
  ['HTTP2-Settings', [...START, ['http2-settings', 'AAMAAABkAAQAAP__']]],
  ['TE with more than trailers', [...START, ['te', 'trailers, chunked']]],
  ['two Content-Lengths', [...START, ['content-length', '0'], ['content-length', '5']]],
  ['a Content-Length that is a list', [...START, ['content-length', '0, 0']]],
  ['a signed Content-Length', [...START, ['content-length', '+0']]],
  ['a Content-Length without a body', [...START, ['content-length', '5']]],
  ['two hosts', [...START, ['host', 'b.example']]],
  ['Host twice', [...without(':authority'), ['host', 'a.example'], ['host', 'a.example']]],
  ['no host', without(':authority')],
  ['an empty authority', instead(':authority', '')],
  ['user information in the authority', instead(':authority', 'user@a.example')],
  ['a line end in the authority', instead(':authority', 'a\r\nx: y')],
  ['a slash in the authority', instead(':authority', 'a.example/b')],
  ['no method', without(':method')],
  ['a method that is no token', instead(':method', 'GET /x HTTP/1.1\r\nA:')],
  ['a blank in the method', instead(':method', 'GET /')],
  ['CONNECT', instead(':method', 'CONNECT')],
  ['no path', without(':path')],
  ['an empty path', instead(':path', '')],
  ['a path of another form', instead(':path', 'https://b.example/')],
  ['a path that is *', instead(':path', '*')],
  ['a blank in the path', instead(':path', '/ HTTP/1.1')],
  ['a line end in the path', instead(':path', '/\r\nx: y')],
  ['no scheme', without(':scheme')],
  ['another scheme', instead(':scheme', 'ftp')],
  ['a pseudo field twice', [...START, [':path', '/b']]],
  ['an unknown pseudo field', [...START, [':x', 'y']]],
  ['a pseudo field of replies', [...START, [':status', '200']]],
  ['a pseudo field of extended CONNECT', [...START, [':protocol', 'websocket']]],
  ['a pseudo field behind others', [START[0]!, START[1]!, START[2]!, ['x', 'y'], START[3]!]],
  ['another expectation', [...START, ['expect', '200-ok']]],
];

for (const [what, fields] of REFUSED) {
  test(`refused: ${what}`, async (t) => {
    const stand = await start(t);
    const session = await stand.open();
    session.headers(1, fields);
    assert.match(await session.outcome(1), /^(400|reset|gone)$/);
    assert.equal(stand.seen.length, 0);
  });
}

test('a body of another length than announced is not a whole one', async (t) => {
  for (const bytes of [3, 7]) {
    const stand = await start(t);
    const session = await stand.open();
    session.headers(1, [...START, ['content-length', '5']], 0);
    session.socket.write(frame(DATA, END_STREAM, 1, Buffer.alloc(bytes)));
    assert.match(await session.outcome(1), /^(reset|gone)$/);
    assert.equal(stand.seen.length, 0);
  }
});

test('what stands in a body or a value is no request of its own', async (t) => {
  const stand = await start(t);
  const session = await stand.open();
  const inner = 'GET /admin HTTP/1.1\r\nHost: a.example\r\n\r\n';
  session.headers(1, [...START, ['x', 'GET /admin HTTP/1.1'], ['content-length', String(inner.length)]], 0);
  session.socket.write(frame(DATA, END_STREAM, 1, Buffer.from(inner)));
  assert.equal(await session.outcome(1), '200');
  assert.deepEqual(
    stand.seen.map(({ target }) => target),
    ['/'],
  );
});

test('trailers with a line end in a value end the stream', async (t) => {
  const stand = await start(t);
  const session = await stand.open();
  session.headers(1, START, 0);
  session.socket.write(frame(DATA, 0, 1, Buffer.from('x')));
  session.headers(1, [['x', 'a\r\nb: c']], END_STREAM);
  assert.match(await session.outcome(1), /^(reset|gone)$/);
});

test('good trailers are taken', async (t) => {
  const stand = await start(t);
  const session = await stand.open();
  session.headers(1, START, 0);
  session.socket.write(frame(DATA, 0, 1, Buffer.from('x')));
  session.headers(1, [['x', 'a']], END_STREAM);
  assert.equal(await session.outcome(1), '200');
});

test('a header block in many frames, with padding and priority, is a whole one', async (t) => {
  const stand = await start(t);
  const session = await stand.open();
  const block = hpack([...START, ['x', 'y'.repeat(100)], ['z', '']]);
  const front = Buffer.concat([
    Buffer.of(7),
    Buffer.of(0, 0, 0, 0, 16),
    block.subarray(0, 30),
    Buffer.alloc(7),
  ]);
  const frames = [
    frame(HEADERS, END_STREAM | PADDED | WITH_PRIORITY, 1, front),
    frame(CONTINUATION, 0, 1, block.subarray(30, 31)),
    frame(CONTINUATION, 0, 1, Buffer.alloc(0)),
    frame(CONTINUATION, END_HEADERS, 1, block.subarray(31)),
  ];
  for (const byte of Buffer.concat(frames)) session.socket.write(Buffer.of(byte));
  assert.equal(await session.outcome(1), '200');
});

test('pseudo fields in trailers end the stream', async (t) => {
  const stand = await start(t);
  const session = await stand.open();
  session.headers(1, START, 0);
  session.socket.write(frame(DATA, 0, 1, Buffer.from('x')));
  session.headers(1, [[':path', '/admin']], END_STREAM);
  assert.match(await session.outcome(1), /^(reset|gone)$/);
  assert.deepEqual(
    stand.seen.map(({ target }) => target),
    ['/'],
  );
});

test('a flood of resets ends the connection, and each exchange hears of its end', async (t) => {
  const stand = await start(t);
  let aborts = 0;
  const served = stand.seen;
  const push = served.push.bind(served);
  served.push = (exchange: Exchange) => {
    exchange.aborter = {
      abort() {
        aborts++;
      },
    };
    return push(exchange);
  };
  const session = await stand.open();
  await session.until((each) => each.type === SETTINGS && (each.flags & ACK) === ACK);
  const cancel = Buffer.of(0, 0, 0, 8);
  for (let i = 0; i < 20_000 && !session.isOver; i++) {
    const stream = 2 * i + 1;
    session.headers(stream, START, 0);
    const isTaken = session.socket.write(frame(RST_STREAM, 0, stream, cancel));
    if (!isTaken) await Promise.race([once(session.socket, 'drain'), once(session.socket, 'close')]);
  }
  assert.equal(codeOf(await session.until(isGoaway)), ENHANCE_YOUR_CALM);
  assert.ok(served.length < 20_000, `${served.length} were served`);
  while (aborts < served.length) await new Promise(setImmediate);
});

const FLOODS: readonly (readonly [what: string, frames: (i: number) => readonly Buffer[]])[] = [
  ['pings', () => [frame(PING, 0, 0, Buffer.alloc(8))]],
  ['settings', () => [frame(SETTINGS, 0, 0, Buffer.alloc(0))]],
  ['priorities', (i) => [frame(PRIORITY, 0, 2 * i + 1, Buffer.of(0, 0, 0, 0, 16))]],
  ['frames of an unknown type', () => [frame(0xf0, 0, 0, Buffer.alloc(0))]],
  [
    'empty data',
    (i) => [...(i === 0 ? [headersFrame(1, START, 0)] : []), frame(DATA, 0, 1, Buffer.alloc(0))],
  ],
  [
    'requests that are none',
    (i) => [headersFrame(2 * i + 1, [...START, ['connection', 'close']], END_STREAM)],
  ],
  [
    'a header block without end',
    (i) => [i === 0 ? frame(HEADERS, 0, 1, Buffer.alloc(0)) : frame(CONTINUATION, 0, 1, Buffer.of(0x88))],
  ],
  ['requests without fields', (i) => [headersFrame(2 * i + 1, [], END_STREAM)]],
];

for (const [what, frames] of FLOODS) {
  test(`a flood ends the connection with ENHANCE_YOUR_CALM: ${what}`, async (t) => {
    const stand = await start(t);
    const session = await stand.open();
    await session.until((each) => each.type === SETTINGS && (each.flags & ACK) === ACK);
    for (let i = 0; i < 5_000 && !session.isOver; i++) {
      const isTaken = session.socket.write(Buffer.concat(frames(i)));
      if (!isTaken) await Promise.race([once(session.socket, 'drain'), once(session.socket, 'close')]);
    }
    assert.equal(codeOf(await session.until(isGoaway)), ENHANCE_YOUR_CALM);
    const other = await stand.open();
    other.headers(1, START);
    assert.equal(await other.outcome(1), '200');
  });
}

test('a client that pings now and then, and cancels requests, is none', async (t) => {
  const stand = await start(t);
  const session = await stand.open();
  for (let i = 0; i < 300; i++) {
    session.headers(2 * i + 1, START, 0);
    session.socket.write(frame(PING, 0, 0, Buffer.alloc(8)));
    session.socket.write(frame(RST_STREAM, 0, 2 * i + 1, Buffer.of(0, 0, 0, 8)));
  }
  session.headers(601, START);
  assert.equal(await session.outcome(601), '200');
});

test('streams above the limit are refused', async (t) => {
  const stand = await start(t);
  const session = await stand.open();
  await session.until((each) => each.type === SETTINGS && (each.flags & ACK) === ACK);
  for (let i = 0; i < 150; i++) session.headers(2 * i + 1, START, 0);
  assert.match(await session.outcome(299), /^(reset|gone)$/);
  assert.ok(stand.seen.length <= 100);
});

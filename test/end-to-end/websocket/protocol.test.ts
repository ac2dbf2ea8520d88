// The WebSocket protocol over our door, as raw bytes: what the client sends, what it gets, what `$disconnect` is told
// (RFC 6455; spec/websocket-api.md §2.6, §7.2, §7.4, §7.6). Groups 1 to 5, 7, 9 and 10 of the Autobahn test suite have their
// counterparts here, with the limits of API Gateway; 6 is websocket-utf8.test.ts, 12 and 13 websocket-compression.test.ts.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import {
  bytes,
  type Case,
  closed,
  closing as closes,
  echoed,
  inFrames,
  of,
  ok,
  part,
  testProtocol,
} from '../../support/protocol-cases.ts';
import {
  BINARY,
  CLOSE,
  CONTINUATION,
  closeFrame,
  frame,
  PING,
  PONG,
  type SocketClient,
  TEXT,
} from '../../support/socket-client.ts';
import { type SocketStand, startSocketStand } from '../../support/socket-stand.ts';

const KOSME = 'κόσμε';
const NO_CODE = '1005 Client-side close frame status not set';

const NAMES = new Map([
  [TEXT, 'text'],
  [BINARY, 'binary'],
  [CONTINUATION, 'a continuation'],
  [PING, 'a ping'],
  [PONG, 'a pong'],
  [CLOSE, 'a close'],
]);
const BITS = ['', 'RSV3', 'RSV2', 'RSV2 and 3', 'RSV1', 'RSV1 and 3', 'RSV1 and 2', 'all RSV bits'];

/** The reserved bits, of which no extension speaks, on every kind of frame. */
const reserved: readonly Case[] = [...NAMES].flatMap(([opcode, name]) =>
  BITS.slice(1).map((which, i) => {
    const before = opcode === CONTINUATION ? [part(TEXT, 'a')] : [];
    return closed(`${which} on ${name}`, 1002, [...before, frame(opcode, '', { rsv: i + 1 })]);
  }),
);

const framing: readonly Case[] = [
  echoed('an empty text message', [frame(TEXT, '')], 'text '),
  echoed('a text message of 125 bytes', [frame(TEXT, of(125))], `text ${of(125)}`),
  echoed('of 126 bytes', [frame(TEXT, of(126))], `text ${of(126)}`),
  echoed('of 127 bytes', [frame(TEXT, of(127))], `text ${of(127)}`),
  echoed('of 128 bytes', [frame(TEXT, of(128))], `text ${of(128)}`),
  echoed('two in one segment', [frame(TEXT, 'a'), frame(TEXT, 'b')], 'text a', 'text b'),
  closed('a short length written long', 1002, [frame(TEXT, 'a', { extended: 2 })]),
  closed('a short length written very long', 1002, [frame(TEXT, 'a', { extended: 8 })]),
  closed('a length of 16 bits written in 64', 1002, [frame(TEXT, of(200), { extended: 8 })]),
  closed('no bytes, written long', 1002, [frame(TEXT, '', { extended: 2 })]),
  closed(
    'a short length written long behind a good message',
    1002,
    [frame(TEXT, 'a'), frame(TEXT, 'b', { extended: 2 }), frame(TEXT, 'c')],
    'text a',
  ),
  closed('a later frame with a length written long', 1002, [
    part(TEXT, 'a'),
    frame(CONTINUATION, 'b', { extended: 2 }),
  ]),
  closed('RSV behind a good message', 1002, [frame(TEXT, 'a'), frame(TEXT, 'b', { rsv: 1 })], 'text a'),
  closed(
    'RSV before a ping, which is not answered',
    1002,
    [frame(TEXT, 'a'), frame(TEXT, 'b', { rsv: 2 }), frame(PING, '')],
    'text a',
  ),
  ...reserved,
  ...[3, 4, 5, 6, 7].map((opcode) => closed(`opcode ${opcode}`, 1002, [frame(opcode, 'a')])),
  ...[11, 12, 13, 14, 15].map((opcode) => closed(`control opcode ${opcode}`, 1002, [frame(opcode, '')])),
  ...[3, 7].map((opcode) => closed(`opcode ${opcode}, empty`, 1002, [frame(opcode, '')])),
  ...[11, 15].map((opcode) => closed(`control opcode ${opcode} with payload`, 1002, [frame(opcode, 'a')])),
  closed('a bad opcode behind a good message', 1002, [frame(TEXT, 'a'), frame(5, '')], 'text a'),
  closed(
    'a bad opcode before a ping, which is not answered',
    1002,
    [frame(TEXT, 'a'), frame(11, ''), frame(PING, '')],
    'text a',
  ),
  closed('a length above 2^53', 1009, [bytes('81 ff 00 20 00 00 00 00 00 00 00 00 00 00')]),
  closed('a length with the top bit', 1009, [bytes('81 ff 80 00 00 00 00 00 00 00 00 00 00 00')]),
];

const ZERO = bytes('00 00 00 00');

const masks: readonly Case[] = [
  ...[...NAMES].map(([opcode, name]) => {
    const before = opcode === CONTINUATION ? [part(TEXT, 'a')] : [];
    return closed(`${name} without mask`, 1002, [...before, frame(opcode, '', { masked: false })]);
  }),
  closed('a frame without mask', 1002, [frame(TEXT, 'a', { masked: false })]),
  closed(
    'a frame without mask behind a good message',
    1002,
    [frame(TEXT, 'a'), frame(TEXT, 'b', { masked: false })],
    'text a',
  ),
  echoed('the key of zeros', [frame(TEXT, 'abcde', { maskingKey: ZERO })], 'text abcde'),
  echoed('the key of ones', [frame(TEXT, 'abcde', { maskingKey: bytes('ff ff ff ff') })], 'text abcde'),
  echoed(
    'another key for each frame, which begins anew',
    [
      part(TEXT, 'abcde', { maskingKey: bytes('01 02 03 04') }),
      frame(PING, 'fgh', { maskingKey: bytes('a0 b0 c0 d0') }),
      part(CONTINUATION, 'ij', { maskingKey: ZERO }),
      frame(CONTINUATION, 'klm', { maskingKey: bytes('80 81 82 83') }),
    ],
    'pong fgh',
    'text abcdeijklm',
  ),
];

const fragments: readonly Case[] = [
  echoed('two fragments', [part(TEXT, 'a'), frame(CONTINUATION, 'b')], 'text ab'),
  echoed('empty fragments', [part(TEXT, ''), part(CONTINUATION, ''), frame(CONTINUATION, '')], 'text '),
  echoed(
    'the middle one has the text',
    [part(TEXT, ''), part(CONTINUATION, 'b'), frame(CONTINUATION, '')],
    'text b',
  ),
  echoed(
    'a ping between fragments',
    [part(TEXT, 'a'), frame(PING, 'p'), frame(CONTINUATION, 'b')],
    'pong p',
    'text ab',
  ),
  echoed(
    'pings and pongs between fragments',
    [part(TEXT, 'a'), frame(PING, '1'), part(CONTINUATION, 'b'), frame(PONG, '2'), frame(CONTINUATION, 'c')],
    'pong 1',
    'text abc',
  ),
  echoed(
    'five fragments, pings behind the second and the fourth',
    [
      part(TEXT, '1'),
      part(CONTINUATION, '2'),
      frame(PING, 'a'),
      part(CONTINUATION, '3'),
      part(CONTINUATION, '4'),
      frame(PING, 'b'),
      frame(CONTINUATION, '5'),
    ],
    'pong a',
    'pong b',
    'text 12345',
  ),
  echoed(
    'two fragmented messages, one behind the other',
    [...inFrames(TEXT, 'abc', 1), ...inFrames(TEXT, 'def', 2)],
    'text abc',
    'text def',
  ),
  closed(
    'behind a fragmented message, a continuation that goes on',
    1002,
    [part(TEXT, 'a'), frame(CONTINUATION, 'b'), part(CONTINUATION, 'c'), frame(TEXT, 'd')],
    'text ab',
  ),
  closed('a continuation of nothing, then text', 1002, [frame(CONTINUATION, 'a'), frame(TEXT, 'b')]),
  closed('a continuation of nothing', 1002, [frame(CONTINUATION, 'a')]),
  closed('one that goes on, of nothing', 1002, [part(CONTINUATION, 'a')]),
  closed(
    'a continuation behind a whole message',
    1002,
    [frame(TEXT, 'a'), frame(CONTINUATION, 'b')],
    'text a',
  ),
  closed('text inside a fragmented message', 1002, [part(TEXT, 'a'), frame(TEXT, 'b')]),
  closed('binary inside a fragmented message', 1002, [part(TEXT, 'a'), frame(BINARY, 'b')]),
  closed('a fragmented ping', 1002, [part(PING, 'a'), frame(CONTINUATION, 'b')]),
  closed('a fragmented pong', 1002, [part(PONG, 'a')]),
  closed('a fragmented close', 1002, [part(CLOSE, bytes('03e8'))]),
  {
    name: 'a close between fragments',
    sends: [part(TEXT, 'a'), closeFrame(1001)],
    gets: ['close 1001', 'end'],
    told: '1001 ',
  },
];

const control: readonly Case[] = [
  echoed('a ping without payload', [frame(PING, '')], 'pong '),
  echoed('a ping of 125 bytes', [frame(PING, of(125))], `pong ${of(125)}`),
  closed('a ping of 126 bytes', 1002, [frame(PING, of(126))]),
  closed('a pong of 126 bytes', 1002, [frame(PONG, of(126))]),
  closed('a close of 126 bytes', 1002, [closeFrame(1000, of(124))]),
  echoed('a pong nobody asked for', [frame(PONG, 'a')]),
  echoed('a pong nobody asked for, and a ping', [frame(PONG, 'a'), frame(PING, 'b')], 'pong b'),
  echoed('a ping with bytes that are no UTF-8', [frame(PING, bytes('00ff'))], 'pong \u0000\ufffd'),
  echoed(
    'ten pings',
    Array.from({ length: 10 }, (_, i) => frame(PING, `${i}`)),
    ...Array.from({ length: 10 }, (_, i) => `pong ${i}`),
  ),
  echoed(
    'two hundred pings in one segment',
    Array.from({ length: 200 }, (_, i) => frame(PING, `${i}`)),
    ...Array.from({ length: 200 }, (_, i) => `pong ${i}`),
  ),
];

const closing: readonly Case[] = [
  closes('without a code', closeFrame(), 'close', NO_CODE),
  ...[1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999].map(
    (code) => closes(`with ${code}`, closeFrame(code), `close ${code}`, `${code} `),
  ),
  closes('with code and reason', closeFrame(1000, 'Shutdown'), 'close 1000 Shutdown', '1000 Shutdown'),
  closes('with a reason of 123 bytes', closeFrame(4000, of(123)), `close 4000 ${of(123)}`, `4000 ${of(123)}`),
  closes('with a reason in Greek', closeFrame(1000, KOSME), `close 1000 ${KOSME}`, `1000 ${KOSME}`),
  echoed('behind a message', [frame(TEXT, 'a')], 'text a'),
  ...[0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535].map((code) =>
    closed(`with ${code}, which nobody may send`, 1002, [closeFrame(code)]),
  ),
  closed('with one byte', 1002, [frame(CLOSE, 'a')]),
  closed('with a reason of 124 bytes', 1002, [closeFrame(1000, of(124))]),
  closed('with a reason that is no UTF-8', 1007, [closeFrame(1000, bytes('cebaeda080'))]),
  {
    name: 'what follows a close is not read',
    sends: [closeFrame(1000), frame(TEXT, 'a'), frame(PING, 'b')],
    gets: ['close 1000', 'end'],
    told: '1000 ',
  },
  {
    name: 'the rest of a message behind a close is not read',
    sends: [part(TEXT, 'a'), closeFrame(1000), frame(CONTINUATION, 'b')],
    gets: ['close 1000', 'end'],
    told: '1000 ',
  },
  {
    name: 'two closes',
    sends: [closeFrame(1000), closeFrame(1001)],
    gets: ['close 1000', 'end'],
    told: '1000 ',
  },
];

const K32 = 32_768;
/** How 128 KB come back. */
const INFOUR = [
  `text ${of(K32)} …`,
  ...Array.from({ length: 2 }, () => `opcode 0 ${of(K32)} …`),
  `opcode 0 ${of(K32)}`,
];

const limits: readonly Case[] = [
  echoed('a frame of 32 KB', [frame(TEXT, of(K32))], `text ${of(K32)}`),
  closed('a frame of 32 KB and a byte', 1009, [frame(TEXT, of(K32 + 1))]),
  closed('its header alone', 1009, [frame(TEXT, '', { says: K32 + 1 })]),
  closed('a frame of 64 KB', 1009, [frame(TEXT, of(65_536))]),
  closed('a long frame behind a good message', 1009, [frame(TEXT, 'a'), frame(TEXT, of(K32 + 1))], 'text a'),
  closed('a long second fragment', 1009, [part(TEXT, 'a'), frame(CONTINUATION, of(K32 + 1))]),
  echoed('a message of 128 KB in four frames', inFrames(TEXT, of(4 * K32), K32), ...INFOUR),
  closed('a message of 160 KB in five frames', 1009, inFrames(TEXT, of(5 * K32), K32)),
  closed('128 KB and a byte', 1009, inFrames(TEXT, of(4 * K32 + 1), K32)),
  closed('128 KB and a byte, in frames of 1 KB', 1009, inFrames(TEXT, of(4 * K32 + 1), 1_024)),
  closed('a frame of 65,535 bytes', 1009, [frame(TEXT, of(65_535))]),
  closed('a message of 256 KB, then a close and a ping', 1009, [
    ...inFrames(TEXT, of(8 * K32), K32),
    ok,
    frame(PING, ''),
  ]),
  closed('a binary message', 1003, [frame(BINARY, 'a')]),
  closed('an empty binary message', 1003, [frame(BINARY, '')]),
  closed('a fragmented binary message', 1003, [part(BINARY, 'a'), frame(CONTINUATION, 'b')]),
  closed('a binary message behind a text', 1003, [frame(TEXT, 'a'), frame(BINARY, 'b')], 'text a'),
  closed('what follows a binary message is not served', 1003, [frame(BINARY, 'a'), frame(TEXT, 'b')]),
  closed('a binary frame that is too long', 1009, [frame(BINARY, of(K32 + 1))]),
  closed('more than 16,384 fragments', 1008, [
    part(TEXT, ''),
    ...Array.from({ length: 16_384 }, () => part(CONTINUATION, '')),
  ]),
];

const SIZES = [0, 16, 64, 256, 1_024, 4_096];

const amounts: readonly Case[] = [
  ...[64, 256, 1_024, 1_300, 4_096, 16_384].map((size) =>
    echoed(`128 KB in frames of ${size} bytes`, inFrames(TEXT, of(4 * K32), size), ...INFOUR),
  ),
  echoed(
    '64 KB in frames of 1,300 bytes',
    inFrames(TEXT, of(65_536), 1_300),
    `text ${of(K32)} …`,
    `opcode 0 ${of(K32)}`,
  ),
  ...SIZES.map((size) =>
    echoed(
      `1,000 messages of ${size} bytes`,
      Array.from({ length: 1_000 }, () => frame(TEXT, of(size))),
      ...Array.from({ length: 1_000 }, () => `text ${of(size)}`),
    ),
  ),
];

testProtocol({ framing, masks, fragments, control, closing, limits, amounts });

describe('WebSocket connections that break', () => {
  let stand: SocketStand;
  before(async () => {
    stand = await startSocketStand();
  });
  after(async () => {
    assert.deepEqual(stand.defects, []);
    await stand.close();
  });

  const lost = async (leave: (client: SocketClient) => void): Promise<void> => {
    const client = await stand.open();
    client.send(frame(TEXT, 'a'));
    assert.equal(await client.text(), 'a');
    leave(client);
    await stand.untilEnded(1);
    assert.deepEqual(
      stand.ended.splice(0).map(({ code, reason }) => [code, reason]),
      [[1006, '']],
    );
  };

  test('by a reset', () => lost(({ socket }) => void socket.resetAndDestroy()));
  test('by the end of the client’s side, without a close frame', () =>
    lost(({ socket }) => void socket.end()));
  test('inside a frame', () => lost(({ socket }) => void socket.end(frame(TEXT, 'abc').subarray(0, 5))));
  test('inside a message', () => lost(({ socket }) => void socket.end(part(TEXT, 'abc'))));

  test('the server ends its side behind the client’s', async () => {
    const client = await stand.open();
    client.socket.end();
    assert.deepEqual(await client.rest(), ['end']);
    await stand.untilEnded(1);
    stand.ended.splice(0);
  });

  test('frames that come with the handshake are read', async () => {
    const client = await stand.open('', Buffer.concat([frame(TEXT, 'early'), ok]));
    assert.deepEqual(await client.rest(), ['text early', 'close 1000', 'end']);
    await stand.untilEnded(1);
    stand.ended.splice(0);
  });
});

/** A frame, sound or not; bytes of any kind; or something that happens meanwhile. */
const act = fc.oneof(
  fc
    .record({
      opcode: fc.constantFrom(0, 1, 1, 1, 2, 3, 8, 9, 10, 11),
      fin: fc.boolean(),
      rsv: fc.constantFrom(0, 0, 0, 4, 2),
      length: fc.constantFrom(0, 1, 2, 125, 126, 5_000, 40_000),
    })
    .map(({ opcode, length, ...options }) => frame(opcode, of(length), options)),
  fc.uint8Array({ maxLength: 40 }).map((data) => Buffer.from(data)),
  fc.constant(ok),
  fc.constantFrom('post', 'tick', 'turn', 'end'),
);

test('whatever a client sends, its connection ends once, and nothing breaks', async (t) => {
  const stand = await startSocketStand();
  t.after(() => stand.close());
  await fc.assert(
    fc.asyncProperty(fc.boolean(), fc.array(act, { maxLength: 12 }), async (deflate, acts) => {
      const client = await stand.open(deflate ? 'Sec-WebSocket-Extensions: permessage-deflate\r\n' : '');
      const { id } = stand.events.at(-1)!.connection;
      client.socket.resume();
      for (const each of acts) {
        if (each === 'post') stand.hub.find(id)?.post(of(3_000));
        else if (each === 'tick') stand.hub.tick();
        else if (each === 'turn') await stand.turn();
        else if (each === 'end') client.socket.end();
        else if (client.socket.writable) client.send(Buffer.from(each));
      }
      client.socket.end();
      await stand.untilEnded(1);
      client.destroy();
      for (let i = 0; i < 3; i++) await stand.turn();
      const ended = stand.ended.splice(0);
      assert.deepEqual(
        ended.map((each) => each.id),
        [id],
      );
      assert.match(String(ended[0]!.code), /^(?:100[0-35-9]|101[0-4]|[34]\d{3})$/);
      assert.equal(stand.hub.size, 0);
      stand.events.length = 0;
    }),
    { numRuns: 500 },
  );
  assert.deepEqual(stand.defects, []);
});

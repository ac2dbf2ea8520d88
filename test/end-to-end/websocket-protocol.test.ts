// The WebSocket protocol over our door, as raw bytes: what the client sends, what it gets, what `$disconnect` is told
// (RFC 6455; RFC 7692; spec/websocket-api.md §2.6, §7.2, §7.4, §7.6). Messages are sent back.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import {
  BINARY,
  CLOSE,
  CONTINUATION,
  closeFrame,
  type FrameOptions,
  frame,
  PING,
  PONG,
  type SocketClient,
  TEXT,
} from '../support/socket-client.ts';
import { type SocketStand, startSocketStand } from '../support/socket-stand.ts';

interface Case {
  readonly name: string;
  readonly sends: readonly Buffer[];
  /** Up to the end of the connection. */
  readonly gets: readonly string[];
  /** Code and reason. */
  readonly told: string;
  readonly deflate?: true;
}

const part = (opcode: number, payload: string | Buffer, options: FrameOptions = {}): Buffer =>
  frame(opcode, payload, { fin: false, ...options });
const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');
const of = (length: number): string => 'x'.repeat(length);
const ok = closeFrame(1000);
const KOSME = 'κόσμε';
const kosme = Buffer.from(KOSME);

/** What is sent comes back in these frames, and then the client's close. */
function echoed(name: string, sends: readonly Buffer[], ...gets: readonly string[]): Case {
  return { name, sends: [...sends, ok], gets: [...gets, 'close 1000', 'end'], told: '1000 ' };
}

/** The server closes with the code, after these frames. */
function closed(name: string, code: number, sends: readonly Buffer[], ...gets: readonly string[]): Case {
  return { name, sends, gets: [...gets, `close ${code}`, 'end'], told: `${code} ` };
}

const NO_CODE = '1005 Client-side close frame status not set';

/** Compressed as RFC 7692 §7.2.1 has it. */
function deflated(data: string): Buffer {
  return deflateRawSync(data, { finishFlush: 2 }).subarray(0, -4);
}

const framing: readonly Case[] = [
  echoed('an empty text message', [frame(TEXT, '')], 'text '),
  echoed('a text message of 125 bytes', [frame(TEXT, of(125))], `text ${of(125)}`),
  echoed('of 126 bytes', [frame(TEXT, of(126))], `text ${of(126)}`),
  echoed('of 127 bytes', [frame(TEXT, of(127))], `text ${of(127)}`),
  echoed('of 128 bytes', [frame(TEXT, of(128))], `text ${of(128)}`),
  echoed('two in one segment', [frame(TEXT, 'a'), frame(TEXT, 'b')], 'text a', 'text b'),
  echoed('a short length written long', [frame(TEXT, 'a', { extended: 2 })], 'text a'),
  echoed('a short length written very long', [frame(TEXT, 'a', { extended: 8 })], 'text a'),
  closed('a frame without mask', 1002, [frame(TEXT, 'a', { masked: false })]),
  closed('a close frame without mask', 1002, [frame(CLOSE, '', { masked: false })]),
  closed('RSV1 without extension', 1002, [frame(TEXT, 'a', { rsv: 4 })]),
  closed('RSV2', 1002, [frame(TEXT, 'a', { rsv: 2 })]),
  closed('RSV3', 1002, [frame(TEXT, 'a', { rsv: 1 })]),
  closed('all RSV bits', 1002, [frame(TEXT, 'a', { rsv: 7 })]),
  closed('RSV on a ping', 1002, [frame(PING, '', { rsv: 4 })]),
  closed('RSV on a close frame', 1002, [frame(CLOSE, '', { rsv: 7 })]),
  closed('RSV behind a good message', 1002, [frame(TEXT, 'a'), frame(TEXT, 'b', { rsv: 1 })], 'text a'),
  ...[3, 4, 5, 6, 7].map((opcode) => closed(`opcode ${opcode}`, 1002, [frame(opcode, 'a')])),
  ...[11, 12, 13, 14, 15].map((opcode) => closed(`control opcode ${opcode}`, 1002, [frame(opcode, '')])),
  closed('a bad opcode behind a good message', 1002, [frame(TEXT, 'a'), frame(5, '')], 'text a'),
  closed('a length above 2^53', 1009, [bytes('81 ff 00 20 00 00 00 00 00 00 00 00 00 00')]),
  closed('a length with the top bit', 1009, [bytes('81 ff 80 00 00 00 00 00 00 00 00 00 00 00')]),
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

const utf8: readonly Case[] = [
  echoed('text of several bytes a character', [frame(TEXT, KOSME)], `text ${KOSME}`),
  echoed(
    'characters split between fragments',
    [...kosme].map((byte, i) =>
      frame(i === 0 ? TEXT : CONTINUATION, Buffer.from([byte]), { fin: i === kosme.length - 1 }),
    ),
    `text ${KOSME}`,
  ),
  echoed('four bytes', [frame(TEXT, bytes('f0908d88'))], 'text \u{10348}'),
  echoed('the last character', [frame(TEXT, bytes('f48fbfbf'))], 'text \u{10ffff}'),
  echoed('U+FFFE is a character', [frame(TEXT, bytes('efbfbe'))], 'text \ufffe'),
  echoed('U+0000 is a character', [frame(TEXT, bytes('00'))], 'text \u0000'),
  echoed('a byte order mark stays', [frame(TEXT, bytes('efbbbf61'))], 'text \ufeffa'),
  closed('a byte that begins nothing', 1007, [frame(TEXT, bytes('ff'))]),
  closed('a continuation byte alone', 1007, [frame(TEXT, bytes('80'))]),
  closed('a sequence cut short', 1007, [frame(TEXT, bytes('61e282'))]),
  closed('a surrogate', 1007, [frame(TEXT, bytes('eda080'))]),
  closed('an overlong slash', 1007, [frame(TEXT, bytes('c0af'))]),
  closed('an overlong euro', 1007, [frame(TEXT, bytes('f08282ac'))]),
  closed('above the last character', 1007, [frame(TEXT, bytes('f4908080'))]),
  closed('five bytes', 1007, [frame(TEXT, bytes('f888808080'))]),
  closed('good text, then bad', 1007, [frame(TEXT, Buffer.concat([kosme, bytes('eda080656469746564')]))]),
  closed('bad in the second fragment', 1007, [part(TEXT, kosme), frame(CONTINUATION, bytes('f4908080'))]),
  closed('cut short across fragments', 1007, [part(TEXT, bytes('f0')), frame(CONTINUATION, bytes('90'))]),
  closed('bad behind a good message', 1007, [frame(TEXT, 'a'), frame(TEXT, bytes('ff'))], 'text a'),
];

const closing: readonly Case[] = [
  { name: 'without a code', sends: [closeFrame()], gets: ['close', 'end'], told: NO_CODE },
  ...[1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999].map(
    (code) => ({
      name: `with ${code}`,
      sends: [closeFrame(code)],
      gets: [`close ${code}`, 'end'],
      told: `${code} `,
    }),
  ),
  {
    name: 'with code and reason',
    sends: [closeFrame(1000, 'Shutdown')],
    gets: ['close 1000 Shutdown', 'end'],
    told: '1000 Shutdown',
  },
  {
    name: 'with a reason of 123 bytes',
    sends: [closeFrame(4000, of(123))],
    gets: [`close 4000 ${of(123)}`, 'end'],
    told: `4000 ${of(123)}`,
  },
  {
    name: 'with a reason in Greek',
    sends: [closeFrame(1000, KOSME)],
    gets: [`close 1000 ${KOSME}`, 'end'],
    told: `1000 ${KOSME}`,
  },
  ...[0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535].map((code) =>
    closed(`with ${code}, which nobody may send`, 1002, [closeFrame(code)]),
  ),
  closed('with one byte', 1002, [frame(CLOSE, 'a')]),
  closed('with a reason that is no UTF-8', 1007, [closeFrame(1000, bytes('cebaeda080'))]),
  {
    name: 'what follows a close is not read',
    sends: [closeFrame(1000), frame(TEXT, 'a'), frame(PING, 'b')],
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
const inFive = Array.from({ length: 5 }, (_, i) =>
  frame(i === 0 ? TEXT : CONTINUATION, of(K32), { fin: i === 4 }),
);
const inFour = Array.from({ length: 4 }, (_, i) =>
  frame(i === 0 ? TEXT : CONTINUATION, of(K32), { fin: i === 3 }),
);

const limits: readonly Case[] = [
  echoed('a frame of 32 KB', [frame(TEXT, of(K32))], `text ${of(K32)}`),
  closed('a frame of 32 KB and a byte', 1009, [frame(TEXT, of(K32 + 1))]),
  closed('its header alone', 1009, [frame(TEXT, '', { says: K32 + 1 })]),
  closed('a frame of 64 KB', 1009, [frame(TEXT, of(65_536))]),
  closed('a long frame behind a good message', 1009, [frame(TEXT, 'a'), frame(TEXT, of(K32 + 1))], 'text a'),
  closed('a long second fragment', 1009, [part(TEXT, 'a'), frame(CONTINUATION, of(K32 + 1))]),
  echoed(
    'a message of 128 KB in four frames',
    inFour,
    `text ${of(K32)} …`,
    ...Array.from({ length: 2 }, () => `opcode 0 ${of(K32)} …`),
    `opcode 0 ${of(K32)}`,
  ),
  closed('a message of 160 KB in five frames', 1009, inFive),
  closed('128 KB and a byte', 1009, [
    ...inFour.slice(0, 3),
    part(CONTINUATION, of(K32)),
    frame(CONTINUATION, 'x'),
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

const compression: readonly Case[] = [
  {
    ...echoed('a compressed message', [frame(TEXT, deflated('hello'), { rsv: 4 })], 'text hello'),
    deflate: true,
  },
  { ...echoed('an uncompressed one', [frame(TEXT, 'hello')], 'text hello'), deflate: true },
  {
    ...echoed(
      'a compressed one in fragments',
      [
        part(TEXT, deflated('hello').subarray(0, 3), { rsv: 4 }),
        frame(CONTINUATION, deflated('hello').subarray(3)),
      ],
      'text hello',
    ),
    deflate: true,
  },
  {
    ...echoed(
      'several',
      ['a', 'b', 'c'].map((each) => frame(TEXT, deflated(each), { rsv: 4 })),
      'text a',
      'text b',
      'text c',
    ),
    deflate: true,
  },
  {
    ...closed('no compressed data', 1007, [frame(TEXT, bytes('ffffffffff'), { rsv: 4 })]),
    deflate: true,
  },
  {
    ...closed('compressed bytes that are no UTF-8', 1007, [
      frame(TEXT, deflateRawSync(bytes('ff61'), { finishFlush: 2 }).subarray(0, -4), { rsv: 4 }),
    ]),
    deflate: true,
  },
  {
    ...closed('one frame that says more than 32 KB', 1009, [frame(TEXT, deflated(of(K32 + 1)), { rsv: 4 })]),
    deflate: true,
  },
  {
    ...closed('a message that says more than 128 KB', 1009, [
      frame(TEXT, deflated(of(10_000_000)), { rsv: 4 }),
    ]),
    deflate: true,
  },
  {
    ...closed('RSV1 on a continuation', 1002, [
      part(TEXT, deflated('a'), { rsv: 4 }),
      frame(CONTINUATION, '', { rsv: 4 }),
    ]),
    deflate: true,
  },
  {
    ...closed(
      'a long frame behind a compressed message',
      1009,
      [frame(TEXT, deflated('a'), { rsv: 4 }), frame(TEXT, of(K32 + 1))],
      'text a',
    ),
    deflate: true,
  },
];

const OFFER = 'Sec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover\r\n';
/** Cases of more bytes are not sent one by one. */
const SLOWLY = 400;

let stand: SocketStand;
before(async () => {
  stand = await startSocketStand();
});
after(async () => {
  assert.deepEqual(stand.defects, []);
  await stand.close();
});

async function run({ sends, gets, told, deflate }: Case, pieces: 'at once' | 'slowly'): Promise<void> {
  const client = await stand.open(deflate === true ? OFFER : '');
  const all = Buffer.concat(sends);
  if (pieces === 'at once') client.send(all);
  else void client.sendSlowly(all);
  assert.deepEqual(await client.rest(), gets);
  await stand.untilEnded(1);
  assert.deepEqual(
    stand.ended.splice(0).map(({ code, reason }) => `${code} ${reason}`),
    [told],
  );
  client.destroy();
}

for (const [what, cases] of Object.entries({
  framing,
  fragments,
  control,
  utf8,
  closing,
  limits,
  compression,
})) {
  describe(`WebSocket ${what}`, () => {
    for (const row of cases) {
      test(row.name, () => run(row, 'at once'));
      if (Buffer.concat(row.sends).length <= SLOWLY) {
        test(`${row.name}, byte by byte`, () => run(row, 'slowly'));
      }
    }
  });
}

describe('WebSocket connections that break', () => {
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

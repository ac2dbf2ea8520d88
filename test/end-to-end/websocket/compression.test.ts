// permessage-deflate over our door (RFC 7692; spec/websocket-api.md §1.8.2, §7.2): compressed messages of clients, and what the
// server compresses for each offer. Groups 12 and 13 of the Autobahn test suite have their counterparts here.
import assert from 'node:assert/strict';
import { createHook } from 'node:async_hooks';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import { bytes, type Case, closed, echoed, of, part, testProtocol } from '../../support/protocol-cases.ts';
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

const RSV1 = { rsv: 4 };
const TAIL = bytes('00 00 ff ff');

/** As RFC 7692 §7.2.1 has it. */
function deflated(
  data: string | Buffer,
  options: { readonly level?: number; readonly windowBits?: number } = {},
): Buffer {
  const compressed = deflateRawSync(data, { finishFlush: constants.Z_SYNC_FLUSH, ...options });
  return compressed.subarray(0, -TAIL.length);
}

/** RFC 7692 §7.2.2. */
function inflated(data: Buffer, windowBits: number): string {
  return inflateRawSync(Buffer.concat([data, TAIL]), {
    finishFlush: constants.Z_SYNC_FLUSH,
    windowBits,
  }).toString();
}

const CASES: readonly Case[] = [
  echoed('a compressed message', [frame(TEXT, deflated('hello'), RSV1)], 'text hello'),
  echoed('an uncompressed one', [frame(TEXT, 'hello')], 'text hello'),
  echoed(
    'a compressed one in fragments',
    [part(TEXT, deflated('hello').subarray(0, 3), RSV1), frame(CONTINUATION, deflated('hello').subarray(3))],
    'text hello',
  ),
  echoed(
    'several',
    ['a', 'b', 'c'].map((each) => frame(TEXT, deflated(each), RSV1)),
    'text a',
    'text b',
    'text c',
  ),
  echoed('RFC 7692 §7.2.3.1: one block', [frame(TEXT, bytes('f248cdc9c90700'), RSV1)], 'text Hello'),
  echoed(
    'RFC 7692 §7.2.3.1: one block in two fragments',
    [part(TEXT, bytes('f248cd'), RSV1), frame(CONTINUATION, bytes('c9c90700'))],
    'text Hello',
  ),
  echoed(
    'RFC 7692 §7.2.3.3: a block without compression',
    [frame(TEXT, bytes('000500faff48656c6c6f00'), RSV1)],
    'text Hello',
  ),
  echoed('RFC 7692 §7.2.3.4: a last block', [frame(TEXT, bytes('f348cdc9c9070000'), RSV1)], 'text Hello'),
  echoed(
    'RFC 7692 §7.2.3.5: two blocks',
    [frame(TEXT, bytes('f248050000 00ffff cac9c90700'), RSV1)],
    'text Hello',
  ),
  echoed('an empty message', [frame(TEXT, bytes('00'), RSV1)], 'text '),
  echoed('stored blocks', [frame(TEXT, deflated('hello', { level: 0 }), RSV1)], 'text hello'),
  echoed(
    'a small window',
    [frame(TEXT, deflated('hello hello', { windowBits: 9 }), RSV1)],
    'text hello hello',
  ),
  echoed(
    'with a ping between its fragments',
    [part(TEXT, bytes('f248cd'), RSV1), frame(PING, 'p'), frame(CONTINUATION, bytes('c9c90700'))],
    'pong p',
    'text Hello',
  ),
  echoed(
    'compressed and not, by turns',
    [frame(TEXT, 'a'), frame(TEXT, deflated('b'), RSV1), frame(TEXT, 'c'), frame(TEXT, deflated('d'), RSV1)],
    'text a',
    'text b',
    'text c',
    'text d',
  ),
  closed(
    'RFC 7692 §7.2.3.2: a message that leans on the one before, which was not agreed on',
    1007,
    [frame(TEXT, bytes('f248cdc9c90700'), RSV1), frame(TEXT, bytes('f200110000'), RSV1)],
    'text Hello',
  ),
  closed('RSV1 on a ping', 1002, [frame(PING, '', RSV1)]),
  closed('RSV1 on a close', 1002, [frame(CLOSE, '', RSV1)]),
  closed('RSV2 beside RSV1', 1002, [frame(TEXT, deflated('a'), { rsv: 6 })]),
  closed('RSV3 beside RSV1', 1002, [frame(TEXT, deflated('a'), { rsv: 5 })]),
  closed('RSV2 alone', 1002, [frame(TEXT, 'a', { rsv: 2 })]),
  closed('a binary message', 1003, [frame(BINARY, deflated('a'), RSV1)]),
  closed('no compressed data', 1007, [frame(TEXT, bytes('ffffffffff'), RSV1)]),
  closed('compressed bytes that are no UTF-8', 1007, [frame(TEXT, deflated(bytes('ff61')), RSV1)]),
  closed('one frame that says more than 32 KB', 1009, [frame(TEXT, deflated(of(32_769)), RSV1)]),
  closed('a message that says more than 128 KB', 1009, [frame(TEXT, deflated(of(10_000_000)), RSV1)]),
  closed('RSV1 on a continuation', 1002, [part(TEXT, deflated('a'), RSV1), frame(CONTINUATION, '', RSV1)]),
  closed(
    'a long frame behind a compressed message',
    1009,
    [frame(TEXT, deflated('a'), RSV1), frame(TEXT, of(32_769))],
    'text a',
  ),
];

testProtocol({ compression: CASES.map((row) => ({ ...row, deflate: true })) });

/** Text that neither compresses to nothing nor stays as it is. */
function lines(length: number): string {
  let text = '';
  for (let i = 0; text.length < length; i++) text += `{"id":${i},"at":${(i * 7_919) % 104_729},"text":"ä"}\n`;
  return Buffer.from(text)
    .toString('latin1')
    .slice(0, length)
    .replace(/[^ -~\n]/g, '?');
}

async function ask(client: SocketClient, text: string, windowBits: number): Promise<string> {
  const compressed = deflated(text);
  // A frame may not say more than 32 KB; two may.
  const half = compressed.length >> 1;
  if (text.length <= 32_768) client.send(frame(TEXT, compressed, RSV1));
  else
    client.send(
      part(TEXT, compressed.subarray(0, half), RSV1),
      frame(CONTINUATION, compressed.subarray(half)),
    );
  const parts: Buffer[] = [];
  for (let isCompressed = false; ; ) {
    const received = await client.next();
    assert.ok(received !== undefined && received.opcode <= TEXT, `a message of ${text.length} bytes`);
    if (received.opcode === TEXT) isCompressed = received.rsv === 4;
    else assert.equal(received.rsv, 0);
    parts.push(received.payload);
    if (!received.fin) continue;
    const data = Buffer.concat(parts);
    return isCompressed ? inflated(data, windowBits) : data.toString();
  }
}

const SIZES = [0, 16, 64, 256, 1_024, 4_096, 8_192, 10_922, 16_384, 32_768, 65_536, 131_072];

for (const [offer, windowBits] of [
  ['permessage-deflate', 15],
  ['permessage-deflate; client_max_window_bits', 15],
  ['permessage-deflate; server_no_context_takeover', 15],
  ['permessage-deflate; server_max_window_bits=9', 9],
  ['permessage-deflate; client_max_window_bits; server_max_window_bits=10', 10],
  ['permessage-deflate; server_no_context_takeover; server_max_window_bits=15', 15],
  ['permessage-deflate; server_max_window_bits=8, permessage-deflate', 15],
] as const) {
  test(`messages of every size both ways: ${offer}`, async (t) => {
    const stand: SocketStand = await startSocketStand();
    t.after(() => stand.close());
    const client = await stand.open(`Sec-WebSocket-Extensions: ${offer}\r\n`);
    for (const size of SIZES) {
      const text = lines(size);
      assert.equal(await ask(client, text, windowBits), text);
    }
    client.send(closeFrame(1000));
    assert.deepEqual(await client.rest(), ['close 1000', 'end']);
    assert.deepEqual(stand.defects, []);
  });
}

const DEFLATE = 'Sec-WebSocket-Extensions: permessage-deflate\r\n';

test('what compression holds for a client is let go of when it is quiet, and comes back', async (t) => {
  // Compressors that are there, by their number.
  const held = new Set<number>();
  const hook = createHook({
    init: (id, type) => void (type === 'ZLIB' && held.add(id)),
    destroy: (id) => void held.delete(id),
  });
  hook.enable();
  const stand = await startSocketStand();
  t.after(async () => {
    hook.disable();
    await stand.close();
  });
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const text = lines(2_000);
  const clients = await Promise.all(Array.from({ length: 20 }, () => stand.open(DEFLATE)));
  for (let round = 0; round < 2; round++) {
    for (const client of clients) assert.equal(await ask(client, text, 15), text);
    assert.ok(held.size >= 2 * clients.length);
    stand.hub.tick();
    stand.hub.tick();
    for (let i = 0; i < 20 && held.size > 0; i++) {
      collect();
      await stand.turn();
    }
    assert.equal(held.size, 0);
  }
  for (const client of clients) client.destroy();
  assert.deepEqual(stand.defects, []);
});

test('nothing is let go of inside a message, or while one is at work', async (t) => {
  const stand = await startSocketStand();
  t.after(() => stand.close());
  const client = await stand.open(DEFLATE);
  const rests = (): void => {
    for (let i = 0; i < 3; i++) stand.hub.tick();
  };
  const text = lines(8_000);
  const whole = deflated(text);
  // Cut so that the second half says nothing without the first.
  for (const cut of [1, 100, whole.length >> 1, whole.length - 1]) {
    client.send(part(TEXT, whole.subarray(0, cut), RSV1), frame(PING, ''));
    assert.equal((await client.next())?.opcode, PONG);
    rests();
    client.send(frame(CONTINUATION, whole.subarray(cut)));
    assert.equal(inflated((await client.next())!.payload, 15), text);
  }
  const count = 300;
  let heard = 0;
  const reading = (async () => {
    for (; heard < count; heard++) assert.equal(inflated((await client.next())!.payload, 15), text);
  })();
  client.send(...Array.from({ length: count }, () => frame(TEXT, whole, RSV1)));
  while (heard < count) {
    rests();
    await stand.turn();
  }
  await reading;
  client.destroy();
  assert.deepEqual(stand.defects, []);
});

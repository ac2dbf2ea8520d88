// What goes out to clients, and clients that do not take it (spec/websocket-api.md §1.8.2, §6.6, §7.4).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  BINARY,
  CONTINUATION,
  closeFrame,
  frame,
  PING,
  type SocketClient,
  TEXT,
} from '../../support/socket-client.ts';
import { assertEnded, onlyConnection, standFor } from '../../support/socket-stand.ts';

test('what goes out is text or binary, in frames of at most 32 KB', async (t) => {
  const stand = await standFor(t);
  const client = await stand.open();
  const connection = onlyConnection(stand);
  connection.post('');
  assert.deepEqual(await shape(client), [[TEXT, 0, true]]);
  connection.post(Buffer.from([0xff]));
  assert.deepEqual(await shape(client), [[BINARY, 1, true]]);
  connection.post('x'.repeat(32_768));
  assert.deepEqual(await shape(client), [[TEXT, 32_768, true]]);
  connection.post('é'.repeat(20_000));
  assert.deepEqual(await shape(client), [
    [TEXT, 32_768, false],
    [CONTINUATION, 7_232, true],
  ]);
  connection.post(Buffer.alloc(131_072, 0xff));
  assert.deepEqual(await shape(client), [
    [BINARY, 32_768, false],
    [CONTINUATION, 32_768, false],
    [CONTINUATION, 32_768, false],
    [CONTINUATION, 32_768, true],
  ]);
  client.destroy();
});

async function shape(client: SocketClient): Promise<unknown[]> {
  const frames: unknown[] = [];
  for (;;) {
    const received = await client.next();
    assert.ok(received);
    frames.push([received.opcode, received.payload.length, received.fin]);
    if (received.fin) return frames;
  }
}

test('with compression, small messages go as they are and large ones compressed, all in order', async (t) => {
  const stand = await standFor(t);
  const client = await stand.open('Sec-WebSocket-Extensions: permessage-deflate\r\n');
  const connection = onlyConnection(stand);
  connection.post('a');
  connection.post('x'.repeat(10_000));
  connection.post('b');
  const frames = [await client.next(), await client.next(), await client.next()];
  assert.deepEqual(
    frames.map((received) => received?.rsv),
    [0, 4, 0],
  );
  assert.ok(frames[1]!.payload.length < 1_000);
  assert.equal(frames[2]!.payload.toString(), 'b');
  client.destroy();
});

test('a client that does not read: posts are refused, then its own reply ends it', async (t) => {
  const stand = await standFor(t);
  const client = await stand.open();
  const connection = onlyConnection(stand);
  client.socket.pause();
  const text = 'x'.repeat(100_000);
  let sent = 0;
  while (connection.post(text) === 'sent') {
    sent++;
    if (sent % 10 === 0) await stand.turn();
    assert.ok(sent < 1_000);
  }
  assert.equal(connection.post('small'), 'full');
  assert.ok(stand.hub.find(connection.info.id));
  client.send(frame(TEXT, 'a'));
  while (stand.hub.find(connection.info.id) !== undefined) await stand.turn();
  client.socket.resume();
  const rest = await client.rest();
  assert.deepEqual(rest.slice(-2), ['close 1008 Slow consumer', 'end']);
  assert.equal(rest.filter((each) => each.startsWith('text')).length, sent);
  await assertEnded(stand, 1008, 'Slow consumer');
});

test('a client that pings and does not read is closed too', async (t) => {
  const stand = await standFor(t);
  const client = await stand.open();
  const connection = onlyConnection(stand);
  client.socket.pause();
  const pings = Buffer.concat(Array.from({ length: 500 }, () => frame(PING, 'x'.repeat(125))));
  while (stand.hub.find(connection.info.id) !== undefined) {
    if (!client.socket.write(pings)) await stand.turn();
  }
  client.destroy();
  await assertEnded(stand, 1008, 'Slow consumer');
});

const KB = 'x'.repeat(1_000);
const burst = (count: number): Buffer => Buffer.concat(Array(count).fill(frame(TEXT, KB)));

for (const offer of ['', 'Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=9\r\n']) {
  test(`a client that sends much at once and reads gets every answer ${offer}`.trimEnd(), async (t) => {
    const stand = await standFor(t);
    const client = await stand.open(offer);
    const count = offer === '' ? 8_000 : 3_000;
    client.send(burst(count), closeFrame(1000));
    const rest = await client.rest();
    assert.equal(rest.length, count + 2);
    assert.equal(rest.filter((each) => each === `text ${KB}`).length, count);
    assert.deepEqual(rest.slice(-2), ['close 1000', 'end']);
    await assertEnded(stand, 1000, '');
  });
}

test('a client that sends and does not read is not read from either, and loses nothing', async (t) => {
  const stand = await standFor(t);
  const client = await stand.open();
  client.socket.pause();
  const count = 40_000;
  client.send(burst(count), closeFrame(1000));
  // Until it stands still.
  for (let still = 0, served = -1; still < 100; still++) {
    await stand.turn();
    if (stand.events.length !== served) still = 0;
    served = stand.events.length;
  }
  assert.ok(stand.events.length < count);
  assert.equal(stand.hub.size, 1);
  client.socket.resume();
  let heard = 0;
  for (;;) {
    const received = await client.next();
    if (received?.opcode !== TEXT) break;
    heard++;
  }
  assert.equal(heard, count);
  client.destroy();
  await assertEnded(stand, 1000, '');
});

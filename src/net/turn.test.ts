import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { holdForTurn } from './turn.ts';

/** Two ends of a connection. */
async function pair(t: TestContext): Promise<{ near: Socket; far: Socket }> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  const near = connect(address.port, '127.0.0.1');
  const [far] = (await once(server, 'connection')) as [Socket];
  await once(near, 'ready');
  t.after(() => {
    near.destroy();
    far.destroy();
    server.close();
  });
  return { near, far };
}

function write(socket: Socket, text: string): void {
  holdForTurn(socket, text.length);
  socket.write(text, 'latin1');
}

async function readAll(socket: Socket): Promise<string> {
  let all = '';
  for await (const chunk of socket) all += String(chunk);
  return all;
}

/** `held`: bytes that have not gone out in the turn of the writes. */
const cases = [
  { name: 'a small write waits', writes: ['abc'], held: 3 },
  { name: 'so do further ones', writes: ['abc', 'de'], held: 5 },
  { name: 'a large one goes out at once', writes: ['x'.repeat(8_193)], held: 0 },
  {
    name: 'and takes along what was held',
    writes: ['abc', 'x'.repeat(8_190)],
    held: 0,
  },
  { name: 'what is behind it waits again', writes: ['x'.repeat(9_000), 'abc'], held: 3 },
];
for (const { name, writes, held } of cases) {
  test(`${name}; all of it arrives, in order`, async (t) => {
    const { near, far } = await pair(t);
    for (const text of writes) write(near, text);
    assert.equal(near.writableLength, held);
    await new Promise(setImmediate);
    assert.equal(near.writableCorked, 0);
    near.end();
    assert.equal(await readAll(far), writes.join(''));
  });
}

test('a socket that is ended within the turn says all first', async (t) => {
  const { near, far } = await pair(t);
  write(near, 'abc');
  near.end('de');
  assert.equal(await readAll(far), 'abcde');
});

test('a socket that is destroyed within the turn does no harm to others', async (t) => {
  const [first, second] = [await pair(t), await pair(t)];
  write(first.near, 'abc');
  write(second.near, 'abc');
  first.near.destroy();
  second.near.end();
  assert.equal(await readAll(second.far), 'abc');
});

// A listener on a Unix socket, where other processes of ours are.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createListener } from './listener.ts';

test('a process that gives a request up is not waited for any more', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'listener-'));
  t.after(() => rm(directory, { recursive: true }));
  const path = join(directory, 'socket');
  let begun = (): void => undefined;
  const began = new Promise<void>((resolve) => {
    begun = resolve;
  });
  let given = (): void => undefined;
  const gaveUp = new Promise<void>((resolve) => {
    given = resolve;
  });
  const listener = createListener({
    onExchange(exchange) {
      exchange.aborter = { abort: given };
      begun();
    },
  });
  t.after(() => listener.close(0));
  await listener.listenAt(path);
  const socket = connect(path);
  socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await began;
  socket.destroy();
  await gaveUp;
  assert.equal(listener.connections, 0);
});

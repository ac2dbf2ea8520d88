// Many clients at once: how many connect requests are served at a time, and how many connections an account may have
// (docs/reference/limits.md).
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { handshake } from '../../support/socket-client.ts';
import { answered, type SocketStand, standFor } from '../../support/socket-stand.ts';

/** A client that asks to connect, and what it is answered: as much as has come by the end of its head. */
function ask(t: TestContext, stand: SocketStand) {
  const socket = connect({ host: stand.host, port: stand.port, noDelay: true });
  t.after(() => socket.destroy());
  socket.write(handshake(stand));
  const answer = new Promise<string>((resolve) => {
    let received = '';
    socket.on('data', (data) => {
      received += data.toString('latin1');
      if (received.includes('\r\n\r\n')) resolve(received);
    });
  });
  return { socket, answer };
}

async function until(stand: SocketStand, isSo: () => boolean): Promise<void> {
  while (!isSo()) await stand.turn();
}

test('256 connect requests are served at a time; others wait for 5 s, and are told when to come again', async (t) => {
  const finish: (() => void)[] = [];
  const stand = await standFor(t, {
    connect: () => new Promise((resolve) => finish.push(() => resolve(answered('')))),
  });
  const served = Array.from({ length: 256 }, () => ask(t, stand));
  await until(stand, () => finish.length === 256);
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const next = ask(t, stand);
  await until(stand, () => stand.gate.waiting === 1);
  const gone = ask(t, stand);
  await until(stand, () => stand.gate.waiting === 2);
  const last = ask(t, stand);
  await until(stand, () => stand.gate.waiting === 3);
  gone.socket.resetAndDestroy();
  await until(stand, () => stand.gate.waiting === 2);
  finish[0]!();
  assert.match(await served[0]!.answer, /^HTTP\/1\.1 101 /);
  await until(stand, () => finish.length === 257);
  t.mock.timers.tick(5_000);
  const refused = await last.answer;
  t.mock.timers.reset();
  assert.match(refused, /^HTTP\/1\.1 503 /);
  assert.match(refused, /\r\nRetry-After: (?:[1-9]|10)\r\n/);
  assert.match(refused, /\r\nx-amzn-ErrorType: ServiceUnavailableException\r\n/);
  for (const each of finish) each();
  assert.match(await next.answer, /^HTTP\/1\.1 101 /);
  for (const { answer } of served) assert.match(await answer, /^HTTP\/1\.1 101 /);
  // The client that went and the one that was refused are told of as refused.
  assert.deepEqual(
    stand.events.filter(({ status }) => status === 503).map(({ kind }) => kind),
    ['CONNECT', 'CONNECT'],
  );
});

test('an account has as many connections as the settings say; who leaves makes room', async (t) => {
  let status = 200;
  const stand = await standFor(t, { maxConnections: 2, connect: () => answered('', status) });
  const [first, second] = [await stand.open(), await stand.open()];
  await assert.rejects(
    stand.open(),
    /^Error: HTTP\/1\.1 429 [\s\S]*\r\nx-amzn-ErrorType: TooManyRequestsException/,
  );
  first.destroy();
  await stand.untilEnded(1);
  // Who is not let in takes no place.
  status = 403;
  await assert.rejects(stand.open(), /^Error: HTTP\/1\.1 403 /);
  status = 200;
  const third = await stand.open();
  await assert.rejects(stand.open(), /^Error: HTTP\/1\.1 429 /);
  for (const each of [second, third]) each.destroy();
  await stand.untilEnded(3);
});

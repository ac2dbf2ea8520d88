// What becomes of open connections: time-outs by a clock in the test's hands, ends and what `$disconnect` is told of them,
// messages at work (spec/websocket-api.md §2.6.3, §7, §10.1.6).
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { processOf } from '../../../src/websocket-api/connections/connection-id.ts';
import type { OpenConnection } from '../../../src/websocket-api/connections/hub.ts';
import { INTERNAL_ERROR } from '../../../src/websocket-api/failures.ts';
import {
  BINARY,
  closeFrame,
  frame,
  PING,
  PONG,
  type SocketClient,
  TEXT,
} from '../../support/socket-client.ts';
import {
  answered,
  assertEnded,
  onlyConnection,
  type SocketStand,
  standFor,
  startSocketStand,
} from '../../support/socket-stand.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const GOING_AWAY = ['close 1001 Going away', 'end'];

async function say(client: SocketClient, text: string): Promise<void> {
  client.send(frame(TEXT, text));
  assert.equal(await client.text(), text);
}

type Act = (client: SocketClient, stand: SocketStand) => Promise<void>;

/** A connection that was silent but for this, a millisecond before its time is over. */
async function idle(t: TestContext, act: Act, isActive: boolean): Promise<void> {
  const stand = await standFor(t);
  const client = await stand.open();
  stand.clock.now += 10 * MINUTE - 1;
  stand.hub.tick();
  await act(client, stand);
  stand.clock.now += 1;
  stand.hub.tick();
  if (isActive) {
    await say(client, 'still there');
    stand.clock.now += 10 * MINUTE;
    stand.hub.tick();
  }
  assert.deepEqual(await client.rest(), GOING_AWAY);
  await assertEnded(stand, 1001, 'Going away');
}

const ponged = async (client: SocketClient, ...frames: readonly Buffer[]): Promise<void> => {
  client.send(...frames);
  assert.equal((await client.next())?.opcode, PONG);
};

test('10 minutes idle: silence ends it', (t) => idle(t, async () => {}, false));
test('10 minutes idle: a message begins them anew', (t) => idle(t, (client) => say(client, 'a'), true));
test('10 minutes idle: a message to the client begins them anew', (t) =>
  idle(
    t,
    async (client, stand) => {
      assert.equal(onlyConnection(stand).post('b'), 'sent');
      assert.equal(await client.text(), 'b');
    },
    true,
  ));
test('10 minutes idle: a ping does not end them', (t) =>
  idle(t, (client) => ponged(client, frame(PING, '')), false));
test('10 minutes idle: a pong does not end them', (t) =>
  idle(t, (client) => ponged(client, frame(PONG, ''), frame(PING, '')), false));

test('the server sends no pings (§7.1.3)', async (t) => {
  const stand = await standFor(t);
  const client = await stand.open();
  for (let i = 0; i < 119; i++) {
    stand.clock.now += MINUTE;
    stand.hub.tick();
    // Whatever came before the answer would be seen here.
    await say(client, `${i}`);
  }
  client.send(closeFrame(1000));
  assert.deepEqual(await client.rest(), ['close 1000', 'end']);
});

test('2 hours are the longest life, however busy', async (t) => {
  const stand = await standFor(t);
  const client = await stand.open();
  for (let i = 0; i < 23; i++) {
    stand.clock.now += 5 * MINUTE;
    stand.hub.tick();
    await say(client, `${i}`);
  }
  stand.clock.now += 5 * MINUTE - 1;
  stand.hub.tick();
  await say(client, 'last');
  stand.clock.now += 1;
  stand.hub.tick();
  assert.deepEqual(await client.rest(), GOING_AWAY);
  await assertEnded(stand, 1001, 'Going away');
});

test('a client that does not answer the close is gone for everybody but its socket', async (t) => {
  const stand = await standFor(t);
  const client = await stand.open();
  const connection = onlyConnection(stand);
  stand.clock.now += HOUR;
  stand.hub.tick();
  assert.equal(stand.hub.find(connection.info.id), undefined);
  assert.equal(connection.post('late'), 'gone');
  stand.hub.tick();
  client.destroy();
  await assertEnded(stand, 1001, 'Going away');
});

test('a client that has vanished: its end is told some seconds behind the idle time-out (§7.5.2)', async (t) => {
  const stand = await standFor(t);
  const client = await stand.open();
  // Neither reads nor leaves.
  client.socket.pause();
  stand.clock.now += 10 * MINUTE - 1;
  stand.hub.tick();
  assert.deepEqual(stand.ended, []);
  t.mock.timers.enable({ apis: ['setTimeout'] });
  stand.clock.now += 1;
  stand.hub.tick();
  await stand.turn();
  assert.deepEqual(stand.ended, []);
  t.mock.timers.tick(10_000);
  await assertEnded(stand, 1001, 'Going away');
  t.mock.timers.reset();
  client.destroy();
});

test('the connection closed by us: code and reason, once', async (t) => {
  const stand = await standFor(t);
  const client = await stand.open();
  const connection = onlyConnection(stand);
  connection.close(1000, 'Connection Closed Normally');
  connection.close(1001, 'again');
  assert.equal(stand.hub.find(connection.info.id), undefined);
  assert.deepEqual(await client.rest(), ['close 1000 Connection Closed Normally', 'end']);
  await assertEnded(stand, 1000, 'Connection Closed Normally');
});

test('lastActiveAt is that of the last message in either direction', async (t) => {
  const stand = await standFor(t);
  const client = await stand.open();
  const connection = onlyConnection(stand);
  const { connectedAt } = connection.info;
  assert.equal(connection.lastActiveAt, connectedAt);
  stand.clock.now += 1_000;
  await say(client, 'a');
  assert.equal(connection.lastActiveAt, connectedAt + 1_000);
  stand.clock.now += 1_000;
  connection.post('b');
  assert.equal(connection.lastActiveAt, connectedAt + 2_000);
  client.destroy();
});

test('a stage that is deleted ends its connections', async (t) => {
  const stand = await standFor(t);
  const client = await stand.open();
  stand.hub.sweep();
  await say(client, 'a');
  stand.stages.clear();
  stand.hub.sweep();
  assert.deepEqual(await client.rest(), GOING_AWAY);
  await assertEnded(stand, 1001, 'Going away');
});

test('a message to a stage that is gone ends the connection', async (t) => {
  const stand = await standFor(t);
  const client = await stand.open();
  stand.stages.clear();
  client.send(frame(TEXT, 'a'));
  assert.deepEqual(await client.rest(), GOING_AWAY);
  await assertEnded(stand, 1001, 'Going away');
});

test('messages use the stage’s current deployment', async (t) => {
  const stand = await standFor(t);
  const client = await stand.open();
  await say(client, 'a');
  const stage = stand.stages.get('test')!;
  stand.stages.set('test', { ...stage, routes: new Map() });
  client.send(frame(TEXT, 'b'));
  assert.match(await client.text(), /^\{"message": "Forbidden", /);
  client.destroy();
});

test('the server closes: clients are told, and $disconnect has been served', async () => {
  let served = 0;
  const stand = await startSocketStand({
    disconnect: async () => {
      await stand.turn();
      served++;
      return answered('');
    },
  });
  const clients = await Promise.all(Array.from({ length: 20 }, () => stand.open()));
  const rests = clients.map((client) => client.rest());
  await stand.hub.close(5_000);
  assert.equal(served, 20);
  for (const rest of rests) assert.deepEqual(await rest, GOING_AWAY);
  assert.equal(stand.hub.size, 0);
  const late = await stand.open();
  assert.deepEqual(await late.rest(), GOING_AWAY);
  await stand.untilEnded(21);
  await stand.close();
});

test('the server closes: who does not answer is cut off at the deadline', async () => {
  const stand = await startSocketStand({ disconnect: () => answered('') });
  await stand.open();
  await stand.hub.close(1);
  await stand.untilEnded(1);
  assert.deepEqual(
    stand.ended.map(({ code }) => code),
    [1001],
  );
  await stand.close();
});

test('the server closes: the oldest first, evenly over a time; another call has the rest closed at once', async (t) => {
  const stand = await standFor(t);
  const clients: SocketClient[] = [];
  for (let i = 0; i < 5; i++) clients.push(await stand.open());
  const ids = stand.events.map(({ connection }) => connection.id);
  // Their answers may come in any order.
  const closes: string[] = [];
  for (const id of ids) {
    const open = stand.hub.find(id)!;
    const close = open.close.bind(open);
    t.mock.method(open, 'close', (code: number, reason: string) => {
      closes.push(id);
      close(code, reason);
    });
  }
  const rests = clients.map((client) => client.rest());
  // No more than a hundred a second: it takes 40 ms.
  const began = performance.now();
  await stand.hub.close(60_000, 60_000);
  assert.ok(performance.now() - began >= 40);
  assert.deepEqual(
    await Promise.all(rests),
    clients.map(() => GOING_AWAY),
  );
  assert.deepEqual(closes, ids);
  assert.deepEqual(stand.ended.map(({ id }) => id).sort(), [...ids].sort());
});

test('the server closes: who is hastened closes all at once, and cuts off who does not answer', async (t) => {
  const stand = await standFor(t);
  const clients = await Promise.all(Array.from({ length: 300 }, () => stand.open()));
  const closed = stand.hub.close(60_000, 60_000);
  await stand.hub.close(1);
  await closed;
  await stand.untilEnded(300);
  for (const client of clients) client.destroy();
});

test('$disconnect that fails is not repeated', async (t) => {
  let calls = 0;
  const stand = await standFor(t, {
    disconnect: () => {
      calls++;
      return { kind: 'failed', failure: INTERNAL_ERROR, error: '' };
    },
  });
  const client = await stand.open();
  client.send(closeFrame(1000));
  await client.rest();
  await assertEnded(stand, 1000, '');
  assert.equal(calls, 1);
});

test('each connection has one $disconnect, however both sides end it', async (t) => {
  const stand = await standFor(t);
  const ends: Record<string, (client: SocketClient, connection: OpenConnection) => void> = {
    clientCloses: (client) => client.send(closeFrame(1000)),
    clientEnds: (client) => client.socket.end(),
    clientResets: (client) => client.socket.resetAndDestroy(),
    violation: (client) => client.send(frame(TEXT, 'a', { rsv: 7 })),
    tooLong: (client) => client.send(frame(TEXT, 'x'.repeat(40_000))),
    binary: (client) => client.send(frame(BINARY, 'a')),
    weClose: (_client, connection) => connection.close(1000, 'Connection Closed Normally'),
    idle: () => {
      stand.clock.now += HOUR;
      stand.hub.tick();
    },
    sweep: () => stand.hub.sweep(),
    message: (client) => client.send(frame(TEXT, 'hello')),
  };
  const names = Object.keys(ends);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 5 }), async (acts) => {
      const client = await stand.open();
      const connection = onlyConnection(stand);
      for (const act of acts) if (client.socket.writable) ends[act]!(client, connection);
      client.socket.end();
      client.socket.resume();
      await stand.untilEnded(1);
      client.destroy();
      for (let i = 0; i < 3; i++) await stand.turn();
      const told = stand.ended.splice(0);
      assert.deepEqual(
        told.map(({ id }) => id),
        [connection.info.id],
      );
      assert.equal(stand.hub.size, 0);
    }),
    { numRuns: 300 },
  );
});

test('many connections end at once: $disconnect is told of some at a time, of each once', async (t) => {
  let atWork = 0;
  let most = 0;
  let release = (): void => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const stand = await standFor(t, {
    async disconnect() {
      most = Math.max(most, ++atWork);
      await released;
      atWork--;
      return answered('');
    },
  });
  const clients = await Promise.all(Array.from({ length: 300 }, () => stand.open()));
  for (const client of clients) client.destroy();
  while (stand.hub.size > 0) await stand.turn();
  assert.equal(atWork, 256);
  release();
  await stand.untilEnded(300);
  await stand.turn();
  assert.equal(new Set(stand.ended.map(({ id }) => id)).size, 300);
  assert.deepEqual([stand.ended.length, most], [300, 256]);
});

test('messages of a connection are at work together, 64 at most; the others wait, and none is lost', async (t) => {
  const finish: (() => void)[] = [];
  let most = 0;
  const stand = await standFor(t, {
    message: ({ body }) =>
      new Promise((resolve) => {
        finish.push(() => resolve(answered(body)));
        most = Math.max(most, finish.length);
      }),
  });
  const client = await stand.open();
  const texts = Array.from({ length: 500 }, (_, i) => `${i}`);
  client.send(...texts.map((text) => frame(TEXT, text)));
  while (finish.length < 64) await stand.turn();
  for (let i = 0; i < 5; i++) await stand.turn();
  assert.equal(finish.length, 64);
  const answers: string[] = [];
  const reading = (async () => {
    for (const _ of texts) answers.push(await client.text());
  })();
  // The last first.
  while (answers.length < texts.length) {
    finish.pop()?.();
    await stand.turn();
  }
  await reading;
  assert.equal(most, 64);
  assert.notDeepEqual(answers, texts);
  assert.deepEqual(
    [...answers].sort((a, b) => Number(a) - Number(b)),
    texts,
  );
  client.destroy();
});

test('messages before the close are served, though nobody hears of it', async (t) => {
  const finish: (() => void)[] = [];
  const stand = await standFor(t, {
    message: ({ body }) => new Promise((resolve) => finish.push(() => resolve(answered(body)))),
  });
  const client = await stand.open();
  client.send(frame(TEXT, 'a'), frame(TEXT, 'b'), closeFrame(1000));
  assert.deepEqual(await client.rest(), ['close 1000', 'end']);
  await assertEnded(stand, 1000, '');
  for (const each of finish) each();
  while (stand.events.filter(({ kind }) => kind === 'MESSAGE').length < 2) await stand.turn();
});

test('connection ids are of one form, name their process, and are not repeated', async (t) => {
  const stand = await standFor(t);
  const ids = Array.from({ length: 10_000 }, () => stand.hub.newId());
  assert.equal(new Set(ids).size, ids.length);
  for (const id of ids) assert.match(id, /^[A-Za-z0-9_-]{15}=$/);
  assert.equal(processOf(ids[0]!), 7);
  for (const id of ['', 'AAAA', `${'A'.repeat(15)}`, `${'A'.repeat(14)}/=`, ids[0]!]) {
    assert.equal(stand.hub.find(id), undefined);
  }
});

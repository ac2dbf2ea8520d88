// Half of the workers compile at a time; one that says nothing holds the others up for half a second.
import assert from 'node:assert/strict';
import { duplexPair } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { Channel, type ChannelHandlers } from '../../net/channel/channel.ts';
import { CompileTurns, turnsOf } from './compile-turns.ts';
import { CHANNEL_LIMITS, TURN, TURN_OVER } from './protocol.ts';

const settled = (): Promise<void> => new Promise(setImmediate);

/** Turns that all workers have asked for, in their order, and those who have got one so far. */
async function allAsk(t: TestContext, workers: number) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const turns = new CompileTurns(workers);
  const begun: number[] = [];
  const ask = (slot: number): void => void turns.take(slot).then(() => begun.push(slot));
  for (let slot = 0; slot < workers; slot++) ask(slot);
  await settled();
  return { turns, begun, ask };
}

const HALVES: readonly (readonly [workers: number, first: readonly number[]])[] = [
  [2, [0]],
  [3, [0, 1]],
  [4, [0, 1]],
  [5, [0, 1, 2]],
];
for (const [workers, first] of HALVES) {
  test(`of ${workers} workers ${first.length} compile first, and each that is done lets one follow`, async (t) => {
    const { turns, begun, ask } = await allAsk(t, workers);
    assert.deepEqual(begun, first);
    for (let slot = 0; slot < workers; slot++) {
      turns.over(slot);
      await settled();
      assert.equal(begun.length, Math.min(workers, first.length + slot + 1));
    }
    assert.deepEqual(begun, [...Array(workers).keys()]);
    ask(1);
    await settled();
    assert.equal(begun.at(-1), 1);
  });
}

test('a turn of a worker that says nothing is over after half a second, and only once', async (t) => {
  const { turns, begun, ask } = await allAsk(t, 2);
  t.mock.timers.tick(499);
  await settled();
  assert.deepEqual(begun, [0]);
  t.mock.timers.tick(1);
  await settled();
  assert.deepEqual(begun, [0, 1]);
  // It goes on: the turn that it tells the end of is not the other's.
  turns.over(0);
  ask(0);
  await settled();
  assert.deepEqual(begun, [0, 1]);
  turns.over(1);
  await settled();
  assert.deepEqual(begun, [0, 1, 0]);
});

test('one that is gone neither has a turn nor gets one', async (t) => {
  const { turns, begun } = await allAsk(t, 4);
  turns.over(2);
  turns.over(0);
  await settled();
  assert.deepEqual(begun, [0, 1, 3]);
});

test('a worker compiles when the primary says, and tells when it has, or could not', async () => {
  const turns = new CompileTurns(2);
  const handlers: ChannelHandlers = {
    onAsk: (kind) => (kind === TURN ? turns.take(1).then(() => '') : undefined),
    onTell: (kind) => void (kind === TURN_OVER && turns.over(1)),
    onEnd: () => undefined,
  };
  const [one, other] = duplexPair();
  const limits = { ...CHANNEL_LIMITS, pingMillis: 60_000 };
  const primary = new Channel(one, handlers, limits);
  const channel = new Channel(other, handlers, limits);
  const inTurn = turnsOf(channel);
  await turns.take(0);
  const done: string[] = [];
  const first = inTurn(async () => done.push('first'));
  await settled();
  assert.deepEqual(done, []);
  turns.over(0);
  await first;
  await assert.rejects(
    inTurn(() => Promise.reject(new Error('damaged'))),
    /^Error: damaged$/,
  );
  // Nobody else has one then.
  await turns.take(0);
  assert.deepEqual(done, ['first']);
  channel.end();
  primary.end();
});

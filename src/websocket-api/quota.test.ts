// What a process has in hand of a quota.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Quota } from './quota.ts';

/** A source that answers when it is told to, and says what it was asked. */
function source() {
  const said: string[] = [];
  const answers: ((granted: number) => void)[] = [];
  return {
    said,
    answer: async (granted: number): Promise<void> => {
      answers.shift()!(granted);
      await new Promise((resolve) => setImmediate(resolve));
    },
    take(_key: string, period: string): Promise<number> {
      said.push(`take ${period}`);
      return new Promise((resolve) => answers.push(resolve));
    },
    async giveBack(_key: string, period: string, count: number): Promise<void> {
      said.push(`give back ${count} of ${period}`);
    },
  };
}

const DAY = { limit: 1_000, period: 'DAY' } as const;

test('all who wait are one question; what is in hand is used without any', async () => {
  const from = source();
  const quota = new Quota('key', DAY, from, () => 0);
  const waiting = [quota.use(), quota.use(), quota.use()];
  await from.answer(4);
  assert.deepEqual(await Promise.all(waiting), [true, true, true]);
  assert.equal(quota.use(), true);
  assert.deepEqual(from.said, ['take 0']);
});

test('more is asked for before a large piece is used up', async () => {
  const from = source();
  const quota = new Quota('key', DAY, from, () => 0);
  const first = quota.use();
  await from.answer(40);
  assert.equal(await first, true);
  for (let i = 0; i < 28; i++) assert.equal(quota.use(), true);
  assert.equal(from.said.length, 1);
  assert.equal(quota.use(), true);
  assert.equal(from.said.length, 2);
  for (let i = 0; i < 10; i++) assert.equal(quota.use(), true);
  await from.answer(0);
  assert.equal(quota.use(), false);
  assert.equal(from.said.length, 2);
});

test('with another period what is in hand goes back, also what comes late', async () => {
  const from = source();
  let now = 0;
  const quota = new Quota('key', DAY, from, () => now);
  const first = quota.use();
  await from.answer(5);
  await first;
  for (let i = 0; i < 4; i++) assert.equal(quota.use(), true);
  const late = quota.use();
  now = 86_400_000;
  const next = quota.use();
  await from.answer(7);
  // Both ask for the period that it is now.
  await from.answer(2);
  assert.deepEqual(await Promise.all([late, next]), [true, true]);
  assert.deepEqual(from.said, ['take 0', 'take 0', 'give back 7 of 0', 'take 1']);
  now = 2 * 86_400_000;
  void quota.use();
  await from.answer(3);
  await quota.leave();
  assert.deepEqual(from.said.slice(4), ['take 2', 'give back 2 of 2']);
});

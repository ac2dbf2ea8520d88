// Buckets in this process, on the system's clock and on one of the test's own.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SYSTEM_CLOCK } from '../../clock.ts';
import { LocalTokens } from './local-tokens.ts';
import { tokenSourceContract } from './token-source.test.support.ts';

tokenSourceContract('this process', async () => {
  const tokens = new LocalTokens(SYSTEM_CLOCK);
  return {
    of: (holder) => ({ take: async (ask) => tokens.take(holder, ask) }),
    close: async () => {},
  };
});

test('buckets that are full again are forgotten, the others are not', () => {
  let now = 0;
  const tokens = new LocalTokens({ monotonic: () => now, epoch: () => now, onAhead() {} });
  const take = (bucket: string, due: number): number => {
    const numbers = { rateLimit: 1, burstLimit: 100 };
    return tokens.take('a', { bucket, numbers, due, ahead: 0, back: 0, held: 0 }).granted;
  };
  take('empty', 100);
  for (let i = 0; i < 5_000; i++) {
    take(`full ${i}`, 1);
    now += 2;
  }
  assert.equal(take('empty', 100), 10);
  assert.ok(tokens.size < 2_500, String(tokens.size));
});

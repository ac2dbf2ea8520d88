// Token buckets (spec/http-api.md §7.1, Choice C60), on a clock of the test's own.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { AccountThrottles, type BucketNumbers, bucketNumbers, Throttle, TokenBucket } from './throttle.ts';

/** The bucket's answers at these times: `+` passes. */
function answers(numbers: BucketNumbers, times: readonly number[]): string {
  const throttle = new Throttle(new TokenBucket(numbers, 0), undefined);
  return times.map((now) => (throttle.admits(now) ? '+' : '-')).join('');
}

describe('a bucket begins full and fills at its rate', () => {
  const rows: [name: string, rateLimit: number, burstLimit: number, times: number[], expected: string][] = [
    ['the burst passes at once, the next does not', 1, 3, [0, 0, 0, 0], '+++-'],
    ['one token a second at rate 1', 1, 1, [0, 999, 1_000, 1_001, 2_000], '+-+-+'],
    ['a fraction of a token a second', 0.5, 1, [0, 1_000, 1_999, 2_000], '+--+'],
    ['several tokens a second', 4, 1, [0, 200, 250, 500, 600], '+-++-'],
    ['it holds no more than its burst', 10, 2, [0, 60_000, 60_000, 60_000], '+++-'],
    ['a refusal costs nothing', 1, 1, [0, 500, 600, 700, 1_000], '+---+'],
    ['a burst of 0 lets nothing through', 1_000, 0, [0, 1_000, 60_000], '---'],
    ['a rate of 0 lets nothing through', 0, 1_000, [0, 1_000], '--'],
    [
      'a clock that stands still or steps back gives nothing',
      1,
      1,
      [1_000, 1_000, 500, 1_999, 2_000],
      '+---+',
    ],
  ];
  for (const [name, rateLimit, burstLimit, times, expected] of rows) {
    test(name, () => assert.equal(answers({ rateLimit, burstLimit }, times), expected));
  }
});

test('in any second at most burst and rate pass, and never fewer than the rate for a waiting client', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 50 }),
      fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 200 }),
      (rateLimit, burstLimit, gaps) => {
        const throttle = new Throttle(new TokenBucket({ rateLimit, burstLimit }, 0), undefined);
        let now = 0;
        const passed: number[] = [];
        for (const gap of gaps) {
          now += gap;
          if (throttle.admits(now)) passed.push(now);
        }
        for (const [i, start] of passed.entries()) {
          for (const [j, end] of passed.entries()) {
            if (j < i) continue;
            assert.ok(j - i + 1 <= burstLimit + ((end - start) * rateLimit) / 1_000 + 1e-6);
          }
        }
        assert.ok(throttle.admits(now + 1_000 / rateLimit + 1e-6));
      },
    ),
  );
});

describe('other numbers for a bucket', () => {
  const rows: [name: string, before: BucketNumbers, used: number, after: BucketNumbers, left: number][] = [
    [
      'a larger burst gives no tokens',
      { rateLimit: 1, burstLimit: 2 },
      1,
      { rateLimit: 1, burstLimit: 9 },
      1,
    ],
    [
      'a smaller burst takes what does not fit',
      { rateLimit: 1, burstLimit: 9 },
      1,
      { rateLimit: 1, burstLimit: 2 },
      2,
    ],
    [
      'the same numbers keep the level',
      { rateLimit: 1, burstLimit: 3 },
      2,
      { rateLimit: 1, burstLimit: 3 },
      1,
    ],
    ['0 empties it', { rateLimit: 1, burstLimit: 3 }, 0, { rateLimit: 1, burstLimit: 0 }, 0],
    [
      'raised from 0 and 0 it is full',
      { rateLimit: 0, burstLimit: 0 },
      0,
      { rateLimit: 1, burstLimit: 5 },
      5,
    ],
    [
      'raised from a rate of 0 it is full',
      { rateLimit: 0, burstLimit: 9 },
      0,
      { rateLimit: 1, burstLimit: 5 },
      5,
    ],
    [
      'raised from a burst of 0 it is full',
      { rateLimit: 9, burstLimit: 0 },
      0,
      { rateLimit: 1, burstLimit: 5 },
      5,
    ],
    [
      '10 with 2 left becomes 5 with 2',
      { rateLimit: 1, burstLimit: 10 },
      8,
      { rateLimit: 1, burstLimit: 5 },
      2,
    ],
    ['an empty one stays empty', { rateLimit: 1, burstLimit: 3 }, 3, { rateLimit: 1, burstLimit: 5 }, 0],
  ];
  for (const [name, before, used, after, left] of rows) {
    test(name, () => {
      const bucket = new TokenBucket(before, 0);
      const throttle = new Throttle(bucket, undefined);
      for (let i = 0; i < used; i++) assert.ok(throttle.admits(0));
      bucket.resize(after);
      for (let i = 0; i < left; i++) assert.ok(throttle.admits(0));
      assert.ok(!throttle.admits(0));
    });
  }
});

describe('the numbers of a route', () => {
  const ACCOUNT = { rateLimit: 100, burstLimit: 50 };
  const rows: [
    rate: number | undefined,
    burst: number | undefined,
    account: BucketNumbers | undefined,
    expected: string,
  ][] = [
    [undefined, undefined, undefined, 'none'],
    [undefined, undefined, ACCOUNT, 'none'],
    [5, 2, undefined, '5 2'],
    [5, undefined, undefined, '5 5000'],
    [undefined, 2, undefined, '10000 2'],
    [5, undefined, ACCOUNT, '5 50'],
    [undefined, 2, ACCOUNT, '100 2'],
    [500, 500, ACCOUNT, '100 50'],
    [0, 7, undefined, '0 7'],
  ];
  for (const [rateLimit, burstLimit, account, expected] of rows) {
    test(`rate ${rateLimit}, burst ${burstLimit}, ${account ? 'limited' : 'unlimited'} account: ${expected}`, () => {
      const numbers = bucketNumbers({ rateLimit, burstLimit }, account);
      assert.equal(numbers ? `${numbers.rateLimit} ${numbers.burstLimit}` : 'none', expected);
    });
  }
});

test('an account has one bucket a region, and none without a limit', () => {
  const accounts = new AccountThrottles({ rateLimit: 1, burstLimit: 1 });
  assert.equal(accounts.bucketOf('1', 'a'), accounts.bucketOf('1', 'a'));
  assert.notEqual(accounts.bucketOf('1', 'a'), accounts.bucketOf('1', 'b'));
  assert.notEqual(accounts.bucketOf('1', 'a'), accounts.bucketOf('2', 'a'));
  assert.equal(new AccountThrottles(undefined).bucketOf('1', 'a'), undefined);
});

test('a request that one bucket refuses takes no token of the other', () => {
  const account = new TokenBucket({ rateLimit: 1, burstLimit: 2 }, 0);
  const closed = new Throttle(new TokenBucket({ rateLimit: 1, burstLimit: 0 }, 0), account);
  const open = new Throttle(undefined, account);
  assert.deepEqual(
    [closed.admits(0), open.admits(0), open.admits(0), open.admits(0)],
    [false, true, true, false],
  );
  const own = new Throttle(new TokenBucket({ rateLimit: 0.001, burstLimit: 1 }, 0), account);
  assert.ok(!own.admits(0), 'the account is empty');
  assert.ok(own.admits(1_000), 'its own token is still there');
});

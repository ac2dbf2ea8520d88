// Token buckets (spec/http-api.md §7.1, Choice C60), on a clock of the test's own.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  AccountThrottles,
  type BucketNumbers,
  bucketNumbers,
  Throttle,
  TokenBucket,
  type Tokens,
} from './throttle.ts';

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

/** Tokens of others, which come when the test says so. */
class Coming implements Tokens {
  level: number;
  isHopeless = false;
  readonly #waiting: ((came: boolean) => void)[] = [];

  constructor(level: number) {
    this.level = level;
  }

  has(): boolean {
    return this.level >= 1;
  }

  take(): void {
    this.level--;
  }

  mayCome(): boolean {
    return !this.isHopeless;
  }

  wait(): Promise<boolean> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Whoever waits gets one, or hears that there is none. */
  come(came: boolean): void {
    for (const resolve of this.#waiting.splice(0)) resolve(came);
  }

  putBack(): void {
    this.level++;
  }

  resize(): void {}
}

describe('tokens that come from elsewhere', () => {
  test('are not waited for while both buckets have some', () => {
    const [own, account] = [new Coming(1), new Coming(1)];
    assert.equal(new Throttle(own, account).admits(0), true);
    assert.deepEqual([own.level, account.level], [0, 0]);
  });

  test('are not waited for where either is known to have none', () => {
    for (const hopeless of [0, 1]) {
      const both = [new Coming(0), new Coming(0)] as const;
      both[hopeless]!.isHopeless = true;
      assert.equal(new Throttle(...both).admits(0), false);
    }
    const own = new Coming(1);
    assert.equal(new Throttle(own, new TokenBucket({ rateLimit: 0, burstLimit: 1 }, 0)).admits(0), false);
    assert.equal(own.level, 1);
  });

  const rows: [name: string, own: number, account: number, come: [boolean, boolean], admitted: boolean][] = [
    ['both come', 0, 0, [true, true], true],
    ['the own one comes, the account has one', 0, 1, [true, true], true],
    ['the own one does not come: the account keeps its', 0, 1, [false, true], false],
    ["the account's comes", 1, 0, [true, true], true],
    ["the account's does not come: the own one is put back", 1, 0, [true, false], false],
    ['only the own one comes: it is put back', 0, 0, [true, false], false],
  ];
  for (const [name, has, accountHas, come, expected] of rows) {
    test(name, async () => {
      const [own, account] = [new Coming(has), new Coming(accountHas)];
      const admitted = new Throttle(own, account).admits(0);
      assert.ok(admitted instanceof Promise);
      own.come(come[0]);
      await Promise.resolve();
      await new Promise(setImmediate);
      account.come(come[1]);
      assert.equal(await admitted, expected);
      const had = has + Number(has === 0 && come[0]);
      assert.equal(own.level, expected ? Math.max(0, has - 1) : come[0] ? had : 0);
      assert.equal(account.level, expected ? Math.max(0, accountHas - 1) : accountHas);
    });
  }

  test('are put back by a request that another reason refuses', () => {
    const [own, account] = [new Coming(1), new TokenBucket({ rateLimit: 1, burstLimit: 1 }, 0)];
    const throttle = new Throttle(own, account);
    assert.equal(throttle.admits(0), true);
    throttle.putBack();
    assert.equal(throttle.admits(0), true);
    assert.equal(throttle.admits(0) instanceof Promise, false, 'the account has none');
  });
});

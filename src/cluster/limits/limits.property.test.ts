// Whatever happens between stocks and the bucket that they take from, no window of time lets more through than burst and rate.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NUM_RUNS } from '../../../test/support/num-runs.ts';
import { type BucketNumbers, Throttle } from '../../stage/throttle.ts';
import type { TokenAsk, TokenGrant, TokenSource } from '../../stage/token-source.ts';
import { LentTokens } from './lent-tokens.ts';
import { SharedBucket } from './shared-bucket.ts';
import { TokenStock } from './token-stock.ts';

interface Question {
  readonly holder: string;
  readonly ask: TokenAsk;
  readonly resolve: (grant: TokenGrant) => void;
  readonly reject: (error: Error) => void;
}

/** Processes that ask one bucket, or a stock that is lent to them; questions arrive, or answers are lost, when the test says so. */
class Stand {
  now = 1_000;
  readonly admittedAt: number[] = [];
  readonly lenders: readonly LentTokens[];
  readonly #bucket = new SharedBucket(1_000);
  readonly #stocks: readonly TokenStock[];
  readonly #clock = { monotonic: () => this.now, epoch: () => this.now, onAhead() {} };
  #questions: Question[] = [];

  /** With `lenders`, processes take turns at having what one of them was granted. */
  constructor(numbers: BucketNumbers, processes: number, lenders = 0) {
    const bucketFor = (holder: string): TokenSource => ({
      take: (ask) =>
        new Promise((resolve, reject) => {
          this.#questions.push({ holder, ask, resolve, reject });
        }),
    });
    this.lenders = Array.from({ length: lenders }, (_, i) => new LentTokens(bucketFor(`l${i}`), this.#clock));
    this.#stocks = Array.from({ length: processes }, (_, i) => {
      const lender = this.lenders[i % lenders];
      const source =
        lender === undefined
          ? bucketFor(String(i))
          : { take: (ask: TokenAsk) => lender.take(String(i), ask) };
      return new TokenStock('bucket', numbers, { source, now: () => this.now, onHolding() {} });
    });
  }

  request(process: number): void {
    const admitted = new Throttle(this.#stock(process), undefined, this.#clock).admits(this.now);
    if (admitted === true) this.admittedAt.push(this.now);
    else if (admitted !== false)
      void admitted.then((isAdmitted) => {
        if (isAdmitted) this.admittedAt.push(this.now);
      });
  }

  /** It is admitted, and then refused for another reason. */
  waste(process: number): void {
    const throttle = new Throttle(this.#stock(process), undefined, this.#clock);
    const admitted = throttle.admits(this.now);
    if (admitted === true) throttle.putBack();
    else if (admitted !== false) void admitted.then((isAdmitted) => isAdmitted && throttle.putBack());
  }

  /** The question that has waited longest reaches the bucket; and who was admitted by now is noted, before time goes on. */
  async deliver(isLost: boolean): Promise<void> {
    const question = this.#questions.shift();
    if (question !== undefined) {
      const grant = this.#bucket.take(question.holder, question.ask, this.now);
      if (isLost) question.reject(new Error('lost'));
      else question.resolve(grant);
    }
    await new Promise(setImmediate);
  }

  rest(process: number): void {
    this.#stock(process).rest(this.now);
  }

  resize(numbers: BucketNumbers): void {
    for (const stock of this.#stocks) stock.resize(numbers);
  }

  #stock(process: number): TokenStock {
    return this.#stocks[process % this.#stocks.length]!;
  }
}

const process = fc.nat(3);
const numbers = fc.record({
  rateLimit: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 1, max: 1_000 }) }, fc.constant(0)),
  burstLimit: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 1, max: 100 }) }, fc.constant(0)),
});

type Step = (stand: Stand) => void | Promise<void>;

/** So many requests, each of whose questions is answered before the next: enough of them to want some ahead. */
const served = (at: number, times: number): Step =>
  async function serve(stand) {
    for (let i = 0; i < times; i++) {
      stand.request(at);
      await stand.deliver(false);
    }
  };

/** More requests at once than there can be tokens, and all questions answered. */
const flooded = (at: number): Step =>
  async function flood(stand) {
    for (let i = 0; i < 120; i++) stand.request(at);
    for (let i = 0; i < 4; i++) await stand.deliver(false);
  };

const later = (millis: number): Step =>
  function wait(stand) {
    stand.now += millis;
  };

const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(process, fc.integer({ min: 1, max: 30 })).map((given) => served(...given)),
  },
  { weight: 3, arbitrary: process.map(flooded) },
  {
    weight: 2,
    arbitrary: process.map(
      (at): Step =>
        (stand) =>
          stand.request(at),
    ),
  },
  { weight: 2, arbitrary: fc.constant<Step>((stand) => stand.deliver(false)) },
  { weight: 1, arbitrary: fc.constant<Step>((stand) => stand.deliver(true)) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 60 }).map(later) },
  { weight: 2, arbitrary: fc.integer({ min: 100, max: 3_000 }).map(later) },
  {
    weight: 1,
    arbitrary: process.map(
      (at): Step =>
        (stand) =>
          stand.rest(at),
    ),
  },
  {
    weight: 1,
    arbitrary: process.map(
      (at): Step =>
        (stand) =>
          stand.waste(at),
    ),
  },
);

/** No window, from one that was admitted to another, has more than it may. */
function assertBounded(admittedAt: readonly number[], { rateLimit, burstLimit }: BucketNumbers): void {
  for (const [i, start] of admittedAt.entries()) {
    for (let j = i; j < admittedAt.length; j++) {
      const allowed = burstLimit + ((admittedAt[j]! - start) * rateLimit) / 1_000 + 1e-6;
      assert.ok(
        j - i + 1 <= allowed,
        `${j - i + 1} admitted in ${admittedAt[j]! - start} ms, ${allowed} may be`,
      );
    }
  }
}

const MANY = fc.array(steps, { minLength: 1, maxLength: 30 });
const PROCESSES = fc.integer({ min: 1, max: 4 });

test('any interleaving of grants, returns, lost answers and time: no window is over burst and rate', async () => {
  await fc.assert(
    fc.asyncProperty(numbers, PROCESSES, MANY, async (given, processes, all) => {
      const stand = new Stand(given, processes);
      for (const run of all) await run(stand);
      assertBounded(stand.admittedAt, given);
    }),
    { numRuns: NUM_RUNS / 2 },
  );
});

test('the same where two machines lend what they were granted to their workers', async () => {
  await fc.assert(
    fc.asyncProperty(numbers, PROCESSES, MANY, async (given, processes, all) => {
      const stand = new Stand(given, processes, 2);
      for (const run of all) await run(stand);
      for (const lender of stand.lenders) lender.close();
      assertBounded(stand.admittedAt, given);
    }),
    { numRuns: NUM_RUNS / 2 },
  );
});

test('other numbers in between: no window is over the highest of them', async () => {
  const changed = numbers.map((next): readonly [Step, BucketNumbers] => [
    (stand) => stand.resize(next),
    next,
  ]);
  await fc.assert(
    fc.asyncProperty(
      numbers,
      PROCESSES,
      fc.array(fc.tuple(MANY, changed), { maxLength: 4 }),
      async (...given) => {
        const [first, processes, parts] = given;
        const stand = new Stand(first, processes);
        for (const [all, [resize]] of parts) for (const run of [...all, resize]) await run(stand);
        const had = [first, ...parts.map(([, [, next]]) => next)];
        const most = (name: keyof BucketNumbers) => Math.max(...had.map((each) => each[name]));
        assertBounded(stand.admittedAt, { rateLimit: most('rateLimit'), burstLimit: most('burstLimit') });
      },
    ),
    { numRuns: NUM_RUNS / 4 },
  );
});

test('what is lost or held is not lost for long: a lone process has all of burst and rate', async () => {
  const stand = new Stand({ rateLimit: 1_000, burstLimit: 100 }, 2);
  for (let i = 0; i < 200; i++) {
    stand.now += 10;
    for (let k = 0; k < 20; k++) stand.request(0);
    await stand.deliver(false);
  }
  // Two seconds of 1,000 and the burst.
  assert.ok(stand.admittedAt.length >= 0.95 * 2_100, String(stand.admittedAt.length));
  assert.ok(stand.admittedAt.length <= 2_100);
});

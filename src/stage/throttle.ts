// Throttling: token buckets, filled again when they are asked (spec/http-api.md §7.1, §7.2, Choice C60). Times are
// monotonic milliseconds of a clock.
import { type Clock, SYSTEM_CLOCK } from '../clock.ts';

export interface BucketNumbers {
  /** Tokens a second. */
  readonly rateLimit: number;
  /** Tokens it holds at most; it begins full. */
  readonly burstLimit: number;
}

/** What API Gateway gives an account in most regions; the missing one of two limits is filled in from here. */
export const AWS_ACCOUNT_LIMITS: BucketNumbers = Object.freeze({ rateLimit: 10_000, burstLimit: 5_000 });

export class TokenBucket {
  #perMilli = 0;
  #size = 0;
  #level = 0;
  /** When the level was right. */
  #at: number;

  constructor(numbers: BucketNumbers, now: number) {
    this.resize(numbers);
    this.#at = now;
  }

  /** Other numbers for the same bucket: it keeps its level as far as that fits. One that let nothing through has no level to
   *  keep and begins full, as a new one does. */
  resize({ rateLimit, burstLimit }: BucketNumbers): void {
    this.#perMilli = rateLimit / 1_000;
    const before = this.#size;
    // An explicit 0 of either lets nothing through.
    this.#size = rateLimit === 0 ? 0 : burstLimit;
    this.#level = before === 0 ? this.#size : Math.min(this.#level, this.#size);
  }

  /** Whether there is a token. */
  has(now: number): boolean {
    if (now > this.#at) {
      this.#level = Math.min(this.#size, this.#level + (now - this.#at) * this.#perMilli);
      this.#at = now;
    }
    return this.#level >= 1;
  }

  /** Takes the token that there is. */
  take(): void {
    this.#level -= 1;
  }
}

/** What a request has to get past: the bucket of its route in its stage, and that of its account. */
export class Throttle {
  readonly #own: TokenBucket | undefined;
  readonly #account: TokenBucket | undefined;
  readonly #clock: Clock;

  constructor(own: TokenBucket | undefined, account: TokenBucket | undefined, clock = SYSTEM_CLOCK) {
    this.#own = own;
    this.#account = account;
    this.#clock = clock;
  }

  /** Takes a token of each, or none of either. `reading` is what `performance.now()` says. */
  admits(reading: number): boolean {
    const now = this.#clock.monotonic(reading);
    const own = this.#own;
    const account = this.#account;
    if (own !== undefined && !own.has(now)) return false;
    if (account !== undefined) {
      if (!account.has(now)) return false;
      account.take();
    }
    own?.take();
    return true;
  }
}

/** The buckets that all APIs of an account share in a region; none without a configured limit. */
export class AccountThrottles {
  readonly clock: Clock;
  #limits: BucketNumbers | undefined;
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(limits: BucketNumbers | undefined, clock = SYSTEM_CLOCK) {
    this.#limits = limits;
    this.clock = clock;
  }

  get limits(): BucketNumbers | undefined {
    return this.#limits;
  }

  /** Other limits. Buckets that are there keep their levels; stages take hold of them when they are compiled. */
  replace(limits: BucketNumbers | undefined): void {
    this.#limits = limits;
    if (limits === undefined) this.#buckets.clear();
    else for (const bucket of this.#buckets.values()) bucket.resize(limits);
  }

  /** All buckets begin anew; stages take hold of them when they are compiled. */
  forget(): void {
    this.#buckets.clear();
  }

  /** What calls that belong to no route have to get past; undefined where nothing limits the account. */
  throttleOf(accountId: string, region: string): Throttle | undefined {
    const bucket = this.bucketOf(accountId, region);
    return bucket === undefined ? undefined : new Throttle(undefined, bucket, this.clock);
  }

  bucketOf(accountId: string, region: string): TokenBucket | undefined {
    if (this.#limits === undefined) return undefined;
    const key = `${accountId} ${region}`;
    let bucket = this.#buckets.get(key);
    if (bucket === undefined) {
      bucket = new TokenBucket(this.#limits, this.clock.monotonic());
      this.#buckets.set(key, bucket);
    }
    return bucket;
  }
}

/** The numbers of a route's bucket: none when nothing is set, and never more than the account has. */
export function bucketNumbers(
  { rateLimit, burstLimit }: { readonly [N in keyof BucketNumbers]: number | undefined },
  account: BucketNumbers | undefined,
): BucketNumbers | undefined {
  if (rateLimit === undefined && burstLimit === undefined) return undefined;
  const base = account ?? AWS_ACCOUNT_LIMITS;
  const numbers = { rateLimit: rateLimit ?? base.rateLimit, burstLimit: burstLimit ?? base.burstLimit };
  if (account === undefined) return numbers;
  return {
    rateLimit: Math.min(numbers.rateLimit, account.rateLimit),
    burstLimit: Math.min(numbers.burstLimit, account.burstLimit),
  };
}

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

/** What requests take one at a time: a bucket, or a stock that others have granted. Times are monotonic milliseconds. */
export interface Tokens {
  /** Whether there is a token. */
  has(now: number): boolean;
  /** Takes the token that there is. */
  take(now: number): void;
  /** Where there is none: whether one may come that is worth waiting for. */
  mayCome(now: number): boolean;
  /** Takes one as soon as it has come; false when none did. Never rejects. */
  wait(): Promise<boolean>;
  /** A token that was taken is not needed. It may be lost: others can have spent it since. */
  putBack(): void;
  /** Other numbers for the same bucket. */
  resize(numbers: BucketNumbers): void;
}

export class TokenBucket implements Tokens {
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

  has(now: number): boolean {
    if (now > this.#at) {
      this.#level = Math.min(this.#size, this.#level + (now - this.#at) * this.#perMilli);
      this.#at = now;
    }
    return this.#level >= 1;
  }

  take(): void {
    this.#level -= 1;
  }

  /** With time alone. */
  mayCome(): boolean {
    return false;
  }

  async wait(): Promise<boolean> {
    return false;
  }

  putBack(): void {
    this.#level = Math.min(this.#size, this.#level + 1);
  }
}

/** Where buckets are. */
export interface Buckets {
  /** The bucket of a name, with these numbers from here on: `account/region`, or `account/region/api/stage/route`. */
  of(name: string, numbers: BucketNumbers): Tokens;
  /** Buckets begin anew for those that ask for them from here on. */
  forget(): void;
}

/** Those of a program that shares its limits with nobody. Each is there for who has asked, and for nobody else. */
export class OwnBuckets implements Buckets {
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  of(_name: string, numbers: BucketNumbers): Tokens {
    return new TokenBucket(numbers, this.#clock.monotonic());
  }

  forget(): void {}
}

/** What a request has to get past: the bucket of its route in its stage, and that of its account. */
export class Throttle {
  readonly #own: Tokens | undefined;
  readonly #account: Tokens | undefined;
  readonly #clock: Clock;

  constructor(own: Tokens | undefined, account: Tokens | undefined, clock = SYSTEM_CLOCK) {
    this.#own = own;
    this.#account = account;
    this.#clock = clock;
  }

  /** Takes a token of each, or none of either. `reading` is what `performance.now()` says. A promise where one must come from
   *  elsewhere first; it never rejects. */
  admits(reading: number): boolean | Promise<boolean> {
    const now = this.#clock.monotonic(reading);
    const own = this.#own;
    const account = this.#account;
    if (own !== undefined && !own.has(now)) return this.#mayWait(now) && this.#wait(own, account);
    if (account !== undefined) {
      if (!account.has(now)) return this.#mayWait(now) && this.#wait(own, account);
      account.take(now);
    }
    own?.take(now);
    return true;
  }

  /** None that is missing is known to stay away. */
  #mayWait(now: number): boolean {
    const mayHave = (tokens: Tokens | undefined) =>
      tokens === undefined || tokens.has(now) || tokens.mayCome(now);
    return mayHave(this.#own) && mayHave(this.#account);
  }

  /** What is there is not taken before what is missing has come. */
  async #wait(own: Tokens | undefined, account: Tokens | undefined): Promise<boolean> {
    const hasOwn = own?.has(this.#clock.monotonic()) === true;
    if (own !== undefined && !hasOwn && !(await own.wait())) return false;
    if (account !== undefined && !(await this.#takes(account))) {
      if (!hasOwn) own?.putBack();
      return false;
    }
    if (own === undefined || !hasOwn || (await this.#takes(own))) return true;
    account?.putBack();
    return false;
  }

  #takes(tokens: Tokens): true | Promise<boolean> {
    const now = this.#clock.monotonic();
    if (!tokens.has(now)) return tokens.wait();
    tokens.take(now);
    return true;
  }

  /** A request that was admitted is refused for another reason, and counts for nothing. */
  putBack(): void {
    this.#own?.putBack();
    this.#account?.putBack();
  }
}

export interface AccountThrottlesMeans {
  readonly clock: Clock;
  readonly buckets: Buckets;
  /** What is limited, where it is not requests. */
  readonly what?: string;
}

const OWN_MEANS: AccountThrottlesMeans = { clock: SYSTEM_CLOCK, buckets: new OwnBuckets(SYSTEM_CLOCK) };

/** The buckets that all APIs of an account share in a region; none without a configured limit. */
export class AccountThrottles {
  readonly clock: Clock;
  /** Where those of routes are too. */
  readonly buckets: Buckets;
  readonly #what: string;
  #limits: BucketNumbers | undefined;
  readonly #accounts = new Map<string, Tokens>();

  constructor(limits: BucketNumbers | undefined, { clock, buckets, what = '' } = OWN_MEANS) {
    this.#limits = limits;
    this.clock = clock;
    this.buckets = buckets;
    this.#what = what;
  }

  get limits(): BucketNumbers | undefined {
    return this.#limits;
  }

  /** Other limits. Buckets that are there keep their levels; stages take hold of them when they are compiled. */
  replace(limits: BucketNumbers | undefined): void {
    this.#limits = limits;
    if (limits === undefined) this.#accounts.clear();
    else for (const bucket of this.#accounts.values()) bucket.resize(limits);
  }

  /** All buckets begin anew; stages take hold of them when they are compiled. */
  forget(): void {
    this.#accounts.clear();
    this.buckets.forget();
  }

  /** What calls that belong to no route have to get past; undefined where nothing limits the account. */
  throttleOf(accountId: string, region: string): Throttle | undefined {
    const bucket = this.bucketOf(accountId, region);
    return bucket === undefined ? undefined : new Throttle(undefined, bucket, this.clock);
  }

  bucketOf(accountId: string, region: string): Tokens | undefined {
    if (this.#limits === undefined) return undefined;
    const name = `${accountId}/${region}${this.#what}`;
    let bucket = this.#accounts.get(name);
    if (bucket === undefined) {
      bucket = this.buckets.of(name, this.#limits);
      this.#accounts.set(name, bucket);
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

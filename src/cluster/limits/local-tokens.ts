// Buckets in this process that several take from: workers of one machine, or the stock of the process itself.
import type { Clock } from '../../clock.ts';
import type { BucketNumbers } from '../../stage/throttle.ts';
import type { TokenAsk, TokenGrant } from '../../stage/token-source.ts';
import { SharedBucket } from './shared-bucket.ts';

/** How many buckets are remembered before those that are full are looked for. */
const SWEEP_FROM = 1_024;

export class LocalTokens {
  readonly #clock: Clock;
  readonly #parts: () => number;
  readonly #buckets = new Map<string, SharedBucket>();
  #sweepAt = SWEEP_FROM;

  /** `parts`: among how many each bucket is shared, of which this process is one. */
  constructor(clock: Clock, parts = () => 1) {
    this.#clock = clock;
    this.#parts = parts;
  }

  /** How many buckets are remembered. */
  get size(): number {
    return this.#buckets.size;
  }

  take(holder: string, ask: TokenAsk): TokenGrant {
    const now = this.#clock.monotonic();
    let bucket = this.#buckets.get(ask.bucket);
    if (bucket === undefined) {
      if (this.#buckets.size >= this.#sweepAt) this.#sweep(now);
      bucket = new SharedBucket(now);
      this.#buckets.set(ask.bucket, bucket);
    }
    return bucket.take(holder, { ...ask, numbers: shareOf(ask.numbers, this.#parts()) }, now);
  }

  /** One that is full is as good as none. */
  #sweep(now: number): void {
    for (const [name, bucket] of this.#buckets) if (bucket.isFullAt(now)) this.#buckets.delete(name);
    this.#sweepAt = Math.max(SWEEP_FROM, this.#buckets.size * 2);
  }
}

/** A burst of one is one for each. */
function shareOf({ rateLimit, burstLimit }: BucketNumbers, parts: number): BucketNumbers {
  if (parts <= 1) return { rateLimit, burstLimit };
  return { rateLimit: rateLimit / parts, burstLimit: Math.min(burstLimit, Math.max(1, burstLimit / parts)) };
}

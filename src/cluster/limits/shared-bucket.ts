// The bucket that several processes take from. It remembers what each of them holds ahead of need, and fills up only as far as
// that leaves room: what is in the bucket and in their hands together is never more than the burst, so that in every window at
// most burst and rate are spent.
import {
  EMPTY_MILLIS,
  emptyMillis,
  HOLD_MILLIS,
  type TokenAsk,
  type TokenGrant,
} from '../../stage/token-source.ts';

interface Held {
  readonly amount: number;
  /** Monotonic milliseconds. */
  readonly until: number;
}

const CLOSED: TokenGrant = Object.freeze({ granted: 0, emptyForMillis: EMPTY_MILLIS });

export class SharedBucket {
  #size = 0;
  /** Undefined until somebody takes: full. */
  #level: number | undefined;
  /** When the level was right. */
  #at: number;
  #perMilli = 0;
  readonly #held = new Map<string, Held>();

  constructor(now: number) {
    this.#at = now;
  }

  take(
    holder: string,
    { numbers, due, ahead, back, held }: Omit<TokenAsk, 'bucket'>,
    now: number,
  ): TokenGrant {
    // An explicit 0 of either lets nothing through, and leaves what there is.
    if (numbers.rateLimit === 0 || numbers.burstLimit === 0) return CLOSED;
    this.#perMilli = numbers.rateLimit / 1_000;
    this.#size = numbers.burstLimit;
    let out = this.#outAt(now);
    let level = this.#levelAt(now);
    this.#at = Math.max(this.#at, now);
    level = this.#fitted(level, out);
    const before = this.#held.get(holder)?.amount ?? 0;
    out += held - before;
    // What it is not known to hold has been spent, and may be there again by now.
    level = this.#fitted(level + Math.min(back, Math.max(0, before - held)), out);
    const forDue = Math.min(due, Math.floor(level));
    const room = Math.floor(this.#size / 2) - out;
    const forStock = Math.max(0, Math.min(ahead, Math.floor(level) - forDue, room));
    level -= forDue + forStock;
    this.#level = level;
    if (held + forStock === 0) this.#held.delete(holder);
    else this.#held.set(holder, { amount: held + forStock, until: now + HOLD_MILLIS });
    return { granted: forDue + forStock, emptyForMillis: level < 1 ? emptyMillis(level, numbers) : 0 };
  }

  /** As it was when it was made: nobody has to remember it. */
  isFullAt(now: number): boolean {
    return this.#outAt(now) === 0 && this.#levelAt(now) >= this.#size;
  }

  #levelAt(now: number): number {
    return this.#level === undefined
      ? this.#size
      : this.#level + Math.max(0, now - this.#at) * this.#perMilli;
  }

  #fitted(level: number, out: number): number {
    return Math.max(0, Math.min(level, this.#size - out));
  }

  /** What others have in hand. */
  #outAt(now: number): number {
    let out = 0;
    for (const [holder, { amount, until }] of this.#held) {
      if (until <= now) this.#held.delete(holder);
      else out += amount;
    }
    return out;
  }
}

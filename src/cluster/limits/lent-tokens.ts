// The stocks of a machine, from which its workers have theirs: one question to the source for all of them.
import type { Clock } from '../../clock.ts';
import { HOLD_MILLIS, type TokenAsk, type TokenGrant, type TokenSource } from '../../stage/token-source.ts';
import { REST_MILLIS, TokenStock } from './token-stock.ts';

interface Lent {
  readonly amount: number;
  readonly until: number;
  /** Of the question that said so. */
  readonly turn: number;
}

interface LentBucket {
  readonly stock: TokenStock;
  /** What workers have in hand. */
  readonly lent: Map<string, Lent>;
  usedAt: number;
}

/** A bucket that nobody asks for any more is forgotten. */
const IDLE_MILLIS = 10_000;

export class LentTokens {
  readonly #source: TokenSource;
  readonly #clock: Clock;
  readonly #buckets = new Map<string, LentBucket>();
  #timer: NodeJS.Timeout | undefined;
  #turn = 0;

  constructor(source: TokenSource, clock: Clock) {
    this.#source = source;
    this.#clock = clock;
  }

  /** What is due is waited for, what is ahead is given of what is there. */
  async take(holder: string, ask: TokenAsk): Promise<TokenGrant> {
    const { stock, lent } = this.#bucketOf(ask);
    const turn = ++this.#turn;
    const lend = (amount: number): void => {
      lent.set(holder, { amount, until: this.#clock.monotonic() + HOLD_MILLIS, turn });
    };
    lend(ask.held);
    if (ask.back > 0) stock.giveBack(ask.back);
    let granted = 0;
    while (granted < ask.due && this.#took(stock)) granted++;
    // With some that are there nobody waits for more: who is short of them asks again.
    if (granted === 0 && ask.due > 0) granted = await stock.draw(ask.due);
    let ahead = 0;
    // The answer to one that has asked again meanwhile is for nobody.
    if (lent.get(holder)?.turn === turn) {
      // Before they are taken, since a stock that runs low asks for more at once, and says what is lent.
      lend(ask.held + ask.ahead);
      if (granted === ask.due) while (ahead < ask.ahead && this.#took(stock)) ahead++;
      lend(ask.held + ahead);
    }
    const now = this.#clock.monotonic();
    return {
      granted: granted + ahead,
      emptyForMillis: stock.emptyForMillis(now),
      goodForMillis: stock.goodForMillis(now),
    };
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #took(stock: TokenStock): boolean {
    const now = this.#clock.monotonic();
    if (!stock.has(now)) return false;
    stock.take(now);
    return true;
  }

  #bucketOf({ bucket: name, numbers }: TokenAsk): LentBucket {
    const now = this.#clock.monotonic();
    let bucket = this.#buckets.get(name);
    if (bucket === undefined) {
      const lent = new Map<string, Lent>();
      const stock = new TokenStock(name, numbers, {
        source: this.#source,
        now: () => this.#clock.monotonic(),
        onHolding: () => {},
        lent: () => this.#amountOf(lent),
      });
      bucket = { stock, lent, usedAt: now };
      this.#buckets.set(name, bucket);
      this.#timer ??= setInterval(() => this.#rest(), REST_MILLIS).unref();
    }
    bucket.stock.resize(numbers);
    bucket.usedAt = now;
    return bucket;
  }

  /** Whoever has not asked again has lost it. */
  #amountOf(lent: Map<string, Lent>): number {
    const now = this.#clock.monotonic();
    let sum = 0;
    for (const [holder, { amount, until }] of lent) {
      if (until <= now) lent.delete(holder);
      else sum += amount;
    }
    return sum;
  }

  #rest(): void {
    const now = this.#clock.monotonic();
    for (const [name, { stock, usedAt }] of this.#buckets) {
      if (!stock.rest(now) && now - usedAt > IDLE_MILLIS) this.#buckets.delete(name);
    }
    if (this.#buckets.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

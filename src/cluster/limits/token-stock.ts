// The tokens of one bucket that this process holds, granted by others before a request needs them.
//
//   has, take ──▶ admitted; below what the last 50 ms used: asks for twice that, and nobody waits
//   none, and the source has said how long there are none ──▶ mayCome is false: refused, and nobody is asked
//   none otherwise ──▶ wait: one question for all who wait
import type { BucketNumbers, Tokens } from '../../stage/throttle.ts';
import { HOLD_MILLIS, type TokenGrant, type TokenSource } from '../../stage/token-source.ts';

/** What use is measured by, in milliseconds. */
const USE_MILLIS = 50;
/** How often `rest` is called while something is in hand: what was not used for so long goes back. */
export const REST_MILLIS = 250;
/** Earlier than the source forgets: clocks run a little apart, and who lends on says so a little later. */
const GOOD_MILLIS = HOLD_MILLIS - 300;

export interface StockMeans {
  readonly source: TokenSource;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Something is in hand that may have to go back: `rest` is to be called now and then. */
  readonly onHolding: (stock: TokenStock) => void;
  /** What others hold of what this stock was granted; nobody does when absent. */
  readonly lent?: () => number;
}

interface Waiting {
  readonly count: number;
  resolve(granted: number): void;
}

export class TokenStock implements Tokens {
  readonly #name: string;
  readonly #means: StockMeans;
  #numbers: BucketNumbers;
  #level = 0;
  /** Until when the level counts. */
  #goodUntil = 0;
  /** Until when the source has none. */
  #emptyUntil = 0;
  #back = 0;
  #isAsking = false;
  #waiting: Waiting[] = [];
  /** Of 50 ms each. */
  #period = 0;
  #used = 0;
  #usedBefore = 0;
  #usedSinceRest = 0;

  constructor(name: string, numbers: BucketNumbers, means: StockMeans) {
    this.#name = name;
    this.#numbers = numbers;
    this.#means = means;
  }

  has(now: number): boolean {
    return this.#level >= 1 && now < this.#goodUntil;
  }

  take(now: number): void {
    this.#level--;
    this.#count(now);
    if (this.#level < this.#use(now) && !this.#isAsking && now >= this.#emptyUntil && this.#most >= 1)
      void this.#ask(now);
  }

  mayCome(now: number): boolean {
    return now >= this.#emptyUntil && this.#isOpen;
  }

  /** How long there is nothing to be had; 0 where there may be. */
  emptyForMillis(now: number): number {
    return this.has(now) ? 0 : Math.max(0, this.#emptyUntil - now);
  }

  /** How long what was granted counts. */
  goodForMillis(now: number): number {
    return Math.max(0, this.#goodUntil - now);
  }

  async wait(): Promise<boolean> {
    return (await this.draw(1)) === 1;
  }

  /** Takes so many as soon as some have come, perhaps fewer; 0 when none did. Never rejects. */
  async draw(count: number): Promise<number> {
    const now = this.#means.now();
    if (!this.mayCome(now)) return 0;
    return new Promise((resolve) => {
      this.#waiting.push({ count, resolve });
      if (!this.#isAsking) void this.#ask(now);
    });
  }

  /** Whoever granted it counts it as spent. */
  putBack(): void {}

  giveBack(count: number): void {
    this.#back += count;
    if (!this.#isAsking) void this.#ask(this.#means.now());
  }

  resize(numbers: BucketNumbers): void {
    const before = this.#numbers;
    if (before.rateLimit === numbers.rateLimit && before.burstLimit === numbers.burstLimit) return;
    this.#numbers = numbers;
    this.#emptyUntil = 0;
    const tooMany = this.#level - Math.min(this.#level, this.#most);
    this.#level -= tooMany;
    this.#back += tooMany;
  }

  /** What was not used goes back, but for what as much use would take; whoever holds something still says so. False when there is
   *  nothing more to see to. */
  rest(now: number): boolean {
    if (now >= this.#goodUntil) this.#level = 0;
    const kept = Math.min(this.#level, Math.ceil(this.#usedSinceRest / 2));
    this.#back += this.#level - kept;
    this.#level = kept;
    this.#usedSinceRest = 0;
    const isHolding = kept + this.#back + this.#lent > 0;
    if (isHolding && !this.#isAsking) void this.#ask(now, false);
    return isHolding || this.#isAsking;
  }

  get #lent(): number {
    return this.#means.lent?.() ?? 0;
  }

  /** An explicit 0 of either lets nothing through. */
  get #isOpen(): boolean {
    return this.#numbers.rateLimit > 0 && this.#numbers.burstLimit > 0;
  }

  /** The most that is held. */
  get #most(): number {
    return this.#isOpen ? Math.floor(this.#numbers.burstLimit / 4) : 0;
  }

  /** In the last 50 ms. */
  #use(now: number): number {
    const ago = Math.floor(now / USE_MILLIS) - this.#period;
    return ago === 0 ? Math.max(this.#used, this.#usedBefore) : ago === 1 ? this.#used : 0;
  }

  #count(now: number, used = 1): void {
    const period = Math.floor(now / USE_MILLIS);
    if (period !== this.#period) {
      this.#usedBefore = period === this.#period + 1 ? this.#used : 0;
      this.#used = 0;
      this.#period = period;
    }
    this.#used += used;
    this.#usedSinceRest += used;
  }

  /** One at a time. */
  async #ask(now: number, wantsMore = true): Promise<void> {
    this.#isAsking = true;
    if (now >= this.#goodUntil) this.#level = 0;
    const due = this.#waiting.reduce((sum, { count }) => sum + count, 0);
    const back = this.#back;
    this.#back = 0;
    const held = this.#level;
    // A request that comes alone wants nothing ahead.
    const wanted = 2 * (this.#use(now) + Math.max(0, due - 1));
    const ahead = wantsMore ? Math.max(0, Math.min(wanted, this.#most) - held) : 0;
    let grant: TokenGrant;
    try {
      grant = await this.#means.source.take({
        bucket: this.#name,
        numbers: this.#numbers,
        due,
        ahead,
        back,
        held: held + this.#lent,
      });
    } catch {
      // Nobody may have heard of what is held: it is good for no longer than it was.
      grant = { granted: 0, emptyForMillis: USE_MILLIS, goodForMillis: this.#goodUntil - now };
    }
    this.#isAsking = false;
    this.#receive(grant, now);
  }

  /** `asked`: when the source was. */
  #receive({ granted, emptyForMillis, goodForMillis = GOOD_MILLIS }: TokenGrant, asked: number): void {
    const now = this.#means.now();
    if (now >= this.#goodUntil) this.#level = 0;
    this.#goodUntil = asked + Math.min(goodForMillis, GOOD_MILLIS);
    this.#level += granted;
    if (emptyForMillis > 0) this.#emptyUntil = now + emptyForMillis;
    if (!this.#isOpen) {
      this.#back += this.#level;
      this.#level = 0;
    }
    while (this.#waiting.length > 0 && this.#level >= 1) {
      const { count, resolve } = this.#waiting.shift()!;
      const drawn = Math.min(count, this.#level);
      this.#level -= drawn;
      this.#count(now, drawn);
      resolve(drawn);
    }
    if (this.#level > 0) this.#means.onHolding(this);
    if (emptyForMillis > 0 || !this.#isOpen) for (const { resolve } of this.#waiting.splice(0)) resolve(0);
    if (this.#waiting.length > 0 || this.#back > 0) void this.#ask(now);
  }
}

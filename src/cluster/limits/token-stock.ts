// The tokens of one bucket that this process holds, granted by others before a request needs them.
//
//   has, take ──▶ admitted; below what the last 50 ms used: asks for twice that, and nobody waits
//   none, and the source has said how long there are none ──▶ mayCome is false: refused, and nobody is asked
//   none otherwise ──▶ wait: one question for all who wait
import type { BucketNumbers, Tokens } from '../../stage/throttle.ts';
import { HOLD_MILLIS, type TokenGrant, type TokenSource } from '../../stage/token-source.ts';

/** What use is measured by, in milliseconds. */
const USE_MILLIS = 50;
/** Earlier than the source forgets: clocks of two machines run a little apart. */
const GOOD_MILLIS = HOLD_MILLIS - 100;

export interface StockMeans {
  readonly source: TokenSource;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Something is in hand that may have to go back: `rest` is to be called now and then. */
  readonly onHolding: (stock: TokenStock) => void;
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
  #waiting: ((came: boolean) => void)[] = [];
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

  async wait(): Promise<boolean> {
    const now = this.#means.now();
    if (!this.mayCome(now)) return false;
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (!this.#isAsking) void this.#ask(now);
    });
  }

  putBack(): void {
    this.#back++;
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
    const isHolding = kept + this.#back > 0;
    if (isHolding && !this.#isAsking) void this.#ask(now, false);
    return isHolding || this.#isAsking;
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

  #count(now: number): void {
    const period = Math.floor(now / USE_MILLIS);
    if (period !== this.#period) {
      this.#usedBefore = period === this.#period + 1 ? this.#used : 0;
      this.#used = 0;
      this.#period = period;
    }
    this.#used++;
    this.#usedSinceRest++;
  }

  /** One at a time. */
  async #ask(now: number, wantsMore = true): Promise<void> {
    this.#isAsking = true;
    if (now >= this.#goodUntil) this.#level = 0;
    const due = this.#waiting.length;
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
        held,
      });
    } catch {
      grant = { granted: 0, emptyForMillis: USE_MILLIS };
    }
    this.#isAsking = false;
    this.#receive(grant, now);
  }

  /** `asked`: when the source was. */
  #receive({ granted, emptyForMillis }: TokenGrant, asked: number): void {
    const now = this.#means.now();
    this.#goodUntil = asked + GOOD_MILLIS;
    this.#level += granted;
    if (emptyForMillis > 0) this.#emptyUntil = now + emptyForMillis;
    if (!this.#isOpen) {
      this.#back += this.#level;
      this.#level = 0;
    }
    while (this.#waiting.length > 0 && this.#level >= 1) {
      this.#level--;
      this.#count(now);
      this.#waiting.shift()!(true);
    }
    if (this.#level > 0) this.#means.onHolding(this);
    if (emptyForMillis > 0 || !this.#isOpen) for (const refuse of this.#waiting.splice(0)) refuse(false);
    if (this.#waiting.length > 0 || this.#back > 0) void this.#ask(now);
  }
}

// The quota of one API key, as one process knows it: what it has in hand, and where more comes from.
import type { QuotaSource } from './quota-source.ts';

export interface QuotaNumbers {
  readonly limit: number;
  readonly period: 'DAY' | 'WEEK' | 'MONTH';
}

const DAY_MILLIS = 86_400_000;
/** After an answer that nothing is left nobody asks for so long: others may have given back what they had. */
const EMPTY_MILLIS = 1_000;
/** More is asked for before the last is used where it comes in pieces of at least so many. */
const LARGE = 8;

export class Quota {
  numbers: QuotaNumbers;
  readonly #key: string;
  readonly #source: QuotaSource;
  readonly #now: () => number;
  /** The period that all of the following is about. */
  #period = '';
  #inHand = 0;
  #used = 0;
  /** What the last answer gave. */
  #granted = 0;
  #asking: Promise<void> | undefined;
  /** Monotonic milliseconds. */
  #emptyUntil = 0;

  /** `key` is what the source calls it; `now` gives epoch milliseconds. */
  constructor(key: string, numbers: QuotaNumbers, source: QuotaSource, now: () => number) {
    this.#key = key;
    this.numbers = numbers;
    this.#source = source;
    this.#now = now;
  }

  /** Uses one of it. */
  use(): boolean | Promise<boolean> {
    this.#turnTo(periodOf(this.numbers.period, this.#now()));
    if (this.#used >= this.numbers.limit) return false;
    if (this.#inHand > 0) {
      this.#take();
      if (this.#granted >= LARGE && this.#inHand <= this.#granted / 4) void this.#ask();
      return true;
    }
    return performance.now() < this.#emptyUntil ? false : this.#ask().then(() => this.use());
  }

  /** Other numbers: what has been used counts on. */
  change(numbers: QuotaNumbers): void {
    this.numbers = numbers;
    this.#emptyUntil = 0;
  }

  /** Gives back what is in hand, with what has been used where that is to be forgotten. */
  async leave(forgetting = false): Promise<void> {
    const count = this.#inHand + (forgetting ? this.#used : 0);
    this.#inHand = 0;
    if (count > 0) await this.#source.giveBack(this.#key, this.#period, count);
  }

  #take(): void {
    this.#inHand--;
    this.#used++;
  }

  /** One question at a time, for all who wait. */
  #ask(): Promise<void> {
    const period = this.#period;
    this.#asking ??= this.#source.take(this.#key, period, this.numbers.limit).then(async (granted) => {
      this.#asking = undefined;
      if (period !== this.#period) return this.#source.giveBack(this.#key, period, granted);
      if (granted === 0) this.#emptyUntil = performance.now() + EMPTY_MILLIS;
      else this.#granted = granted;
      this.#inHand += granted;
    });
    return this.#asking;
  }

  #turnTo(period: string): void {
    if (period === this.#period) return;
    void this.leave();
    this.#period = period;
    this.#used = 0;
    this.#granted = 0;
    this.#emptyUntil = 0;
  }
}

/** Periods are those of UTC; weeks begin on Monday. */
function periodOf(period: QuotaNumbers['period'], now: number): string {
  if (period === 'DAY') return String(Math.floor(now / DAY_MILLIS));
  // 1970 began on a Thursday.
  if (period === 'WEEK') return `w${Math.floor((now / DAY_MILLIS + 3) / 7)}`;
  return new Date(now).toISOString().slice(0, 7);
}

// When connections are closed that a process lets go of: evenly over a time, so that their clients do not come back to others all at
// once; few connections take less than that.

/** However long it may take, no fewer are closed in a second. */
const LEAST_A_SECOND = 100;

export class Pace {
  readonly #count: number;
  readonly #began: number;
  #perMilli: number;

  /** `count` of them over `millis`; `now` in monotonic milliseconds, as below. */
  constructor(count: number, millis: number, now: number) {
    this.#count = count;
    this.#began = now;
    this.#perMilli = millis === 0 ? Infinity : Math.max(count / millis, LEAST_A_SECOND / 1_000);
  }

  /** All that are left are due at once. */
  hasten(): void {
    this.#perMilli = Infinity;
  }

  /** How many are to be closed by now; the first one is at once. */
  due(now: number): number {
    if (this.#perMilli === Infinity) return this.#count;
    return Math.min(this.#count, 1 + Math.floor((now - this.#began) * this.#perMilli));
  }
}

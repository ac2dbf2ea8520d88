// Coarse time: one timer for all time-outs of a listener or a pool.

/** Calls `tick` every `periodInMillis` while it runs, and keeps the time of the last tick. Keeps no process alive. */
export class Ticker {
  /** Monotonic milliseconds at the last tick: what time-outs are counted with, free to read. */
  now = performance.now();
  readonly #periodInMillis: number;
  readonly #tick: (now: number) => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(periodInMillis: number, tick: (now: number) => void) {
    this.#periodInMillis = periodInMillis;
    this.#tick = tick;
  }

  start(): void {
    if (this.#timer !== undefined) return;
    this.now = performance.now();
    this.#timer = setInterval(() => {
      this.now = performance.now();
      this.#tick(this.now);
    }, this.#periodInMillis);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

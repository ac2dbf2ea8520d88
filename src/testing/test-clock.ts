// The clock of a test: the system's, set ahead or stopped.
import type { Clock } from '../clock.ts';
import type { TestClock } from './interface.ts';

interface Wait {
  /** Monotonic milliseconds. */
  readonly due: number;
  readonly run: () => void;
}

export class ManualClock implements Clock, TestClock {
  #ahead = 0;
  /** What both clocks say while it stands. */
  #stopped: { readonly monotonic: number; readonly epoch: number } | undefined;
  readonly #listeners = new Set<() => void>();
  /** The next to end first. */
  #waits: Wait[] = [];
  #timer: NodeJS.Timeout | undefined;

  monotonic(reading = performance.now()): number {
    return this.#stopped?.monotonic ?? reading + this.#ahead;
  }

  epoch(): number {
    return this.#stopped?.epoch ?? Date.now() + this.#ahead;
  }

  now(): number {
    return this.epoch();
  }

  onAhead(listener: () => void): void {
    this.#listeners.add(listener);
  }

  advance(millis: number): void {
    if (!Number.isSafeInteger(millis) || millis < 0) {
      throw new TypeError(`The clock goes ahead by whole milliseconds from 0 on, not by ${String(millis)}.`);
    }
    if (this.#stopped === undefined) this.#ahead += millis;
    else {
      const { monotonic, epoch } = this.#stopped;
      this.#stopped = { monotonic: monotonic + millis, epoch: epoch + millis };
    }
    this.#endWaits();
    for (const listener of this.#listeners) listener();
  }

  stop(): void {
    // Whole milliseconds, so that whole ones can be added without loss.
    this.#stopped ??= { monotonic: Math.ceil(this.monotonic()), epoch: this.epoch() };
    this.#arm();
  }

  start(): void {
    if (this.#stopped === undefined) return;
    this.#ahead = this.#stopped.epoch - Date.now();
    this.#stopped = undefined;
    this.#arm();
  }

  /** It is the system's again, and nobody waits any more: whoever did goes on at once. */
  reset(): void {
    this.#ahead = 0;
    this.#stopped = undefined;
    const waits = this.#waits;
    this.#waits = [];
    this.#arm();
    for (const { run } of waits) run();
  }

  /** Calls `run` once so much time has gone by, unless it is aborted before. */
  wait(millis: number, run: () => void): { abort(): void } {
    const wait = { due: this.monotonic() + millis, run };
    this.#waits = [...this.#waits, wait].sort((a, b) => a.due - b.due);
    this.#arm();
    return {
      abort: () => {
        this.#waits = this.#waits.filter((each) => each !== wait);
        this.#arm();
      },
    };
  }

  #endWaits(): void {
    const now = this.monotonic();
    const over = this.#waits.filter(({ due }) => due <= now);
    this.#waits = this.#waits.filter(({ due }) => due > now);
    this.#arm();
    for (const { run } of over) run();
  }

  /** While it runs, a timer is there for the next wait. */
  #arm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const [next] = this.#waits;
    if (next === undefined || this.#stopped !== undefined) return;
    const millis = Math.max(0, Math.ceil(next.due - this.monotonic()));
    this.#timer = setTimeout(() => this.#endWaits(), millis);
    this.#timer.unref();
  }
}

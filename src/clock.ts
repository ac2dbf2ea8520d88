// The time that throttles, lifetimes of what is cached, quotas and limits of connections go by: the system's, or one that a
// test sets ahead. What is only measured or told, latencies and dates, and what waits for a network goes by the system's alone.

export interface Clock {
  /** Monotonic milliseconds. `reading` is what `performance.now()` says: whoever has it need not read it again. */
  monotonic(reading?: number): number;
  /** Epoch milliseconds. */
  epoch(): number;
  /** Hears that it has been set ahead, at once. Who looks at the time now and then looks again. */
  onAhead(listener: () => void): void;
}

export const SYSTEM_CLOCK: Clock = Object.freeze({
  monotonic: (reading = performance.now()) => reading,
  epoch: () => Date.now(),
  onAhead: () => {},
});

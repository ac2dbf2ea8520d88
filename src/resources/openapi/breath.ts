// Others' turns in the midst of long work: what writes or prints thousands of resources may hold back other writes, not requests.
import { setImmediate } from 'node:timers/promises';

/** Between two pauses. */
const LONGEST_MILLIS = 5;

export class Breath {
  #since = performance.now();

  /** Before each resource, or whatever else is work. */
  async draw(): Promise<void> {
    if (performance.now() - this.#since < LONGEST_MILLIS) return;
    await setImmediate();
    this.#since = performance.now();
  }
}

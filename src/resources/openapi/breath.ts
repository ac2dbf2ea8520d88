// Others' turns in the midst of long work: what writes or prints thousands of resources may hold back other writes, not requests.
import { setImmediate } from 'node:timers/promises';

/** Resources that are written, or printed, without a pause: a few milliseconds. */
const IN_A_ROW = 32;

export class Breath {
  #drawn = 0;

  /** Before each resource. */
  async draw(): Promise<void> {
    if (++this.#drawn % IN_A_ROW === 0) await setImmediate();
  }
}

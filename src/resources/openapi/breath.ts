// Others' turns in the midst of long work: a transaction of thousands of resources holds back other writes, not requests.
import { setImmediate } from 'node:timers/promises';

/** Resources that are written without a pause: a few milliseconds. */
const WRITES_IN_A_ROW = 32;

export class Breath {
  #writes = 0;

  /** Before each resource. */
  async draw(): Promise<void> {
    if (++this.#writes % WRITES_IN_A_ROW === 0) await setImmediate();
  }
}

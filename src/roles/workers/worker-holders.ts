// The connections of all workers, as the runtime asks of who holds them.
import { setTimeout as pause } from 'node:timers/promises';
import type { ConnectionRow } from '../../websocket-api/connections/registry.ts';
import type { Holders } from '../runtime.ts';
import type { AskedWorkers } from './asked-workers.ts';

const AGAIN_MILLIS = 100;
/** An integration has half a minute, and others may be told before. */
const TELL_MILLIS = 120_000;

export class WorkerHolders implements Holders {
  readonly #workers: AskedWorkers;
  #isClosed = false;

  constructor(workers: AskedWorkers) {
    this.#workers = workers;
  }

  /** Where a worker dies before it has told, another one does. */
  async tellLost(row: ConnectionRow, code: number, reason: string): Promise<void> {
    while (!this.#isClosed) {
      try {
        await this.#workers.one((calls) => calls.tellLost(row, code, reason), TELL_MILLIS);
        return;
      } catch {
        // There is none at present.
        await pause(AGAIN_MILLIS);
      }
    }
  }

  async rowsOf(connectionIds: readonly string[]): Promise<readonly ConnectionRow[]> {
    return (await this.#workers.all((calls) => calls.rowsOf(connectionIds))).flat();
  }

  cutOff(isTakenOver: boolean): void {
    void this.#workers.all((calls) => calls.cutOff(isTakenOver));
  }

  tellFor(millis: number): void {
    void this.#workers.all((calls) => calls.tellFor(millis));
  }

  /** Tells no more. */
  close(): void {
    this.#isClosed = true;
  }
}

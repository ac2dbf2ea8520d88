// The registry of a process: what comes while a batch is being written is the next one, so that batches grow with the load.
import { setImmediate as turnEnded } from 'node:timers/promises';
import type { ConnectionRow, Registry } from '../../websocket-api/connections/registry.ts';
import type { RegistryEngine } from './registry-engine.ts';

/** An engine, and who holds what enters. */
export interface Held {
  readonly engine: RegistryEngine;
  readonly holder: number;
}

export interface BatchedRegistryMeans {
  /** Asked for each batch: it may have to be opened. */
  readonly held: () => Promise<Held>;
  /** Batches cannot be written any more, and why; undefined: they can again. */
  readonly onTrouble: (error: unknown) => void;
}

interface Entering {
  readonly row: ConnectionRow;
  readonly resolve: (isThere: boolean) => void;
}

const MAX_ROWS = 500;
/** What has left is tried again this long after a batch that was lost. */
const AGAIN_MILLIS = 1_000;

export class BatchedRegistry implements Pick<Registry, 'enter' | 'leave'> {
  readonly #means: BatchedRegistryMeans;
  /** In the order in which they came. */
  readonly #entering = new Map<string, Entering>();
  #leaving: string[] = [];
  #writing: Promise<void> | undefined;
  #again: NodeJS.Timeout | undefined;
  #isInTrouble = false;

  constructor(means: BatchedRegistryMeans) {
    this.#means = means;
  }

  enter(row: ConnectionRow): Promise<boolean> {
    return new Promise((resolve) => {
      this.#entering.set(row.id, { row, resolve });
      this.#writing ??= this.#writeBatches();
    });
  }

  leave(connectionId: string): void {
    const entering = this.#entering.get(connectionId);
    if (entering === undefined) this.#leaving.push(connectionId);
    else {
      // It comes and goes within a batch: there is nothing to write.
      this.#entering.delete(connectionId);
      entering.resolve(true);
    }
    this.#writing ??= this.#writeBatches();
  }

  /** Resolves when what has been asked for so far is written, or was lost. */
  async written(): Promise<void> {
    await this.#writing;
  }

  /** Resolves when everything is written; what cannot be written is left then. */
  async close(): Promise<void> {
    clearTimeout(this.#again);
    await this.#writing;
    if (this.#leaving.length > 0) await this.#writeBatch();
    clearTimeout(this.#again);
  }

  async #writeBatches(): Promise<void> {
    // What has come in this turn of the event loop is written together.
    await turnEnded();
    while (this.#entering.size > 0 || this.#leaving.length > 0) {
      if (!(await this.#writeBatch()) && this.#entering.size === 0) break;
    }
    this.#writing = undefined;
  }

  /** False where it was lost: nobody has entered then, and what has left is still to be written. */
  async #writeBatch(): Promise<boolean> {
    const batch: Entering[] = [];
    for (const entering of this.#entering.values()) if (batch.push(entering) === MAX_ROWS) break;
    for (const { row } of batch) this.#entering.delete(row.id);
    const leaving = this.#leaving.splice(0, MAX_ROWS);
    try {
      const rows = batch.map(({ row }) => row);
      const { engine, holder } = await this.#means.held();
      const isThere = await engine.write(holder, rows, leaving);
      for (const { resolve } of batch) resolve(isThere);
      if (this.#isInTrouble) this.#turn(undefined);
      return true;
    } catch (error) {
      for (const { resolve } of batch) resolve(false);
      this.#leaving.unshift(...leaving);
      if (!this.#isInTrouble) this.#turn(error);
      this.#tryAgain();
      return false;
    }
  }

  #turn(error: unknown): void {
    this.#isInTrouble = error !== undefined;
    this.#means.onTrouble(error);
  }

  #tryAgain(): void {
    clearTimeout(this.#again);
    this.#again = setTimeout(() => {
      this.#writing ??= this.#writeBatches();
    }, AGAIN_MILLIS);
    this.#again.unref();
  }
}

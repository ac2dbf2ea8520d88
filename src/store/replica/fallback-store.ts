// The store of a node as its management door sees it: PostgreSQL, and while that is away the replica, for reads.
import type { Postgres } from '../postgres/postgres-store.ts';
import type { Change, ReadTransaction, Store, Transaction } from '../store.ts';
import { StoreError } from '../store-error.ts';
import type { Replica } from './replica.ts';

export class FallbackStore implements Store {
  readonly #postgres: Postgres;
  readonly #replica: Replica;

  constructor(postgres: Postgres, replica: Replica) {
    this.#postgres = postgres;
    this.#replica = replica;
  }

  /** How old at most what is read now is; undefined while that is what PostgreSQL holds, or there is nothing to read. */
  get behindSeconds(): number | undefined {
    const isCopy = this.#postgres.watch.problem !== undefined && this.#replica.isFilled;
    return isCopy ? this.#replica.behindSeconds : undefined;
  }

  transact<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.#postgres.store.transact(work);
  }

  async read<T>(work: (tx: ReadTransaction) => Promise<T>): Promise<T> {
    try {
      return await this.#postgres.store.read(work);
    } catch (error) {
      if (!(error instanceof StoreError) || error.problem !== 'unreachable' || !this.#replica.isFilled)
        throw error;
      return this.#replica.read(work);
    }
  }

  /** As far as is known here: what was written here is among it, whatever becomes of PostgreSQL then. */
  async latestChange(): Promise<number> {
    return this.#postgres.watch.head.latest;
  }

  changes(after: number, signal: AbortSignal): AsyncIterable<readonly Change[]> {
    return this.#postgres.store.changes(after, signal);
  }

  checkIntegrity(): Promise<void> {
    return this.#postgres.store.checkIntegrity();
  }

  async close(): Promise<void> {
    await this.#replica.close();
    await this.#postgres.store.close();
  }
}

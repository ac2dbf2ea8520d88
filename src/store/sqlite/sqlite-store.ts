// The embedded store: one SQLite file (decision 0007), WAL, synchronous=FULL. Transactions that wait together run one
// after another, each in its own savepoint, inside one SQLite transaction: one fsync, off the event loop, for all of them.
import { setImmediate as turnEnded } from 'node:timers/promises';
import { parseKey } from '../key-text.ts';
import {
  type Change,
  ChangesPrunedError,
  type ReadTransaction,
  type Store,
  type Transaction,
} from '../store.ts';
import { StoreError } from '../store-error.ts';
import type { Connection, Statement } from './connection.ts';
import { followFile, lockDirectory, openDatabase, prepareDirectory } from './file.ts';
import { damaged, isEngineFailure, storeProblem } from './problems.ts';
import { SqliteReaders } from './readers.ts';
import { Sleepers } from './sleepers.ts';
import { numberIn, prepareWrites, SqliteTransaction, type WriteStatements } from './transaction.ts';

export interface SqliteStoreOptions {
  /** Made when it is not there. */
  readonly directory: string;
  /** How many changes `changes` can go back at least. Changes that a running reader has yet to get are kept anyway. */
  readonly keptChanges?: number;
}

/** Opens the store of a directory, alone. Throws StoreError. */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  const { directory, keptChanges = 10_000 } = options;
  await prepareDirectory(directory);
  const lock = await lockDirectory(directory);
  try {
    const connection = await openDatabase(directory);
    const statements: Statements = {
      ...(await prepareWrites(connection)),
      begin: await connection.prepare('begin immediate'),
      savepoint: await connection.prepare('savepoint work'),
      release: await connection.prepare('release work'),
      rollback: await connection.prepare('rollback to work'),
      prune: await connection.prepare('delete from change where number <= ?'),
    };
    const row = (
      await connection.prepare('select coalesce(min(number), 1), coalesce(max(number), 0) from change')
    ).get([]);
    const readers = new SqliteReaders(directory);
    return new SqliteStore({
      directory,
      connection,
      checkFile: await followFile(directory),
      statements,
      readers,
      lock,
      keptChanges,
      oldest: numberIn(row ?? [], 0),
      latest: numberIn(row ?? [], 1),
    });
  } catch (error) {
    await lock.release();
    throw storeProblem(directory, error);
  }
}

interface Statements extends WriteStatements {
  readonly begin: Statement;
  readonly savepoint: Statement;
  readonly release: Statement;
  readonly rollback: Statement;
  readonly prune: Statement;
}

interface Parts {
  readonly directory: string;
  readonly connection: Connection;
  /** Throws StoreError when the file that is open has not its name any more. */
  readonly checkFile: () => void;
  readonly statements: Statements;
  readonly readers: SqliteReaders;
  readonly lock: { release(): Promise<void> };
  readonly keptChanges: number;
  readonly oldest: number;
  readonly latest: number;
}

/** A waiting `transact`: runs its work and returns what settles its promise once the batch is committed or lost. */
interface Waiting {
  run(tx: Transaction): Promise<{ readonly failed: boolean; readonly error?: unknown; settle(): void }>;
  reject(error: unknown): void;
}

/** Work keeps the event loop busy until the commit lets go of it: other requests wait no longer than this. */
const BATCH_IN_MILLIS = 5;

class SqliteStore implements Store {
  readonly #directory: string;
  readonly #connection: Connection;
  readonly #checkFile: () => void;
  readonly #statements: Statements;
  readonly #readers: SqliteReaders;
  readonly #lock: { release(): Promise<void> };
  readonly #keptChanges: number;
  /** The oldest change still in the table, and the newest committed one. */
  #oldest: number;
  #latest: number;
  #queue: Waiting[] = [];
  #writing: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  readonly #sleepers = new Sleepers();
  /** The running readers of changes and the last change each has got. */
  readonly #followers = new Set<{ position: number }>();

  constructor(parts: Parts) {
    this.#directory = parts.directory;
    this.#connection = parts.connection;
    this.#checkFile = parts.checkFile;
    this.#statements = parts.statements;
    this.#readers = parts.readers;
    this.#lock = parts.lock;
    this.#keptChanges = parts.keptChanges;
    this.#oldest = parts.oldest;
    this.#latest = parts.latest;
  }

  transact<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#closing !== undefined) return reject(closedError());
      this.#queue.push({
        run: async (tx) => {
          try {
            const value = await work(tx);
            return { failed: false, settle: () => resolve(value) };
          } catch (error) {
            return { failed: true, error, settle: () => reject(this.#named(error)) };
          }
        },
        reject,
      });
      this.#writing ??= this.#writeBatches();
    });
  }

  async read<T>(work: (tx: ReadTransaction) => Promise<T>): Promise<T> {
    if (this.#closing !== undefined) throw closedError();
    return this.#readers.read(this.#latest, (reader) => reader.run(work));
  }

  async latestChange(): Promise<number> {
    return this.#latest;
  }

  async *changes(after: number, signal: AbortSignal): AsyncGenerator<readonly Change[]> {
    const follower = { position: after };
    this.#followers.add(follower);
    try {
      while (!signal.aborted && this.#closing === undefined) {
        if (follower.position >= this.#latest) {
          await this.#sleepers.sleep(signal);
          continue;
        }
        const { position } = follower;
        if (position < this.#oldest - 1) throw new ChangesPrunedError(position, this.#oldest);
        const batch = await this.#readers.read(this.#latest, async (reader) => reader.changesAfter(position));
        // Nothing may be missing: who follows would be told of nothing, for ever.
        if (batch[0]?.number !== position + 1) {
          throw damaged(this.#directory, `the changes after number ${position} are not there`);
        }
        follower.position = batch.at(-1)!.number;
        yield batch.map(({ number, key, exists }) => ({ number, key: parseKey(key), exists }));
      }
    } finally {
      this.#followers.delete(follower);
    }
  }

  async checkIntegrity(): Promise<void> {
    if (this.#closing !== undefined) throw closedError();
    await this.#readers.read(this.#latest, async (reader) => reader.checkIntegrity());
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#sleepers.wakeAll();
    await this.#writing;
    await this.#readers.close();
    // libsql keeps closed connections until their statements are collected, so SQLite's own checkpoint at the last
    // close would not come: without this one the directory could not be copied file by file.
    try {
      await this.#connection.exec('pragma wal_checkpoint(truncate)');
    } catch (error) {
      throw this.#named(error);
    } finally {
      this.#connection.close();
      await this.#lock.release();
    }
  }

  async #writeBatches(): Promise<void> {
    while (this.#queue.length > 0) {
      // What has arrived in this turn of the event loop is written together.
      await turnEnded();
      await this.#writeBatch();
    }
    this.#writing = undefined;
  }

  /** An error of the engine as a sentence; one of a transaction's own stays what it is. */
  #named(error: unknown): unknown {
    return isEngineFailure(error) ? storeProblem(this.#directory, error) : error;
  }

  async #writeBatch(): Promise<void> {
    const settled: (() => void)[] = [];
    const taken: Waiting[] = [];
    const started = performance.now();
    let latest = this.#latest;
    let oldest = this.#oldest;
    try {
      this.#checkFile();
      this.#statements.begin.run([]);
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
        taken.push(next);
        this.#statements.savepoint.run([]);
        const tx = new SqliteTransaction(this.#statements, latest);
        const outcome = await next.run(tx);
        tx.finish();
        // A full disk, say, ends the whole SQLite transaction: then nothing of the batch is kept.
        if (!this.#connection.inTransaction)
          throw isEngineFailure(outcome.error) ? outcome.error : endedError();
        if (outcome.failed) this.#statements.rollback.run([]);
        else latest = tx.latest;
        this.#statements.release.run([]);
        settled.push(outcome.settle);
        if (performance.now() - started > BATCH_IN_MILLIS) break;
      }
      if (latest !== this.#latest) oldest = this.#prune();
      await this.#connection.exec('commit');
    } catch (error) {
      await this.#abandon(taken, error);
      return;
    }
    const changed = latest !== this.#latest;
    this.#latest = latest;
    this.#oldest = oldest;
    for (const settle of settled) settle();
    if (changed) this.#sleepers.wakeAll();
  }

  async #abandon(taken: readonly Waiting[], error: unknown): Promise<void> {
    try {
      if (this.#connection.inTransaction) await this.#connection.exec('rollback');
    } catch {
      // Then SQLite undoes it when the file is opened next; the first error says what is wrong.
    }
    const { problem, message } = storeProblem(this.#directory, error);
    const text = `${message} Nothing of the change was kept.`;
    const isNamed = isEngineFailure(error) || error instanceof StoreError;
    const failure = new StoreError(isNamed ? problem : 'write', text, error);
    const lost = taken.length > 0 ? taken : this.#queue.splice(0);
    for (const waiting of lost) waiting.reject(failure);
  }

  /** Drops old changes, many at a time: never those of the running batch, never what a running reader has yet to get.
   *  Returns the number of the oldest one left. */
  #prune(): number {
    let horizon = this.#latest - this.#keptChanges;
    for (const { position } of this.#followers) horizon = Math.min(horizon, position);
    if (horizon - this.#oldest < this.#keptChanges / 10) return this.#oldest;
    this.#statements.prune.run([horizon]);
    return horizon + 1;
  }
}

function endedError(): Error {
  return Object.assign(new Error('the transaction was ended by SQLite'), { code: 'SQLITE_ABORT' });
}

function closedError(): StoreError {
  return new StoreError('closed', 'The store is closed.');
}

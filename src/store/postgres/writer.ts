// The one who writes: transactions that wait together run one after another, each in its own savepoint, inside one transaction of
// PostgreSQL, under an advisory lock that all writers of the cluster take in turn. So numbers of changes are in the order of commits
// and have no gap. Each commit has an id of its own: where its answer is lost, the id tells whether it was kept.
import { randomUUID } from 'node:crypto';
import { setTimeout as pause, setImmediate as turnEnded } from 'node:timers/promises';
import type { Transaction } from '../store.ts';
import { StoreError } from '../store-error.ts';
import type { PostgresConnection } from './connection.ts';
import { type PostgresPlace, printPlace } from './place.ts';
import { codeOf, postgresProblem } from './problems.ts';
import { type DocumentStatements, PostgresTransaction } from './transaction.ts';

export interface WriterMeans {
  readonly place: PostgresPlace;
  readonly statements: DocumentStatements;
  /** Of the cluster's advisory lock, as SQL has it. */
  readonly lock: () => string;
  /** Throws StoreError; at once where nothing can be reached at present. */
  readonly open: () => Promise<PostgresConnection>;
  /** How long it is tried to learn what became of a commit; 10 s when absent. */
  readonly doubtInMillis?: number | undefined;
  /** Something is committed; `latest` is its last number. */
  readonly onCommitted: (latest: number) => void;
}

/** A waiting `transact`: runs its work and returns what settles its promise once the batch is committed. */
interface Waiting {
  run(tx: Transaction): Promise<Outcome>;
  reject(error: unknown): void;
  /** How often its work has run and was lost. */
  losses: number;
}

interface Outcome {
  readonly failed: boolean;
  readonly error?: unknown;
  settle(): void;
}

/** What was committed, perhaps: the answer was lost. */
interface Doubt {
  readonly batch: string;
  readonly taken: readonly Waiting[];
  readonly settled: readonly (() => void)[];
  readonly since: number;
}

/** Others wait for the lock no longer than for this much work, and the time of a commit. */
const BATCH_IN_MILLIS = 5;
/** The server ends whoever holds the lock and is silent, or takes longer. */
const LIMIT = `'5s'`;
/** How often a writer whose turn does not come asks for it anew. */
const LOCK_ATTEMPTS = 3;
const DOUBT_MILLIS = 10_000;

export class PostgresWriter {
  readonly #means: WriterMeans;
  #connection: PostgresConnection | undefined;
  #queue: Waiting[] = [];
  #writing: Promise<void> | undefined;
  #doubt: Doubt | undefined;
  #lockFailures = 0;

  constructor(means: WriterMeans) {
    this.#means = means;
  }

  transact<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#queue.push({
        losses: 0,
        run: async (tx) => {
          try {
            const value = await work(tx);
            return { failed: false, settle: () => resolve(value) };
          } catch (error) {
            return { failed: true, error, settle: () => reject(error) };
          }
        },
        reject,
      });
      this.#writing ??= this.#writeBatches();
    });
  }

  /** Its connection is ended: what runs there is run again, or told to have failed. */
  renew(): void {
    this.#connection?.destroy();
    this.#connection = undefined;
  }

  /** After what waits has been written. */
  async close(): Promise<void> {
    await this.#writing;
    this.renew();
  }

  async #writeBatches(): Promise<void> {
    while (this.#queue.length > 0 || this.#doubt !== undefined) {
      // What has arrived in this turn of the event loop is written together.
      await turnEnded();
      await this.#writeBatch();
    }
    this.#writing = undefined;
  }

  async #writeBatch(): Promise<void> {
    const taken: Waiting[] = [];
    let connection: PostgresConnection;
    let latest: number;
    try {
      connection = await this.#connect();
      latest = await this.#begin(connection);
    } catch (error) {
      await this.#notBegun(error);
      return;
    }
    const batch = randomUUID();
    const settled: (() => void)[] = [];
    const before = latest;
    try {
      await this.#resolveDoubt(connection);
      const started = performance.now();
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
        taken.push(next);
        await connection.script('savepoint work');
        const tx = new PostgresTransaction(
          (text, values) => connection.query(text, values),
          this.#means.statements,
          latest,
          batch,
        );
        const outcome = await next.run(tx);
        tx.finish();
        // What the server refuses is not the work's to pass over.
        if (tx.failure !== undefined) throw tx.failure;
        await connection.script(outcome.failed ? 'rollback to work; release work' : 'release work');
        if (!outcome.failed) latest = tx.latest;
        settled.push(outcome.settle);
        if (performance.now() - started > BATCH_IN_MILLIS) break;
      }
      if (latest !== before) await connection.script(this.#headText(latest, batch));
    } catch (error) {
      await this.#abandon(connection, taken, error);
      return;
    }
    try {
      await connection.script('commit');
    } catch (error) {
      // Nothing was written that could be there or not.
      if (latest === before) for (const settle of settled) settle();
      else if (connection.isLost) this.#doubt = { batch, taken, settled, since: performance.now() };
      else await this.#abandon(connection, taken, error);
      return;
    }
    for (const settle of settled) settle();
    if (latest !== before) this.#means.onCommitted(latest);
  }

  async #connect(): Promise<PostgresConnection> {
    if (this.#connection?.isLost === false) return this.#connection;
    this.#connection = await this.#means.open();
    return this.#connection;
  }

  /** The lock is a statement of its own: what comes after it sees what was committed while it was waited for. */
  async #begin(connection: PostgresConnection): Promise<number> {
    const { place, lock } = this.#means;
    try {
      const { rows } = await connection.script(
        `begin; set local lock_timeout = ${LIMIT}; set local idle_in_transaction_session_timeout = ${LIMIT};
         select pg_advisory_xact_lock(${lock()}); set local statement_timeout = ${LIMIT}; select latest from "${place.schema}".head`,
      );
      this.#lockFailures = 0;
      return Number(rows[0]![0]);
    } catch (error) {
      if (!connection.isLost) await connection.script('rollback').catch(() => undefined);
      throw error;
    }
  }

  #headText(latest: number, batch: string): string {
    return `update "${this.#means.place.schema}".head set latest = ${latest}, batch = '${batch}'`;
  }

  /** Under the lock, which the commit in question has held: it is over, one way or the other. */
  async #resolveDoubt(connection: PostgresConnection): Promise<void> {
    const doubt = this.#doubt;
    if (doubt === undefined) return;
    const text = `select number from "${this.#means.place.schema}".change where batch = $1 order by number desc limit 1`;
    const { rows } = await connection.query(text, [doubt.batch]);
    this.#doubt = undefined;
    if (rows.length === 0) {
      this.#runAgain(doubt.taken);
      return;
    }
    for (const settle of doubt.settled) settle();
    this.#means.onCommitted(Number(rows[0]![0]));
  }

  async #notBegun(error: unknown): Promise<void> {
    const { place } = this.#means;
    const problem = postgresProblem(place, error);
    const isBusy = problem.problem === 'locked' && ++this.#lockFailures < LOCK_ATTEMPTS;
    if (isBusy) return;
    this.#lockFailures = 0;
    const doubt = this.#doubt;
    if (
      doubt !== undefined &&
      performance.now() - doubt.since < (this.#means.doubtInMillis ?? DOUBT_MILLIS)
    ) {
      // Those that wait behind it are not kept waiting.
      this.#refuse(this.#queue.splice(0), problem);
      await pause(100);
      return;
    }
    this.#doubt = undefined;
    const text = `PostgreSQL at ${printPlace(place)} went away while it stored the change, and has not come back: nobody knows whether it was stored. Look before you repeat it.`;
    for (const waiting of doubt?.taken ?? []) waiting.reject(new StoreError('unknown', text, error));
    this.#refuse(this.#queue.splice(0), problem);
  }

  async #abandon(connection: PostgresConnection, taken: readonly Waiting[], error: unknown): Promise<void> {
    if (!connection.isLost) await connection.script('rollback').catch(() => undefined);
    const problem = postgresProblem(this.#means.place, error);
    const isLost = connection.isLost || ['40001', '40P01'].includes(codeOf(problem.cause));
    if (isLost) this.#runAgain(taken, problem);
    else this.#refuse(taken, problem);
  }

  /** Once: whatever is wrong with the way there is then known to be. */
  #runAgain(taken: readonly Waiting[], problem?: StoreError): void {
    const again = taken.filter((waiting) => problem === undefined || waiting.losses++ === 0);
    this.#queue.unshift(...again);
    if (problem !== undefined)
      this.#refuse(
        taken.filter((waiting) => !again.includes(waiting)),
        problem,
      );
  }

  #refuse(waiting: readonly Waiting[], { problem, message, cause }: StoreError): void {
    for (const each of waiting)
      each.reject(new StoreError(problem, `${message} Nothing of the change was kept.`, cause));
  }
}

// The store in PostgreSQL, and whatever of a node goes with it: six connections, of which one writes, one hears of commits, and four read.
import { parseKey } from '../key-text.ts';
import {
  type Change,
  ChangesPrunedError,
  type ReadTransaction,
  type Store,
  type Transaction,
} from '../store.ts';
import { StoreError } from '../store-error.ts';
import { checkPostgres } from './check.ts';
import { connectTo, type PostgresConnection } from './connection.ts';
import type { PostgresPlace } from './place.ts';
import { PostgresPool } from './pool.ts';
import { damaged } from './problems.ts';
import { pruneChanges } from './prune.ts';
import { lockOf, prepareSchema } from './schema.ts';
import type { SqlSource } from './sql-source.ts';
import { DocumentStatements, PostgresReadTransaction } from './transaction.ts';
import { channelOf, PostgresWatch } from './watch.ts';
import { PostgresWriter } from './writer.ts';

export interface PostgresOptions {
  /** The version of this program. */
  readonly program: string;
  /** How long the start tries to reach it; 3 s when absent. */
  readonly patienceInMillis?: number;
  /** How long it is tried to learn what became of a commit whose answer was lost; 10 s when absent. */
  readonly doubtInMillis?: number;
  /** PostgreSQL went away, or is not there at the start. */
  readonly onDown?: (problem: StoreError) => void;
  /** It is there again. */
  readonly onUp?: () => void;
}

export interface Postgres {
  readonly place: PostgresPlace;
  readonly store: Store;
  readonly sql: SqlSource;
  readonly watch: PostgresWatch;
  readonly pool: PostgresPool;
  /** Undefined until it was reached for the first time. */
  readonly cluster: string | undefined;
  /** Called after each time that it has been reached, the first of all excepted: another server may answer now. */
  onReconnect(listener: () => void): void;
}

const READERS = 4;
const PATIENCE_MILLIS = 3_000;
const PRUNE_MILLIS = 600_000;

/** Where it cannot be reached, it goes on trying. Throws StoreError for everything else that is wrong at the start. */
export async function openPostgres(place: PostgresPlace, options: PostgresOptions): Promise<Postgres> {
  const listeners: (() => void)[] = [];
  let cluster: string | undefined;
  let hasBeenUp = false;
  let isDown = false;
  /** Of the server that answers, and of the one before. */
  let server = '';
  let serverBefore = '';
  const watch = new PostgresWatch({
    place,
    async prepare(connection) {
      cluster = await prepareSchema(connection, place, options.program);
      const { rows } = await connection.script(
        `select concat(inet_server_addr(), ' ', inet_server_port(), ' ', pg_postmaster_start_time())`,
      );
      server = String(rows[0]![0]);
    },
    onUp() {
      // Where it was one connection alone that went, the others go on.
      if (server !== serverBefore) {
        pool.renew();
        writer.renew();
      }
      serverBefore = server;
      if (hasBeenUp) for (const listener of listeners) listener();
      if (isDown) options.onUp?.();
      hasBeenUp = true;
      isDown = false;
    },
    onDown(problem) {
      isDown = true;
      pool.renew();
      writer.renew();
      options.onDown?.(problem);
    },
  });
  const open = async (): Promise<PostgresConnection> => {
    if (watch.problem !== undefined) throw watch.problem;
    return connectTo(place);
  };
  const pool = new PostgresPool({ size: READERS, open });
  const statements = new DocumentStatements(place);
  const notify = (latest: number): void => {
    const values = [channelOf(place), String(latest)];
    // Nobody waits for it: beats find what it does not tell.
    pool.use((connection) => connection.query('select pg_notify($1, $2)', values)).catch(() => undefined);
  };
  const writer = new PostgresWriter({
    place,
    statements,
    open,
    doubtInMillis: options.doubtInMillis,
    lock: () => lockOf(`cluster ${cluster}`),
    onCommitted(latest) {
      watch.note(latest);
      notify(latest);
    },
  });
  const source: SqlSource = {
    schema: `"${place.schema}"`,
    query: (text, values) => pool.use((connection) => connection.query(text, values)),
    transact: (work) => pool.use((connection) => inTransaction(connection, WRITING, work)),
    beat: watch.query,
    note: (latest) => watch.note(latest),
  };
  const pruning = setInterval(() => void pruneChanges(source).catch(() => undefined), PRUNE_MILLIS).unref();
  const store = new PostgresStore({
    place,
    pool,
    writer,
    watch,
    statements,
    onClose: () => clearInterval(pruning),
  });
  await watch.start(options.patienceInMillis ?? PATIENCE_MILLIS).catch(async (error: unknown) => {
    await store.close();
    throw error;
  });
  return {
    place,
    store,
    sql: source,
    watch,
    pool,
    get cluster() {
      return cluster;
    },
    onReconnect: (listener) => void listeners.push(listener),
  };
}

const READING = 'begin isolation level repeatable read read only';
const WRITING = `begin; set local lock_timeout = '5s'; set local statement_timeout = '5s'; set local idle_in_transaction_session_timeout = '5s'`;

async function inTransaction<T>(
  connection: PostgresConnection,
  begin: string,
  work: (query: PostgresConnection['query']) => Promise<T>,
): Promise<T> {
  await connection.script(begin);
  try {
    const result = await work((text, values) => connection.query(text, values));
    await connection.script('commit');
    return result;
  } catch (error) {
    if (!connection.isLost) await connection.script('rollback').catch(() => undefined);
    throw error;
  }
}

interface Parts {
  readonly place: PostgresPlace;
  readonly pool: PostgresPool;
  readonly writer: PostgresWriter;
  readonly watch: PostgresWatch;
  readonly statements: DocumentStatements;
  readonly onClose: () => void;
}

class PostgresStore implements Store {
  readonly #parts: Parts;
  readonly #closed = new AbortController();
  #closing: Promise<void> | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async transact<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    this.#requireOpen();
    return this.#parts.writer.transact(work);
  }

  async read<T>(work: (tx: ReadTransaction) => Promise<T>): Promise<T> {
    this.#requireOpen();
    const { pool, statements } = this.#parts;
    return pool.use((connection) =>
      inTransaction(connection, READING, async (query) => {
        const tx = new PostgresReadTransaction(query, statements);
        try {
          return await work(tx);
        } finally {
          tx.finish();
        }
      }),
    );
  }

  async latestChange(): Promise<number> {
    this.#requireOpen();
    const { pool, place } = this.#parts;
    const text = `select latest from "${place.schema}".head`;
    const { rows } = await pool.use((connection) => connection.query(text));
    return Number(rows[0]?.[0] ?? 0);
  }

  async *changes(after: number, signal: AbortSignal): AsyncGenerator<readonly Change[]> {
    const { pool, place, watch } = this.#parts;
    const ended = AbortSignal.any([signal, this.#closed.signal]);
    const text = `select number, key, gone from "${place.schema}".change where number > $1 order by number`;
    let position = after;
    while (!ended.aborted) {
      if (watch.head.latest <= position) {
        await watch.changed(ended);
        continue;
      }
      const { rows } = await pool.use((connection) => connection.query(text, [position]));
      const first = Number(rows[0]?.[0]);
      if (first > position + 1) throw new ChangesPrunedError(position, first);
      if (rows.length === 0) throw damaged(place, `the changes after number ${position} are not there`);
      position = Number(rows.at(-1)![0]);
      yield rows.map(([number, key, gone]) => ({
        number: Number(number),
        key: parseKey(String(key)),
        exists: gone === false,
      }));
    }
  }

  async checkIntegrity(): Promise<void> {
    this.#requireOpen();
    const { pool, place } = this.#parts;
    await pool.use((connection) =>
      inTransaction(connection, READING, (query) => checkPostgres(query, place)),
    );
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { writer, watch, pool, onClose } = this.#parts;
    onClose();
    this.#closed.abort();
    await writer.close();
    await watch.close();
    pool.renew();
  }

  #requireOpen(): void {
    if (this.#closing !== undefined) throw new StoreError('closed', 'The store is closed.');
  }
}

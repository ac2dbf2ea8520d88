// One connection to PostgreSQL: the few calls of `pg` that the store uses, one statement after the other, each with a deadline. The
// host that takes writes is looked for in the order of the URL.
import { readFile } from 'node:fs/promises';
import type { Client, ClientConfig } from 'pg';
import { StoreError } from '../store-error.ts';
import { type PostgresPlace, printPlace } from './place.ts';
import { codeOf, isOfStatement, postgresProblem } from './problems.ts';

export type SqlValue = string | number | boolean | null | readonly string[] | readonly number[];

/** What a statement answers: rows of columns in their order. bigint is text, as `pg` has it. */
export interface SqlResult {
  readonly rows: readonly (readonly unknown[])[];
  /** Rows that were read or written. */
  readonly count: number;
}

/** A statement by its text: numbered values in it. Those of the same text are prepared once, where nothing pools. */
export type Query = (text: string, values?: readonly SqlValue[]) => Promise<SqlResult>;

/** The oldest major version that will do. */
const OLDEST_SERVER = 14;
const CONNECT_MILLIS = 3_000;
/** The server's own limits are shorter; what takes longer has no way back. */
const ANSWER_MILLIS = 15_000;

/** The server, or the way to it, is stopped. */
class Silence extends Error {}

export function isSilence({ cause }: StoreError): boolean {
  return cause instanceof Silence;
}

export class PostgresConnection {
  readonly #client: Client;
  readonly #place: PostgresPlace;
  #turn: Promise<unknown> = Promise.resolve();
  #lost: Error | undefined;
  readonly #names = new Map<string, string>();
  /** Called once, when it is of no use any more. */
  onLost: (() => void) | undefined;
  /** Of LISTEN. */
  onNotice: ((payload: string) => void) | undefined;

  constructor(client: Client, place: PostgresPlace) {
    this.#client = client;
    this.#place = place;
    client.on('error', (error) => this.#lose(error));
    client.on('end', () => this.#lose(new Error('the connection was closed')));
    client.on('notification', ({ payload }) => this.onNotice?.(payload ?? ''));
  }

  get isLost(): boolean {
    return this.#lost !== undefined;
  }

  /** Runs one statement, after those that were asked for before. Throws StoreError; after one of the connection it is lost. */
  query(text: string, values: readonly SqlValue[] = [], millis = ANSWER_MILLIS): Promise<SqlResult> {
    const config = { text, values: [...values], rowMode: 'array' as const, ...this.#nameOf(text) };
    return this.#inTurn(millis, async () => {
      const { rows, rowCount } = await this.#client.query<unknown[]>(config);
      return { rows, count: rowCount ?? 0 };
    });
  }

  /** Runs several statements, which hold no values, in one message; rows of the last. Throws StoreError. */
  script(text: string, millis = ANSWER_MILLIS): Promise<SqlResult> {
    return this.#inTurn(millis, async () => {
      const answer: unknown = await this.#client.query({ text, rowMode: 'array' });
      const last = (Array.isArray(answer) ? answer.at(-1) : answer) as {
        rows: unknown[][];
        rowCount: number | null;
      };
      return { rows: last.rows, count: last.rowCount ?? 0 };
    });
  }

  /** Ends it at once; what runs fails. */
  destroy(): void {
    this.#lose(new Error('the connection was closed'));
    this.#client.connection.stream.destroy();
  }

  #inTurn<T>(millis: number, work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(() => {
      if (this.#lost !== undefined) throw this.#lost;
      return this.#within(millis, work());
    });
    this.#turn = result.catch(() => undefined);
    return result.catch((error: unknown) => {
      if (!isOfStatement(error)) {
        this.#lose(error instanceof Error ? error : new Error(String(error)));
        this.#client.connection.stream.destroy();
      }
      throw postgresProblem(this.#place, error);
    });
  }

  /** A server that is stopped, or behind a network that is gone, answers nothing at all. */
  async #within<T>(millis: number, answer: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Silence(`it did not answer in ${millis / 1000} s`)), millis);
    });
    answer.catch(() => undefined);
    try {
      return await Promise.race([answer, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  #lose(error: Error): void {
    if (this.#lost !== undefined) return;
    this.#lost = error;
    this.onLost?.();
  }

  #nameOf(text: string): { readonly name?: string } {
    if (this.#place.pooled) return {};
    const name = this.#names.get(text) ?? `s${this.#names.size}`;
    this.#names.set(text, name);
    return { name };
  }
}

/** Connects to the host that takes writes. Throws StoreError: what the last host said that is reached at all, else the last. */
export async function connectTo(place: PostgresPlace): Promise<PostgresConnection> {
  let problem: StoreError | undefined;
  for (const { host, port } of place.hosts) {
    try {
      return await connectToHost(place, host, port);
    } catch (error) {
      const found = postgresProblem(place, error);
      if (problem === undefined || found.problem !== 'unreachable') problem = found;
    }
  }
  throw problem!;
}

async function connectToHost(place: PostgresPlace, host: string, port: number): Promise<PostgresConnection> {
  const client = await clientOf(place, host, port);
  const connection = new PostgresConnection(client, place);
  try {
    const { rows } = await connection.script(
      `select pg_is_in_recovery() or current_setting('transaction_read_only')::boolean,
         current_setting('server_version_num')::int, current_setting('server_version')`,
      CONNECT_MILLIS,
    );
    const [isReadOnly, version, name] = rows[0] as [boolean, number, string];
    if (Math.floor(version / 10_000) < OLDEST_SERVER) {
      throw new StoreError(
        'refused',
        `PostgreSQL at ${printPlace(place)} is version ${name}; a store needs ${OLDEST_SERVER} or newer.`,
      );
    }
    if (isReadOnly) throw Object.assign(new Error('it is a standby'), { code: '25006' });
    return connection;
  } catch (error) {
    connection.destroy();
    throw error;
  }
}

async function clientOf(place: PostgresPlace, host: string, port: number): Promise<Client> {
  const { Client: PgClient } = await import('pg');
  const open = async (ssl: ClientConfig['ssl']): Promise<Client> => {
    const { user, password, database } = place;
    const client = new PgClient({
      host,
      port,
      user,
      database,
      ...(password === undefined ? {} : { password }),
      ...(ssl === undefined ? {} : { ssl }),
      connectionTimeoutMillis: CONNECT_MILLIS,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      application_name: 'postern',
    });
    // Until the connection has its own listener.
    client.on('error', () => undefined);
    try {
      await client.connect();
      return client;
    } catch (error) {
      client.connection.stream.destroy();
      throw error;
    }
  };
  const ssl = await tlsOf(place, host);
  return open(ssl).catch((error: unknown) => {
    if (codeOf(error) !== '' || !/does not support SSL/.test(String(error))) throw error;
    if (place.tls === 'prefer') return open(false);
    throw Object.assign(new Error('it does not encrypt connections'), { code: 'NO_TLS' });
  });
}

/** As libpq has it: who checks nothing encrypts alone, `verify-ca` asks for the authority, `verify-full` for the name too. */
async function tlsOf(
  { tls, rootCertificate, ...place }: PostgresPlace,
  host: string,
): Promise<ClientConfig['ssl']> {
  if (tls === 'disable') return false;
  const ca = rootCertificate === undefined ? undefined : await readRoot(rootCertificate, place.database);
  // With authorities at hand, `require` asks them.
  const checks = tls === 'verify-full' || tls === 'verify-ca' || (tls === 'require' && ca !== undefined);
  if (!checks) return { rejectUnauthorized: false };
  return {
    rejectUnauthorized: true,
    host,
    ...(ca === undefined ? {} : { ca }),
    ...(tls === 'verify-full' ? {} : { checkServerIdentity: () => undefined }),
  };
}

async function readRoot(file: string, database: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw new StoreError(
      'refused',
      `The sslrootcert of the store's URL (database ${database}) names the file ${file}, which cannot be read (${codeOf(error)}).`,
    );
  });
}

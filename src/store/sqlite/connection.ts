// One SQLite connection: the few calls of libsql that the store uses, typed. Statements run where they are called;
// `exec` runs on a thread of libsql's, which is what keeps a commit's fsync off the event loop.
import { requirePackage } from '../../packages.ts';

export type SqlValue = string | number | null;

export interface Statement {
  run(values: readonly SqlValue[]): { readonly changes: number };
  /** The first row's columns. */
  get(values: readonly SqlValue[]): readonly SqlValue[] | undefined;
}

export interface Connection {
  prepare(sql: string): Promise<Statement>;
  exec(sql: string): Promise<void>;
  readonly inTransaction: boolean;
  close(): void;
}

/** An error of SQLite carries its result code's name: `SQLITE_BUSY`. */
export interface SqliteFailure {
  readonly code: string;
  readonly message: string;
}

interface RawStatement {
  run(values: readonly SqlValue[]): { changes: number };
  get(values: readonly SqlValue[]): SqlValue[] | undefined;
  raw(): RawStatement;
  readonly reader: boolean;
}

interface RawDatabase {
  prepare(sql: string): Promise<RawStatement>;
  exec(sql: string): Promise<void>;
  readonly inTransaction: boolean;
  close(): void;
}

/** libsql's own declarations of this entry are untyped. */
type Library = new (path: string, options: { timeout: number }) => RawDatabase;

let loaded: Library | undefined;

/** The library asks Node.js's report which C library the machine has, and that report would look up every network interface. */
function library(): Library {
  if (loaded !== undefined) return loaded;
  const report = process.report as { excludeNetwork?: boolean };
  const { excludeNetwork = false } = report;
  report.excludeNetwork = true;
  loaded = requirePackage('libsql/promise') as Library;
  report.excludeNetwork = excludeNetwork;
  return loaded;
}

const BUSY_TIMEOUT_IN_MILLIS = 1000;

/** Opens (and makes) a database file. Throws what `failureOf` understands. */
export function connect(path: string, timeoutInMillis = BUSY_TIMEOUT_IN_MILLIS): Connection {
  const database = new (library())(path, { timeout: timeoutInMillis });
  return {
    async prepare(sql) {
      const statement = await database.prepare(sql);
      return statement.reader ? statement.raw() : statement;
    },
    exec: (sql) => database.exec(sql),
    get inTransaction() {
      return database.inTransaction;
    },
    close: () => database.close(),
  };
}

const OPENING_CODES: ReadonlyMap<string, string> = new Map([
  ['8', 'SQLITE_READONLY'],
  ['10', 'SQLITE_IOERR'],
  ['14', 'SQLITE_CANTOPEN'],
  ['23', 'SQLITE_AUTH'],
  ['26', 'SQLITE_NOTADB'],
]);

/** What SQLite says is wrong. The code of a failure to open says nothing: its text ends in the number. */
export function failureOf(error: unknown): SqliteFailure {
  const message = error instanceof Error ? error.message : String(error);
  const number = /^ConnectionFailed\(.*: (\d+)"\)$/s.exec(message)?.[1];
  if (number !== undefined) return { code: OPENING_CODES.get(number) ?? 'SQLITE_ERROR', message };
  const hasCode = typeof error === 'object' && error !== null && 'code' in error;
  return { code: hasCode && typeof error.code === 'string' ? error.code : 'SQLITE_ERROR', message };
}

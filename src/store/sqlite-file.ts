// The file of the SQLite store: making its directory, keeping other processes out, its tables, what may be wrong with it.
import { access, constants, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Connection, connect, failureOf } from './sqlite-connection.ts';
import { numberIn } from './sqlite-transaction.ts';
import { StoreError } from './store-error.ts';

export const STORE_FILE = 'postern.db';
const LOCK_FILE = 'postern.lock';
export const PROCESS_FILE = 'postern.pid';

/** `PRAGMA application_id`: 'Post'. */
const APPLICATION_ID = 0x506f7374;
/** `PRAGMA user_version` of the tables below. */
const VERSION = 1;

// `seq`, the number of the change that created the document, is creation order. The newest rows of `change` are kept,
// so that numbers never start again.
const TABLES = `
  begin exclusive;
  create table document (seq integer primary key, key text not null unique, parent text not null, body text not null) strict;
  create index document_parent on document (parent, seq);
  create table change (number integer primary key, key text not null, gone integer not null) strict;
  pragma application_id = ${APPLICATION_ID};
  pragma user_version = ${VERSION};
  commit;`;

/** Makes the directory and proves that it can be written. */
export async function prepareDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await access(directory, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new StoreError(
      'directory',
      `The data directory ${directory} cannot be used: ${reasonOf(error)}. Choose another with --data DIR, or change who may write there.`,
      error,
    );
  }
}

/** Keeps every other process out until `release`. The lock is SQLite's own on an empty file, so it ends with the
 *  process however that ends. Nothing else may open that file: closing it would drop the lock. */
export async function lockDirectory(directory: string): Promise<{ release(): Promise<void> }> {
  const path = join(directory, LOCK_FILE);
  const processFile = join(directory, PROCESS_FILE);
  let connection: Connection | undefined;
  try {
    connection = connect(path, 0);
    await connection.exec('begin exclusive');
    await writeFile(processFile, `${process.pid}\n`);
  } catch (error) {
    connection?.close();
    if (failureOf(error).code !== 'SQLITE_BUSY') throw openingError(directory, error);
    const owner = (await readFile(processFile, 'utf8').catch(() => '')).trim();
    throw new StoreError(
      'locked',
      `The data directory ${directory} is in use by another Postern${owner === '' ? '' : ` (process ${owner})`}. Stop that one, or choose another directory with --data DIR.`,
      error,
    );
  }
  const held = connection;
  return {
    async release() {
      await rm(processFile, { force: true });
      await held.exec('rollback');
      held.close();
    },
  };
}

/** Opens the database file as the one that writes, making its tables in a new one. */
export async function openDatabase(directory: string): Promise<Connection> {
  let connection: Connection | undefined;
  try {
    connection = connect(join(directory, STORE_FILE));
    const tables = await checkDatabase(connection, directory);
    await connection.exec(
      'pragma journal_mode = wal; pragma synchronous = full; pragma journal_size_limit = 67108864;',
    );
    if (tables === 0) await connection.exec(TABLES);
    return connection;
  } catch (error) {
    connection?.close();
    throw error instanceof StoreError ? error : openingError(directory, error);
  }
}

/** Throws StoreError unless the file is a store of this version, or still empty. Returns the number of its tables. */
export async function checkDatabase(connection: Connection, directory: string): Promise<number> {
  const version = numberIn((await connection.prepare('pragma user_version')).get([]) ?? [], 0);
  const application = numberIn((await connection.prepare('pragma application_id')).get([]) ?? [], 0);
  const tables = numberIn((await connection.prepare('select count(*) from sqlite_schema')).get([]) ?? [], 0);
  if (tables > 0 && application !== APPLICATION_ID) {
    throw new StoreError(
      'foreign',
      `The file ${join(directory, STORE_FILE)} is a database of another program. Choose another directory with --data DIR.`,
    );
  }
  if (version > VERSION) {
    throw new StoreError(
      'newer',
      `The store in ${directory} was made by a newer version of Postern (its format is ${version}, this version reads up to ${VERSION}). Start that version, or choose another directory with --data DIR.`,
    );
  }
  return tables;
}

/** Anything that went wrong while opening, as a sentence. */
export function openingError(directory: string, error: unknown): StoreError {
  const { code, message } = failureOf(error);
  const path = join(directory, STORE_FILE);
  switch (code) {
    case 'SQLITE_NOTADB':
    case 'SQLITE_CORRUPT':
      return new StoreError(
        'corrupt',
        `The store file ${path} is damaged (${message}). Restore it from a backup, or move it away to start with an empty store.`,
        error,
      );
    case 'SQLITE_CANTOPEN':
    case 'SQLITE_READONLY':
    case 'SQLITE_PERM':
    case 'EACCES':
    case 'EROFS':
      return new StoreError(
        'directory',
        `The files in the data directory ${directory} cannot be written. Choose another directory with --data DIR, or change who may write there.`,
        error,
      );
    default:
      return new StoreError('directory', `The store in ${directory} cannot be opened: ${message}.`, error);
  }
}

const REASONS: { readonly [code: string]: string } = {
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a part of the path is a file, not a directory',
  EEXIST: 'there is a file of that name',
  ENOSPC: 'the disk is full',
};

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : '';
  return REASONS[code] ?? error.message;
}

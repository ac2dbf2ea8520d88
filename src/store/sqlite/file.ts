// The file of the SQLite store: making its directory, keeping other processes out, its tables, what may be wrong with it.
import { type Stats, statSync } from 'node:fs';
import { access, constants, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { closeToOthers, makePrivateDirectory, PRIVATE_FILE } from '../../private-files.ts';
import { StoreError } from '../store-error.ts';
import { type Connection, connect, failureOf } from './connection.ts';
import { damaged, STORE_FILE, storeProblem } from './problems.ts';
import { numberIn, textIn } from './transaction.ts';

const LOCK_FILE = 'postern.lock';
export const PROCESS_FILE = 'postern.pid';
/** Everything that a store may have in its directory. */
const FILES = [
  STORE_FILE,
  `${STORE_FILE}-wal`,
  `${STORE_FILE}-shm`,
  LOCK_FILE,
  `${LOCK_FILE}-journal`,
  PROCESS_FILE,
];
/** The smallest page that SQLite has; a file is one at least. */
const LEAST_BYTES = 512;

/** `PRAGMA application_id`: 'Post'. */
const APPLICATION_ID = 0x506f7374;
/** `PRAGMA user_version` of the tables below. */
const VERSION = 1;

// `seq`, the number of the change that created the document, is creation order. The newest rows of `change` are kept,
// so that numbers never start again.
export const TABLES = `
  create table document (seq integer primary key, key text not null unique, parent text not null, body text not null) strict;
  create index document_parent on document (parent, seq);
  create table change (number integer primary key, key text not null, gone integer not null) strict;
  pragma application_id = ${APPLICATION_ID};
  pragma user_version = ${VERSION};`;
/** What the schema holds besides SQLite's own, with columns. */
const SCHEMA = 'change(number,key,gone) document(seq,key,parent,body) document_parent(parent,seq)';

/** Makes the directory and proves that it can be written. */
export async function prepareDirectory(directory: string): Promise<void> {
  try {
    await makePrivateDirectory(directory);
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
    for (const suffix of ['', '-journal']) await closeToOthers(path + suffix);
    await writeFile(processFile, `${process.pid}\n`, { mode: PRIVATE_FILE });
  } catch (error) {
    connection?.close();
    if (failureOf(error).code !== 'SQLITE_BUSY') throw storeProblem(directory, error);
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

/** Opens the database file as the one that writes, making it first when there is none. Its files are nobody else's. */
export async function openDatabase(directory: string): Promise<Connection> {
  let connection: Connection | undefined;
  try {
    if (!(await isThere(directory))) await makeDatabase(directory);
    // The log and the shared memory get the mode of the database.
    for (const name of FILES) await closeToOthers(join(directory, name));
    connection = connect(join(directory, STORE_FILE));
    await checkDatabase(connection, directory);
    await connection.exec(
      'pragma journal_mode = wal; pragma synchronous = full; pragma journal_size_limit = 67108864;',
    );
    return connection;
  } catch (error) {
    connection?.close();
    throw storeProblem(directory, error);
  }
}

/** Returns what throws StoreError once the file that is open now has not its name any more: what is written into a file that was
 *  removed or replaced is lost at the end, and SQLite does not tell. It asks where it is called, as SQLite does: what the
 *  system has at hand takes longer from a thread. */
export async function followFile(directory: string): Promise<() => void> {
  const path = join(directory, STORE_FILE);
  const opened = await stat(path);
  return () => {
    const now = statsOf(path);
    if (now === undefined) throw damaged(directory, 'it was removed while the program ran');
    if (now.ino !== opened.ino || now.dev !== opened.dev)
      throw damaged(directory, 'another file took its place while the program ran');
    if (now.size < LEAST_BYTES) throw damaged(directory, `it ends after ${now.size} bytes`);
  };
}

function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

/** Whether there is a database file. Throws StoreError for what a lost one leaves. */
export async function isThere(directory: string): Promise<boolean> {
  const path = join(directory, STORE_FILE);
  const sizeOf = async (file: string): Promise<number | undefined> =>
    stat(file).then(
      ({ size }) => size,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw storeProblem(directory, error);
      },
    );
  const size = await sizeOf(path);
  if (size === 0) throw damaged(directory, 'it is empty');
  if (size !== undefined && size < LEAST_BYTES) throw damaged(directory, `it ends after ${size} bytes`);
  if (size === undefined && ((await sizeOf(`${path}-wal`)) ?? 0) > 0) {
    throw damaged(directory, `it is gone, and only its log ${path}-wal is left`);
  }
  return size !== undefined;
}

/** Made under another name, so that a process that ends half-way leaves no empty store behind. */
async function makeDatabase(directory: string): Promise<void> {
  const path = join(directory, `${STORE_FILE}.new`);
  await rm(path, { force: true });
  await (await open(path, 'wx', PRIVATE_FILE)).close();
  const connection = connect(path);
  try {
    await connection.exec(`begin exclusive; ${TABLES} commit;`);
  } finally {
    connection.close();
  }
  await rename(path, join(directory, STORE_FILE));
}

/** Throws StoreError unless the file is a store of this version. */
export async function checkDatabase(connection: Connection, directory: string): Promise<void> {
  const version = numberIn((await connection.prepare('pragma user_version')).get([]) ?? [], 0);
  const application = numberIn((await connection.prepare('pragma application_id')).get([]) ?? [], 0);
  if (application !== APPLICATION_ID) {
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
  const schema = await connection.prepare(
    `select coalesce(group_concat(name || '(' || columns || ')', ' '), '') from (
       select name, coalesce(
         (select group_concat(name) from (select name from pragma_table_info(each.name) order by cid)),
         (select group_concat(name) from (select name from pragma_index_info(each.name) order by seqno)), '') as columns
       from sqlite_schema as each where name not like 'sqlite%' order by name)`,
  );
  const found = textIn(schema.get([]) ?? [], 0);
  if (found !== SCHEMA) throw damaged(directory, 'its tables are not those of a store');
}

const REASONS: { readonly [code: string]: string } = {
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
  ENOENT: 'no directory can be made there',
  ENOTDIR: 'a part of the path is a file, not a directory',
  EEXIST: 'there is a file of that name',
  ENOSPC: 'the disk is full',
};

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : '';
  return REASONS[code] ?? error.message;
}

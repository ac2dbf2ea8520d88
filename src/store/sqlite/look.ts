// Looks into the store of a directory without taking it: also while a server has it open (WAL lets readers in).
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReadTransaction } from '../store.ts';
import { connect } from './connection.ts';
import { checkDatabase, isThere, PROCESS_FILE } from './file.ts';
import { STORE_FILE, storeProblem } from './problems.ts';
import { SqliteReaders } from './readers.ts';

export interface StoreLook {
  /** Process that has the store open, as far as is known. */
  readonly owner: number | undefined;
  /** On disk, the write-ahead log included. */
  readonly bytes: number;
  read<T>(work: (tx: ReadTransaction) => Promise<T>): Promise<T>;
  /** Throws StoreError. */
  checkIntegrity(): Promise<void>;
  close(): Promise<void>;
}

/** Undefined when the directory holds no store. Throws StoreError when it cannot be read. */
export async function lookIntoSqliteStore(directory: string): Promise<StoreLook | undefined> {
  const path = join(directory, STORE_FILE);
  if (!(await isThere(directory))) return undefined;
  try {
    const connection = connect(path);
    await checkDatabase(connection, directory).finally(() => connection.close());
  } catch (error) {
    throw storeProblem(directory, error);
  }
  const readers = new SqliteReaders(directory);
  return {
    owner: await runningOwner(directory),
    bytes: (await sizeOf(path)) + (await sizeOf(`${path}-wal`)),
    read: (work) => readers.read(0, (reader) => reader.run(work)),
    checkIntegrity: () => readers.read(0, (reader) => reader.checkIntegrity()),
    close: () => readers.close(),
  };
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}

async function runningOwner(directory: string): Promise<number | undefined> {
  const pid = Number((await readFile(join(directory, PROCESS_FILE), 'utf8').catch(() => '')).trim());
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  try {
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    // It runs, under another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM' ? pid : undefined;
  }
}

// A store in SQLite, whole: read while a server has it open or not, and filled while nobody has.
import { join } from 'node:path';
import type { Dump, DumpHead, StoredDocument } from '../dump/dump-text.ts';
import { StoreError } from '../store-error.ts';
import { connect } from './connection.ts';
import { checkDatabase, isThere, lockDirectory, openDatabase, prepareDirectory } from './file.ts';
import { STORE_FILE, storeProblem } from './problems.ts';
import { numberIn, textIn } from './transaction.ts';

const PAGE = 200;
const DOCUMENTS = `select json_group_array(json_array(seq, key, body))
  from (select seq, key, body from document where seq > ? order by seq limit ${PAGE})`;

/** Hands all of the store of a directory to `use`, as it is at one moment. Throws StoreError. */
export async function dumpSqlite<T>(
  directory: string,
  use: (head: Omit<DumpHead, 'format'>, pages: AsyncIterable<readonly StoredDocument[]>) => Promise<T>,
): Promise<T> {
  if (!(await isThere(directory))) {
    throw new StoreError(
      'directory',
      `The data directory ${directory} holds no store. Say which with --data DIR or --store URL.`,
    );
  }
  const connection = connect(join(directory, STORE_FILE));
  try {
    await checkDatabase(connection, directory);
    await connection.exec('pragma query_only = on; begin');
    const counts = await connection.prepare(
      'select (select count(*) from document), (select coalesce(max(number), 0) from change)',
    );
    const row = counts.get([]) ?? [];
    const page = await connection.prepare(DOCUMENTS);
    const pages = async function* (): AsyncGenerator<readonly StoredDocument[]> {
      for (let after = 0; ; ) {
        const found = JSON.parse(textIn(page.get([after]) ?? [], 0)) as [number, string, string][];
        if (found.length === 0) return;
        yield found.map(([seq, key, body]) => ({ seq, key, body }));
        after = found.at(-1)![0];
      }
    };
    return await use({ documents: numberIn(row, 0), latest: numberIn(row, 1) }, pages());
  } catch (error) {
    throw error instanceof Error && 'code' in error ? storeProblem(directory, error) : error;
  } finally {
    connection.close();
  }
}

/** Makes a store of a dump, all or nothing. Throws StoreError where there is one already that is not empty, and what the dump throws. */
export async function fillSqlite(directory: string, { head, documents }: Dump): Promise<void> {
  await prepareDirectory(directory);
  const lock = await lockDirectory(directory);
  try {
    const connection = await openDatabase(directory);
    try {
      const used = await connection.prepare(
        'select exists (select 1 from document) or exists (select 1 from change)',
      );
      if (numberIn(used.get([]) ?? [], 0) !== 0) {
        throw new StoreError(
          'directory',
          `The store in ${directory} is not empty. An import needs an empty one: choose another with --data DIR.`,
        );
      }
      const put = await connection.prepare(
        'insert into document (seq, key, parent, body) values (?, ?, ?, ?)',
      );
      const change = await connection.prepare(
        `insert into change (number, key, gone) values (?, 'import', 1)`,
      );
      await connection.exec('begin immediate');
      for await (const { seq, key, body } of documents)
        put.run([seq, key, key.slice(0, key.lastIndexOf('/')), body]);
      if (head.latest > 0) change.run([head.latest]);
      await connection.exec('commit');
      await connection.exec('pragma wal_checkpoint(truncate)');
    } catch (error) {
      if (connection.inTransaction) await connection.exec('rollback');
      throw error instanceof Error && 'code' in error ? storeProblem(directory, error) : error;
    } finally {
      connection.close();
    }
  } finally {
    await lock.release();
  }
}

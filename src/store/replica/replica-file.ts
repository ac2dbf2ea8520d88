// The replica: what PostgreSQL holds, as a SQLite file in the data directory, with the tables of `postern.db` and one more that says
// where it comes from. WAL with `synchronous=NORMAL`: it may lose its last moments with the power, never its consistency.
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../defect.ts';
import { closeToOthers } from '../../private-files.ts';
import { type Connection, connect, type Statement } from '../sqlite/connection.ts';
import { lockDirectory, prepareDirectory, TABLES } from '../sqlite/file.ts';
import { storeProblem } from '../sqlite/problems.ts';
import { numberIn, textIn } from '../sqlite/transaction.ts';

export const REPLICA_FILE = 'replica.db';

/** What of PostgreSQL the file holds. */
export interface ReplicaOrigin {
  /** The id of the cluster. */
  readonly cluster: string;
  /** The newest change that was taken, by PostgreSQL's number, and the commit that it was in. */
  readonly number: number;
  readonly batch: string;
  /** What the file's own numbers are ahead of PostgreSQL's: these go back where PostgreSQL is restored to an older state, and those
   *  never do, for whoever follows the file counts on it. */
  readonly ahead: number;
  /** Epoch milliseconds: when it was known to be all there was. */
  readonly at: number;
}

/** A change, with the document as it is now where this is its last change. */
export interface ReplicatedChange {
  readonly number: number;
  readonly key: string;
  readonly gone: boolean;
  readonly document: { readonly seq: number; readonly body: string } | undefined;
}

const ORIGIN_TABLE =
  'create table origin (cluster text not null, number integer not null, batch text not null, ahead integer not null, at integer not null) strict;';
/** What `ORIGIN_TABLE` and `TABLES` come to; raised with either. */
const FORMAT = 1;
/** How many changes the followers of the file can go back. */
const KEPT_CHANGES = 10_000;

export interface OpenedReplica {
  readonly file: ReplicaFile;
  /** A sentence: why the file that was there is not used any more. */
  readonly problem: string | undefined;
}

/** Opens the replica of a data directory, alone, and makes an empty one where there is none that can be used. Throws StoreError. */
export async function openReplicaFile(directory: string): Promise<OpenedReplica> {
  await prepareDirectory(directory);
  const lock = await lockDirectory(directory);
  const path = join(directory, REPLICA_FILE);
  try {
    const found = await examine(path);
    let problem: string | undefined;
    if (found !== 'good' && found !== 'none') {
      problem = `The replica ${path} is not used: ${found}. It is made anew, and the old file is ${path}.damaged.`;
      await rename(path, `${path}.damaged`);
      for (const suffix of ['-wal', '-shm']) await rm(path + suffix, { force: true });
    }
    const connection = connect(path);
    if (found !== 'good') {
      await connection.exec(
        `pragma journal_mode = wal; begin exclusive; ${TABLES} ${ORIGIN_TABLE} pragma user_version = ${FORMAT}; commit`,
      );
    }
    await connection.exec(
      'pragma journal_mode = wal; pragma synchronous = normal; pragma journal_size_limit = 67108864;',
    );
    for (const suffix of ['', '-wal', '-shm']) await closeToOthers(path + suffix);
    return { file: await ReplicaFile.of(directory, connection, lock), problem };
  } catch (error) {
    await lock.release();
    throw storeProblem(directory, error);
  }
}

/** 'good', 'none' for no file or an empty one, or what is wrong with it. */
async function examine(path: string): Promise<string> {
  let connection: Connection | undefined;
  try {
    const opened = connect(path);
    connection = opened;
    const first = async (sql: string) => (await opened.prepare(sql)).get([]);
    const tables = numberIn((await first('select count(*) from sqlite_schema')) ?? [], 0);
    if (tables === 0) return 'none';
    const check = textIn((await first('pragma quick_check(1)')) ?? [], 0);
    if (check !== 'ok') return check.replace(/\s+/g, ' ');
    const format = numberIn((await first('pragma user_version')) ?? [], 0);
    if (format !== FORMAT) return `it has the format ${format}, and this version has ${FORMAT}`;
    await first('select cluster, number, batch, ahead, at from origin');
    return 'good';
  } catch (error) {
    return messageOf(error).replace(/\.$/, '');
  } finally {
    connection?.close();
  }
}

interface Statements {
  readonly begin: Statement;
  readonly document: Statement;
  readonly delete: Statement;
  readonly clear: Statement;
  readonly change: Statement;
  readonly forget: Statement;
  readonly origin: Statement;
  readonly forgetOrigin: Statement;
  readonly setOrigin: Statement;
  readonly latest: Statement;
}

/** Writes, in a transaction of the file. */
export interface ReplicaWriter {
  /** Nothing is there any more. */
  clear(): void;
  document(key: string, seq: number, body: string): void;
  change(change: ReplicatedChange): void;
}

export class ReplicaFile {
  readonly directory: string;
  readonly #connection: Connection;
  readonly #statements: Statements;
  readonly #lock: { release(): Promise<void> };
  /** Undefined until it has been read from PostgreSQL for the first time. */
  origin: ReplicaOrigin | undefined;
  /** The number of its newest change, by its own count. */
  latest: number;

  static async of(
    directory: string,
    connection: Connection,
    lock: { release(): Promise<void> },
  ): Promise<ReplicaFile> {
    const statements = {
      begin: await connection.prepare('begin immediate'),
      document: await connection.prepare(
        `insert into document (seq, key, parent, body) values (?, ?, ?, ?)
           on conflict (key) do update set seq = excluded.seq, body = excluded.body`,
      ),
      delete: await connection.prepare('delete from document where key = ? or (key > ? and key < ?)'),
      clear: await connection.prepare('delete from document'),
      change: await connection.prepare('insert into change (number, key, gone) values (?, ?, ?)'),
      forget: await connection.prepare('delete from change where number <= ?'),
      origin: await connection.prepare('select cluster, number, batch, ahead, at from origin'),
      forgetOrigin: await connection.prepare('delete from origin'),
      setOrigin: await connection.prepare(
        'insert into origin (cluster, number, batch, ahead, at) values (?, ?, ?, ?, ?)',
      ),
      latest: await connection.prepare('select coalesce(max(number), 0) from change'),
    };
    return new ReplicaFile(directory, connection, statements, lock);
  }

  private constructor(
    directory: string,
    connection: Connection,
    statements: Statements,
    lock: { release(): Promise<void> },
  ) {
    this.directory = directory;
    this.#connection = connection;
    this.#statements = statements;
    this.#lock = lock;
    const row = statements.origin.get([]);
    if (row !== undefined) {
      this.origin = {
        cluster: textIn(row, 0),
        number: numberIn(row, 1),
        batch: textIn(row, 2),
        ahead: numberIn(row, 3),
        at: numberIn(row, 4),
      };
    }
    this.latest = numberIn(statements.latest.get([]) ?? [], 0);
  }

  /** Takes changes behind those that it has. What `work` writes is there as a whole, or not at all. Throws StoreError. */
  async take(work: (writer: ReplicaWriter) => Promise<Omit<ReplicaOrigin, 'ahead'>>): Promise<void> {
    const ahead = this.origin?.ahead ?? 0;
    await this.#write(async () => {
      const origin = await work(this.#writer(ahead));
      const latest = origin.number + ahead;
      this.#statements.forget.run([latest - KEPT_CHANGES]);
      return { origin: { ...origin, ahead }, latest };
    });
  }

  /** Takes everything anew. Who follows finds that changes are missing, and reads everything too. Throws StoreError. */
  async takeAll(work: (writer: ReplicaWriter) => Promise<Omit<ReplicaOrigin, 'ahead'>>): Promise<void> {
    await this.#write(async () => {
      const writer = this.#writer(0);
      writer.clear();
      const origin = await work(writer);
      const isFirst = this.origin === undefined && this.latest === 0;
      // The number between this one and those before is missing, for ever.
      const latest = isFirst ? origin.number : Math.max(origin.number, this.latest + 2);
      this.#statements.forget.run([Number.MAX_SAFE_INTEGER]);
      if (latest > 0) this.#statements.change.run([latest, 'replica', 1]);
      return { origin: { ...origin, ahead: latest - origin.number }, latest };
    });
  }

  async close(): Promise<void> {
    try {
      await this.#connection.exec('pragma wal_checkpoint(truncate)');
    } finally {
      this.#connection.close();
      await this.#lock.release();
    }
  }

  async #write(
    work: () => Promise<{ readonly origin: ReplicaOrigin; readonly latest: number }>,
  ): Promise<void> {
    const { begin, forgetOrigin, setOrigin } = this.#statements;
    try {
      // Nobody else writes, so this waits for nothing. What may take long is the commit, which runs on another thread.
      begin.run([]);
      const { origin, latest } = await work();
      const { cluster, number, batch, ahead, at } = origin;
      forgetOrigin.run([]);
      setOrigin.run([cluster, number, batch, ahead, at]);
      await this.#connection.exec('commit');
      this.origin = origin;
      this.latest = latest;
    } catch (error) {
      if (this.#connection.inTransaction) await this.#connection.exec('rollback').catch(() => undefined);
      throw error;
    }
  }

  #writer(ahead: number): ReplicaWriter {
    const { document, delete: remove, clear, change: add } = this.#statements;
    const put = (key: string, seq: number, body: string): void => {
      document.run([seq, key, key.slice(0, key.lastIndexOf('/')), body]);
    };
    return {
      clear: () => void clear.run([]),
      document: put,
      change({ number, key, gone, document: now }) {
        if (gone) remove.run([key, `${key}/`, `${key}0`]);
        else if (now !== undefined) put(key, now.seq, now.body);
        add.run([number + ahead, key, gone ? 1 : 0]);
      },
    };
  }
}

// The reading connections of the SQLite store. Readers that start while nothing new has been committed share one
// snapshot; one that starts after a commit gets a newer snapshot, so that everybody reads his own writes.
import { join } from 'node:path';
import type { ReadTransaction } from '../store.ts';
import { StoreError } from '../store-error.ts';
import { type Connection, connect, failureOf, type Statement } from './connection.ts';
import { damaged, isEngineFailure, STORE_FILE, storeProblem } from './problems.ts';
import { numberIn, prepareReads, type ReadStatements, SqliteReadTransaction, textIn } from './transaction.ts';

/** A change with its key still as text. */
export interface ChangeRow {
  readonly number: number;
  readonly key: string;
  readonly exists: boolean;
}

interface ReaderStatements extends ReadStatements {
  readonly begin: Statement;
  readonly end: Statement;
  readonly changes: Statement;
}

const CHANGES = `select group_concat(number, ' '), group_concat(key, ' '), group_concat(gone, ' ')
  from (select number, key, gone from change where number > ? order by number)`;

/** A connection inside a read transaction. */
class Reader {
  readonly #directory: string;
  readonly #connection: Connection;
  readonly #statements: ReaderStatements;
  /** The newest change when the snapshot began. */
  latest = -1;
  users = 0;
  /** It met an error of SQLite's. */
  isBroken = false;

  constructor(directory: string, connection: Connection, statements: ReaderStatements) {
    this.#directory = directory;
    this.#connection = connection;
    this.#statements = statements;
  }

  static async open(directory: string, file: string): Promise<Reader> {
    const connection = connect(join(directory, file));
    try {
      await connection.exec('pragma query_only = on');
      return new Reader(directory, connection, {
        ...(await prepareReads(connection)),
        begin: await connection.prepare('begin'),
        end: await connection.prepare('commit'),
        changes: await connection.prepare(CHANGES),
      });
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  begin(latest: number): void {
    this.latest = latest;
    this.#statements.begin.run([]);
  }

  end(): void {
    this.#statements.end.run([]);
  }

  close(): void {
    this.#connection.close();
  }

  async run<T>(work: (tx: ReadTransaction) => Promise<T>): Promise<T> {
    const tx = new SqliteReadTransaction(this.#statements);
    try {
      return await work(tx);
    } finally {
      tx.finish();
    }
  }

  changesAfter(position: number): ChangeRow[] {
    const row = this.#statements.changes.get([position]);
    if (row === undefined || row[0] === null) return [];
    const keys = textIn(row, 1).split(' ');
    const gone = textIn(row, 2).split(' ');
    return textIn(row, 0)
      .split(' ')
      .map((number, index) => ({ number: Number(number), key: keys[index]!, exists: gone[index] === '0' }));
  }

  /** Throws StoreError: SQLite's own check, then what SQLite cannot know. */
  async checkIntegrity(): Promise<void> {
    try {
      await this.#checkIntegrity();
    } catch (error) {
      throw error instanceof StoreError ? error : damaged(this.#directory, failureOf(error).message, error);
    }
  }

  async #checkIntegrity(): Promise<void> {
    const found = textIn((await this.#first('pragma integrity_check')) ?? [], 0);
    // The first line names the database, the others what is wrong with it.
    const first = found.split('\n').find((line) => !line.startsWith('***'));
    if (found !== 'ok') throw damaged(this.#directory, first ?? found);
    const unreadable = await this.#first(
      `select key from document where iif(json_valid(body), json_type(body), 'none') != 'object' limit 1`,
    );
    if (unreadable !== undefined)
      throw damaged(this.#directory, `the document ${textIn(unreadable, 0)} is no JSON object`);
    const misplaced = await this.#first(
      `select key from document where substr(key, 1, length(parent) + 1) != parent || '/'
         or instr(substr(key, length(parent) + 2), '/') > 0 limit 1`,
    );
    if (misplaced !== undefined)
      throw damaged(this.#directory, `the document ${textIn(misplaced, 0)} is in the wrong collection`);
    const gap = await this.#first(
      'select max(number) - min(number) + 1, count(*) from change having count(*) > 0 and max(number) - min(number) + 1 != count(*)',
    );
    if (gap !== undefined)
      throw damaged(
        this.#directory,
        `the change table holds ${numberIn(gap, 1)} of ${numberIn(gap, 0)} changes`,
      );
  }

  async #first(sql: string): Promise<ReturnType<Statement['get']>> {
    return (await this.#connection.prepare(sql)).get([]);
  }
}

export class SqliteReaders {
  readonly #directory: string;
  readonly #file: string;
  readonly #idle: Reader[] = [];
  #current: Reader | undefined;
  #users = 0;
  #whenUnused: (() => void) | undefined;

  /** Of a file in a directory. */
  constructor(directory: string, file = STORE_FILE) {
    this.#directory = directory;
    this.#file = file;
  }

  /** Runs `work` with a reader whose snapshot holds at least the changes up to `latest`. Throws StoreError for what is wrong
   *  with the store. */
  async read<T>(latest: number, work: (reader: Reader) => Promise<T>): Promise<T> {
    this.#users++;
    try {
      return await this.#use(latest, work);
    } catch (error) {
      throw isEngineFailure(error) ? storeProblem(this.#directory, error) : error;
    } finally {
      this.#users--;
      if (this.#users === 0) this.#whenUnused?.();
    }
  }

  async #use<T>(latest: number, work: (reader: Reader) => Promise<T>): Promise<T> {
    let reader = this.#current;
    if (reader === undefined || reader.latest < latest) {
      reader = this.#idle.pop() ?? (await Reader.open(this.#directory, this.#file));
      reader.begin(latest);
      this.#current = reader;
    }
    reader.users++;
    try {
      return await work(reader);
    } catch (error) {
      // A connection that met damage is not used again: the next one sees what has been mended.
      if (isEngineFailure(error)) reader.isBroken = true;
      throw error;
    } finally {
      reader.users--;
      if (reader.users === 0 || reader.isBroken) {
        if (this.#current === reader) this.#current = undefined;
      }
      if (reader.users === 0) this.#retire(reader);
    }
  }

  #retire(reader: Reader): void {
    if (reader.isBroken) {
      reader.close();
      return;
    }
    reader.end();
    this.#idle.push(reader);
  }

  /** After the last use. */
  async close(): Promise<void> {
    if (this.#users > 0) await new Promise<void>((resolve) => (this.#whenUnused = resolve));
    for (const reader of this.#idle) reader.close();
    this.#idle.length = 0;
  }
}

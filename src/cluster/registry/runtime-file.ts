// `runtime.db` of the data directory: what a process has to know of those before it, and is no configuration. WAL and
// synchronous=FULL: what was acknowledged is there after `kill -9` and after the power was lost.
import { rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { closeToOthers, makePrivateDirectory } from '../../private-files.ts';
import { type Connection, connect, failureOf, type Statement } from '../../store/sqlite/connection.ts';
import { StoreError } from '../../store/store-error.ts';

/** `PRAGMA application_id`: 'PoRt'. */
const APPLICATION_ID = 0x506f5274;
/** `PRAGMA user_version` of the tables below. */
const VERSION = 1;

// `incarnation` has one row: how many processes have had the file open.
const TABLES = `
  begin exclusive;
  create table incarnation (number integer not null) strict;
  insert into incarnation values (0);
  create table connection (id text not null unique, holder integer not null, info text not null) strict;
  create index connection_holder on connection (holder);
  create table waiting (id text not null unique, holder integer not null, info text not null) strict;
  create table departed (id text not null unique) strict;
  create table usage (key text not null, period text not null, granted integer not null, primary key (key, period)) strict;
  pragma application_id = ${APPLICATION_ID};
  pragma user_version = ${VERSION};
  commit;`;

const COUNT_TABLES = `select count(*) from sqlite_schema
  where name in ('incarnation', 'connection', 'connection_holder', 'waiting', 'departed', 'usage')`;

export class RuntimeFile {
  /** The number of this process among those that have had the file open. */
  readonly incarnation: number;
  readonly #connection: Connection;
  readonly #begin: Statement;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(connection: Connection, begin: Statement, incarnation: number) {
    this.#connection = connection;
    this.#begin = begin;
    this.incarnation = incarnation;
  }

  /** Opens the file, and makes it where there is none. One that is damaged is put aside, which `onDamaged` is told of in a
   *  sentence. Nobody else has it open. Throws StoreError. */
  static async open(path: string, onDamaged: (reason: string) => void): Promise<RuntimeFile> {
    try {
      await makePrivateDirectory(dirname(path));
      return await RuntimeFile.#open(path);
    } catch (error) {
      if (!isDamage(error)) throw problemOf(path, error);
      for (const end of ['-wal', '-shm']) await rm(path + end, { force: true });
      await rename(path, `${path}.damaged`);
      onDamaged(
        `The file ${path} is damaged (${messageOf(error)}), and was moved to ${path}.damaged. The ends of connections that were open are not told, and quotas of API keys begin anew.`,
      );
      return RuntimeFile.#open(path).catch((again: unknown) => {
        throw problemOf(path, again);
      });
    }
  }

  static async #open(path: string): Promise<RuntimeFile> {
    const connection = connect(path);
    try {
      await connection.exec('pragma journal_mode = wal; pragma synchronous = full;');
      for (const end of ['', '-wal', '-shm']) await closeToOthers(path + end);
      const application = await numberOf(connection, 'pragma application_id');
      const version = await numberOf(connection, 'pragma user_version');
      if (application === 0 && (await numberOf(connection, 'select count(*) from sqlite_schema')) === 0)
        await connection.exec(TABLES);
      else if (application !== APPLICATION_ID) throw damage('it is a database of another program');
      else if (version > VERSION) throw new StoreError('newer', newer(path, version));
      else if ((await numberOf(connection, COUNT_TABLES)) !== 6) throw damage('its tables are not all there');
      const next = await connection.prepare('update incarnation set number = number + 1 returning number');
      const incarnation = next.get([])?.[0];
      if (typeof incarnation !== 'number') throw damage('one of its tables is empty');
      return new RuntimeFile(connection, await connection.prepare('begin immediate'), incarnation);
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  prepare(sql: string): Promise<Statement> {
    return this.#connection.prepare(sql);
  }

  /** Runs work as one transaction, behind those that were asked for before. Its result is durable. */
  transact<T>(work: () => T): Promise<T> {
    const run = async (): Promise<T> => {
      this.#begin.run([]);
      try {
        const result = work();
        // On a thread of its own: the event loop does not wait for the disk.
        await this.#connection.exec('commit');
        return result;
      } catch (error) {
        if (this.#connection.inTransaction) await this.#connection.exec('rollback');
        throw error;
      }
    };
    const done = this.#last.then(run);
    this.#last = done.catch(() => {});
    return done;
  }

  async close(): Promise<void> {
    await this.#last;
    // libsql keeps closed connections for a while: without this the log would stay beside the file.
    await this.#connection.exec('pragma wal_checkpoint(truncate)').catch(() => {});
    this.#connection.close();
  }
}

async function numberOf(connection: Connection, sql: string): Promise<number> {
  return Number((await connection.prepare(sql)).get([])?.[0]);
}

function damage(what: string): Error {
  return Object.assign(new Error(what), { code: 'SQLITE_CORRUPT' });
}

/** SQLITE_ERROR: the statements are always the same, so that it is the tables which are not those of the file. */
function isDamage(error: unknown): boolean {
  if (error instanceof StoreError) return false;
  const { code } = failureOf(error);
  return ['SQLITE_CORRUPT', 'SQLITE_NOTADB', 'SQLITE_ERROR'].some((start) => code.startsWith(start));
}

function newer(path: string, version: number): string {
  return `The file ${path} was made by a newer version of Postern (its format is ${version}, this version reads up to ${VERSION}). Start that version, or choose another directory with --data DIR.`;
}

function problemOf(path: string, error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const problem = failureOf(error).code.startsWith('SQLITE_FULL') ? 'full' : 'io';
  return new StoreError(problem, `The file ${path} cannot be used: ${messageOf(error)}.`, error);
}

function messageOf(error: unknown): string {
  return failureOf(error).message.replace(/\.$/, '');
}

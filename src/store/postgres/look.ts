// Looks into a store in PostgreSQL without changing anything of it, also while servers use it.
import type { ReadTransaction } from '../store.ts';
import { checkPostgres } from './check.ts';
import { connectTo } from './connection.ts';
import type { PostgresPlace } from './place.ts';
import { lookAtSchema } from './schema.ts';
import { DocumentStatements, PostgresReadTransaction } from './transaction.ts';

export interface PostgresLook {
  /** `18.4`. */
  readonly server: string;
  /** Whether there is a store at all. */
  readonly isThere: boolean;
  /** What a start would add to its tables. */
  readonly missing: readonly string[];
  /** Standbys that are connected, and whether a commit waits for one of them; as far as the user may see that. */
  readonly standbys: number;
  readonly isSynchronous: boolean;
  read<T>(work: (tx: ReadTransaction) => Promise<T>): Promise<T>;
  /** Throws StoreError. */
  checkIntegrity(): Promise<void>;
  close(): void;
}

/** Throws StoreError when it cannot be reached, or is of a newer version. */
export async function lookIntoPostgres(place: PostgresPlace, program: string): Promise<PostgresLook> {
  const connection = await connectTo(place);
  try {
    const { format, missing } = await lookAtSchema(connection, place, program);
    const { rows } = await connection.query(
      `select current_setting('server_version'), (select count(*) from pg_stat_replication),
         current_setting('synchronous_standby_names') <> ''`,
    );
    const [server, standbys, isSynchronous] = rows[0]!;
    await connection.script('begin isolation level repeatable read read only');
    const query = connection.query.bind(connection);
    return {
      server: String(server).replace(/ .*/, ''),
      isThere: format > 0,
      missing,
      standbys: Number(standbys),
      isSynchronous: isSynchronous === true,
      read: (work) =>
        work(
          new PostgresReadTransaction((text, values) => query(text, values), new DocumentStatements(place)),
        ),
      checkIntegrity: () => checkPostgres((text, values) => query(text, values), place),
      close: () => connection.destroy(),
    };
  } catch (error) {
    connection.destroy();
    throw error;
  }
}

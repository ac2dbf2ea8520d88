// Reading from PostgreSQL what a replica lacks: what was committed behind its own number, or everything.
import { setTimeout as pause } from 'node:timers/promises';
import type { PostgresConnection, Query } from '../postgres/connection.ts';
import type { Postgres } from '../postgres/postgres-store.ts';
import type { ReplicaFile, ReplicaOrigin, ReplicatedChange } from './replica-file.ts';

/** Rows of one answer. */
const PAGE = 200;
/** What is missing more than this is read as a whole. */
const LARGEST_GAP = 50_000;

/** PostgreSQL has not what the replica ends with, or not all that comes behind: it has to be read as a whole. */
class CannotGoOn extends Error {}

/** Nodes that have to read everything do so one after the other, more or less. */
const SPREAD_MILLIS = 1_000;

/** Brings the replica to what is committed. Throws StoreError. */
export async function pull(postgres: Postgres, file: ReplicaFile): Promise<void> {
  const { origin } = file;
  if (origin !== undefined && origin.cluster === postgres.cluster) {
    try {
      await postgres.pool.use((connection) => pullChanges(postgres, connection, file, origin));
      return;
    } catch (error) {
      if (!(error instanceof CannotGoOn)) throw error;
    }
    await pause(Math.random() * SPREAD_MILLIS);
  }
  await postgres.pool.use((connection) => pullEverything(postgres, connection, file));
}

/** Each change from a number on. Of several of one document the last has it, as it is now. */
function changesText(schema: string): string {
  return `select c.number, c.key, c.gone, c.batch, d.seq,
      case when c.number = max(c.number) over (partition by c.key) then d.body end
    from (select number, key, gone, batch from ${schema}.change where number >= $1 order by number limit $2) c
      left join ${schema}.document d on d.key = c.key and not c.gone and c.number > $1
    order by c.number`;
}

async function pullChanges(
  postgres: Postgres,
  connection: PostgresConnection,
  file: ReplicaFile,
  origin: ReplicaOrigin,
): Promise<void> {
  const text = changesText(postgres.sql.schema);
  // One statement sees one state, and mostly that is all.
  const { rows } = await connection.query(text, [origin.number, PAGE]);
  if (rows.length < PAGE) {
    const taken = new Taken(origin);
    const changes = [...taken.from(rows)];
    if (changes.length === 0) return;
    await file.take(async (writer) => {
      for (const change of changes) writer.change(change);
      return taken.origin;
    });
    return;
  }
  await inOneState(connection, async (query) => {
    const { rows: heads } = await query(`select latest from ${postgres.sql.schema}.head`);
    if (Number(heads[0]![0]) - origin.number > LARGEST_GAP) throw new CannotGoOn();
    await file.take(async (writer) => {
      const taken = new Taken(origin);
      for (let count = PAGE; count === PAGE; ) {
        const page = await query(text, [taken.origin.number, PAGE]);
        count = page.count;
        for (const change of taken.from(page.rows)) writer.change(change);
      }
      return taken.origin;
    });
  });
}

/** How far changes have been taken. */
class Taken {
  origin: ReplicaOrigin;

  constructor(origin: ReplicaOrigin) {
    this.origin = { ...origin, at: Date.now() };
  }

  /** Of rows that begin with the change that was taken last. Throws CannotGoOn where that is not there, or something between. */
  *from(rows: readonly (readonly unknown[])[]): Generator<ReplicatedChange> {
    const { number: last } = this.origin;
    const rest = last === 0 ? rows : rows.slice(1);
    if (last > 0 && (Number(rows[0]?.[0]) !== last || rows[0]![3] !== this.origin.batch))
      throw new CannotGoOn();
    for (const [number, key, gone, batch, seq, body] of rest) {
      if (Number(number) !== this.origin.number + 1) throw new CannotGoOn();
      this.origin = { ...this.origin, number: Number(number), batch: String(batch) };
      const document = typeof body === 'string' ? { seq: Number(seq), body } : undefined;
      yield { number: Number(number), key: String(key), gone: gone === true, document };
    }
  }
}

async function pullEverything(
  postgres: Postgres,
  connection: PostgresConnection,
  file: ReplicaFile,
): Promise<void> {
  const { schema } = postgres.sql;
  const text = `select key, seq, body from ${schema}.document where key > $1 order by key limit ${PAGE}`;
  await inOneState(connection, async (query) => {
    const { rows: heads } = await query(
      `select latest, batch, (select cluster from ${schema}.meta) from ${schema}.head`,
    );
    const [latest, batch, cluster] = heads[0]!;
    await file.takeAll(async (writer) => {
      let after = '';
      for (let count = PAGE; count === PAGE; ) {
        const { rows } = await query(text, [after]);
        count = rows.length;
        for (const [key, seq, body] of rows) writer.document(String(key), Number(seq), String(body));
        after = String(rows.at(-1)?.[0]);
      }
      return { cluster: String(cluster), number: Number(latest), batch: String(batch ?? ''), at: Date.now() };
    });
  });
}

async function inOneState(
  connection: PostgresConnection,
  work: (query: Query) => Promise<void>,
): Promise<void> {
  await connection.script('begin isolation level repeatable read read only');
  try {
    await work((text, values) => connection.query(text, values));
  } finally {
    if (!connection.isLost) await connection.script('rollback').catch(() => undefined);
  }
}

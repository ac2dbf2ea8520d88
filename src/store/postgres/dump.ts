// A store in PostgreSQL, whole: read at one moment, filled in one transaction, and told that it was restored.
import { randomUUID } from 'node:crypto';
import type { Dump, DumpHead, StoredDocument } from '../dump/dump-text.ts';
import { StoreError } from '../store-error.ts';
import { connectTo, type PostgresConnection } from './connection.ts';
import { type PostgresPlace, printPlace } from './place.ts';
import { lockOf, lookAtSchema, prepareSchema } from './schema.ts';

const PAGE = 200;

/** Hands all of a store to `use`, as it is at one moment. Throws StoreError. */
export async function dumpPostgres<T>(
  place: PostgresPlace,
  program: string,
  use: (head: Omit<DumpHead, 'format'>, pages: AsyncIterable<readonly StoredDocument[]>) => Promise<T>,
): Promise<T> {
  const schema = `"${place.schema}"`;
  return withConnection(place, async (connection) => {
    const { format } = await lookAtSchema(connection, place, program);
    if (format === 0) throw new StoreError('refused', `The database at ${printPlace(place)} holds no store.`);
    await connection.script('begin isolation level repeatable read read only');
    const { rows } = await connection.query(
      `select (select count(*) from ${schema}.document), (select latest from ${schema}.head)`,
    );
    await connection.script(
      `declare documents no scroll cursor for select seq, key, body from ${schema}.document order by seq`,
    );
    const pages = async function* (): AsyncGenerator<readonly StoredDocument[]> {
      for (;;) {
        const page = await connection.script(`fetch ${PAGE} from documents`);
        if (page.rows.length === 0) return;
        yield page.rows.map(([seq, key, body]) => ({
          seq: Number(seq),
          key: String(key),
          body: String(body),
        }));
      }
    };
    return use({ documents: Number(rows[0]![0]), latest: Number(rows[0]![1]) }, pages());
  });
}

/** Makes a store of a dump, all or nothing. Throws StoreError where there is one already that is not empty, and what the dump throws. */
export async function fillPostgres(
  place: PostgresPlace,
  program: string,
  { head, documents }: Dump,
): Promise<void> {
  const schema = `"${place.schema}"`;
  await withConnection(place, async (connection) => {
    const cluster = await prepareSchema(connection, place, program);
    await connection.script(`begin; select pg_advisory_xact_lock(${lockOf(`cluster ${cluster}`)})`);
    const { rows } = await connection.query(
      `select exists (select from ${schema}.document) or (select latest from ${schema}.head) > 0`,
    );
    if (rows[0]![0] !== false) {
      throw new StoreError(
        'refused',
        `The store at ${printPlace(place)} is not empty. An import needs an empty one: another database, or another schema (?schema=NAME).`,
      );
    }
    const put = `insert into ${schema}.document (seq, key, parent, body)
      select * from unnest($1::bigint[], $2::text[], $3::text[], $4::text[])`;
    let page: StoredDocument[] = [];
    const write = async (): Promise<void> => {
      const parents = page.map(({ key }) => key.slice(0, key.lastIndexOf('/')));
      await connection.query(put, [
        page.map(({ seq }) => seq),
        page.map(({ key }) => key),
        parents,
        page.map(({ body }) => body),
      ]);
      page = [];
    };
    for await (const document of documents) if (page.push(document) === PAGE) await write();
    await write();
    const batch = randomUUID();
    if (head.latest > 0) {
      await connection.query(
        `insert into ${schema}.change (number, key, gone, batch) values ($1, 'import', true, $2)`,
        [head.latest, batch],
      );
      await connection.query(`update ${schema}.head set latest = $1, batch = $2`, [head.latest, batch]);
    }
    await connection.script('commit');
  });
}

/** Of a store that was made of a backup: the nodes and connections that it names are gone. With `asCopy` it is a cluster of its own, for
 *  the original goes on. Throws StoreError. */
export async function forgetNodes(place: PostgresPlace, program: string, asCopy: boolean): Promise<void> {
  const schema = `"${place.schema}"`;
  await withConnection(place, async (connection) => {
    await prepareSchema(connection, place, program);
    await connection.script(
      `begin; delete from ${schema}.connection; delete from ${schema}.node;
       ${asCopy ? `update ${schema}.meta set cluster = '${randomUUID()}';` : ''} commit`,
    );
  });
}

/** What a start would run to have the tables that this version wants. Throws StoreError. */
export function missingStatements(place: PostgresPlace, program: string): Promise<readonly string[]> {
  return withConnection(
    place,
    async (connection) => (await lookAtSchema(connection, place, program)).missing,
  );
}

/** Runs them. Throws StoreError. */
export async function upgradeSchema(place: PostgresPlace, program: string): Promise<void> {
  await withConnection(place, (connection) => prepareSchema(connection, place, program));
}

async function withConnection<T>(
  place: PostgresPlace,
  work: (connection: PostgresConnection) => Promise<T>,
): Promise<T> {
  const connection = await connectTo(place);
  try {
    return await work(connection);
  } finally {
    // What was not committed is undone.
    connection.destroy();
  }
}

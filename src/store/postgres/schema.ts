// The tables of a store in PostgreSQL (format 1), as data: what a schema lacks of them is added at a start. Nothing is ever taken
// away or rewritten here, so that the version before goes on working beside this one; what is to go, goes one version later.
import { createHash, randomUUID } from 'node:crypto';
import { StoreError } from '../store-error.ts';
import type { PostgresConnection } from './connection.ts';
import { type PostgresPlace, printPlace } from './place.ts';
import { postgresProblem } from './problems.ts';
import { ALIVE } from './sql-source.ts';

/** Raised with each addition below. */
const FORMAT = 1;
/** The oldest version of Postern that understands what this one writes. */
const OLDEST_PROGRAM = '0.1.0';

interface Table {
  /** Name and type; those that come after the first release are nullable or have a constant default. */
  readonly columns: readonly (readonly [name: string, type: string])[];
  readonly constraint?: string;
  readonly storage?: string;
}

const TABLES: { readonly [name: string]: Table } = {
  meta: {
    columns: [
      ['format', 'int not null'],
      ['oldest_program', 'text not null'],
      ['cluster', 'uuid not null'],
      ['level', 'int not null default 1'],
    ],
  },
  document: {
    columns: [
      ['key', 'text collate "C" primary key'],
      ['parent', 'text collate "C" not null'],
      ['seq', 'bigint not null'],
      ['body', 'text not null'],
    ],
  },
  change: {
    columns: [
      ['number', 'bigint primary key'],
      ['key', 'text collate "C" not null'],
      ['gone', 'boolean not null'],
      ['batch', 'uuid not null'],
      ['at', 'timestamptz not null default now()'],
    ],
  },
  // One row, written by each commit.
  head: {
    columns: [
      ['latest', 'bigint not null'],
      ['batch', 'uuid'],
    ],
    storage: 'with (fillfactor = 10)',
  },
  node: {
    columns: [
      ['incarnation', 'bigint generated always as identity primary key'],
      ['number', 'smallint not null'],
      ['name', 'text not null'],
      ['address', 'text'],
      ['program', 'text not null'],
      ['level', 'int not null'],
      ['state', 'text not null'],
      ['beat_at', 'timestamptz not null'],
      ['applied', 'bigint not null default 0'],
      ['connections', 'jsonb'],
      // The newest lease that it has seen, and a digest of its configuration file.
      ['knows', 'bigint not null default 0'],
      ['config', "text not null default ''"],
    ],
  },
  connection: {
    columns: [
      ['id', 'text collate "C" primary key'],
      ['holder', 'bigint not null'],
      ['info', 'text not null'],
    ],
  },
  usage: {
    columns: [
      ['key', 'text not null'],
      ['period', 'text not null'],
      ['granted', 'bigint not null'],
    ],
    constraint: 'primary key (key, period)',
  },
  duty: {
    columns: [
      ['name', 'text primary key'],
      ['due_at', 'timestamptz not null'],
    ],
  },
};

const INDEXES: { readonly [name: string]: string } = {
  document_parent: 'index document_parent on $.document (parent, seq)',
  node_number: `unique index node_number on $.node (number) where ${ALIVE}`,
  connection_holder: 'index connection_holder on $.connection (holder)',
};

export interface SchemaState {
  /** Of the tables that are there; 0 for none. */
  readonly format: number;
  /** What would be run, in this order, to have everything that is above. */
  readonly missing: readonly string[];
  /** The oldest program that may use it, where that is newer than this one. */
  readonly tooNewFor: string | undefined;
}

/** Looks, and changes nothing. Throws StoreError. */
export async function lookAtSchema(
  connection: PostgresConnection,
  { schema }: PostgresPlace,
  program: string,
): Promise<SchemaState> {
  const names = await connection.query(
    `select c.relname, a.attname from pg_class c left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       where c.relnamespace = (select oid from pg_namespace where nspname = $1) and c.relkind in ('r', 'i')`,
    [schema],
  );
  const found = new Set<string>();
  for (const [relation, column] of names.rows) found.add(`${relation}`).add(`${relation}.${column}`);
  const missing: string[] = [];
  for (const [name, { columns, constraint, storage = '' }] of Object.entries(TABLES)) {
    if (!found.has(name)) {
      const parts = [
        ...columns.map((each) => each.join(' ')),
        ...(constraint === undefined ? [] : [constraint]),
      ];
      missing.push(`create table "${schema}".${name} (${parts.join(', ')}) ${storage}`.trim());
      continue;
    }
    for (const [column, type] of columns) {
      if (!found.has(`${name}.${column}`))
        missing.push(`alter table "${schema}".${name} add column ${column} ${type}`);
    }
  }
  for (const [name, text] of Object.entries(INDEXES)) {
    if (!found.has(name)) missing.push(`create ${text.replace('$', `"${schema}"`)}`);
  }
  const hasMeta = ['format', 'oldest_program'].every((column) => found.has(`meta.${column}`));
  const { rows } = hasMeta
    ? await connection.query(`select format, oldest_program from "${schema}".meta`)
    : { rows: [] };
  const [format, oldest] = (rows[0] ?? [0, '0']) as [number, string];
  return { format, missing, tooNewFor: isNewer(oldest, program) ? oldest : undefined };
}

/** Adds what the tables lack, and tells the id of the cluster. Several programs may do it at once. Throws StoreError. */
export async function prepareSchema(
  connection: PostgresConnection,
  place: PostgresPlace,
  program: string,
): Promise<string> {
  const { schema } = place;
  const state = requireFit(place, await lookAtSchema(connection, place, program), program);
  if (state.missing.length > 0 || state.format < FORMAT) {
    await connection.script(
      `begin; set local lock_timeout = '3s'; select pg_advisory_xact_lock(${lockOf(`schema ${schema}`)})`,
    );
    try {
      const { missing } = requireFit(place, await lookAtSchema(connection, place, program), program);
      const texts = (await hasSchema(connection, schema))
        ? missing
        : [`create schema "${schema}"`, ...missing];
      for (const text of texts) await connection.script(text);
      await fill(connection, schema);
      await connection.script('commit');
    } catch (error) {
      if (!connection.isLost) await connection.script('rollback');
      throw error;
    }
  }
  await requireRights(connection, place);
  const { rows } = await connection.query(`select cluster::text from "${schema}".meta`);
  return String(rows[0]![0]);
}

/** Of advisory locks, as SQL has it. */
export function lockOf(name: string): string {
  return createHash('sha256').update(`postern ${name}`).digest().readBigInt64BE().toString();
}

async function hasSchema(connection: PostgresConnection, schema: string): Promise<boolean> {
  return (await connection.query('select from pg_namespace where nspname = $1', [schema])).count > 0;
}

async function fill(connection: PostgresConnection, schema: string): Promise<void> {
  await connection.query(
    `insert into "${schema}".meta (format, oldest_program, cluster)
       select $1, $2, $3::uuid where not exists (select from "${schema}".meta)`,
    [FORMAT, OLDEST_PROGRAM, randomUUID()],
  );
  await connection.query(`update "${schema}".meta set format = greatest(format, $1)`, [FORMAT]);
  await connection.query(
    `insert into "${schema}".head (latest) select 0 where not exists (select from "${schema}".head)`,
  );
}

function requireFit(place: PostgresPlace, state: SchemaState, program: string): SchemaState {
  if (state.tooNewFor === undefined) return state;
  throw new StoreError(
    'newer',
    `The store at ${printPlace(place)} was made by a newer version of Postern (it needs ${state.tooNewFor} or newer, this is ${program}). Start that version, or choose another store.`,
  );
}

async function requireRights(connection: PostgresConnection, place: PostgresPlace): Promise<void> {
  const { rows } = await connection.query(
    `select string_agg(name, ', ') from unnest($1::text[]) as name
       where not (has_table_privilege($2 || '.' || name, 'select') and has_table_privilege($2 || '.' || name, 'insert')
         and has_table_privilege($2 || '.' || name, 'update') and has_table_privilege($2 || '.' || name, 'delete'))`,
    [Object.keys(TABLES), `"${place.schema}"`],
  );
  const tables = rows[0]?.[0];
  if (tables === null || tables === undefined) return;
  const error = new Error(`may not read and write ${String(tables)}`);
  throw postgresProblem(place, Object.assign(error, { code: '42501' }));
}

/** Of versions as package.json has them. */
function isNewer(one: string, other: string): boolean {
  const [first, second] = [one, other].map((text) =>
    text
      .replace(/[-+ ].*/, '')
      .split('.')
      .map(Number),
  );
  for (let at = 0; at < 3; at++) {
    const difference = (first![at] ?? 0) - (second![at] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
}

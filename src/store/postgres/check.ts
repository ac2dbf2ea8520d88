// Whether a store in PostgreSQL is intact: what the server itself cannot know.
import { parseJson } from '../../wire/json.ts';
import type { Query } from './connection.ts';
import type { PostgresPlace } from './place.ts';
import { damaged } from './problems.ts';

const PAGE = 500;

/** Throws StoreError. */
export async function checkPostgres(query: Query, place: PostgresPlace): Promise<void> {
  const { schema } = place;
  const misplaced = await query(
    `select key from "${schema}".document where left(key, length(parent) + 1) <> parent || '/'
       or strpos(substr(key, length(parent) + 2), '/') > 0 limit 1`,
  );
  if (misplaced.count > 0)
    throw damaged(place, `the document ${misplaced.rows[0]![0]} is in the wrong collection`);
  await checkBodies(query, place);
  const twice = await query(`select seq from "${schema}".document group by seq having count(*) > 1 limit 1`);
  if (twice.count > 0) throw damaged(place, `two documents were made by the change ${twice.rows[0]![0]}`);
  const numbers = await query(
    `select max(number) - min(number) + 1, count(*), max(number), (select latest from "${schema}".head), (select count(*) from "${schema}".head)
       from "${schema}".change`,
  );
  const [span, count, newest, latest, heads] = numbers.rows[0]!.map((each) =>
    each === null ? undefined : Number(each),
  );
  if (heads !== 1) throw damaged(place, `its head has ${heads} rows`);
  if (count !== 0 && span !== count)
    throw damaged(place, `the change table holds ${count} of ${span} changes`);
  if ((newest ?? 0) !== latest)
    throw damaged(place, `its newest change is ${newest ?? 0}, and its head says ${latest}`);
}

/** PostgreSQL before 16 does not tell what is JSON without an error. */
async function checkBodies(query: Query, place: PostgresPlace): Promise<void> {
  const text = `select key, body from "${place.schema}".document where key > $1 order by key limit ${PAGE}`;
  for (let after = ''; ; ) {
    const { rows } = await query(text, [after]);
    for (const [key, body] of rows) {
      if (!isObject(String(body))) throw damaged(place, `the document ${key} is no JSON object`);
    }
    if (rows.length < PAGE) return;
    after = String(rows.at(-1)![0]);
  }
}

function isObject(body: string): boolean {
  try {
    const value = parseJson(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

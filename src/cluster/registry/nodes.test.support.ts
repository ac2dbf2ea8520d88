// Test-only: rows of nodes, as those who beat have them.
import type { Postgres } from '../../store/postgres/postgres-store.ts';

/** Their incarnations. */
export async function joinNodes({ sql }: Postgres, count: number): Promise<readonly number[]> {
  const { rows } = await sql.query(
    `insert into ${sql.schema}.node (number, name, program, level, state, beat_at)
       select (select coalesce(max(number), 0) from ${sql.schema}.node) + n, 'test', '0.1.0', 1, 'up', now()
       from generate_series(1, $1::int) as n returning incarnation`,
    [count],
  );
  return rows.map(([incarnation]) => Number(incarnation));
}

/** Declares one, or all, no more alive. */
export async function killNodes({ sql }: Postgres, state: 'gone' | 'drained', one?: number): Promise<void> {
  await sql.query(
    `update ${sql.schema}.node set state = $1 where state in ('up', 'draining') and ($2::bigint is null or incarnation = $2)`,
    [state, one ?? null],
  );
}

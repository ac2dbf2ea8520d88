// What somebody has to do once in a while, whichever node comes first: rows that nobody needs any more go. There is no leader: each duty is
// a transaction that takes the row of its own name, which others pass by meanwhile.
import type { SqlSource } from '../../store/postgres/sql-source.ts';

const PERIOD_MILLIS = 60 * 60 * 1_000;
const DAY_MILLIS = 24 * 60 * 60 * 1_000;
/** Long after the longest period of a quota. */
const USAGE_DAYS = 40;
/** What is looked at when something went wrong stays for a while. */
const NODE_HOURS = 24;

/** Drops rows of nodes that are gone and hold no connections, and of periods that are over. Does nothing where somebody has done it in the
 *  last hour. Tells how many went. Throws StoreError. */
export function pruneRows({ schema, transact }: Pick<SqlSource, 'schema' | 'transact'>): Promise<number> {
  return transact(async (query) => {
    await query(`insert into ${schema}.duty (name, due_at) values ('rows', now()) on conflict do nothing`);
    const mine = await query(
      `select from ${schema}.duty where name = 'rows' and due_at <= now() for update skip locked`,
    );
    if (mine.count === 0) return 0;
    await query(`update ${schema}.duty set due_at = now() + interval '1 hour' where name = 'rows'`);
    const nodes = await query(
      `delete from ${schema}.node where state in ('drained', 'gone') and beat_at < now() - make_interval(hours => $1)
         and not exists (select from ${schema}.connection where holder = incarnation)`,
      [NODE_HOURS],
    );
    // Days and weeks since 1970, and months: `20787`, `w2970`, `2026-11`.
    const usage = await query(
      `delete from ${schema}.usage where case
         when period ~ '^[0-9]{1,9}$' then period::int < $1
         when period ~ '^w[0-9]{1,9}$' then substr(period, 2)::int < $2
         when period ~ '^[0-9]{4}-[0-9]{2}$' then period < $3
         else false end`,
      oldestPeriods(Date.now() - USAGE_DAYS * DAY_MILLIS),
    );
    return nodes.count + usage.count;
  });
}

/** The periods of quotas (`websocket-api/api-keys.ts`) that hold an epoch time. */
function oldestPeriods(time: number): [day: number, week: number, month: string] {
  const days = Math.floor(time / DAY_MILLIS);
  return [days, Math.floor(days / 7), new Date(time).toISOString().slice(0, 7)];
}

/** Goes on until what it returns is called. */
export function keepDuties(sql: Pick<SqlSource, 'schema' | 'transact'>): () => void {
  const timer = setInterval(() => void pruneRows(sql).catch(() => undefined), PERIOD_MILLIS).unref();
  return () => clearInterval(timer);
}

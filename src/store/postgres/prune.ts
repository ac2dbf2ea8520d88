// The duty of dropping old changes: whichever node comes first does it, every ten minutes.
import { ALIVE, type SqlSource } from './sql-source.ts';

/** What followers may lack without having to read everything. */
export interface Kept {
  readonly changes: number;
  readonly days: number;
}

const KEPT: Kept = { changes: 100_000, days: 10 };

/** Drops what is older than ten days or beyond 100,000 changes, but nothing that a living node has yet to take, and never the newest.
 *  Does nothing where somebody has done it in the last ten minutes. Tells how many went. Throws StoreError. */
export function pruneChanges({ schema, transact }: SqlSource, kept = KEPT): Promise<number> {
  return transact(async (query) => {
    await query(`insert into ${schema}.duty (name, due_at) values ('prune', now()) on conflict do nothing`);
    const mine = await query(
      `select from ${schema}.duty where name = 'prune' and due_at <= now() for update skip locked`,
    );
    if (mine.count === 0) return 0;
    await query(`update ${schema}.duty set due_at = now() + interval '10 minutes' where name = 'prune'`);
    const { count } = await query(
      `delete from ${schema}.change where number < (select least(
         greatest(latest - $1, (select max(number) from ${schema}.change where at < now() - make_interval(days => $2))),
         (select min(applied) from ${schema}.node where ${ALIVE}), latest) from ${schema}.head)`,
      [kept.changes, kept.days],
    );
    return count;
  });
}

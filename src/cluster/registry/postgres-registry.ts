// The registry of a cluster: a table beside its store. Whoever has a row in `node` that is up or draining is alive.
import { ALIVE, type SqlSource } from '../../store/postgres/sql-source.ts';
import type { ConnectionRow } from '../../websocket-api/connections/registry.ts';
import type { DeadHolder, HeldRow, SharedRegistry } from './registry-engine.ts';

interface Statements {
  readonly write: string;
  readonly dead: string;
  readonly claim: string;
  readonly idsOf: string;
  readonly rowsOf: string;
  readonly moveIn: string;
}

export class PostgresRegistry implements SharedRegistry {
  readonly #sql: SqlSource;
  readonly #statements: Statements;

  constructor(sql: SqlSource) {
    const connection = `${sql.schema}.connection`;
    const node = `${sql.schema}.node`;
    this.#sql = sql;
    // The row of a node is locked for sharing while something comes to it: who declares it gone waits, and finds what has come; or was
    // first, and nothing comes.
    this.#statements = {
      write: `with alive as (select from ${node} where incarnation = $1 and ${ALIVE} for share),
          entered as (insert into ${connection} (id, holder, info)
            select id, $1, info from unnest($2::text[], $3::text[]) as entering (id, info), alive on conflict do nothing),
          gone as (delete from ${connection} where id = any ($4::text[]))
        select exists (select from alive)`,
      // Holder by holder: there are few, of many rows.
      dead: `with recursive holders as (
            select min(holder) as holder from ${connection}
            union all
            select (select min(next.holder) from ${connection} as next where next.holder > holders.holder)
              from holders where holders.holder is not null)
        select holders.holder, coalesce(node.state = 'drained', false)
          from holders left join ${node} as node on node.incarnation = holders.holder
          where holders.holder is not null and (node.state is null or not node.${ALIVE})`,
      claim: `with alive as (select from ${node} where incarnation = $2 and ${ALIVE} for share)
        update ${connection} set holder = $2 where exists (select from alive)
          and not exists (select from ${node} where incarnation = $1 and ${ALIVE})
          and id in (select id from ${connection} where holder = $1 limit $3 for update skip locked)
        returning id, info`,
      idsOf: `select id from ${connection} where holder = $1`,
      moveIn: `with gone as (delete from ${connection} where id = any ($4::text[]))
        insert into ${connection} (id, holder, info)
          select id, holder, info from unnest($1::text[], $2::bigint[], $3::text[]) as moving (id, holder, info)
          on conflict do nothing`,
      rowsOf: `select id, info from ${connection} where holder = $1 and id = any ($2::text[])`,
    };
  }

  async write(
    holder: number,
    entering: readonly ConnectionRow[],
    leaving: readonly string[],
  ): Promise<boolean> {
    const ids = entering.map(({ id }) => id);
    const infos = entering.map(({ info }) => info);
    const { rows } = await this.#sql.query(this.#statements.write, [holder, ids, infos, leaving]);
    return rows[0]?.[0] === true;
  }

  async moveIn(rows: readonly HeldRow[], leaving: readonly string[]): Promise<void> {
    if (rows.length === 0 && leaving.length === 0) return;
    await this.#sql.query(this.#statements.moveIn, [
      rows.map(({ id }) => id),
      rows.map(({ holder }) => holder),
      rows.map(({ info }) => info),
      leaving,
    ]);
  }

  async dead(): Promise<readonly DeadHolder[]> {
    const { rows } = await this.#sql.query(this.#statements.dead);
    return rows.map(([holder, hasDrained]) => ({ holder: Number(holder), hasDrained: hasDrained === true }));
  }

  async claim(dead: number, holder: number, limit: number): Promise<readonly ConnectionRow[]> {
    const { rows } = await this.#sql.query(this.#statements.claim, [dead, holder, limit]);
    return rows.map(rowOf);
  }

  async idsOf(holder: number): Promise<readonly string[]> {
    const { rows } = await this.#sql.query(this.#statements.idsOf, [holder]);
    return rows.map(([id]) => String(id));
  }

  async rowsOf(holder: number, ids: readonly string[]): Promise<readonly ConnectionRow[]> {
    const { rows } = await this.#sql.query(this.#statements.rowsOf, [holder, ids]);
    return rows.map(rowOf);
  }
}

function rowOf([id, info]: readonly unknown[]): ConnectionRow {
  return { id: String(id), info: String(info) };
}

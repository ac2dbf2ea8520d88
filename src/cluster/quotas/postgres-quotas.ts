// Quotas of a cluster: a table beside its store.
import type { SqlSource } from '../../store/postgres/sql-source.ts';
import type { QuotaSource } from '../../websocket-api/quota-source.ts';
import { MOST_IN_HAND } from './chunk.ts';

/** Its promises are rejected for what PostgreSQL says, and while it is away. */
export class PostgresQuotas implements QuotaSource {
  readonly #sql: SqlSource;
  readonly #processes: () => number;

  /** `processes`: how many take of it, on all nodes. */
  constructor(sql: SqlSource, processes: () => number) {
    this.#sql = sql;
    this.#processes = processes;
  }

  take(key: string, period: string, limit: number): Promise<number> {
    const usage = `${this.#sql.schema}.usage`;
    return this.#sql.transact(async (query) => {
      await query(`insert into ${usage} values ($1, $2, 0) on conflict do nothing`, [key, period]);
      // As chunkOf has it.
      const { rows } = await query(
        `with before as (select granted from ${usage} where key = $1 and period = $2 for update)
         update ${usage} as after
           set granted = before.granted + greatest(1, least($5::bigint, ($3::bigint - before.granted) / (4 * $4::bigint)))
           from before where after.key = $1 and after.period = $2 and before.granted < $3::bigint
           returning after.granted - before.granted`,
        [key, period, limit, this.#processes(), MOST_IN_HAND],
      );
      return Number(rows[0]?.[0] ?? 0);
    });
  }

  async giveBack(key: string, period: string, count: number): Promise<void> {
    await this.#sql.query(
      `update ${this.#sql.schema}.usage set granted = greatest(0, granted - $3) where key = $1 and period = $2`,
      [key, period, count],
    );
  }
}

// Quotas of one machine: a table of `runtime.db`.
import type { Statement } from '../../store/sqlite/connection.ts';
import type { QuotaSource } from '../../websocket-api/quota-source.ts';
import type { RuntimeFile } from '../registry/runtime-file.ts';
import { chunkOf } from './chunk.ts';

/** The newest periods of a key: clocks are set back, by hand or by their servers. */
const KEPT_PERIODS = 4;

interface Statements {
  readonly granted: Statement;
  readonly grant: Statement;
  readonly prune: Statement;
  readonly giveBack: Statement;
}

/** Its promises are rejected for what the file says. */
export class SqliteQuotas implements QuotaSource {
  readonly #file: RuntimeFile;
  readonly #statements: Statements;
  readonly #processes: () => number;

  private constructor(file: RuntimeFile, statements: Statements, processes: () => number) {
    this.#file = file;
    this.#statements = statements;
    this.#processes = processes;
  }

  /** `processes`: how many take of it. */
  static async open(file: RuntimeFile, processes: () => number): Promise<SqliteQuotas> {
    const statements = {
      granted: await file.prepare('select granted from usage where key = ? and period = ?'),
      grant: await file.prepare(
        `insert into usage values (?1, ?2, ?3)
         on conflict (key, period) do update set granted = granted + excluded.granted`,
      ),
      prune: await file.prepare(
        `delete from usage where key = ?1 and rowid not in
         (select rowid from usage where key = ?1 order by rowid desc limit ${KEPT_PERIODS})`,
      ),
      giveBack: await file.prepare(
        'update usage set granted = max(0, granted - ?3) where key = ?1 and period = ?2',
      ),
    };
    return new SqliteQuotas(file, statements, processes);
  }

  take(key: string, period: string, limit: number): Promise<number> {
    const { granted, grant, prune } = this.#statements;
    return this.#file.transact(() => {
      const before = granted.get([key, period])?.[0];
      const chunk = chunkOf(limit - Number(before ?? 0), this.#processes());
      if (chunk > 0) grant.run([key, period, chunk]);
      if (before === undefined) prune.run([key]);
      return chunk;
    });
  }

  async giveBack(key: string, period: string, count: number): Promise<void> {
    await this.#file.transact(() => this.#statements.giveBack.run([key, period, count]));
  }
}

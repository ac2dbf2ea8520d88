// The registry of one machine: a table of `runtime.db`. Whoever has the file open is alive, and nobody else is.
import type { Statement } from '../../store/sqlite/connection.ts';
import type { ConnectionRow } from '../../websocket-api/connections/registry.ts';
import { listOf } from './list-of.ts';
import type { DeadHolder, RegistryEngine } from './registry-engine.ts';
import type { RuntimeFile } from './runtime-file.ts';

interface Statements {
  readonly enter: Statement;
  readonly leave: Statement;
  readonly dead: Statement;
  readonly oldest: Statement;
  readonly give: Statement;
  readonly idsOf: Statement;
  readonly rowsOf: Statement;
}

export class SqliteRegistry implements RegistryEngine {
  readonly #file: RuntimeFile;
  readonly #statements: Statements;

  private constructor(file: RuntimeFile, statements: Statements) {
    this.#file = file;
    this.#statements = statements;
  }

  static async open(file: RuntimeFile): Promise<SqliteRegistry> {
    return new SqliteRegistry(file, {
      enter: await file.prepare('insert into connection values (?, ?, ?) on conflict do nothing'),
      leave: await file.prepare('delete from connection where id = ?'),
      dead: await file.prepare(
        'select json_group_array(holder) from (select distinct holder from connection where holder <> ?)',
      ),
      oldest: await file.prepare(
        `select json_group_array(json_object('id', id, 'info', info))
         from (select id, info from connection where holder = ? order by rowid limit ?)`,
      ),
      give: await file.prepare(
        `update connection set holder = ?
         where rowid in (select rowid from connection where holder = ? order by rowid limit ?)`,
      ),
      idsOf: await file.prepare('select json_group_array(id) from connection where holder = ?'),
      rowsOf: await file.prepare(
        `select json_group_array(json_object('id', id, 'info', info))
         from connection where holder = ? and id in (select value from json_each(?))`,
      ),
    });
  }

  async write(
    holder: number,
    entering: readonly ConnectionRow[],
    leaving: readonly string[],
  ): Promise<boolean> {
    const isAlive = holder === this.#file.incarnation;
    const { enter, leave } = this.#statements;
    await this.#file.transact(() => {
      if (isAlive) for (const { id, info } of entering) enter.run([id, holder, info]);
      for (const id of leaving) leave.run([id]);
    });
    return isAlive;
  }

  /** Whoever had time to drain has told what it had time for; what is left then is lost like any other. */
  async dead(): Promise<readonly DeadHolder[]> {
    const holders = await this.#file.transact(() =>
      listOf<number>(this.#statements.dead, [this.#file.incarnation]),
    );
    return holders.map((holder) => ({ holder, hasDrained: false }));
  }

  async claim(dead: number, holder: number, limit: number): Promise<readonly ConnectionRow[]> {
    const { incarnation } = this.#file;
    if (holder !== incarnation || dead === incarnation) return [];
    const { oldest, give } = this.#statements;
    return this.#file.transact(() => {
      const rows = listOf<ConnectionRow>(oldest, [dead, limit]);
      give.run([holder, dead, limit]);
      return rows;
    });
  }

  async idsOf(holder: number): Promise<readonly string[]> {
    return this.#file.transact(() => listOf<string>(this.#statements.idsOf, [holder]));
  }

  async rowsOf(holder: number, ids: readonly string[]): Promise<readonly ConnectionRow[]> {
    return this.#file.transact(() =>
      listOf<ConnectionRow>(this.#statements.rowsOf, [holder, JSON.stringify(ids)]),
    );
  }
}

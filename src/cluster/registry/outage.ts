// What happens to the registry while PostgreSQL is away, in `runtime.db`: rows that could not go there yet, and ids that have left.
import type { Statement } from '../../store/sqlite/connection.ts';
import type { ConnectionRow } from '../../websocket-api/connections/registry.ts';
import { listOf } from './list-of.ts';
import type { HeldRow } from './registry-engine.ts';
import type { RuntimeFile } from './runtime-file.ts';

/** Some of what is noted, to be taken from here once it is where it belongs. */
export interface Noted {
  readonly rows: readonly HeldRow[];
  readonly left: readonly string[];
}

interface Statements {
  readonly enter: Statement;
  readonly leave: Statement;
  readonly note: Statement;
  readonly rows: Statement;
  readonly left: Statement;
  readonly forget: Statement;
}

const MAX_ROWS = 500;

export class Outage {
  readonly #file: RuntimeFile;
  readonly #statements: Statements;

  private constructor(file: RuntimeFile, statements: Statements) {
    this.#file = file;
    this.#statements = statements;
  }

  static async open(file: RuntimeFile): Promise<Outage> {
    return new Outage(file, {
      enter: await file.prepare('insert into waiting values (?, ?, ?) on conflict do nothing'),
      leave: await file.prepare('delete from waiting where id = ?'),
      note: await file.prepare('insert into departed values (?) on conflict do nothing'),
      rows: await file.prepare(
        `select json_group_array(json_object('id', id, 'holder', holder, 'info', info))
         from (select id, holder, info from waiting order by rowid limit ${MAX_ROWS})`,
      ),
      left: await file.prepare(
        `select json_group_array(id) from (select id from departed order by rowid limit ${MAX_ROWS})`,
      ),
      forget: await file.prepare('delete from departed where id = ?'),
    });
  }

  /** Durable when it resolves. An id that leaves may have a row in either place. */
  async note(holder: number, entering: readonly ConnectionRow[], leaving: readonly string[]): Promise<void> {
    const { enter, leave, note } = this.#statements;
    await this.#file.transact(() => {
      for (const { id, info } of entering) enter.run([id, holder, info]);
      for (const id of leaving) {
        leave.run([id]);
        note.run([id]);
      }
    });
  }

  /** The oldest of it; empty when nothing is noted. */
  some(): Promise<Noted> {
    const { rows, left } = this.#statements;
    return this.#file.transact(() => ({ rows: listOf<HeldRow>(rows, []), left: listOf<string>(left, []) }));
  }

  async forget({ rows, left }: Noted): Promise<void> {
    const { leave, forget } = this.#statements;
    await this.#file.transact(() => {
      for (const { id } of rows) leave.run([id]);
      for (const id of left) forget.run([id]);
    });
  }
}

// The transactions of the SQLite store: what `work` gets. Each is a handful of prepared statements over one connection.

import { invariant } from '../../defect.ts';
import { parseJson } from '../../wire/json.ts';
import { parseSegment, printKey } from '../key-text.ts';
import { parsePosition, printPosition } from '../page-token.ts';
import type { Document, Entry, Key, Listing, Page, ReadTransaction, Transaction } from '../store.ts';
import type { Connection, SqlValue, Statement } from './connection.ts';

export interface ReadStatements {
  readonly get: Statement;
  readonly list: Statement;
  readonly texts: Statement;
  readonly lists: Statement;
}

export interface WriteStatements extends ReadStatements {
  readonly put: Statement;
  readonly delete: Statement;
  readonly change: Statement;
}

// A listing is one row of three texts rather than a row a document: crossing into the library costs more than
// SQLite's own work. Keys hold no blanks, bodies are JSON.
const LIST = `select group_concat(seq, ' '), group_concat(key, ' '), '[' || group_concat(body, ',') || ']'
  from (select seq, key, body from document where parent = ? and seq > ? order by seq limit ?)`;

// Of many keys or collections, a JSON list of them: where each was asked for, and what it has.
const TEXTS = `select json_group_array(json_array(asked.key, iif(json_valid(body), json_type(body), 'none'), body))
  from json_each(?) asked join document found on found.key = asked.value`;
const LISTS = `select json_group_array(json_array(at, key, body))
  from (select asked.key as at, found.key as key, body
    from json_each(?) asked join document found on found.parent = asked.value order by asked.key, seq)`;

export async function prepareReads(connection: Connection): Promise<ReadStatements> {
  return {
    get: await connection.prepare('select body from document where key = ?'),
    list: await connection.prepare(LIST),
    texts: await connection.prepare(TEXTS),
    lists: await connection.prepare(LISTS),
  };
}

export async function prepareWrites(connection: Connection): Promise<WriteStatements> {
  return {
    ...(await prepareReads(connection)),
    put: await connection.prepare(
      `insert into document (seq, key, parent, body) values (?, ?, ?, ?)
         on conflict (key) do update set body = excluded.body`,
    ),
    delete: await connection.prepare('delete from document where key = ? or (key > ? and key < ?)'),
    change: await connection.prepare('insert into change (number, key, gone) values (?, ?, ?)'),
  };
}

export class SqliteReadTransaction implements ReadTransaction {
  readonly #statements: ReadStatements;
  #over = false;

  constructor(statements: ReadStatements) {
    this.#statements = statements;
  }

  async get(key: Key): Promise<Document | undefined> {
    this.assertRunning();
    const row = this.#statements.get.get([printKey(key)]);
    return row === undefined
      ? undefined
      : readable(`the document ${printKey(key)}`, () => asDocument(parseJson(textIn(row, 0))));
  }

  async texts(keys: readonly Key[]): Promise<readonly (string | undefined)[]> {
    this.assertRunning();
    const texts: (string | undefined)[] = keys.map(() => undefined);
    for (const [at, type, body] of this.#rows<[at: number, type: string, body: string]>('texts', keys)) {
      readable(`the document ${printKey(keys[at]!)}`, () =>
        invariant(type === 'object', 'a document is an object'),
      );
      texts[at] = body;
    }
    return texts;
  }

  async lists(collections: readonly Key[]): Promise<readonly (readonly Entry[])[]> {
    this.assertRunning();
    const lists: Entry[][] = collections.map(() => []);
    for (const [at, key, body] of this.#rows<[at: number, key: string, body: string]>('lists', collections)) {
      const id = parseSegment(key.slice(key.lastIndexOf('/') + 1));
      const document = readable(`the document ${key}`, () => asDocument(parseJson(body)));
      lists[at]!.push({ key: [...collections[at]!, id], document });
    }
    return lists;
  }

  #rows<Row>(statement: 'texts' | 'lists', asked: readonly Key[]): readonly Row[] {
    if (asked.length === 0) return [];
    const [found] = this.#statements[statement].get([JSON.stringify(asked.map(printKey))]) ?? [];
    return JSON.parse(String(found)) as Row[];
  }

  async list(collection: Key, page?: Page): Promise<Listing> {
    this.assertRunning();
    const parent = printKey(collection);
    const limit = page?.limit ?? -1;
    invariant(limit !== 0, 'a page holds at least one entry');
    const after = page?.after === undefined ? 0 : parsePosition(parent, page.after);
    // One more than asked for tells whether there is a next page.
    const row = this.#statements.list.get([parent, after, limit < 0 ? -1 : limit + 1]);
    if (row === undefined || row[0] === null) return { entries: [] };
    const positions = textIn(row, 0).split(' ');
    const start = parent.length + 1;
    const entries = readable(`a document in ${parent}`, (): Entry[] => {
      const documents = parseJson(textIn(row, 2)) as unknown[];
      const keys = textIn(row, 1).split(' ');
      invariant(documents.length === keys.length, 'each key has its document');
      return keys.map((key, index) => ({
        key: [...collection, parseSegment(key.slice(start))],
        document: asDocument(documents[index]),
      }));
    });
    if (limit < 0 || entries.length <= limit) return { entries };
    entries.length = limit;
    return { entries, next: printPosition(parent, Number(positions[limit - 1]!)) };
  }

  /** From here on every call throws. */
  finish(): void {
    this.#over = true;
  }

  assertRunning(): void {
    invariant(!this.#over, 'a store transaction is used only while its work runs');
  }
}

export class SqliteTransaction implements Transaction {
  readonly #reads: SqliteReadTransaction;
  readonly #statements: WriteStatements;
  /** Number of the newest change, this transaction's included. */
  latest: number;

  constructor(statements: WriteStatements, latest: number) {
    this.#reads = new SqliteReadTransaction(statements);
    this.#statements = statements;
    this.latest = latest;
  }

  get(key: Key): Promise<Document | undefined> {
    return this.#reads.get(key);
  }

  texts(keys: readonly Key[]): Promise<readonly (string | undefined)[]> {
    return this.#reads.texts(keys);
  }

  lists(collections: readonly Key[]): Promise<readonly (readonly Entry[])[]> {
    return this.#reads.lists(collections);
  }

  list(collection: Key, page?: Page): Promise<Listing> {
    return this.#reads.list(collection, page);
  }

  async put(key: Key, document: Document): Promise<void> {
    this.#reads.assertRunning();
    const text = printKey(key);
    const number = ++this.latest;
    this.#statements.put.run([number, text, text.slice(0, text.lastIndexOf('/')), JSON.stringify(document)]);
    this.#statements.change.run([number, text, 0]);
  }

  async delete(key: Key): Promise<void> {
    this.#reads.assertRunning();
    const text = printKey(key);
    if (this.#statements.delete.run([text, `${text}/`, `${text}0`]).changes === 0) return;
    this.#statements.change.run([++this.latest, text, 1]);
  }

  finish(): void {
    this.#reads.finish();
  }
}

function asDocument(value: unknown): Document {
  invariant(typeof value === 'object' && value !== null && !Array.isArray(value), 'a document is an object');
  return value as Document;
}

/** Takes what is stored apart. Text that is not what was written is damage, as SQLite's own. */
function readable<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw Object.assign(new Error(`${what} cannot be read`, { cause: error }), { code: 'SQLITE_CORRUPT' });
  }
}

export function textIn(row: readonly SqlValue[], column: number): string {
  const value = row[column];
  invariant(typeof value === 'string', 'the column holds text');
  return value;
}

export function numberIn(row: readonly SqlValue[], column: number): number {
  const value = row[column];
  invariant(typeof value === 'number', 'the column holds a number');
  return value;
}

// The transactions of the PostgreSQL store: what `work` gets. Documents are text there, as they were put.
import { invariant } from '../../defect.ts';
import { parseJson } from '../../wire/json.ts';
import { parseSegment, printKey } from '../key-text.ts';
import { parsePosition, printPosition } from '../page-token.ts';
import type { Document, Entry, Key, Listing, Page, ReadTransaction, Transaction } from '../store.ts';
import type { StoreError } from '../store-error.ts';
import type { Query, SqlResult, SqlValue } from './connection.ts';
import type { PostgresPlace } from './place.ts';
import { damaged } from './problems.ts';

/** The statements, with the schema's name in them. */
export class DocumentStatements {
  readonly place: PostgresPlace;
  readonly get: string;
  readonly texts: string;
  readonly list: string;
  readonly page: string;
  readonly lists: string;
  readonly put: string;
  readonly delete: string;

  constructor(place: PostgresPlace) {
    const { schema } = place;
    this.place = place;
    this.get = `select body from "${schema}".document where key = $1`;
    this.texts = `select key, body from "${schema}".document where key = any($1)`;
    this.list = `select seq, key, body from "${schema}".document where parent = $1 and seq > $2 order by seq`;
    this.page = `${this.list} limit $3`;
    this.lists = `select parent, key, body from "${schema}".document where parent = any($1) order by parent, seq`;
    // The document and its change are one statement: one way there and back.
    const change = `insert into "${schema}".change (number, key, gone, batch, at)`;
    this.put = `with written as (
        insert into "${schema}".document (seq, key, parent, body) values ($1, $2, $3, $4)
          on conflict (key) do update set body = excluded.body)
      ${change} values ($1, $2, false, $5, now())`;
    this.delete = `with gone as (
        delete from "${schema}".document where key = $2 or (key > $3 and key < $4) returning 1)
      ${change} select $1, $2, true, $5, now() where exists (select from gone)`;
  }
}

export class PostgresReadTransaction implements ReadTransaction {
  readonly #query: Query;
  readonly #statements: DocumentStatements;
  #over = false;
  /** What the server said against a statement, whatever `work` made of it. */
  failure: StoreError | undefined;

  constructor(query: Query, statements: DocumentStatements) {
    this.#query = query;
    this.#statements = statements;
  }

  async get(key: Key): Promise<Document | undefined> {
    const text = printKey(key);
    const { rows } = await this.run(this.#statements.get, [text]);
    return rows.length === 0 ? undefined : this.#documentOf(text, rows[0]![0]);
  }

  async texts(keys: readonly Key[]): Promise<readonly (string | undefined)[]> {
    if (keys.length === 0) return [];
    const asked = keys.map(printKey);
    const { rows } = await this.run(this.#statements.texts, [[...new Set(asked)]]);
    const bodies = new Map(rows as readonly (readonly [string, string])[]);
    for (const [key, body] of bodies) {
      if (!body.startsWith('{'))
        throw damaged(this.#statements.place, `the document ${key} is no JSON object`);
    }
    return asked.map((key) => bodies.get(key));
  }

  async list(collection: Key, page?: Page): Promise<Listing> {
    const parent = printKey(collection);
    const limit = page?.limit;
    invariant(limit !== 0, 'a page holds at least one entry');
    const after = page?.after === undefined ? 0 : parsePosition(parent, page.after);
    // One more than asked for tells whether there is a next page.
    const { rows } =
      limit === undefined
        ? await this.run(this.#statements.list, [parent, after])
        : await this.run(this.#statements.page, [parent, after, limit + 1]);
    const entries = rows.map(([, key, body]) => this.#entryOf(collection, key, body));
    if (limit === undefined || entries.length <= limit) return { entries };
    entries.length = limit;
    return { entries, next: printPosition(parent, Number(rows[limit - 1]![0])) };
  }

  async lists(collections: readonly Key[]): Promise<readonly (readonly Entry[])[]> {
    if (collections.length === 0) return [];
    const asked = collections.map(printKey);
    const { rows } = await this.run(this.#statements.lists, [[...new Set(asked)]]);
    return collections.map((collection, at) =>
      rows
        .filter(([parent]) => parent === asked[at])
        .map(([, key, body]) => this.#entryOf(collection, key, body)),
    );
  }

  /** From here on every call throws. */
  finish(): void {
    this.#over = true;
  }

  async run(text: string, values: readonly SqlValue[]): Promise<SqlResult> {
    invariant(!this.#over, 'a store transaction is used only while its work runs');
    try {
      return await this.#query(text, values);
    } catch (error) {
      this.failure = error as StoreError;
      throw error;
    }
  }

  #entryOf(collection: Key, key: unknown, body: unknown): Entry {
    const text = String(key);
    const id = parseSegment(text.slice(text.lastIndexOf('/') + 1));
    return { key: [...collection, id], document: this.#documentOf(text, body) };
  }

  #documentOf(key: string, body: unknown): Document {
    let value: unknown;
    try {
      value = parseJson(String(body));
    } catch (error) {
      throw damaged(this.#statements.place, `the document ${key} cannot be read`, error);
    }
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Document;
    throw damaged(this.#statements.place, `the document ${key} is no JSON object`);
  }
}

export class PostgresTransaction extends PostgresReadTransaction implements Transaction {
  readonly #statements: DocumentStatements;
  readonly #batch: string;
  #turn: Promise<void> = Promise.resolve();
  /** Number of the newest change, this transaction's included. */
  latest: number;

  constructor(query: Query, statements: DocumentStatements, latest: number, batch: string) {
    super(query, statements);
    this.#statements = statements;
    this.latest = latest;
    this.#batch = batch;
  }

  put(key: Key, document: Document): Promise<void> {
    const text = printKey(key);
    const parent = text.slice(0, text.lastIndexOf('/'));
    const body = JSON.stringify(document);
    return this.#write(this.#statements.put, (number) => [number, text, parent, body, this.#batch]);
  }

  delete(key: Key): Promise<void> {
    const text = printKey(key);
    const values = [text, `${text}/`, `${text}0`, this.#batch];
    return this.#write(this.#statements.delete, (number) => [number, ...values]);
  }

  /** Numbers are given in the order of calls, whether these are awaited or not. */
  #write(text: string, valuesOf: (number: number) => readonly SqlValue[]): Promise<void> {
    const written = this.#turn.then(async () => {
      const { count } = await this.run(text, valuesOf(this.latest + 1));
      if (count > 0) this.latest++;
    });
    this.#turn = written.catch(() => undefined);
    return written;
  }
}

// The store contract: a small transactional document store, keyed by path, isolated by (account, region).
// One contract test (store-contract.ts) runs on every engine.

/** Path segments of a document, account and region first: ['000000000000', 'us-east-1', 'apis', 'a1b2c3d4e5', 'routes', 'x9'].
 *  Even-length after (account, region): a collection name, then an id. Segments are any text; engines encode them. */
export type Key = readonly string[];

/** What is stored: plain JSON. */
export type Document = { readonly [member: string]: unknown };

export interface Entry {
  readonly key: Key;
  readonly document: Document;
}

export interface Page {
  /** Most entries to return. */
  readonly limit: number;
  /** The `next` of the page before; absent for the first page. */
  readonly after?: string;
}

export interface Listing {
  readonly entries: readonly Entry[];
  /** Opaque position of the next page; absent on the last. */
  readonly next?: string;
}

/** Reads see one consistent state of the store. */
export interface ReadTransaction {
  get(key: Key): Promise<Document | undefined>;
  /** The documents of many keys, in their order, as the JSON that `get` would read: for who reads it later, or never. */
  texts(keys: readonly Key[]): Promise<readonly (string | undefined)[]>;
  /** The documents directly in a collection (`[..., 'routes']`), in creation order. Throws BadPageError on an unusable `after`. */
  list(collection: Key, page?: Page): Promise<Listing>;
  /** All that is in many collections, in their order. */
  lists(collections: readonly Key[]): Promise<readonly (readonly Entry[])[]>;
}

export interface Transaction extends ReadTransaction {
  /** Creates or replaces; a replaced document keeps its place in creation order. */
  put(key: Key, document: Document): Promise<void>;
  /** Deletes the document and everything below it. Deleting what is not there is no error. */
  delete(key: Key): Promise<void>;
}

/** One committed change of one document. */
export interface Change {
  /** Position in the order of commits, from 1, ascending. */
  readonly number: number;
  readonly key: Key;
  /** False when the document (and what was below it) is gone. */
  readonly exists: boolean;
}

/** What whoever only follows documents needs of a store. */
export interface DocumentSource {
  /** False while nothing has come yet from where the documents are; absent where they are here. */
  readonly isFilled?: boolean;
  /** Runs `work` against one consistent, committed state. */
  read<T>(work: (tx: ReadTransaction) => Promise<T>): Promise<T>;
  /** The number of the newest committed change; 0 in an empty store. */
  latestChange(): Promise<number>;
  /** Yields committed changes numbered above `after`, in order, until `signal` aborts. Changes that one transaction
   *  committed arrive in one batch. Throws ChangesPrunedError when changes after `after` are kept no more: the reader
   *  then reads everything anew, after asking for `latestChange`. */
  changes(after: number, signal: AbortSignal): AsyncIterable<readonly Change[]>;
}

export interface Store extends DocumentSource {
  /** Runs `work` atomically and serialisably, resolving after the commit is durable. A throw inside rolls back and is
   *  rethrown. `work` may run again after a conflict, so it touches nothing but `tx`; to wait for another `transact`
   *  inside would be to wait for itself. */
  transact<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** Throws with a sentence that says what is damaged. */
  checkIntegrity(): Promise<void>;
  /** May be called twice. */
  close(): Promise<void>;
}

/** A page token that this store did not make. */
export class BadPageError extends Error {}

/** A reader of changes asked for ones that are gone. */
export class ChangesPrunedError extends Error {
  constructor(after: number, oldest: number) {
    super(`The changes after number ${after} are no longer kept; the oldest one is ${oldest}.`);
  }
}

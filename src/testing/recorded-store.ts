// A store that knows all its documents, so that it can be brought back to what it was.
import { isFunction } from '../config/keys.ts';
import { printKey } from '../store/key-text.ts';
import type { Document, Key, Store, Transaction } from '../store/store.ts';

/** What is stored at a moment, in the order of creation: keys as text, documents as JSON. */
export type Recording = ReadonlyMap<string, Recorded>;

interface Recorded {
  readonly key: Key;
  readonly text: string;
}

export const NOTHING: Recording = new Map();

/** What comes below the account, the region and the collection of a document belongs to it. */
const ROOT_LENGTH = 4;

export class RecordedStore implements Store {
  readonly #store: Store;
  #documents = new Map<string, Recorded>();

  constructor(empty: Store) {
    this.#store = empty;
  }

  /** What is stored now. */
  get recording(): Recording {
    return new Map(this.#documents);
  }

  async transact<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    let written: Written[] = [];
    const result = await this.#store.transact((tx) => {
      // It may run again.
      written = [];
      return work(new RecordedTransaction(tx, written));
    });
    for (const { key, document } of written) this.#record(key, document);
    return result;
  }

  /** Deletes everything, but functions that were just so when `recording` was made: what runs them goes on. */
  async emptyFor(recording: Recording): Promise<void> {
    const kept = new Map(
      [...this.#documents].filter(
        ([at, { key, text }]) => isFunction(key) && recording.get(at)?.text === text,
      ),
    );
    const roots = new Map<string, Key>();
    for (const [at, { key }] of this.#documents) {
      const root = key.slice(0, ROOT_LENGTH);
      if (!kept.has(at)) roots.set(printKey(root), root);
    }
    await this.#store.transact(async (tx) => {
      for (const root of roots.values()) await tx.delete(root);
    });
    this.#documents = kept;
  }

  /** Puts what was recorded, after `emptyFor`. */
  async restore(recording: Recording): Promise<void> {
    await this.transact(async (tx) => {
      for (const [at, { key, text }] of recording)
        if (!this.#documents.has(at)) await tx.put(key, JSON.parse(text));
    });
  }

  read: Store['read'] = (work) => this.#store.read(work);
  latestChange: Store['latestChange'] = () => this.#store.latestChange();
  changes: Store['changes'] = (after, signal) => this.#store.changes(after, signal);
  checkIntegrity: Store['checkIntegrity'] = () => this.#store.checkIntegrity();
  close: Store['close'] = () => this.#store.close();

  #record(key: Key, document: string | undefined): void {
    const at = printKey(key);
    if (document !== undefined) {
      this.#documents.set(at, { key, text: document });
      return;
    }
    this.#documents.delete(at);
    for (const below of this.#documents.keys()) if (below.startsWith(`${at}/`)) this.#documents.delete(below);
  }
}

/** A document as JSON, or that it is gone with all below. */
interface Written {
  readonly key: Key;
  readonly document: string | undefined;
}

class RecordedTransaction implements Transaction {
  readonly #tx: Transaction;
  readonly #written: Written[];

  constructor(tx: Transaction, written: Written[]) {
    this.#tx = tx;
    this.#written = written;
  }

  get: Transaction['get'] = (key) => this.#tx.get(key);
  texts: Transaction['texts'] = (keys) => this.#tx.texts(keys);
  list: Transaction['list'] = (collection, page) => this.#tx.list(collection, page);
  lists: Transaction['lists'] = (collections) => this.#tx.lists(collections);

  async put(key: Key, document: Document): Promise<void> {
    await this.#tx.put(key, document);
    this.#written.push({ key: [...key], document: JSON.stringify(document) });
  }

  async delete(key: Key): Promise<void> {
    await this.#tx.delete(key);
    this.#written.push({ key: [...key], document: undefined });
  }
}

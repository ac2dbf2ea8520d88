// The store of a directory as another process than its owner reads it: WAL lets readers in while the owner writes. Who commits has to
// tell of it, for nothing in the file does.
import { parseKey } from '../key-text.ts';
import { type Change, ChangesPrunedError, type DocumentSource, type ReadTransaction } from '../store.ts';
import { StoreError } from '../store-error.ts';
import { damaged, STORE_FILE } from './problems.ts';
import { SqliteReaders } from './readers.ts';
import { Sleepers } from './sleepers.ts';

/** Never writes, and takes no lock for longer than a read. */
export class SqliteFollowing implements DocumentSource {
  readonly #directory: string;
  readonly #readers: SqliteReaders;
  readonly #sleepers = new Sleepers();
  #latest: number;
  #isClosed = false;

  /** `latest` is the newest change that is known to be committed. */
  constructor(directory: string, latest: number, file = STORE_FILE) {
    this.#directory = directory;
    this.#readers = new SqliteReaders(directory, file);
    this.#latest = latest;
  }

  /** The changes up to a number are committed. */
  told(latest: number): void {
    if (latest <= this.#latest) return;
    this.#latest = latest;
    this.#sleepers.wakeAll();
  }

  async read<T>(work: (tx: ReadTransaction) => Promise<T>): Promise<T> {
    if (this.#isClosed) throw new StoreError('closed', 'The store is closed.');
    return this.#readers.read(this.#latest, (reader) => reader.run(work));
  }

  /** The newest one that was told. */
  async latestChange(): Promise<number> {
    return this.#latest;
  }

  async *changes(after: number, signal: AbortSignal): AsyncGenerator<readonly Change[]> {
    let position = after;
    while (!signal.aborted && !this.#isClosed) {
      if (position >= this.#latest) {
        await this.#sleepers.sleep(signal);
        continue;
      }
      const from = position;
      const batch = await this.#readers.read(this.#latest, async (reader) => reader.changesAfter(from));
      const first = batch[0]?.number;
      if (first === undefined)
        throw damaged(this.#directory, `the changes after number ${position} are not there`);
      // The owner does not know who else reads, and keeps so many that it seldom comes to this.
      if (first !== position + 1) throw new ChangesPrunedError(position, first);
      position = batch.at(-1)!.number;
      yield batch.map(({ number, key, exists }) => ({ number, key: parseKey(key), exists }));
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#sleepers.wakeAll();
    await this.#readers.close();
  }
}

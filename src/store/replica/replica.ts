// A node's copy of the store in PostgreSQL. Data planes follow it as they follow a store of this machine, so they go on, and start,
// while PostgreSQL is away.
import { setTimeout as pause } from 'node:timers/promises';
import type { Postgres } from '../postgres/postgres-store.ts';
import { postgresProblem } from '../postgres/problems.ts';
import { SqliteFollowing } from '../sqlite/following.ts';
import type { Change, DocumentSource, ReadTransaction } from '../store.ts';
import { StoreError } from '../store-error.ts';
import { pull } from './pull.ts';
import { openReplicaFile, REPLICA_FILE, type ReplicaFile } from './replica-file.ts';

export interface ReplicaMeans {
  readonly directory: string;
  readonly postgres: Postgres;
  /** A sentence: the file that was there is of no use. */
  readonly onDamaged: (sentence: string) => void;
  /** What PostgreSQL holds cannot be taken. */
  readonly onError: (problem: StoreError) => void;
  /** It can again. */
  readonly onRecovered: () => void;
}

const PATIENCE_MILLIS = 10_000;
const FIRST_PAUSE_MILLIS = 50;
const LONGEST_PAUSE_MILLIS = 2_000;

/** Opens the replica of a data directory. It holds what PostgreSQL does when this returns, where PostgreSQL is there. Throws StoreError. */
export async function openReplica(means: ReplicaMeans): Promise<Replica> {
  const { file, problem } = await openReplicaFile(means.directory);
  if (problem !== undefined) means.onDamaged(problem);
  const replica = new Replica(means, file);
  await replica.start();
  return replica;
}

export class Replica implements DocumentSource {
  readonly #means: ReplicaMeans;
  readonly #file: ReplicaFile;
  readonly #following: SqliteFollowing;
  readonly #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #closing: Promise<void> | undefined;
  /** Those who wait until something has been taken. */
  readonly #listeners = new Set<() => void>();
  /** Epoch milliseconds: when it was last known to be all there is. */
  #currentAt: number;
  #hasFailed = false;

  constructor(means: ReplicaMeans, file: ReplicaFile) {
    this.#means = means;
    this.#file = file;
    means.postgres.watch.readsNews = true;
    this.#following = new SqliteFollowing(file.directory, file.latest, REPLICA_FILE);
    this.#currentAt = file.origin?.at ?? 0;
  }

  /** The newest change that it holds, by PostgreSQL's number. */
  get applied(): number {
    return this.#file.origin?.number ?? 0;
  }

  /** Whether it has ever been filled. */
  get isFilled(): boolean {
    return this.#file.origin !== undefined;
  }

  /** Resolves once it has been; undefined where it has. */
  get filled(): Promise<void> | undefined {
    return this.isFilled ? undefined : this.#filled();
  }

  async #filled(): Promise<void> {
    while (!this.isFilled && !this.#stop.signal.aborted) await this.#taken(this.#stop.signal);
  }

  /** How old at most what it holds is. */
  get behindSeconds(): number {
    const currentAt = this.#isCurrent() ? this.#means.postgres.watch.beatAt : this.#currentAt;
    return Math.max(0, Math.ceil((Date.now() - Math.max(currentAt, this.#currentAt)) / 1000));
  }

  async start(): Promise<void> {
    if (this.#means.postgres.watch.problem === undefined) {
      await this.#pull().catch((error: unknown) => {
        if (!this.isFilled) throw error;
        this.#failed(error);
      });
    }
    this.#running = this.#run();
  }

  read<T>(work: (tx: ReadTransaction) => Promise<T>): Promise<T> {
    return this.#following.read(work);
  }

  /** The newest change of the file, once it holds all that is known to be committed. Throws StoreError where it does not come to that. */
  async latestChange(): Promise<number> {
    const { watch } = this.#means.postgres;
    const until = watch.head.latest;
    let patience: AbortSignal | undefined;
    while (this.applied < until && watch.problem === undefined && until <= watch.head.latest) {
      patience ??= AbortSignal.any([AbortSignal.timeout(PATIENCE_MILLIS), this.#stop.signal]);
      if (patience.aborted)
        throw new StoreError('behind', `The replica in ${this.#file.directory} is behind PostgreSQL.`);
      await this.#taken(patience);
    }
    // What has just been taken may not have been told yet.
    this.#following.told(this.#file.latest);
    return this.#following.latestChange();
  }

  /** Until its newest change is another than one that `latestChange` told. */
  async moved(latest: number, signal: AbortSignal): Promise<void> {
    while (this.#file.latest === latest && !signal.aborted) await this.#taken(signal);
  }

  changes(after: number, signal: AbortSignal): AsyncIterable<readonly Change[]> {
    return this.#following.changes(after, signal);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    await this.#following.close();
    await this.#file.close();
  }

  async #run(): Promise<void> {
    const { watch } = this.#means.postgres;
    const { signal } = this.#stop;
    let failures = 0;
    while (!signal.aborted) {
      const isToLook = watch.takeNews() || failures > 0 || !this.#isCurrent();
      if (watch.problem !== undefined || !isToLook) {
        if (watch.problem === undefined) this.#currentAt = Date.now();
        this.#tell();
        await watch.changed(signal);
        continue;
      }
      try {
        await this.#pull();
        failures = 0;
        if (this.#hasFailed) this.#means.onRecovered();
        this.#hasFailed = false;
      } catch (error) {
        if (signal.aborted) return;
        this.#failed(error);
        const millis = Math.min(FIRST_PAUSE_MILLIS * 2 ** failures++, LONGEST_PAUSE_MILLIS);
        await pause(millis, undefined, { signal, ref: false }).catch(() => undefined);
      }
    }
  }

  #isCurrent(): boolean {
    const { origin } = this.#file;
    const { latest, batch } = this.#means.postgres.watch.head;
    if (origin === undefined || origin.cluster !== this.#means.postgres.cluster) return false;
    return origin.number === latest && (batch === undefined || batch === origin.batch);
  }

  async #pull(): Promise<void> {
    const { postgres } = this.#means;
    await pull(postgres, this.#file);
    // It may have met a commit that nobody has told of yet.
    postgres.watch.note(this.applied);
    this.#currentAt = Date.now();
    this.#following.told(this.#file.latest);
    this.#tell();
  }

  #failed(error: unknown): void {
    // PostgreSQL away is told by who watches it.
    const problem = postgresProblem(this.#means.postgres.place, error);
    if (problem.problem === 'unreachable' || this.#hasFailed) return;
    this.#hasFailed = true;
    this.#means.onError(problem);
  }

  /** Until something has been taken, or there is nothing to take. */
  #taken(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#listeners.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.#listeners.add(done);
      signal.addEventListener('abort', done);
    });
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

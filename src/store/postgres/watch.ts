// The connection that hears of commits: LISTEN, and a beat each second, which finds what a lost notification missed and tells whether
// PostgreSQL is there at all. While notifications do not arrive, it asks ten times a second. It alone tries to come back; everybody else
// is refused at once until it has.
import { setTimeout as pause } from 'node:timers/promises';
import { StoreError } from '../store-error.ts';
import { connectTo, isSilence, type PostgresConnection, type Query } from './connection.ts';
import type { PostgresPlace } from './place.ts';
import { postgresProblem } from './problems.ts';

/** The newest commit. */
export interface Head {
  readonly latest: number;
  /** Undefined in an empty store. */
  readonly batch: string | undefined;
}

export interface WatchMeans {
  readonly place: PostgresPlace;
  /** Asked of each new connection, before anybody else may use the store. Throws StoreError. */
  readonly prepare: (connection: PostgresConnection) => Promise<void>;
  /** It is there: for the first time, or again. */
  readonly onUp: () => void;
  /** It is not there any more, or was not at the start. */
  readonly onDown: (problem: StoreError) => void;
}

const BEAT_MILLIS = 1_000;
/** Where notifications do not arrive. */
const POLL_MILLIS = 100;
/** A beat that takes longer is none. */
const ANSWER_MILLIS = 2_000;
const LONGEST_PAUSE_MILLIS = 2_000;
/** So many commits that were found by a beat and never heard of: notifications do not arrive. */
const MISSES = 2;

const ANEW = 'A connection to PostgreSQL was lost, and is opened anew.';

export class PostgresWatch {
  /** Why PostgreSQL is not there; undefined while it is. */
  problem: StoreError | undefined = new StoreError('unreachable', 'PostgreSQL has not been reached yet.');
  head: Head = { latest: 0, batch: undefined };
  /** Epoch milliseconds: when PostgreSQL last said what its head is. */
  beatAt = 0;
  readonly #means: WatchMeans;
  readonly #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #connection: PostgresConnection | undefined;
  readonly #sleepers = new Set<() => void>();
  /** Ends the pause before the next beat. */
  #hurry: (() => void) | undefined;
  /** The newest number that a notification told, and was true. */
  #heard = 0;
  /** What notifications have told since the last look: anybody who may connect to the database can send one. */
  #told = 0;
  #hasNews = false;
  /** Somebody reads what notifications tell of, by `takeNews`. Where nobody does, a beat looks at once. */
  readsNews = false;
  /** What the last beat found, and nobody had told. */
  #unheard: number | undefined;
  #misses = 0;

  constructor(means: WatchMeans) {
    this.#means = means;
  }

  /** Tries for `millis`, where it cannot be reached. Throws StoreError for everything else that is wrong. Goes on trying. */
  async start(millis: number): Promise<void> {
    const until = performance.now() + millis;
    let connection: PostgresConnection | undefined;
    for (let wait = 50; connection === undefined; wait *= 2) {
      try {
        connection = await this.#connect();
      } catch (error) {
        const problem = postgresProblem(this.#means.place, error);
        if (problem.problem !== 'unreachable') throw problem;
        this.problem = problem;
        if (performance.now() + wait > until) break;
        await pause(wait);
      }
    }
    if (connection === undefined) this.#means.onDown(this.problem!);
    this.#running = this.#run(connection);
  }

  /** Whether notifications of commits do not arrive, though they should. */
  get isDeaf(): boolean {
    return this.#means.place.listen && this.#misses >= MISSES;
  }

  /** Statements between beats. Throws StoreError. */
  query: Query = (text, values) => {
    if (this.#connection === undefined)
      return Promise.reject(this.problem ?? new StoreError('unreachable', ANEW));
    return this.#connection.query(text, values, ANSWER_MILLIS);
  };

  /** Something was committed, as far as somebody knows. */
  note(latest: number): void {
    if (latest <= this.head.latest) return;
    this.head = { latest, batch: undefined };
    this.#wake();
  }

  /** Whether a notification of something new has come since this was last asked. What it tells need not be true: who reads it looks. */
  takeNews(): boolean {
    const hasNews = this.#hasNews;
    this.#hasNews = false;
    return hasNews;
  }

  /** Until something has happened: a commit, a beat that shows another state, the end. */
  changed(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#sleepers.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      if (signal.aborted || this.#stop.signal.aborted) return resolve();
      this.#sleepers.add(wake);
      signal.addEventListener('abort', wake);
    });
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.#hurry?.();
    this.#connection?.destroy();
    this.#wake();
    await this.#running;
  }

  async #connect(): Promise<PostgresConnection> {
    const { place, prepare } = this.#means;
    const connection = await connectTo(place);
    try {
      await prepare(connection);
      if (place.listen) {
        connection.onNotice = (payload) => this.#onNotice(payload);
        await connection.script(`listen "${channelOf(place)}"`);
      }
      await this.#beat(connection);
      // What was committed before nobody told here, nor will.
      this.#heard = Math.max(this.#heard, this.head.latest);
      this.#unheard = undefined;
      return connection;
    } catch (error) {
      connection.destroy();
      throw error;
    }
  }

  async #run(first: PostgresConnection | undefined): Promise<void> {
    const { signal } = this.#stop;
    let failures = 0;
    for (let connection = first; !signal.aborted; connection = undefined) {
      try {
        connection ??= await this.#connect();
        failures = 0;
        await this.#follow(connection);
      } catch (error) {
        const problem = postgresProblem(this.#means.place, error);
        // The first time it may be this one connection alone, which is opened anew at once; a server that is silent is so for all.
        if ((failures > 0 || isSilence(problem)) && !signal.aborted) this.#onDown(problem);
      }
      if (failures++ > 0) {
        const millis = Math.min(50 * 2 ** failures, LONGEST_PAUSE_MILLIS) * (0.5 + Math.random() / 2);
        await pause(millis, undefined, { signal, ref: false }).catch(() => undefined);
      }
    }
  }

  /** Until the connection is lost. */
  async #follow(connection: PostgresConnection): Promise<void> {
    const { signal } = this.#stop;
    const lost = new Promise<void>((resolve) => (connection.onLost = resolve));
    if (connection.isLost || signal.aborted) return connection.destroy();
    this.#connection = connection;
    this.problem = undefined;
    this.#means.onUp();
    this.#wake();
    try {
      while (!signal.aborted && !connection.isLost) {
        const isDeaf = !this.#means.place.listen || this.#misses >= MISSES;
        const waited = new AbortController();
        const hurry = new Promise<void>((resolve) => (this.#hurry = resolve));
        const timer = pause(isDeaf ? POLL_MILLIS : BEAT_MILLIS, undefined, {
          signal: waited.signal,
          ref: false,
        }).catch(() => undefined);
        if (this.#told === 0) await Promise.race([timer, lost, hurry]);
        waited.abort();
        if (!signal.aborted) await this.#beat(connection);
        if (this.#misses === MISSES) {
          this.#misses++;
          throw new Error('notifications do not arrive');
        }
      }
    } finally {
      this.#connection = undefined;
      connection.destroy();
    }
  }

  async #beat(connection: PostgresConnection): Promise<void> {
    const known = this.head.latest;
    const told = this.#told;
    this.#told = 0;
    const text = `select latest, batch from "${this.#means.place.schema}".head`;
    const askedAt = Date.now();
    const { rows } = await connection.query(text, [], ANSWER_MILLIS);
    const [latest, batch] = [Number(rows[0]?.[0] ?? 0), rows[0]?.[1] as string | null];
    this.beatAt = askedAt;
    const before = this.head;
    // What was committed while the answer came is newer than it; what was known before is not there any more if it is older.
    if (latest >= before.latest || latest < known) this.head = { latest, batch: batch ?? undefined };
    if (this.head.latest !== before.latest || this.head.batch !== before.batch) this.#wake();
    if (!this.#means.place.listen) return;
    this.#heard = Math.max(this.#heard, Math.min(told, latest));
    if (this.#unheard !== undefined && this.#heard < this.#unheard) this.#misses++;
    this.#unheard = this.#heard < latest ? latest : undefined;
  }

  #onNotice(payload: string): void {
    const latest = Number(payload);
    if (!Number.isSafeInteger(latest)) return;
    this.#misses = 0;
    if (latest <= this.head.latest) this.#heard = Math.max(this.#heard, latest);
    else {
      this.#told = Math.max(this.#told, latest);
      this.#hasNews = true;
      if (this.readsNews) this.#wake();
      else this.#hurry?.();
    }
  }

  #onDown(problem: StoreError): void {
    const isNew = this.problem === undefined;
    this.problem = problem;
    if (isNew) this.#means.onDown(problem);
  }

  #wake(): void {
    for (const wake of this.#sleepers) wake();
  }
}

/** Of NOTIFY. */
export function channelOf({ schema }: PostgresPlace): string {
  return schema;
}

// Follows the changes of the store, whatever becomes of the feed: what fails is tried again, by reading everything anew. Whoever
// writes asks by `caughtUp` whether what is committed has been taken.
import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '../defect.ts';
import { type Change, ChangesPrunedError, type DocumentSource } from './store.ts';

export interface FollowerMeans {
  readonly documents: DocumentSource;
  /** Takes everything there is. Of the `first` time an error is thrown by `start`, later it is tried again. */
  readonly readAll: (time: 'first' | 'again') => Promise<void>;
  /** Takes what one or several transactions have changed. */
  readonly take: (batch: readonly Change[]) => Promise<void>;
  readonly onError: (error: unknown, what: string) => void;
  /** Changes are taken again after an error. */
  readonly onRecovered?: (() => void) | undefined;
  /** How long `caughtUp` waits; 10 s when absent. */
  readonly patienceInMillis?: number | undefined;
}

const PATIENCE_MILLIS = 10_000;
const FIRST_PAUSE_MILLIS = 50;
const LONGEST_PAUSE_MILLIS = 2_000;
/** Following that lasts so long has not failed. */
const SETTLED_MILLIS = 1_000;

interface Waiter {
  readonly until: number;
  readonly resolve: (isTaken: boolean) => void;
  readonly timer: NodeJS.Timeout;
}

export class Follower {
  /** Why changes are not taken at present; undefined while they are. */
  trouble: string | undefined = undefined;
  readonly #means: FollowerMeans;
  readonly #stop = new AbortController();
  #done: Promise<void> = Promise.resolve();
  /** One thing at a time is taken. */
  #turn: Promise<unknown> = Promise.resolve();
  /** Attempts to follow that failed, one after another. */
  #failures = 0;
  /** The trouble that `onError` has heard of. */
  #told: string | undefined;
  #at = 0;
  #waiting: Waiter[] = [];

  constructor(means: FollowerMeans) {
    this.#means = means;
  }

  /** Takes everything there is and follows from there. Throws what `readAll` throws, and StoreError. */
  async start(): Promise<void> {
    await this.#readAll('first');
    this.#done = this.#follow();
  }

  /** Resolves with true once every change that is committed now is taken, with false when that takes too long. */
  async caughtUp(): Promise<boolean> {
    let until: number;
    try {
      until = await this.#means.documents.latestChange();
    } catch {
      return false;
    }
    if (this.#at >= until || this.#stop.signal.aborted) return true;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#waiting = this.#waiting.filter((waiter) => waiter.resolve !== resolve);
        resolve(false);
      }, this.#means.patienceInMillis ?? PATIENCE_MILLIS);
      this.#waiting.push({ until, resolve, timer });
    });
  }

  /** Takes everything once more. */
  readAnew(): Promise<void> {
    return this.#readAll('again');
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#done;
    this.#release();
  }

  /** Until `close`, or until the store is closed. */
  async #follow(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      let settled: NodeJS.Timeout | undefined;
      try {
        if (this.#failures > 0) await this.#readAll('again');
        settled = setTimeout(() => this.#settled(), SETTLED_MILLIS).unref();
        for await (const batch of this.#means.documents.changes(this.#at, signal)) {
          await this.#inTurn(() => this.#means.take(batch));
          this.#settled();
          this.#at = Math.max(this.#at, batch.at(-1)?.number ?? 0);
          this.#release();
        }
        return;
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof ChangesPrunedError && this.#failures === 0) {
          // Nothing is wrong: who reads everything is up to date.
          this.#failures++;
          continue;
        }
        this.trouble = `Changes are stored, but not live: ${messageOf(error)}`;
        if (this.#told !== this.trouble) this.#means.onError(error, 'following the store');
        this.#told = this.trouble;
      } finally {
        clearTimeout(settled);
      }
      const millis = Math.min(FIRST_PAUSE_MILLIS * 2 ** this.#failures++, LONGEST_PAUSE_MILLIS);
      await pause(millis, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  /** Changes have come again, or nothing has failed for a while. */
  #settled(): void {
    this.#failures = 0;
    if (this.#told === undefined) return;
    this.#told = undefined;
    this.#means.onRecovered?.();
  }

  #readAll(time: 'first' | 'again'): Promise<void> {
    return this.#inTurn(async () => {
      const at = await this.#means.documents.latestChange();
      await this.#means.readAll(time);
      this.#at = Math.max(this.#at, at);
      this.trouble = undefined;
      this.#release();
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  #release(): void {
    const ended = this.#stop.signal.aborted;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const waiter of waiting) {
      if (!ended && waiter.until > this.#at) {
        this.#waiting.push(waiter);
        continue;
      }
      clearTimeout(waiter.timer);
      waiter.resolve(true);
    }
  }
}

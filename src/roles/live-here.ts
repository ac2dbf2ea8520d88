// How far this machine has come: the newest change that is live in its data plane and its functions host.
import { setTimeout as pause } from 'node:timers/promises';
import type { NodeProgress } from '../management/postern/fence-route.ts';
import type { DocumentSource } from '../store/store.ts';
import type { DataPlaneLink } from './data-plane-link.ts';
import type { FunctionsLink } from './functions-host.ts';

export interface LiveHereMeans {
  readonly documents: Pick<DocumentSource, 'latestChange'>;
  readonly plane: Pick<DataPlaneLink, 'caughtUp'>;
  readonly functions: Pick<FunctionsLink, 'caughtUp'>;
}

/** Somebody who waits for a change that is not there yet. */
interface Waiter {
  readonly change: number;
  readonly end: () => void;
  readonly fail: (error: unknown) => void;
}

/** How often somebody who waits for a change that is not there yet looks again. */
const LOOK_MILLIS = 50;

export class LiveHere {
  readonly #means: LiveHereMeans;
  #live = 0;
  readonly #waiting = new Set<Waiter>();
  #isLooking = false;

  constructor(means: LiveHereMeans) {
    this.#means = means;
  }

  /** Waits until what is committed now is live. Tells the newest change that is; an earlier one when that takes too long. */
  async catchUp(): Promise<number> {
    const { documents, plane, functions } = this.#means;
    const latest = await documents.latestChange();
    const [isServed, areCalled] = await Promise.all([plane.caughtUp(), functions.caughtUp()]);
    if (isServed && areCalled) this.#live = Math.max(this.#live, latest);
    return this.#live;
  }

  /** How this machine stands once a change is live on it, or after `millis`, or when nobody waits any more: by itself it is node 0. */
  reached(change: number, millis: number, gone: AbortSignal): Promise<readonly NodeProgress[]> {
    return new Promise((resolve, reject) => {
      const forget = (): void => {
        clearTimeout(timer);
        gone.removeEventListener('abort', end);
        this.#waiting.delete(waiter);
      };
      const end = (): void => {
        forget();
        resolve([{ node: 0, name: 'this process', live: this.#live }]);
      };
      const fail = (error: unknown): void => {
        forget();
        reject(error);
      };
      const waiter: Waiter = { change, end, fail };
      const timer = setTimeout(end, millis).unref();
      if (this.#live >= change) return end();
      gone.addEventListener('abort', end);
      this.#waiting.add(waiter);
      void this.#lookForThem();
    });
  }

  /** One look for all who wait: there may be hundreds. */
  async #lookForThem(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    while (this.#waiting.size > 0) {
      try {
        const live = await this.catchUp();
        for (const { change, end } of this.#waiting) if (change <= live) end();
      } catch (error) {
        for (const { fail } of this.#waiting) fail(error);
      }
      if (this.#waiting.size > 0) await pause(LOOK_MILLIS, undefined, { ref: false });
    }
    this.#isLooking = false;
  }
}

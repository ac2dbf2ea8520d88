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

/** How often somebody who waits for a change that is not there yet looks again. */
const LOOK_MILLIS = 50;

export class LiveHere {
  readonly #means: LiveHereMeans;
  #live = 0;
  /** One look for all who wait for what is not there yet: there may be hundreds. */
  #looking: Promise<unknown> | undefined;

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
  async reached(change: number, millis: number, gone: AbortSignal): Promise<readonly NodeProgress[]> {
    const end = new AbortController();
    const { signal } = end;
    const stop = (): void => end.abort();
    const timer = setTimeout(stop, millis).unref();
    gone.addEventListener('abort', stop);
    const over = new Promise((resolve) => signal.addEventListener('abort', resolve));
    try {
      while (this.#live < change && !signal.aborted) {
        await Promise.race([this.#look(), over]);
        if (this.#live < change)
          await pause(LOOK_MILLIS, undefined, { signal, ref: false }).catch(() => undefined);
      }
    } finally {
      clearTimeout(timer);
      gone.removeEventListener('abort', stop);
    }
    return [{ node: 0, name: 'this process', live: this.#live }];
  }

  #look(): Promise<unknown> {
    this.#looking ??= this.catchUp().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }
}

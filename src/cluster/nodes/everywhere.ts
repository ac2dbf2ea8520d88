// How far every node has come, and who waits for it. Nodes tell each other by their links what is live on all their workers; where there is
// no link, their beats do, a little later.
import type { NodeRow } from './node-table.ts';

export interface EverywhereMeans {
  /** Of this node. */
  readonly own: () => number | undefined;
  /** The living, this node among them. */
  readonly nodes: () => readonly NodeRow[];
  /** Whether its messages arrive here, and its last beat is young. */
  readonly isNear: (incarnation: number) => boolean;
  /** Tells the others that this node waits for a change. */
  readonly await: (change: number) => void;
  /** How long who has written waits for the others, in milliseconds. */
  readonly writeWaitMillis: number;
}

/** How a node stands. */
export interface Progress {
  readonly node: number;
  readonly name: string;
  /** The newest change that is live on all its workers, as far as is known here. */
  readonly live: number;
}

interface Waiter {
  readonly isMet: () => boolean;
  readonly resolve: () => void;
}

export class Everywhere {
  readonly #means: EverywhereMeans;
  readonly #live = new Map<number, number>();
  /** Nodes that were waited for in vain, and the change that they had not: until they have it nobody waits for them. */
  readonly #missed = new Map<number, number>();
  readonly #waiters = new Set<Waiter>();

  constructor(means: EverywhereMeans) {
    this.#means = means;
  }

  /** A node, or this one, has come so far. */
  heard(incarnation: number, live: number): void {
    if (!(live > (this.#live.get(incarnation) ?? -1))) return;
    this.#live.set(incarnation, live);
    this.look();
  }

  /** What was known is of changes that are not there any more. */
  forget(): void {
    this.#live.clear();
    this.#missed.clear();
  }

  /** Who lives, or how, may be different. */
  look(): void {
    const living = new Set(this.#means.nodes().map(({ incarnation }) => incarnation));
    for (const known of [this.#live, this.#missed]) {
      for (const incarnation of known.keys()) {
        if (!living.has(incarnation) && incarnation !== this.#means.own()) known.delete(incarnation);
      }
    }
    for (const waiter of this.#waiters) if (waiter.isMet()) waiter.resolve();
  }

  /** Waits, after a write, until all that are near have its change, but not for long: who is late once is not waited for until it has
   *  caught up. */
  async settle(change: number): Promise<void> {
    const { nodes, own, isNear, writeWaitMillis } = this.#means;
    const waitedFor = (): readonly number[] =>
      nodes()
        .filter(({ incarnation, state }) => {
          if (incarnation === own() || state !== 'up' || !isNear(incarnation)) return false;
          return this.#liveOf(incarnation) >= (this.#missed.get(incarnation) ?? 0);
        })
        .map(({ incarnation }) => incarnation)
        .filter((incarnation) => this.#liveOf(incarnation) < change);
    if (await this.#until(change, () => waitedFor().length === 0, writeWaitMillis)) return;
    for (const incarnation of waitedFor()) this.#missed.set(incarnation, change);
  }

  /** Resolves once a change is live on every node that lives, or after `millis`, or when `gone` says that nobody waits: how each stands
   *  then. */
  async reached(change: number, millis: number, gone?: AbortSignal): Promise<readonly Progress[]> {
    await this.#until(change, () => this.progress().every(({ live }) => live >= change), millis, gone);
    return this.progress();
  }

  progress(): readonly Progress[] {
    return this.#means.nodes().map(({ incarnation, number, name, applied }) => ({
      node: number,
      name,
      live: Math.max(this.#liveOf(incarnation), applied),
    }));
  }

  #liveOf(incarnation: number): number {
    return this.#live.get(incarnation) ?? 0;
  }

  /** Resolves with true once it is met, with false when that takes too long. */
  #until(change: number, isMet: () => boolean, millis: number, gone?: AbortSignal): Promise<boolean> {
    if (isMet()) return Promise.resolve(true);
    this.#means.await(change);
    return new Promise((resolve) => {
      const end = (met: boolean) => (): void => {
        clearTimeout(timer);
        gone?.removeEventListener('abort', stop);
        this.#waiters.delete(waiter);
        resolve(met);
      };
      const waiter: Waiter = { isMet, resolve: end(true) };
      const stop = end(false);
      const timer = setTimeout(stop, millis);
      gone?.addEventListener('abort', stop);
      this.#waiters.add(waiter);
    });
  }
}

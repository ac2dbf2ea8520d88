// Follows the store and swaps in new snapshots: only what changed is read and compiled, the rest is shared (decision 0008).
// Whatever fails on the way is tried again, by reading everything anew: what is live stays live meanwhile.
import { setTimeout as pause } from 'node:timers/promises';
import { API_INDEX, apiServedBy, type DomainPlace, domainServedBy, type Place } from '../config/keys.ts';
import { messageOf } from '../defect.ts';
import type { Change, DocumentSource, ReadTransaction } from '../store/store.ts';
import { StoreError } from '../store/store-error.ts';
import { listDomains, PublishedDomains } from './domain-table.ts';
import { PublishedApis, type StageStatus } from './published-apis.ts';
import type { RouteProblem } from './route-problems.ts';
import { EMPTY_SNAPSHOT, type LiveSnapshot, type Snapshot } from './snapshot.ts';
import type { StageMeans } from './stage-means.ts';

export interface PublisherMeans extends StageMeans {
  readonly documents: DocumentSource;
  readonly onError: (error: unknown, what: string) => void;
  /** Changes are live again after an error. */
  readonly onRecovered?: () => void;
  /** Hears of a route that cannot run, once a deployment. */
  readonly onRouteProblem?: (stage: StageStatus, problem: RouteProblem) => void;
  /** How long `caughtUp` waits; 10 s when absent. */
  readonly patienceInMillis?: number;
}

export interface Publisher extends LiveSnapshot {
  /** Why changes are not going live at present; undefined while they do. */
  readonly trouble: string | undefined;
  /** How it stands with every stage. */
  readonly stages: readonly StageStatus[];
  /** Resolves with true once every change that is committed now is live, with false when that takes too long. */
  caughtUp(): Promise<boolean>;
  /** Compiles every stage anew, because what the means lead to is different. Resolves once that is live. */
  recompile(): Promise<void>;
  /** Stops following; the last snapshot stays. */
  close(): Promise<void>;
}

const PATIENCE_MILLIS = 10_000;
const FIRST_PAUSE_MILLIS = 50;
const LONGEST_PAUSE_MILLIS = 2_000;
/** Following that lasts so long has not failed. */
const SETTLED_MILLIS = 1_000;

/** Publishes everything there is and follows the store from there. Throws StoreError when it cannot be read. */
export async function openPublisher(means: PublisherMeans): Promise<Publisher> {
  const publisher = new StorePublisher(means);
  await publisher.start();
  return publisher;
}

interface Waiter {
  readonly until: number;
  readonly resolve: (isLive: boolean) => void;
  readonly timer: NodeJS.Timeout;
}

type Superseded = ReturnType<PublishedApis['remove']>;

class StorePublisher implements Publisher {
  current: Snapshot = EMPTY_SNAPSHOT;
  trouble: string | undefined = undefined;
  readonly #means: PublisherMeans;
  readonly #apis: PublishedApis;
  readonly #domains = new PublishedDomains();
  readonly #stop = new AbortController();
  readonly #listeners = new Set<() => void>();
  #done: Promise<void> = Promise.resolve();
  /** One thing at a time is published. */
  #turn: Promise<unknown> = Promise.resolve();
  /** Attempts to follow that failed, one after another. */
  #failures = 0;
  /** The trouble that `onError` has heard of. */
  #told: string | undefined;
  #at = 0;
  #waiting: Waiter[] = [];

  constructor(means: PublisherMeans) {
    this.#means = means;
    this.#apis = new PublishedApis({ ...means, now: Date.now });
  }

  onSwap(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get stages(): readonly StageStatus[] {
    return this.#apis.statuses;
  }

  async start(): Promise<void> {
    await this.#inTurn(() => this.#publishAll('throw'));
    this.#done = this.#follow();
  }

  async caughtUp(): Promise<boolean> {
    const until = await this.#means.documents.latestChange();
    if (this.#at >= until || this.#stop.signal.aborted) return true;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#waiting = this.#waiting.filter((waiter) => waiter.resolve !== resolve);
        resolve(false);
      }, this.#means.patienceInMillis ?? PATIENCE_MILLIS);
      this.#waiting.push({ until, resolve, timer });
    });
  }

  recompile(): Promise<void> {
    this.#apis.forgetMeans();
    return this.#inTurn(() => this.#publishAll('tell'));
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
        if (this.#failures > 0) await this.#inTurn(() => this.#publishAll('tell'));
        settled = setTimeout(() => this.#settled(), SETTLED_MILLIS).unref();
        for await (const batch of this.#means.documents.changes(this.#at, signal)) {
          await this.#inTurn(() => this.#publish(batch));
          this.#settled();
          this.#at = Math.max(this.#at, batch.at(-1)?.number ?? 0);
          this.#release();
        }
        return;
      } catch (error) {
        if (signal.aborted) return;
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

  async #publish(batch: readonly Change[]): Promise<void> {
    const touched = new Map<string, Place>();
    const domains = new Map<string, DomainPlace>();
    for (const { key } of batch) {
      const api = apiServedBy(key);
      if (api !== undefined) touched.set(api.apiId, api);
      const domain = domainServedBy(key);
      if (domain !== undefined) domains.set(key.slice(0, 4).join('/'), domain);
    }
    if (touched.size === 0 && domains.size === 0) return;
    const superseded: Superseded[number][] = [];
    await this.#means.documents.read(async (tx) => {
      for (const [apiId, owner] of touched) superseded.push(...(await this.#apis.refresh(tx, owner, apiId)));
      for (const place of domains.values()) await this.#refreshDomain(tx, place);
    });
    this.#swap(superseded);
  }

  /** Reads everything anew. An API whose documents are damaged stays as it was, unless that is to be thrown. */
  async #publishAll(onDamage: 'throw' | 'tell'): Promise<void> {
    const { documents } = this.#means;
    const at = await documents.latestChange();
    const [apis, domains] = await documents.read(
      async (tx) => [await listApis(tx), await listDomains(tx)] as const,
    );
    const superseded: Superseded[number][] = [];
    for (const apiId of this.#apis.ids) if (!apis.has(apiId)) superseded.push(...this.#apis.remove(apiId));
    for (const [apiId, owner] of apis) {
      try {
        superseded.push(...(await documents.read((tx) => this.#apis.refresh(tx, owner, apiId))));
      } catch (error) {
        if (onDamage === 'throw' || !(error instanceof StoreError && error.problem === 'corrupt'))
          throw error;
        this.#means.onError(error, `reading API ${apiId}`);
        this.#apis.cannotRead(apiId, error.message);
      }
    }
    await documents.read(async (tx) => {
      for (const place of domains) await this.#refreshDomain(tx, place);
    });
    this.#domains.keepOnly(domains);
    this.#swap(superseded);
    this.#at = Math.max(this.#at, at);
    this.trouble = undefined;
    this.#release();
  }

  /** A domain that fails to compile stays as it was. */
  async #refreshDomain(tx: ReadTransaction, place: DomainPlace): Promise<void> {
    try {
      await this.#domains.refresh(tx, place);
    } catch (error) {
      this.#means.onError(error, `compiling custom domain ${place.name}`);
    }
  }

  #swap(superseded: Superseded): void {
    this.current = { apis: this.#apis.deployed, domains: this.#domains.table };
    for (const listener of this.#listeners) listener();
    for (const stage of superseded) stage.release();
  }
}

async function listApis(tx: ReadTransaction): Promise<ReadonlyMap<string, Place>> {
  const { entries } = await tx.list(API_INDEX);
  return new Map(
    entries.map(({ key, document: { Account, Region } }) => [
      key[3]!,
      { account: String(Account), region: String(Region) },
    ]),
  );
}

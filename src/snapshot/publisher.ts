// Follows the store and swaps in new snapshots: only what changed is read and compiled, the rest is shared (decision 0008).
// Whatever fails on the way is tried again, by reading everything anew: what is live stays live meanwhile.
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { API_INDEX, apiServedBy, type DomainPlace, domainServedBy, type Place } from '../config/keys.ts';
import { Follower } from '../store/follower.ts';
import type { Change, DocumentSource, ReadTransaction } from '../store/store.ts';
import { StoreError } from '../store/store-error.ts';
import { domainsIn, listDomains, PublishedDomains } from './domain-table.ts';
import { PublishedApis } from './published-apis.ts';
import type { PublishedStage, StageStatus } from './published-stage.ts';
import type { RouteProblem } from './route-problems.ts';
import { EMPTY_SNAPSHOT, type LiveSnapshot, type Snapshot } from './snapshot.ts';
import type { StageMeans } from './stage-means.ts';

/** Runs what takes long to compile, when it is this process's turn: others serve meanwhile. */
export type InTurn = <T>(compile: () => Promise<T>) => Promise<T>;

export interface PublisherMeans extends StageMeans {
  readonly documents: DocumentSource;
  readonly onError: (error: unknown, what: string) => void;
  /** Changes are live again after an error. */
  readonly onRecovered?: () => void;
  /** Hears of a route that cannot run, once a deployment. */
  readonly onRouteProblem?: (stage: StageStatus, problem: RouteProblem) => void;
  /** Where several processes compile the same. */
  readonly inTurn?: InTurn | undefined;
  /** How long `caughtUp` waits; 10 s when absent. */
  readonly patienceInMillis?: number;
}

export interface Publisher extends LiveSnapshot {
  /** Why changes are not going live at present; undefined while they do. */
  readonly trouble: string | undefined;
  /** Stages of which another deployment is live than the wanted one, as far as is known: none is compiled for it. */
  readonly failed: readonly StageStatus[];
  /** How it stands with every stage. Those that nobody has called are compiled for it, with pauses for others. */
  stages(): Promise<readonly StageStatus[]>;
  /** The same text for the same snapshot, in whichever process it is: of what is live of every stage, and of the domains. */
  digest(): string;
  /** Resolves with true once every change that is committed now is live, with false when that takes too long. */
  caughtUp(): Promise<boolean>;
  /** Compiles every stage anew, because what the means lead to is different. Resolves once that is live. */
  recompile(): Promise<void>;
  /** Stops following; the last snapshot stays. */
  close(): Promise<void>;
}

/** So many APIs are read together: their texts are in memory at once. */
const TOGETHER = 200;

/** Publishes everything there is and follows the store from there. Throws StoreError when it cannot be read. */
export async function openPublisher(means: PublisherMeans): Promise<Publisher> {
  const publisher = new StorePublisher(means);
  await publisher.start();
  return publisher;
}

class StorePublisher implements Publisher {
  current: Snapshot = EMPTY_SNAPSHOT;
  readonly #means: PublisherMeans;
  readonly #follower: Follower;
  readonly #apis: PublishedApis;
  readonly #domains = new PublishedDomains();
  readonly #listeners = new Set<() => void>();

  constructor(means: PublisherMeans) {
    this.#means = means;
    this.#apis = new PublishedApis({ ...means, now: Date.now });
    this.#follower = new Follower({
      ...means,
      readAll: (time) => this.#publishAll(time === 'first' ? 'throw' : 'tell'),
      take: (batch) => this.#publish(batch),
    });
  }

  onSwap(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get trouble(): string | undefined {
    return this.#follower.trouble;
  }

  get failed(): readonly StageStatus[] {
    return this.#apis.stages.map(({ status }) => status).filter(({ problem }) => problem !== undefined);
  }

  async stages(): Promise<readonly StageStatus[]> {
    for (const stage of this.#apis.stages) {
      if (!stage.isWaiting) continue;
      void stage.called;
      await setImmediate();
    }
    return this.#apis.stages.map(({ status }) => status);
  }

  digest(): string {
    const stages = this.#apis.stages.map(({ status: { account, region, apiId, name, live }, written }) =>
      JSON.stringify([account, region, apiId, name, live, written]),
    );
    const domains = domainsIn(this.#domains.table).map(({ accountId, region, name, apiIds }) =>
      JSON.stringify([accountId, region, name, [...apiIds].sort()]),
    );
    const hash = createHash('sha256');
    for (const text of [...stages.sort(), ...domains.sort()]) hash.update(text);
    return hash.digest('hex');
  }

  start(): Promise<void> {
    return this.#follower.start();
  }

  caughtUp(): Promise<boolean> {
    return this.#follower.caughtUp();
  }

  recompile(): Promise<void> {
    this.#apis.forgetMeans();
    return this.#follower.readAnew();
  }

  close(): Promise<void> {
    return this.#follower.close();
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
    const superseded: PublishedStage[] = [];
    await this.#compiling(touched, () =>
      this.#means.documents.read(async (tx) => {
        superseded.push(...(await this.#apis.refresh(tx, touched, false)));
        for (const place of domains.values()) await this.#refreshDomain(tx, place);
      }),
    );
    this.#swap(superseded);
  }

  /** Reads everything anew. An API whose documents are damaged stays as it was, unless that is to be thrown. */
  async #publishAll(onDamage: 'throw' | 'tell'): Promise<void> {
    const { documents } = this.#means;
    const [apis, domains] = await documents.read(
      async (tx) => [await listApis(tx), await listDomains(tx)] as const,
    );
    const superseded: PublishedStage[] = [];
    for (const apiId of this.#apis.ids) if (!apis.has(apiId)) superseded.push(...this.#apis.remove(apiId));
    const owners = [...apis];
    for (let at = 0; at < owners.length; at += TOGETHER) {
      const some = new Map(owners.slice(at, at + TOGETHER));
      superseded.push(...(await this.#compiling(some, () => this.#refreshAll(some, onDamage))));
    }
    await documents.read(async (tx) => {
      for (const place of domains) await this.#refreshDomain(tx, place);
    });
    this.#domains.keepOnly(domains);
    this.#swap(superseded);
  }

  /** What has come meanwhile is read, and compiled once, when it is this process's turn. */
  #compiling<T>(apis: ReadonlyMap<string, Place>, refresh: () => Promise<T>): Promise<T> {
    const { inTurn } = this.#means;
    return inTurn !== undefined && this.#apis.takeLong(apis.keys()) ? inTurn(refresh) : refresh();
  }

  /** Reads APIs together, and each alone where documents of one are damaged. */
  async #refreshAll(
    owners: ReadonlyMap<string, Place>,
    onDamage: 'throw' | 'tell',
  ): Promise<readonly PublishedStage[]> {
    try {
      return await this.#means.documents.read((tx) => this.#apis.refresh(tx, owners, true));
    } catch (error) {
      if (onDamage === 'throw' || !(error instanceof StoreError && error.problem === 'corrupt')) throw error;
      const superseded: PublishedStage[] = [];
      for (const one of owners) {
        if (owners.size > 1) superseded.push(...(await this.#refreshAll(new Map([one]), onDamage)));
        else {
          this.#means.onError(error, `reading API ${one[0]}`);
          this.#apis.cannotRead(one[0], error.message);
        }
      }
      return superseded;
    }
  }

  /** A domain that fails to compile stays as it was. */
  async #refreshDomain(tx: ReadTransaction, place: DomainPlace): Promise<void> {
    try {
      await this.#domains.refresh(tx, place);
    } catch (error) {
      this.#means.onError(error, `compiling custom domain ${place.name}`);
    }
  }

  #swap(superseded: readonly PublishedStage[]): void {
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

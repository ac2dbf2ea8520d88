// Follows the store and swaps in new snapshots: only what changed is read and compiled, the rest is shared; a stage that
// fails to compile keeps its previous executable and never stops the others (decision 0008).
import type { FrozenApi } from '../config/frozen.ts';
import { parseStageSettings } from '../config/stage-settings.ts';
import type { Change, Document, Key, ReadTransaction, Store } from '../store/store.ts';
import { type CompiledSocketStage, compileSocketStage } from './compile-socket-stage.ts';
import { type CompiledStage, compileStage } from './compile-stage.ts';
import { type DomainPlace, domainChangedBy, listDomains, PublishedDomains } from './domain-table.ts';
import { type DeployedApi, EMPTY_SNAPSHOT, type Snapshot } from './snapshot.ts';
import type { StageMeans } from './stage-means.ts';

export interface PublisherMeans extends StageMeans {
  readonly store: Store;
  readonly onError: (error: unknown, what: string) => void;
}

export interface Publisher {
  readonly current: Snapshot;
  /** Called after each swap. */
  onSwap: (() => void) | undefined;
  /** Resolves once every change that is committed now is live. */
  caughtUp(): Promise<void>;
  /** Stops following; the last snapshot stays. */
  close(): Promise<void>;
}

/** Where every API is listed, across accounts and regions: documents { Account, Region } by api id. */
export const API_INDEX: Key = ['-', '-', 'apis'];

/** Publishes everything there is and follows the store from there. */
export async function openPublisher(means: PublisherMeans): Promise<Publisher> {
  const publisher = new StorePublisher(means);
  await publisher.start();
  return publisher;
}

interface PublishedApi {
  readonly deployed: DeployedApi;
  readonly compiled: ReadonlyMap<string, PublishedStage>;
}

interface PublishedStage {
  /** The stage document's text and deployment that `stage` was compiled from. */
  readonly source: string;
  readonly stage: CompiledStage | CompiledSocketStage;
}

interface Waiter {
  readonly until: number;
  readonly resolve: () => void;
}

class StorePublisher implements Publisher {
  current: Snapshot = EMPTY_SNAPSHOT;
  onSwap: (() => void) | undefined = undefined;
  readonly #means: PublisherMeans;
  readonly #published = new Map<string, PublishedApi>();
  readonly #domains = new PublishedDomains();
  readonly #stop = new AbortController();
  #done: Promise<void> = Promise.resolve();
  #at = 0;
  #waiting: Waiter[] = [];

  constructor(means: PublisherMeans) {
    this.#means = means;
  }

  async start(): Promise<void> {
    const { store } = this.#means;
    this.#at = await store.latestChange();
    await store.read(async (tx) => {
      for (const [apiId, owner] of await listApis(tx)) await this.#refresh(tx, owner, apiId);
      for (const place of await listDomains(tx)) await this.#refreshDomain(tx, place);
    });
    this.#swap();
    this.#done = this.#follow();
  }

  async caughtUp(): Promise<void> {
    const until = await this.#means.store.latestChange();
    if (this.#at >= until || this.#stop.signal.aborted) return;
    await new Promise<void>((resolve) => this.#waiting.push({ until, resolve }));
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#done;
    this.#release();
  }

  async #follow(): Promise<void> {
    try {
      for await (const batch of this.#means.store.changes(this.#at, this.#stop.signal)) {
        try {
          await this.#publish(batch);
        } catch (error) {
          this.#means.onError(error, 'publishing a change');
        }
        this.#at = batch.at(-1)?.number ?? this.#at;
        this.#release();
      }
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#means.onError(error, 'following the store');
    }
  }

  #release(): void {
    const ended = this.#stop.signal.aborted;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const waiter of waiting) {
      if (ended || waiter.until <= this.#at) waiter.resolve();
      else this.#waiting.push(waiter);
    }
  }

  async #publish(batch: readonly Change[]): Promise<void> {
    const touched = new Map<string, Owner>();
    const domains = new Map<string, DomainPlace>();
    for (const { key } of batch) {
      const apiId = apiWhoseStagesChanged(key);
      if (apiId !== undefined) touched.set(apiId, { account: key[0]!, region: key[1]! });
      const domain = domainChangedBy(key);
      if (domain !== undefined) domains.set(key.slice(0, 4).join('/'), domain);
    }
    if (touched.size === 0 && domains.size === 0) return;
    const superseded: PublishedStage['stage'][] = [];
    await this.#means.store.read(async (tx) => {
      for (const [apiId, owner] of touched) superseded.push(...(await this.#refresh(tx, owner, apiId)));
      for (const place of domains.values()) await this.#refreshDomain(tx, place);
    });
    this.#swap();
    for (const stage of superseded) stage.release();
  }

  /** Brings one API up to date. Returns the stages that the next swap supersedes. */
  async #refresh(tx: ReadTransaction, owner: Owner, apiId: string): Promise<PublishedStage['stage'][]> {
    const before = this.#published.get(apiId);
    const apiKey: Key = [owner.account, owner.region, 'apis', apiId];
    const api = await tx.get(apiKey);
    const stages = new Map<string, PublishedStage>();
    if (api !== undefined) {
      const { entries } = await tx.list([...apiKey, 'stages']);
      for (const { document } of entries) {
        const name = String(document.StageName);
        const previous = before?.compiled.get(name);
        try {
          const stage = await this.#stage(tx, apiKey, owner, api, document, previous);
          if (stage !== undefined) stages.set(name, stage);
        } catch (error) {
          this.#means.onError(error, `compiling stage ${name} of API ${apiId}`);
          if (previous !== undefined) stages.set(name, previous);
        }
      }
    }
    if (api === undefined) this.#published.delete(apiId);
    else {
      const deployed = {
        apiId,
        accountId: owner.account,
        region: owner.region,
        stages: new Map(
          [...stages].flatMap(([name, { stage }]) => (stage.kind === 'http' ? [[name, stage.stage]] : [])),
        ),
        sockets:
          api.ProtocolType === 'HTTP'
            ? undefined
            : new Map(
                [...stages].flatMap(([name, { stage }]) =>
                  stage.kind === 'websocket' ? [[name, stage.stage]] : [],
                ),
              ),
      };
      this.#published.set(apiId, { deployed, compiled: stages });
    }
    const kept = new Set([...stages.values()].map(({ stage }) => stage));
    return [...(before?.compiled.values() ?? [])]
      .map(({ stage }) => stage)
      .filter((stage) => !kept.has(stage));
  }

  async #stage(
    tx: ReadTransaction,
    apiKey: Key,
    owner: Owner,
    api: Document,
    document: Document,
    previous: PublishedStage | undefined,
  ): Promise<PublishedStage | undefined> {
    const deploymentId = document.DeploymentId;
    if (typeof deploymentId !== 'string') return undefined;
    const reset = await tx.get([...apiKey, 'stages', String(document.StageName), '-authorizers', 'cache']);
    const cacheGeneration = String(reset?.Generation ?? '');
    const source = JSON.stringify([
      deploymentId,
      cacheGeneration,
      document.StageVariables ?? {},
      document.DefaultRouteSettings ?? {},
      document.RouteSettings ?? {},
      document.AccessLogSettings ?? {},
    ]);
    if (previous?.source === source) return previous;
    const content = await tx.get([...apiKey, 'deployments', deploymentId, 'frozen', 'content']);
    if (content === undefined) return undefined;
    const identity = {
      accountId: owner.account,
      region: owner.region,
      apiId: String(api.ApiId),
      name: String(document.StageName),
      deploymentId,
      variables: new Map(Object.entries((document.StageVariables ?? {}) as Record<string, string>)),
    };
    if (api.ProtocolType === 'WEBSOCKET') {
      const stage = compileSocketStage(content as unknown as FrozenApi, identity, this.#means, {
        settings: parseStageSettings(document),
        previous: previous?.stage.kind === 'websocket' ? previous.stage.settings : undefined,
      });
      return { source, stage };
    }
    const before = previous?.stage.kind === 'http' ? previous.stage.parts : undefined;
    return {
      source,
      stage: compileStage(content as unknown as FrozenApi, identity, this.#means, {
        settings: parseStageSettings(document),
        cacheGeneration,
        previous: before,
      }),
    };
  }

  /** A domain that fails to compile stays as it was. */
  async #refreshDomain(tx: ReadTransaction, place: DomainPlace): Promise<void> {
    try {
      await this.#domains.refresh(tx, place);
    } catch (error) {
      this.#means.onError(error, `compiling custom domain ${place.name}`);
    }
  }

  #swap(): void {
    this.current = {
      apis: new Map([...this.#published].map(([apiId, { deployed }]) => [apiId, deployed])),
      domains: this.#domains.table,
    };
    this.onSwap?.();
  }
}

interface Owner {
  readonly account: string;
  readonly region: string;
}

/** The API that a changed document makes live or takes away: its own document, its stages and its deployments. */
function apiWhoseStagesChanged(key: Key): string | undefined {
  if (key[0] === '-' || key[2] !== 'apis') return undefined;
  return key.length === 4 || key[4] === 'stages' ? key[3] : undefined;
}

async function listApis(tx: ReadTransaction): Promise<[string, Owner][]> {
  const { entries } = await tx.list(API_INDEX);
  return entries.map(({ key, document }) => [
    key[3]!,
    { account: String(document.Account), region: String(document.Region) },
  ]);
}

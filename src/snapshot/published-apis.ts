// The APIs that are live, and how the publisher keeps them: stage by stage, compiled anew only where something changed. A
// stage that cannot be compiled keeps what it had and never stops the others (decision 0008).
import type { FrozenApi } from '../config/frozen.ts';
import type { ApiPlace, Place } from '../config/keys.ts';
import { messageOf } from '../defect.ts';
import type { HttpStage } from '../http-api/stage.ts';
import type { Document, ReadTransaction } from '../store/store.ts';
import type { WebSocketStage } from '../websocket-api/stage.ts';
import { parseJson } from '../wire/json.ts';
import { DeployedStages } from './deployed-stages.ts';
import { compileStage } from './http/compile-stage.ts';
import { type Compiled, type Outcome, PublishedStage, type StageStatus } from './published-stage.ts';
import { readApis, type StoredApi, type StoredStage } from './read-apis.ts';
import type { RouteProblem } from './route-problems.ts';
import type { DeployedApi } from './snapshot.ts';
import type { StageMeans } from './stage-means.ts';
import { compileSocketStage } from './websocket/compile-stage.ts';

export interface PublishedApisMeans extends StageMeans {
  /** Hears of stages that cannot be compiled: defects. */
  readonly onError: (error: unknown, what: string) => void;
  /** Hears of a route that cannot run, once a deployment. */
  readonly onRouteProblem?: ((stage: StageStatus, problem: RouteProblem) => void) | undefined;
  readonly now: () => number;
}

/** Compiling that takes longer is noticed by who calls meanwhile. */
const LONG_MILLIS = 20;

interface PublishedApi {
  readonly deployed: DeployedApi;
  readonly stages: ReadonlyMap<string, PublishedStage>;
}

export class PublishedApis {
  readonly #means: PublishedApisMeans;
  readonly #apis = new Map<string, PublishedApi>();
  /** Counts changes of what `means` leads to. */
  #generation = 0;

  constructor(means: PublishedApisMeans) {
    this.#means = means;
  }

  get deployed(): ReadonlyMap<string, DeployedApi> {
    return new Map([...this.#apis].map(([apiId, { deployed }]) => [apiId, deployed]));
  }

  get ids(): readonly string[] {
    return [...this.#apis.keys()];
  }

  get stages(): readonly PublishedStage[] {
    return [...this.#apis.values()].flatMap(({ stages }) => [...stages.values()]);
  }

  /** Whether a stage of one of them took long to compile, the last time. */
  takeLong(apiIds: Iterable<string>): boolean {
    for (const apiId of apiIds) {
      const stages = this.#apis.get(apiId)?.stages.values() ?? [];
      for (const { millis } of stages) if (millis > LONG_MILLIS) return true;
    }
    return false;
  }

  /** From here on every stage that is refreshed is compiled anew. */
  forgetMeans(): void {
    this.#generation++;
  }

  /** Takes an API away that is gone. Returns the stages that the next swap supersedes. */
  remove(apiId: string): readonly PublishedStage[] {
    const before = this.#apis.get(apiId);
    this.#apis.delete(apiId);
    return [...(before?.stages.values() ?? [])];
  }

  /** Its documents cannot be read: it stays as it was. */
  cannotRead(apiId: string, reason: string): void {
    const api = this.#apis.get(apiId);
    if (api === undefined) return;
    const stages = [...api.stages].map(
      ([name, stage]) => [name, stage.withStatus({ ...stage.status, problem: reason })] as const,
    );
    this.#apis.set(apiId, { ...api, stages: new Map(stages) });
  }

  /** Brings APIs up to date, by their ids. Stages of which nothing is compiled wait for their first call where `mayWait` says so.
   *  Returns the stages that the next swap supersedes. Throws StoreError, and nothing has changed then. */
  async refresh(
    tx: ReadTransaction,
    owners: ReadonlyMap<string, Place>,
    mayWait: boolean,
  ): Promise<readonly PublishedStage[]> {
    const stored = await readApis(tx, owners, this.#generation, (apiId, name) =>
      this.#apis.get(apiId)?.stages.get(name),
    );
    return [...owners].flatMap(([apiId, owner]) => {
      const api = stored.get(apiId);
      return api === undefined ? this.remove(apiId) : this.#replace({ ...owner, apiId }, api, mayWait);
    });
  }

  #replace(
    place: ApiPlace,
    { document, stages: read }: StoredApi,
    mayWait: boolean,
  ): readonly PublishedStage[] {
    const before = this.#apis.get(place.apiId)?.stages;
    const stages = new Map<string, PublishedStage>();
    for (const stage of read) {
      stages.set(stage.name, this.#stage(stage, place, document, before?.get(stage.name), mayWait));
    }
    this.#apis.set(place.apiId, { deployed: deployedOf(place, document, stages), stages });
    const kept = new Set(stages.values());
    return [...(before?.values() ?? [])].filter((stage) => !kept.has(stage));
  }

  #stage(
    { name, document, deploymentId, source, content, cacheGeneration }: StoredStage,
    api: ApiPlace,
    apiDocument: Document,
    previous: PublishedStage | undefined,
    mayWait: boolean,
  ): PublishedStage {
    const base = { ...api, name, wanted: deploymentId };
    const empty = { ...base, live: undefined, since: undefined, problem: undefined, routes: [] };
    const nothing = { compiled: undefined, millis: 0 };
    if (deploymentId === undefined) return new PublishedStage('', { status: empty, ...nothing });
    if (previous?.isOf(source) === true) {
      const { status } = previous;
      return status.problem === undefined
        ? previous
        : previous.withStatus({ ...status, ...base, problem: undefined });
    }
    const compile = (): Outcome => {
      const began = performance.now();
      try {
        if (content === undefined) throw new Error(`the deployment ${deploymentId} has no content`);
        // What is stored was checked when it was written.
        const frozen = parseJson(content) as unknown as FrozenApi;
        const before = previous?.compiled;
        const compiled = this.#compile(document, frozen, base, apiDocument, cacheGeneration, before);
        const { problems: routes } = compiled;
        const status = { ...base, live: deploymentId, since: this.#means.now(), problem: undefined, routes };
        for (const problem of routes) this.#means.onRouteProblem?.(status, problem);
        return { status, compiled, millis: performance.now() - began };
      } catch (error) {
        this.#means.onError(error, `compiling stage ${name} of API ${api.apiId}`);
        const problem = `The stage cannot be compiled: ${messageOf(error)}`;
        const { live, since, routes = [] } = previous?.status ?? {};
        const status = { ...base, live, since, problem, routes };
        return { status, compiled: previous?.compiled, millis: performance.now() - began };
      }
    };
    if (mayWait && previous?.compiled === undefined) {
      const status = { ...empty, live: deploymentId, since: this.#means.now() };
      return new PublishedStage(source, { status, ...nothing }, compile);
    }
    const outcome = compile();
    // The source of what is live: the next change compiles anew.
    return new PublishedStage(
      outcome.status.problem === undefined ? source : (previous?.source ?? ''),
      outcome,
    );
  }

  #compile(
    document: Document,
    content: FrozenApi,
    { account, region, apiId, name, wanted }: Omit<StageStatus, 'live' | 'since' | 'problem' | 'routes'>,
    api: Document,
    cacheGeneration: string,
    previous: Compiled | undefined,
  ): Compiled {
    const identity = {
      accountId: account,
      region,
      apiId,
      name,
      deploymentId: wanted!,
      variables: new Map(Object.entries((document.StageVariables ?? {}) as Record<string, string>)),
    };
    if (api.ProtocolType === 'WEBSOCKET') {
      return compileSocketStage(content, identity, this.#means, {
        document,
        limits: previous?.kind === 'websocket' ? previous.limits : undefined,
      });
    }
    return compileStage(content, identity, this.#means, {
      document,
      cacheGeneration,
      meansGeneration: this.#generation,
      previous: previous?.kind === 'http' ? previous.parts : undefined,
    });
  }
}

function deployedOf(
  { account, region, apiId }: ApiPlace,
  api: Document,
  stages: ReadonlyMap<string, PublishedStage>,
): DeployedApi {
  const identity = { apiId, accountId: account, region };
  return api.ProtocolType === 'HTTP'
    ? { ...identity, kind: 'http', stages: new DeployedStages(stages, httpStage) }
    : { ...identity, kind: 'websocket', stages: new DeployedStages(stages, socketStage) };
}

function httpStage({ called }: PublishedStage): HttpStage | undefined {
  return called?.kind === 'http' ? called.stage : undefined;
}

function socketStage({ called }: PublishedStage): WebSocketStage | undefined {
  return called?.kind === 'websocket' ? called.stage : undefined;
}

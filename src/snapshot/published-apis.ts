// The APIs that are live, and how the publisher keeps them: stage by stage, compiled anew only where something changed. A
// stage that cannot be compiled keeps what it had and never stops the others (decision 0008).
import type { FrozenApi } from '../config/frozen.ts';
import {
  type ApiPlace,
  apiKeyOf,
  authorizerCacheKey,
  frozenKey,
  type Place,
  stagesOf,
} from '../config/keys.ts';
import { messageOf } from '../defect.ts';
import type { Document, Key, ReadTransaction } from '../store/store.ts';
import { type CompiledStage, compileStage } from './http/compile-stage.ts';
import type { RouteProblem } from './route-problems.ts';
import type { DeployedApi } from './snapshot.ts';
import type { StageMeans } from './stage-means.ts';
import { type CompiledSocketStage, compileSocketStage } from './websocket/compile-stage.ts';

/** How it stands with a stage. */
export interface StageStatus extends ApiPlace {
  readonly name: string;
  /** The deployment that the stage has in the store; undefined for a stage that nothing was deployed to. */
  readonly wanted: string | undefined;
  /** The deployment that requests meet. */
  readonly live: string | undefined;
  /** Epoch milliseconds of the last change that requests met. */
  readonly since: number | undefined;
  /** Why what is live is not what is wanted; undefined where it is. */
  readonly problem: string | undefined;
  /** Routes that refuse because they cannot run. */
  readonly routes: readonly RouteProblem[];
}

export interface PublishedApisMeans extends StageMeans {
  /** Hears of stages that cannot be compiled: defects. */
  readonly onError: (error: unknown, what: string) => void;
  /** Hears of a route that cannot run, once a deployment. */
  readonly onRouteProblem?: ((stage: StageStatus, problem: RouteProblem) => void) | undefined;
  readonly now: () => number;
}

type Compiled = CompiledStage | CompiledSocketStage;

interface PublishedStage {
  readonly status: StageStatus;
  /** The stage document's text and deployment that `compiled` was made from. */
  readonly source: string;
  /** Undefined where nothing is live. */
  readonly compiled: Compiled | undefined;
}

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

  get statuses(): readonly StageStatus[] {
    return [...this.#apis.values()].flatMap(({ stages }) => [...stages.values()].map(({ status }) => status));
  }

  /** From here on every stage that is refreshed is compiled anew. */
  forgetMeans(): void {
    this.#generation++;
  }

  /** Takes an API away that is gone. Returns the stages that the next swap supersedes. */
  remove(apiId: string): readonly Compiled[] {
    const before = this.#apis.get(apiId);
    this.#apis.delete(apiId);
    return compiledOf(before?.stages);
  }

  /** Its documents cannot be read: it stays as it was. */
  cannotRead(apiId: string, reason: string): void {
    const api = this.#apis.get(apiId);
    if (api === undefined) return;
    const stages = [...api.stages].map(
      ([name, stage]) => [name, { ...stage, status: { ...stage.status, problem: reason } }] as const,
    );
    this.#apis.set(apiId, { ...api, stages: new Map(stages) });
  }

  /** Brings one API up to date. Returns the stages that the next swap supersedes. Throws StoreError, and nothing has changed
   *  then. */
  async refresh(tx: ReadTransaction, owner: Place, apiId: string): Promise<readonly Compiled[]> {
    const apiKey = apiKeyOf(owner, apiId);
    const api = await tx.get(apiKey);
    if (api === undefined) return this.remove(apiId);
    const before = this.#apis.get(apiId)?.stages;
    const read = await readStages(tx, apiKey, this.#generation, (name) => before?.get(name));
    const stages = new Map<string, PublishedStage>();
    for (const stage of read) {
      stages.set(stage.name, this.#stage(stage, { ...owner, apiId }, api, before?.get(stage.name)));
    }
    this.#apis.set(apiId, { deployed: deployedOf(apiId, owner, api, stages), stages });
    const kept = new Set(compiledOf(stages));
    return compiledOf(before).filter((compiled) => !kept.has(compiled));
  }

  #stage(
    { name, document, deploymentId, source, content, cacheGeneration }: StoredStage,
    api: ApiPlace,
    apiDocument: Document,
    previous: PublishedStage | undefined,
  ): PublishedStage {
    const base = { ...api, name, wanted: deploymentId };
    if (deploymentId === undefined) {
      const status = { ...base, live: undefined, since: undefined, problem: undefined, routes: [] };
      return { status, source: '', compiled: undefined };
    }
    if (previous !== undefined && isCurrent(previous, source)) {
      const { status } = previous;
      return status.problem === undefined
        ? previous
        : { ...previous, status: { ...status, ...base, problem: undefined } };
    }
    try {
      if (content === undefined) throw new Error(`the deployment ${deploymentId} has no content`);
      const compiled = this.#compile(
        document,
        content,
        base,
        apiDocument,
        cacheGeneration,
        previous?.compiled,
      );
      const { problems: routes } = compiled;
      const status = { ...base, live: deploymentId, since: this.#means.now(), problem: undefined, routes };
      for (const problem of routes) this.#means.onRouteProblem?.(status, problem);
      return { status, source, compiled };
    } catch (error) {
      this.#means.onError(error, `compiling stage ${name} of API ${api.apiId}`);
      const problem = `The stage cannot be compiled: ${messageOf(error)}`;
      const { live, since, routes = [] } = previous?.status ?? {};
      // The source of what is live: the next change compiles anew.
      return {
        status: { ...base, live, since, problem, routes },
        source: previous?.source ?? '',
        compiled: previous?.compiled,
      };
    }
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

/** A stage as it is in the store. */
interface StoredStage {
  readonly name: string;
  readonly document: Document;
  readonly deploymentId: string | undefined;
  /** What it is compiled from, as text to compare. */
  readonly source: string;
  /** What the deployment froze; not read where nothing changed. */
  readonly content: FrozenApi | undefined;
  /** Another after each ResetAuthorizersCache. */
  readonly cacheGeneration: string;
}

async function readStages(
  tx: ReadTransaction,
  apiKey: Key,
  generation: number,
  previousOf: (name: string) => PublishedStage | undefined,
): Promise<readonly StoredStage[]> {
  const { entries } = await tx.list(stagesOf(apiKey));
  const stages: StoredStage[] = [];
  for (const { document } of entries) {
    const name = String(document.StageName);
    const deploymentId = typeof document.DeploymentId === 'string' ? document.DeploymentId : undefined;
    const reset = await tx.get(authorizerCacheKey(apiKey, name));
    const cacheGeneration = String(reset?.Generation ?? '');
    const source = JSON.stringify([
      generation,
      deploymentId,
      cacheGeneration,
      document.StageVariables ?? {},
      document.DefaultRouteSettings ?? {},
      document.RouteSettings ?? {},
      document.AccessLogSettings ?? {},
    ]);
    const content =
      deploymentId === undefined || isCurrent(previousOf(name), source)
        ? undefined
        : ((await tx.get(frozenKey(apiKey, deploymentId))) as unknown);
    stages.push({
      name,
      document,
      deploymentId,
      source,
      content: content as FrozenApi | undefined,
      cacheGeneration,
    });
  }
  return stages;
}

/** Whether what is live was compiled from the same. */
function isCurrent(previous: PublishedStage | undefined, source: string): boolean {
  return previous?.compiled !== undefined && previous.source === source;
}

function deployedOf(
  apiId: string,
  { account, region }: Place,
  api: Document,
  stages: ReadonlyMap<string, PublishedStage>,
): DeployedApi {
  const compiled = compiledOf(stages);
  const http = compiled.flatMap((each) => (each.kind === 'http' ? [each.stage] : []));
  const sockets = compiled.flatMap((each) => (each.kind === 'websocket' ? [each.stage] : []));
  const identity = { apiId, accountId: account, region };
  return api.ProtocolType === 'HTTP'
    ? { ...identity, kind: 'http', stages: new Map(http.map((stage) => [stage.name, stage])) }
    : { ...identity, kind: 'websocket', stages: new Map(sockets.map((stage) => [stage.name, stage])) };
}

function compiledOf(stages: ReadonlyMap<string, PublishedStage> | undefined): readonly Compiled[] {
  return [...(stages?.values() ?? [])].flatMap(({ compiled }) => (compiled === undefined ? [] : [compiled]));
}

// What the store has of APIs and their stages, for the publisher: many APIs in three rounds, for each crossing into an engine costs
// more than what it finds.
import { apiKeyOf, authorizerCacheKey, frozenKey, type Place, stagesOf } from '../config/keys.ts';
import type { Document, Key, ReadTransaction } from '../store/store.ts';
import { parseJson } from '../wire/json.ts';
import type { PublishedStage } from './published-stage.ts';

export interface StoredApi {
  readonly document: Document;
  readonly stages: readonly StoredStage[];
}

export interface StoredStage {
  readonly name: string;
  readonly document: Document;
  readonly deploymentId: string | undefined;
  /** What it is compiled from, as text to compare. */
  readonly source: string;
  /** What the deployment froze, as JSON; not read where nothing changed. */
  readonly content: string | undefined;
  /** Another after each ResetAuthorizersCache. */
  readonly cacheGeneration: string;
}

interface StageAt {
  readonly apiKey: Key;
  readonly name: string;
  readonly document: Document;
}

/** Those that are there, by id. `generation`: another where everything is to be compiled anew. */
export async function readApis(
  tx: ReadTransaction,
  owners: ReadonlyMap<string, Place>,
  generation: number,
  previousOf: (apiId: string, name: string) => PublishedStage | undefined,
): Promise<ReadonlyMap<string, StoredApi>> {
  const asked = [...owners].map(([apiId, owner]) => ({ apiId, apiKey: apiKeyOf(owner, apiId) }));
  const texts = await tx.texts(asked.map(({ apiKey }) => apiKey));
  const found = asked.flatMap((api, i) => {
    const text = texts[i];
    return text === undefined ? [] : [{ ...api, document: parseJson(text) as Document }];
  });
  const listed = await tx.lists(found.map(({ apiKey }) => stagesOf(apiKey)));
  const at = found.map(({ apiKey }, i) =>
    listed[i]!.map(({ document }): StageAt => ({ apiKey, name: String(document.StageName), document })),
  );
  const generations = await cacheGenerations(tx, at.flat());
  const read = new Map<string, { readonly document: Document; readonly stages: StoredStage[] }>();
  const waiting: { readonly stages: StoredStage[]; readonly index: number; readonly key: Key }[] = [];
  for (const [i, { apiId, apiKey, document }] of found.entries()) {
    const stages = at[i]!.map((stage) => storedStage(stage, generations.get(stage) ?? '', generation));
    read.set(apiId, { document, stages });
    for (const [index, { name, deploymentId, source }] of stages.entries()) {
      if (deploymentId === undefined || previousOf(apiId, name)?.isOf(source) === true) continue;
      waiting.push({ stages, index, key: frozenKey(apiKey, deploymentId) });
    }
  }
  const contents = await tx.texts(waiting.map(({ key }) => key));
  for (const [i, { stages, index }] of waiting.entries()) {
    stages[index] = { ...stages[index]!, content: contents[i] };
  }
  return read;
}

async function cacheGenerations(
  tx: ReadTransaction,
  stages: readonly StageAt[],
): Promise<ReadonlyMap<StageAt, string>> {
  const resets = await tx.texts(stages.map(({ apiKey, name }) => authorizerCacheKey(apiKey, name)));
  return new Map(
    stages.flatMap((stage, i) => {
      const text = resets[i];
      return text === undefined ? [] : [[stage, String((parseJson(text) as Document).Generation)] as const];
    }),
  );
}

function storedStage({ name, document }: StageAt, cacheGeneration: string, generation: number): StoredStage {
  const deploymentId = typeof document.DeploymentId === 'string' ? document.DeploymentId : undefined;
  const written = JSON.stringify([
    deploymentId,
    cacheGeneration,
    document.StageVariables ?? {},
    document.DefaultRouteSettings ?? {},
    document.RouteSettings ?? {},
    document.AccessLogSettings ?? {},
  ]);
  return {
    name,
    document,
    deploymentId,
    source: `${generation} ${written}`,
    content: undefined,
    cacheGeneration,
  };
}

// Everything of an API that its tabs show, read together.
import { useCallback, useEffect, useState } from 'react';
import { readOverview } from '../overview/use-overview.ts';
import { CallError, sentenceOf } from '../shell/call-error.ts';
import { call } from '../shell/client.ts';
import { listAll } from '../shell/list-all.ts';
import type {
  ApiDocument,
  AuthorizerDocument,
  DeploymentDocument,
  IntegrationDocument,
  RouteDocument,
  StageDocument,
} from './documents.ts';

export interface WholeApi {
  readonly api: ApiDocument;
  /** Where it is: to be named with every call. */
  readonly region: string;
  readonly routes: readonly RouteDocument[];
  readonly integrations: ReadonlyMap<string, IntegrationDocument>;
  readonly stages: readonly StageDocument[];
  /** The newest first. */
  readonly deployments: readonly DeploymentDocument[];
  readonly authorizers: ReadonlyMap<string, AuthorizerDocument>;
}

export interface LoadedApi {
  readonly value: WholeApi | undefined;
  readonly error: string | undefined;
  readonly reload: () => void;
}

/** `region` is what the address says; without it the API is looked for. */
export function useWholeApi(apiId: string, region: string | undefined, ownRegion: string): LoadedApi {
  const [state, setState] = useState<{ apiId: string; value?: WholeApi | undefined; error?: string }>({
    apiId,
  });
  const [turn, setTurn] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a turn is a reason to ask again.
  useEffect(() => {
    const asking = new AbortController();
    readWhole(apiId, region ?? ownRegion, region === undefined, asking.signal).then(
      (value) => !asking.signal.aborted && setState({ apiId, value }),
      (error: unknown) => {
        if (asking.signal.aborted) return;
        setState((last) => ({
          apiId,
          value: last.apiId === apiId ? last.value : undefined,
          error: sentenceOf(error),
        }));
      },
    );
    return () => asking.abort();
  }, [apiId, region, ownRegion, turn]);
  const isOfApi = state.apiId === apiId;
  const reload = useCallback(() => setTurn((each) => each + 1), []);
  return { value: isOfApi ? state.value : undefined, error: isOfApi ? state.error : undefined, reload };
}

async function readWhole(
  apiId: string,
  at: string,
  mayMove: boolean,
  signal: AbortSignal,
): Promise<WholeApi> {
  const path = `/v2/apis/${encodeURIComponent(apiId)}`;
  let region = at;
  const get = () => call<ApiDocument>('GET', path, undefined, { region, signal });
  const api = await get().catch(async (error: unknown) => {
    if (!mayMove || !(error instanceof CallError) || error.status !== 404) throw error;
    const { apis } = await readOverview(signal);
    const found = apis.find((each) => each.apiId === apiId);
    if (found === undefined || found.region === region) throw error;
    region = found.region;
    return get();
  });
  const list = <T>(name: string) => listAll<T>(`${path}/${name}`, region, signal);
  const [routes, integrations, stages, deployments, authorizers] = await Promise.all([
    list<RouteDocument>('routes'),
    list<IntegrationDocument>('integrations'),
    list<StageDocument>('stages'),
    list<DeploymentDocument>('deployments'),
    list<AuthorizerDocument>('authorizers'),
  ]);
  return {
    api,
    region,
    routes,
    integrations: new Map(integrations.map((each) => [each.integrationId, each])),
    stages,
    deployments: [...deployments].sort((a, b) => b.createdDate.localeCompare(a.createdDate)),
    authorizers: new Map(authorizers.map((each) => [each.authorizerId, each])),
  };
}

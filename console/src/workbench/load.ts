// What the workbench shows of the server: an API with what belongs to it.

import type { RecordedRequest } from '../../../src/gateway/live/recorded-request.ts';
import type { Overview } from '../../../src/management/postern/overview-route.ts';
import { call } from '../shell/client.ts';
import type {
  StoredApi,
  StoredIntegration,
  StoredResponse,
  StoredRoute,
  StoredStage,
} from './draft/stored.ts';
import { type RecordedWork, recordedWork } from './recorded-work.ts';

export type ListedApi = Pick<Overview['apis'][number], 'apiId' | 'name' | 'region' | 'protocolType'>;

export interface LoadedApi {
  readonly api: StoredApi;
  readonly region: string;
  readonly routes: readonly StoredRoute[];
  readonly integrations: readonly StoredIntegration[];
  readonly stages: readonly StoredStage[];
}

/** The APIs of all regions that the caller may see, by name. */
export async function listApis(): Promise<readonly ListedApi[]> {
  const found: ListedApi[] = [];
  let after: string | undefined;
  do {
    const { apis, next } = await call<Overview>(
      'GET',
      `/_postern/overview${after === undefined ? '' : `?after=${encodeURIComponent(after)}`}`,
    );
    found.push(...apis);
    after = next;
  } while (after !== undefined);
  return found.sort((a, b) => a.name.localeCompare(b.name) || a.apiId.localeCompare(b.apiId));
}

export async function loadApi(apiId: string, region: string): Promise<LoadedApi> {
  const path = `/v2/apis/${encodeURIComponent(apiId)}`;
  const [api, routes, integrations, stages] = await Promise.all([
    call<StoredApi>('GET', path, undefined, { region }),
    listAll<StoredRoute>(`${path}/routes`, region),
    listAll<StoredIntegration>(`${path}/integrations`, region),
    listAll<StoredStage>(`${path}/stages`, region),
  ]);
  return { api, region, routes, integrations, stages };
}

/** The integration responses of a WebSocket API's integration; HTTP APIs have none. */
export async function loadResponses(
  { api, region }: LoadedApi,
  integrationId: string,
): Promise<readonly StoredResponse[]> {
  if (api.protocolType === 'HTTP') return [];
  const path = `/v2/apis/${encodeURIComponent(api.apiId)}/integrations/${encodeURIComponent(integrationId)}`;
  return listAll<StoredResponse>(`${path}/integrationresponses`, region);
}

async function listAll<T>(path: string, region: string): Promise<readonly T[]> {
  const all: T[] = [];
  let token: string | undefined;
  do {
    const query = `?maxResults=500${token === undefined ? '' : `&nextToken=${encodeURIComponent(token)}`}`;
    const page = await call<{ items?: T[]; nextToken?: string }>('GET', `${path}${query}`, undefined, {
      region,
    });
    all.push(...(page.items ?? []));
    token = page.nextToken;
  } while (token !== undefined);
  return all;
}

/** Rejects with a sentence for one that is not kept, and one that reached no route. */
export async function loadRecorded(id: string): Promise<RecordedWork> {
  return recordedWork(await call<RecordedRequest>('GET', `/_postern/requests/${encodeURIComponent(id)}`));
}

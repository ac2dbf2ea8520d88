// What the workbench shows of the server: an API with what belongs to it.
import type { RecordedRequest } from '../../../src/gateway/live/recorded-request.ts';
import type { ApiOverview } from '../../../src/management/postern/overview-route.ts';
import type { IntegrationDocument, RouteDocument, StageDocument } from '../api/documents.ts';
import { readOverview } from '../overview/use-overview.ts';
import { call } from '../shell/client.ts';
import { listAll } from '../shell/list-all.ts';
import type { StoredApi, StoredResponse, Subject } from './draft/stored.ts';
import { type RecordedWork, recordedWork } from './recorded-work.ts';

export type ListedApi = Pick<ApiOverview, 'apiId' | 'name' | 'region' | 'protocolType'>;

export interface LoadedApi {
  readonly api: StoredApi;
  readonly region: string;
  readonly routes: readonly RouteDocument[];
  readonly integrations: readonly IntegrationDocument[];
  readonly stages: readonly StageDocument[];
}

/** The APIs of all regions that the caller may see, by name. */
export async function listApis(): Promise<readonly ListedApi[]> {
  const { apis } = await readOverview();
  return [...apis].sort((a, b) => a.name.localeCompare(b.name) || a.apiId.localeCompare(b.apiId));
}

export async function loadApi(apiId: string, region: string): Promise<LoadedApi> {
  const path = `/v2/apis/${encodeURIComponent(apiId)}`;
  const [api, routes, integrations, stages] = await Promise.all([
    call<StoredApi>('GET', path, undefined, { region }),
    listAll<RouteDocument>(`${path}/routes`, region),
    listAll<IntegrationDocument>(`${path}/integrations`, region),
    listAll<StageDocument>(`${path}/stages`, region),
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

/** What is stored of one integration by now. */
export async function loadSubject(loaded: LoadedApi, integrationId: string): Promise<Subject> {
  const { region } = loaded;
  const path = `/v2/apis/${encodeURIComponent(loaded.api.apiId)}`;
  const one = `${path}/integrations/${encodeURIComponent(integrationId)}`;
  const [api, integration, responses] = await Promise.all([
    call<StoredApi>('GET', path, undefined, { region }),
    call<IntegrationDocument>('GET', one, undefined, { region }),
    loadResponses(loaded, integrationId),
  ]);
  return { api, integration, responses };
}

/** Rejects with a sentence for one that is not kept, and one that reached no route. */
export async function loadRecorded(id: string): Promise<RecordedWork> {
  return recordedWork(await call<RecordedRequest>('GET', `/_postern/requests/${encodeURIComponent(id)}`));
}

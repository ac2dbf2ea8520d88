// API mappings of custom domain names (spec/management-api.md §2.11; http-api.md §1.5).
import { apiKeyOf, collectionOf, stagesOf } from '../../config/keys.ts';
import type { Key } from '../../store/store.ts';
import { badRequest, conflict } from '../../wire/errors.ts';
import type { ApiDocument } from '../api/api-document.ts';
import type { Context } from '../context.ts';
import { listAll } from '../document-list.ts';
import { checkLength } from '../limits.ts';
import { resource } from '../resource.ts';
import type { Draft, Scope } from '../rules.ts';
import type { DomainNameDocument } from './domain-name-document.ts';

export interface ApiMappingDocument {
  readonly ApiMappingId: string;
  readonly ApiId: string;
  readonly Stage: string;
  /** Empty for the whole domain. */
  readonly ApiMappingKey: string;
}

type MappingScope = Scope<ApiMappingDocument, readonly [DomainNameDocument]>;

/** Another spelling of the empty key. */
const ROOT = '(none)';
/** The text is ours. */
export const NO_MUTUAL_TLS = 'Mutual TLS authentication is not supported for protocolType WEBSOCKET';
const ONLY_WEBSOCKET =
  'Currently, WebSocket APIs can only be attached to a domain name with other WebSocket APIs.';

export const apiMappings = resource<'ApiMapping', ApiMappingDocument, readonly [DomainNameDocument]>(
  'ApiMapping',
  { idLength: 6, patch: {}, settle },
);

async function settle(draft: Draft<ApiMappingDocument>, scope: MappingScope): Promise<ApiMappingDocument> {
  const { context, id, key } = scope;
  const { ApiId = '', Stage = '' } = draft;
  const ApiMappingKey = draft.ApiMappingKey === ROOT ? '' : (draft.ApiMappingKey ?? '');
  checkLength('stage', Stage, 1, 128);
  checkKey(ApiMappingKey);
  const api = await requireStage(ApiId, Stage, context);
  checkKinds(api, ApiMappingKey, scope);
  await checkOthers({ api, ApiMappingKey, id, collection: collectionOf(key) }, context);
  return { ApiMappingId: id, ApiId, Stage, ApiMappingKey };
}

function checkKey(key: string): void {
  if (!/^[A-Za-z0-9$\-_.+!*'()/]*$/.test(key)) {
    throw badRequest("An ApiMapping key may contain only letters, numbers and one of $-_.+!*'(),");
  }
  if (key.startsWith('/') || key.includes('//')) {
    throw badRequest("API mapping key should not start with a '/' or have consecutive '/'s.");
  }
  if (key.endsWith('/')) throw badRequest("API mapping key should not end with a '/'.");
  checkLength('apiMappingKey', key, 0, 300);
}

/** The API of a mapping or rule, whose stage is there too. */
export async function requireStage(apiId: string, stage: string, context: Context): Promise<ApiDocument> {
  const apiKey = apiKeyOf(context, apiId);
  const api = await context.tx.get(apiKey);
  if (api === undefined) throw badRequest(`Invalid API identifier specified: ${apiId}`);
  if ((await context.tx.get([...stagesOf(apiKey), stage])) === undefined) {
    throw badRequest('Invalid stage identifier specified');
  }
  return api as unknown as ApiDocument;
}

function checkKinds({ ProtocolType }: ApiDocument, key: string, { path: [domain] }: MappingScope): void {
  if (ProtocolType !== 'WEBSOCKET') return;
  if (key.includes('/'))
    throw badRequest('Multi-level API mapping keys are not supported for protocolType WEBSOCKET');
  if (domain.MutualTlsAuthentication !== undefined) {
    throw badRequest(NO_MUTUAL_TLS);
  }
}

interface Checked {
  readonly api: ApiDocument;
  readonly ApiMappingKey: string;
  readonly id: string;
  readonly collection: Key;
}

async function checkOthers({ api, ApiMappingKey, id, collection }: Checked, context: Context): Promise<void> {
  const mappings = await listAll<ApiMappingDocument>(context.tx, collection);
  const others = mappings.filter((mapping) => mapping.ApiMappingId !== id);
  if (others.some((other) => other.ApiMappingKey === ApiMappingKey)) {
    throw conflict('ApiMapping key already exists for this domain name');
  }
  // All others are of one kind, so one of them tells.
  const [other] = others;
  const otherApi = other && (await context.tx.get(apiKeyOf(context, other.ApiId)));
  if (otherApi !== undefined && isWebSocket(otherApi) !== isWebSocket(api)) throw badRequest(ONLY_WEBSOCKET);
}

function isWebSocket({ ProtocolType }: { readonly ProtocolType?: unknown }): boolean {
  return ProtocolType === 'WEBSOCKET';
}

// Freezes an API: what a deployment serves is a copy of the API's documents at that moment (decision 0008;
// spec/management-api.md §2.9.1).

import type { FrozenApi } from '../../config/frozen.ts';
import {
  authorizersOf,
  documentationKey,
  frozenDocumentationKey,
  frozenKey,
  integrationResponsesOf,
  integrationsOf,
  modelsOf,
  routeResponsesOf,
  routesOf,
} from '../../config/keys.ts';
import type { Document, Key } from '../../store/store.ts';
import { badRequest } from '../../wire/errors.ts';
import type { ApiDocument } from '../api/api-document.ts';
import type { Context, ReadContext } from '../context.ts';
import { listAll } from '../document-list.ts';

/** Copies what is deployed of an API. Throws a BadRequestException when there is nothing to deploy. */
export async function freezeApi(context: Context, apiKey: Key, api: ApiDocument): Promise<FrozenApi> {
  const documents = await documentsOf(context, apiKey, api);
  requireRoutes(api, documents.Routes);
  return documents;
}

/** What a deployment of an API would freeze now, valid or not. */
export async function documentsOf({ tx }: ReadContext, apiKey: Key, api: ApiDocument): Promise<FrozenApi> {
  const routes = await listAll(tx, routesOf(apiKey));
  const integrations = await listAll(tx, integrationsOf(apiKey));
  const authorizers = await listAll(tx, authorizersOf(apiKey));
  const frozen = {
    Api: api as unknown as Document,
    Routes: routes,
    Integrations: integrations,
    Authorizers: authorizers,
  };
  if (api.ProtocolType === 'HTTP') return frozen;
  return {
    ...frozen,
    IntegrationResponses: await listBelow(tx, apiKey, integrations, 'IntegrationId'),
    RouteResponses: await listBelow(tx, apiKey, routes, 'RouteId'),
    Models: await listAll(tx, modelsOf(apiKey)),
  };
}

const RESPONSES = { IntegrationId: integrationResponsesOf, RouteId: routeResponsesOf } as const;

/** The responses of all owners, each with the id of its own. */
async function listBelow(
  tx: ReadContext['tx'],
  apiKey: Key,
  owners: readonly Document[],
  member: keyof typeof RESPONSES,
): Promise<Document[]> {
  const found: Document[] = [];
  for (const owner of owners) {
    const id = String(owner[member]);
    for (const document of await listAll(tx, RESPONSES[member](apiKey, id))) {
      found.push({ ...document, [member]: id });
    }
  }
  return found;
}

// A route without target is not valid on an HTTP API; a WebSocket API needs any route.
function requireRoutes(api: ApiDocument, routes: readonly Document[]): void {
  if (api.ProtocolType === 'WEBSOCKET') {
    if (routes.length === 0) throw badRequest('At least one route is required before deploying the Api');
  } else if (!routes.some((route) => route.Target !== undefined)) {
    throw badRequest('Unable to deploy API because no valid routes exist in this API');
  }
}

/** Stores what a deployment serves, and what is said of it. */
export async function putFrozen(
  { tx }: Context,
  apiKey: Key,
  deploymentId: string,
  frozen: FrozenApi,
): Promise<void> {
  await tx.put(frozenKey(apiKey, deploymentId), frozen as unknown as Document);
  const documentation = await tx.get(documentationKey(apiKey));
  if (documentation !== undefined) await tx.put(frozenDocumentationKey(apiKey, deploymentId), documentation);
}

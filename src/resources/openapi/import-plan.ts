// What an import makes of an API, resource by resource: the documents before and after, compared by their ids.
import { isDeepStrictEqual } from 'node:util';
import { apiKeyOf, authorizersOf, integrationsOf, routesOf } from '../../config/keys.ts';
import type { Document } from '../../store/store.ts';
import type { ApiDocument } from '../api/api-document.ts';
import type { AuthorizerDocument } from '../authorizer/authorizer-types.ts';
import type { Context } from '../context.ts';
import { listAll } from '../document-list.ts';
import type { IntegrationDocument } from '../integration/integration-document.ts';
import type { RouteDocument } from '../route/route.ts';
import type { ImportDone, NamedResource } from './import-answer.ts';

interface Resource extends NamedResource {
  readonly document: object;
}

/** The resources of an API by their ids, in creation order of each kind; none of one that is not there. */
export type ApiResources = ReadonlyMap<string, Resource>;

export async function resourcesOf(context: Context, apiId: string): Promise<ApiResources> {
  const { tx } = context;
  const apiKey = apiKeyOf(context, apiId);
  const found = new Map<string, Resource>();
  const add = (kind: NamedResource['kind'], id: string, name: string, document: object) =>
    found.set(`${kind} ${id}`, { kind, name, document });
  const api: Document | undefined = await tx.get(apiKey);
  if (api !== undefined) add('api', apiId, (api as unknown as ApiDocument).Name!, api);
  for (const each of await listAll<AuthorizerDocument>(tx, authorizersOf(apiKey))) {
    add('authorizer', each.AuthorizerId, each.Name!, each);
  }
  for (const each of await listAll<IntegrationDocument>(tx, integrationsOf(apiKey))) {
    add('integration', each.IntegrationId, integrationName(each), each);
  }
  for (const each of await listAll<RouteDocument>(tx, routesOf(apiKey))) {
    add('route', each.RouteId, each.RouteKey!, each);
  }
  return found;
}

function integrationName(document: IntegrationDocument): string {
  const { IntegrationType, IntegrationSubtype, IntegrationMethod, IntegrationUri } = document;
  const call = IntegrationSubtype === undefined ? [IntegrationMethod, IntegrationUri] : [IntegrationSubtype];
  return [IntegrationType, ...call].filter((part) => part !== undefined).join(' ');
}

type Changes = Pick<ImportDone, 'created' | 'changed' | 'removed' | 'kept'>;

export function changesBetween(before: ApiResources, after: ApiResources): Changes {
  const changes = { created: [], changed: [], removed: [], kept: [] } as {
    [K in keyof Changes]: NamedResource[];
  };
  for (const [id, { kind, name, document }] of after) {
    const previous = before.get(id);
    const isSame = previous !== undefined && isDeepStrictEqual(previous.document, document);
    changes[previous === undefined ? 'created' : isSame ? 'kept' : 'changed'].push({ kind, name });
  }
  for (const [id, { kind, name }] of before) if (!after.has(id)) changes.removed.push({ kind, name });
  return changes;
}

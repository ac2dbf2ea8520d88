// What a reimport replaces. Whatever the old resources are, the new ones are judged as if there were none: the old ones are deleted
// first, and those that take their place get their ids (spec/openapi.md Choice O40).
import { authorizersOf, integrationsOf, routesOf } from '../../config/keys.ts';
import type { Key } from '../../store/store.ts';
import { authorizers } from '../authorizer/authorizer.ts';
import type { AuthorizerDocument } from '../authorizer/authorizer-types.ts';
import type { Context } from '../context.ts';
import { listAll } from '../document-list.ts';
import { integrations } from '../integration/integration.ts';
import type { IntegrationDocument } from '../integration/integration-document.ts';
import type { Replaced } from '../resource.ts';
import { type RouteDocument, routes } from '../route/route.ts';
import type { Breath } from './breath.ts';

export interface ReplacedResources {
  readonly routes: Replaced<RouteDocument>;
  readonly integrations: ReplacedIntegrations;
  readonly authorizers: Replaced<AuthorizerDocument>;
}

/** Deletes the routes, integrations and authorizers of an API. `keys` are those of the routes to come. */
export async function deleteReplaced(
  context: Context,
  apiKey: Key,
  ApiId: string,
  keys: ReadonlySet<string>,
  breath: Breath,
): Promise<ReplacedResources> {
  const { tx } = context;
  const oldRoutes = await listAll<RouteDocument>(tx, routesOf(apiKey));
  const oldIntegrations = await listAll<IntegrationDocument>(tx, integrationsOf(apiKey));
  const oldAuthorizers = await listAll<AuthorizerDocument>(tx, authorizersOf(apiKey));
  for (const { RouteId } of oldRoutes) {
    await breath.draw();
    await routes.delete(context, { ApiId, RouteId });
  }
  for (const { IntegrationId } of oldIntegrations) {
    await breath.draw();
    await integrations.delete(context, { ApiId, IntegrationId });
  }
  for (const { AuthorizerId } of oldAuthorizers) {
    await breath.draw();
    await authorizers.delete(context, { ApiId, AuthorizerId });
  }
  return {
    routes: new ReplacedDocuments(
      oldRoutes,
      ({ RouteId }) => RouteId,
      ({ RouteKey }) => RouteKey,
    ),
    integrations: new ReplacedIntegrations(
      oldIntegrations,
      oldRoutes.filter(({ RouteKey }) => keys.has(RouteKey)),
    ),
    authorizers: new ReplacedDocuments(
      oldAuthorizers,
      ({ AuthorizerId }) => AuthorizerId,
      ({ Name }) => Name!,
    ),
  };
}

class ReplacedDocuments<D> implements Replaced<D> {
  readonly #ids: ReadonlySet<string>;
  readonly #identityOf: (document: D) => string;
  /** Ids that are still to be had, in creation order. */
  readonly #left = new Map<string, string[]>();

  constructor(documents: readonly D[], idOf: (document: D) => string, identityOf: (document: D) => string) {
    this.#ids = new Set(documents.map(idOf));
    this.#identityOf = identityOf;
    for (const document of documents) {
      const identity = identityOf(document);
      const ids = this.#left.get(identity);
      if (ids === undefined) this.#left.set(identity, [idOf(document)]);
      else ids.push(idOf(document));
    }
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  idFor(document: D): string | undefined {
    return this.#left.get(this.#identityOf(document))?.shift();
  }
}

/** An integration that a route called whose key stays is that route's; the others are anybody's, in creation order. A route that
 *  is new then takes none away that looks the same. */
class ReplacedIntegrations {
  readonly #ids: ReadonlySet<string>;
  readonly #others: ReplacedDocuments<IntegrationDocument>;
  /** By the route's key. */
  readonly #called = new Map<string, IntegrationDocument>();
  readonly #taken = new Set<string>();

  constructor(documents: readonly IntegrationDocument[], staying: readonly RouteDocument[]) {
    const byTarget = new Map(documents.map((each) => [`integrations/${each.IntegrationId}`, each]));
    for (const { RouteKey, Target } of staying) {
      const called = byTarget.get(Target ?? '');
      if (called !== undefined) this.#called.set(RouteKey, called);
    }
    const spokenFor = new Set(this.#called.values());
    this.#ids = new Set(documents.map(({ IntegrationId }) => IntegrationId));
    this.#others = new ReplacedDocuments(
      documents.filter((each) => !spokenFor.has(each)),
      ({ IntegrationId }) => IntegrationId,
      definitionOf,
    );
  }

  /** What may come back as the integration of a route. */
  of(routeKey: string): Replaced<IntegrationDocument> {
    return {
      has: (id) => this.#ids.has(id),
      idFor: (document) => this.#ownId(routeKey, document) ?? this.#others.idFor(document),
    };
  }

  #ownId(routeKey: string, document: IntegrationDocument): string | undefined {
    const called = this.#called.get(routeKey);
    if (called === undefined || this.#taken.has(called.IntegrationId)) return undefined;
    if (definitionOf(called) !== definitionOf(document)) return undefined;
    this.#taken.add(called.IntegrationId);
    return called.IntegrationId;
  }
}

/** The same text for integrations that are equal in every member, whoever made them. */
function definitionOf({ IntegrationId, ApiGatewayManaged, ...definition }: IntegrationDocument): string {
  return JSON.stringify(definition, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}

// What a reimport replaces. Whatever the old resources are, the new ones are judged as if there were none: the old ones are deleted
// first, and those that take their place get their ids (spec/openapi.md Choice O40).
import { authorizersOf, integrationsOf, routesOf } from '../../config/keys.ts';
import type { DefinedIntegration, DefinedOperation } from '../../openapi/definition.ts';
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
import { accepted, refusalIn } from './refusals.ts';

export interface ReplacedResources {
  readonly routes: Replaced<RouteDocument>;
  readonly integrations: ReplacedIntegrations;
  readonly authorizers: Replaced<AuthorizerDocument>;
}

/** Deletes the routes, integrations and authorizers of an API, of those that are `only` meant where somebody says so. `operations` are
 *  those to come. */
export async function deleteReplaced(
  context: Context,
  apiKey: Key,
  ApiId: string,
  operations: readonly DefinedOperation[],
  breath: Breath,
  only: (id: string) => boolean = () => true,
): Promise<ReplacedResources> {
  const { tx } = context;
  const oldRoutes = (await listAll<RouteDocument>(tx, routesOf(apiKey))).filter(({ RouteId }) =>
    only(RouteId),
  );
  const oldIntegrations = (await listAll<IntegrationDocument>(tx, integrationsOf(apiKey))).filter(
    ({ IntegrationId }) => only(IntegrationId),
  );
  const oldAuthorizers = (await listAll<AuthorizerDocument>(tx, authorizersOf(apiKey))).filter(
    ({ AuthorizerId }) => only(AuthorizerId),
  );
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
      await stayingIntegrations(
        context,
        ApiId,
        operations,
        { routes: oldRoutes, integrations: oldIntegrations },
        breath,
      ),
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

/** An integration that a route called stays with this route where both stay as they are; the others are anybody's, in creation
 *  order. A route that is new then takes none away that looks the same. */
class ReplacedIntegrations {
  readonly #ids: ReadonlySet<string>;
  readonly #staying: ReadonlyMap<DefinedIntegration, string>;
  readonly #others: ReplacedDocuments<IntegrationDocument>;

  /** `staying` are the ids of old ones. */
  constructor(documents: readonly IntegrationDocument[], staying: ReadonlyMap<DefinedIntegration, string>) {
    const taken = new Set(staying.values());
    this.#ids = new Set(documents.map(({ IntegrationId }) => IntegrationId));
    this.#staying = staying;
    this.#others = new ReplacedDocuments(
      documents.filter(({ IntegrationId }) => !taken.has(IntegrationId)),
      ({ IntegrationId }) => IntegrationId,
      definitionOf,
    );
  }

  /** What may come back as an integration of the definition. */
  of(integration: DefinedIntegration): Replaced<IntegrationDocument> {
    return {
      has: (id) => this.#ids.has(id),
      idFor: (document) => this.#staying.get(integration) ?? this.#others.idFor(document),
    };
  }
}

/** The integrations of routes that stay and whose integrations are equal to the old ones, with the ids of these. */
async function stayingIntegrations(
  context: Context,
  ApiId: string,
  operations: readonly DefinedOperation[],
  old: { readonly routes: readonly RouteDocument[]; readonly integrations: readonly IntegrationDocument[] },
  breath: Breath,
): Promise<ReadonlyMap<DefinedIntegration, string>> {
  const byTarget = new Map(old.integrations.map((each) => [`integrations/${each.IntegrationId}`, each]));
  const byRouteKey = new Map(
    old.routes.map(({ RouteKey, Target }) => [RouteKey, byTarget.get(Target ?? '')]),
  );
  const staying = new Map<DefinedIntegration, string>();
  const taken = new Set<string>();
  for (const { routeKey, integration } of operations) {
    const called = byRouteKey.get(routeKey);
    if (integration === undefined || called === undefined) continue;
    if (staying.has(integration) || taken.has(called.IntegrationId)) continue;
    await breath.draw();
    if ((await definitionToBe(context, ApiId, integration)) !== definitionOf(called)) continue;
    staying.set(integration, called.IntegrationId);
    taken.add(called.IntegrationId);
  }
  return staying;
}

/** Undefined for one that is refused. */
async function definitionToBe(
  context: Context,
  ApiId: string,
  { given }: DefinedIntegration,
): Promise<string | undefined> {
  try {
    return definitionOf(await integrations.settled(context, { ApiId, ...accepted(given) }));
  } catch (error) {
    refusalIn(error);
    return undefined;
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

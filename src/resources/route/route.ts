// Routes (spec/management-api.md §2.2).
import { apiKeyAbove, apiKeyOf, integrationsOf, modelsOf } from '../../config/keys.ts';
import { parseRouteTarget } from '../../grammar/route-target.ts';
import { badRequest, conflict, notFound } from '../../wire/errors.ts';
import type { Input } from '../../wire/operation.ts';
import type { ApiDocument } from '../api/api-document.ts';
import type { Handler } from '../context.ts';
import { autoDeploy } from '../deployment/auto-deploy.ts';
import { listAll } from '../document-list.ts';
import { checkLength } from '../limits.ts';
import { clearable, clearableList, mergedMap, replacedMap, unlessEmpty } from '../patch.ts';
import { resource } from '../resource.ts';
import { requirePath } from '../resource-path.ts';
import type { Draft, Scope } from '../rules.ts';
import { checkRouteAccess } from './route-access.ts';
import { reindexRoute, routeOfShape, shapeOf } from './route-index.ts';
import { checkRouteProtocol } from './route-protocol.ts';

type Given = Omit<Input<'CreateRoute'>, 'ApiId'>;

export interface RouteDocument extends Given {
  readonly RouteId: string;
  readonly AuthorizationType: NonNullable<Given['AuthorizationType']>;
  readonly ApiKeyRequired: boolean;
  readonly ApiGatewayManaged?: boolean;
}

export type RouteScope = Scope<RouteDocument, readonly [ApiDocument]>;

const MANAGED_KEY = 'The key of the $default route that quick create made cannot be changed';
const MANAGED_DELETE = 'A route that quick create made cannot be deleted; delete its API instead';

export const routes = resource<'Route', RouteDocument, readonly [ApiDocument]>('Route', {
  idLength: 7,
  patch: {
    AuthorizationScopes: clearableList,
    ModelSelectionExpression: clearable,
    OperationName: clearable,
    RequestModels: replacedMap,
    RequestParameters: mergedMap,
    RouteResponseSelectionExpression: clearable,
    Target: clearable,
  },
  settle,
  deploys: ['create', 'update', 'delete'],
  refuseUpdate(previous, given) {
    const isRenamed = given.RouteKey !== undefined && given.RouteKey !== previous.RouteKey;
    if (previous.ApiGatewayManaged === true && previous.RouteKey === '$default' && isRenamed) {
      throw badRequest(MANAGED_KEY);
    }
  },
  async refuseDelete(document) {
    if (document.ApiGatewayManaged === true) throw badRequest(MANAGED_DELETE);
  },
  upkeep: (document, { context, key, path: [api], previous }) =>
    reindexRoute(context.tx, apiKeyAbove(key), api.ProtocolType, previous, document),
});

/** DeleteRouteRequestParameter: the parameter by its full name, `route.request.querystring.t`. */
export const deleteRouteRequestParameter: Handler<'DeleteRouteRequestParameter'> = async (input, context) => {
  const found = await requirePath('DeleteRouteRequestParameter', input, context);
  const { RequestParameters = {} } = found.at(-1) as unknown as RouteDocument;
  const left = new Map(Object.entries(RequestParameters));
  if (!left.delete(input.RequestParameterKey)) {
    throw notFound(`Invalid request parameter specified ${input.RequestParameterKey}`);
  }
  const { ApiId, RouteId } = input;
  await routes.update(
    context,
    { ApiId, RouteId },
    { RequestParameters: unlessEmpty(Object.fromEntries(left)) },
  );
  await autoDeploy(context, apiKeyOf(context, ApiId));
};

async function settle(draft: Draft<RouteDocument>, scope: RouteScope): Promise<RouteDocument> {
  const { previous, path } = scope;
  const [api] = path;
  const routeKey = draft.RouteKey ?? '';
  const shape = shapeOf(api.ProtocolType, routeKey);
  checkLength('operationName', draft.OperationName, 1, 64);
  checkLength('target', draft.Target, 1, 128);
  checkRouteProtocol(draft, scope);
  await checkTarget(draft.Target, scope);
  await checkModels(draft.RequestModels, scope);
  const access = await checkRouteAccess(draft, scope);
  if (routeKey !== previous?.RouteKey) await checkUnique(routeKey, shape, scope);
  const { AuthorizerId, AuthorizationScopes, ...rest } = draft;
  return {
    ...rest,
    ApiKeyRequired: draft.ApiKeyRequired ?? false,
    ...access,
    RouteId: scope.id,
    RouteKey: routeKey,
  };
}

async function checkTarget(
  target: string | undefined,
  { context, key, previous }: RouteScope,
): Promise<void> {
  if (target === undefined || target === previous?.Target) return;
  const integrationId = parseRouteTarget(target);
  if (integrationId === undefined) {
    throw badRequest(
      'Unexpected or malformed target in route. Correct format should be integrations/<integration_id>.',
    );
  }
  if ((await context.tx.get([...integrationsOf(apiKeyAbove(key)), integrationId])) === undefined) {
    throw badRequest(`Invalid integration identifier specified: ${integrationId}`);
  }
}

async function checkModels(
  models: { readonly [key: string]: string } | undefined,
  { context, key }: RouteScope,
): Promise<void> {
  if (models === undefined) return;
  const known = new Set((await listAll(context.tx, modelsOf(apiKeyAbove(key)))).map((model) => model.Name));
  for (const name of Object.values(models)) {
    if (!known.has(name)) throw badRequest(`Invalid model identifier specified: ${name}`);
  }
}

/** Two routes that differ in the names of variables only cannot be told apart by a request (§8.7). */
async function checkUnique(routeKey: string, shape: string, { context, key, id }: RouteScope): Promise<void> {
  const other = await routeOfShape(context.tx, apiKeyAbove(key), shape);
  if (other === undefined || other.RouteId === id) return;
  if (other.RouteKey === routeKey) throw conflict(`Route with key ${routeKey} already exists for this API`);
  throw conflict(
    `The provided route key "${routeKey}" has a conflicting variable on the same hierarchical level as "${other.RouteKey}"`,
  );
}

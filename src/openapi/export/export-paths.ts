// Routes as the paths of a definition (spec/openapi.md §10.4).
import { parseHttpRouteKey } from '../../grammar/route-key.ts';
import { printRouteTarget } from '../../grammar/route-target.ts';
import { exportedIntegration } from './export-integration.ts';
import type { ExportedApi, ExportedIntegration, ExportedRoute } from './exported-api.ts';
import { inOrderOf, type TreeMap, treeOf } from './tree.ts';

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'] as const;
const ANY = 'x-amazon-apigateway-any-method';
const DEFAULT = '$default';
const DEFAULT_PATH = `/${DEFAULT}`;

/** What routes refer to by id. */
interface Named {
  readonly integrations: ReadonlyMap<string, ExportedIntegration>;
  readonly authorizerNames: ReadonlyMap<string, string>;
}

/** Path items in the order of their paths, made one by one when they are printed. Without extensions there is no operation for
 *  ANY and for the default route (Choice O49). */
export function exportedPaths(exported: ExportedApi, includeExtensions: boolean): TreeMap {
  const named: Named = {
    integrations: new Map(exported.integrations.map((each) => [printRouteTarget(each.IntegrationId), each])),
    authorizerNames: new Map(exported.authorizers.map((each) => [each.AuthorizerId, each.Name])),
  };
  const items = new Map<string, Map<string, () => TreeMap>>();
  for (const route of withoutSecondDefault(exported.routes)) {
    const { path, member } = placeOf(route.RouteKey);
    if (member === ANY && !includeExtensions) continue;
    const item = items.get(path) ?? new Map<string, () => TreeMap>();
    items.set(
      path,
      item.set(member, () => exportedOperation(route, named, includeExtensions)),
    );
  }
  return new Map(
    inOrderOf([...items], ([path]) => path).map(([path, item]) => [path, () => exportedItem(path, item)]),
  );
}

/** `$default` and `ANY /$default` have one place (Choice O34). */
function withoutSecondDefault(routes: readonly ExportedRoute[]): readonly ExportedRoute[] {
  if (!routes.some(({ RouteKey }) => RouteKey === DEFAULT)) return routes;
  return routes.filter(({ RouteKey }) => RouteKey !== `ANY ${DEFAULT_PATH}`);
}

function placeOf(routeKey: string): { readonly path: string; readonly member: string } {
  if (routeKey === DEFAULT) return { path: DEFAULT_PATH, member: ANY };
  const space = routeKey.indexOf(' ');
  const method = routeKey.slice(0, space);
  return { path: routeKey.slice(space + 1), member: method === 'ANY' ? ANY : method.toLowerCase() };
}

function exportedItem(path: string, operations: ReadonlyMap<string, () => TreeMap>): TreeMap {
  const parameters = variablesIn(path).map((name) =>
    treeOf({
      name,
      in: 'path',
      description: `Generated path parameter for ${name}`,
      required: true,
      schema: treeOf({ type: 'string' }),
    }),
  );
  return treeOf({
    ...Object.fromEntries(METHODS.map((method) => [method, operations.get(method)])),
    parameters: parameters.length === 0 ? undefined : parameters,
    [ANY]: operations.get(ANY),
  });
}

/** `petId`, and `proxy+` for a greedy one. */
function variablesIn(path: string): readonly string[] {
  const key = parseHttpRouteKey(`ANY ${path}`);
  if (key.kind === 'default') return [];
  return key.segments.flatMap((segment) =>
    segment.kind === 'literal' ? [] : [segment.kind === 'greedy' ? `${segment.name}+` : segment.name],
  );
}

function exportedOperation(route: ExportedRoute, named: Named, includeExtensions: boolean): TreeMap {
  const name = named.authorizerNames.get(route.AuthorizerId ?? '');
  const integration = named.integrations.get(route.Target ?? '');
  return treeOf({
    isDefaultRoute: route.RouteKey === DEFAULT ? true : undefined,
    operationId: route.OperationName,
    responses: treeOf({ default: treeOf({ description: `Default response for ${route.RouteKey}` }) }),
    security: name === undefined ? undefined : [new Map([[name, route.AuthorizationScopes ?? []]])],
    ...(includeExtensions && {
      'x-amazon-apigateway-auth':
        route.AuthorizationType === 'AWS_IAM' ? treeOf({ type: 'AWS_IAM' }) : undefined,
      'x-amazon-apigateway-integration': integration && exportedIntegration(integration),
    }),
  });
}

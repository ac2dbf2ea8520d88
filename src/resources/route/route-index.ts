// What finds a route without reading all of them: by the shape of its key and by its target. Kept in the transaction of
// each change (spec/management-api.md §2.2.2, §2.3.5).
import { routeShapeKey, routesTargetingOf } from '../../config/keys.ts';
import { parseHttpRouteKey, routeKeyShape } from '../../grammar/route-key.ts';
import { parseRouteTarget } from '../../grammar/route-target.ts';
import type { Key, ReadTransaction, Transaction } from '../../store/store.ts';
import { parsed } from '../syntax.ts';

/** The route that holds a shape of route key. */
interface RouteOfShape {
  readonly RouteId: string;
  readonly RouteKey: string;
}

/** The route whose key has the shape of a route key, if there is one. */
export async function routeOfShape(
  tx: ReadTransaction,
  apiKey: Key,
  shape: string,
): Promise<RouteOfShape | undefined> {
  return (await tx.get(routeShapeKey(apiKey, shape))) as unknown as RouteOfShape | undefined;
}

/** What the keys of two routes may not share. Throws a BadRequestException for a malformed key. */
export function shapeOf(protocolType: string, routeKey: string): string {
  return protocolType === 'HTTP' ? routeKeyShape(parsed(() => parseHttpRouteKey(routeKey))) : routeKey;
}

/** A route as far as it is indexed. */
export interface IndexedRoute {
  readonly RouteId: string;
  readonly RouteKey: string;
  readonly Target?: string;
}

/** Brings the indexes from one state of a route to another; undefined is a route that is not there. */
export async function reindexRoute(
  tx: Transaction,
  apiKey: Key,
  protocolType: string,
  before: IndexedRoute | undefined,
  after: IndexedRoute | undefined,
): Promise<void> {
  if (before?.RouteKey !== after?.RouteKey) {
    if (before !== undefined) await tx.delete(routeShapeKey(apiKey, shapeOf(protocolType, before.RouteKey)));
    if (after !== undefined) {
      const { RouteId, RouteKey } = after;
      await tx.put(routeShapeKey(apiKey, shapeOf(protocolType, RouteKey)), { RouteId, RouteKey });
    }
  }
  if (before?.Target !== after?.Target) {
    if (before?.Target !== undefined) await tx.delete(targetKey(apiKey, before.Target, before.RouteId));
    if (after?.Target !== undefined) await tx.put(targetKey(apiKey, after.Target, after.RouteId), {});
  }
}

/** The ids of the routes that target an integration, in the order in which they came to do so. */
export async function routesTargeting(
  tx: ReadTransaction,
  apiKey: Key,
  integrationId: string,
): Promise<readonly string[]> {
  const { entries } = await tx.list(routesTargetingOf(apiKey, integrationId));
  return entries.map(({ key }) => key.at(-1)!);
}

function targetKey(apiKey: Key, target: string, routeId: string): Key {
  return [...routesTargetingOf(apiKey, parseRouteTarget(target)!), routeId];
}

// GET /_postern/deployments/diff: what is different between two deployments of an API, or between one and the API as it is now
// (docs/reference/console-api.md).
import type { FrozenApi } from '../../config/frozen.ts';
import { type ApiPlace, apiKeyOf, frozenKey } from '../../config/keys.ts';
import type { ApiDocument } from '../../resources/api/api-document.ts';
import type { Context, ReadContext } from '../../resources/context.ts';
import { requirePath } from '../../resources/resource-path.ts';
import type { Store } from '../../store/store.ts';
import { badRequest } from '../../wire/errors.ts';
import type { Caller } from '../caller.ts';
import { apiPlaceOf } from './api-place.ts';
import { jsonReply, type PosternRoute } from './postern-routes.ts';

export const DEPLOYMENT_DIFF = 'GET /_postern/deployments/diff';

/** In the place of a deployment's id: the API as it is now. */
const NOW = 'now';

/** The route: `?apiId=…&from=ID|now&to=ID|now`. */
export function deploymentDiffRoute(means: {
  readonly store: Store;
  readonly contextOf: (caller: Caller) => Omit<Context, 'tx'>;
}): PosternRoute {
  return async ({ caller, query }) => {
    const given = new URLSearchParams(query);
    const [apiId, from, to] = ['apiId', 'from', 'to'].map((name) => {
      const value = given.get(name);
      if (value === null || value === '') throw badRequest(`${name} is missing`);
      return value;
    }) as [string, string, string];
    const { diffDeployments } = await import('../../resources/deployment/diff-deployments.ts');
    const changes = await means.store.read(async (tx) => {
      const place = await apiPlaceOf(tx, apiId, caller);
      const context = { ...means.contextOf({ ...caller, ...place }), tx };
      return diffDeployments(await stateOf(context, place, from), await stateOf(context, place, to));
    });
    return jsonReply(200, { changes });
  };
}

async function stateOf(context: ReadContext, place: ApiPlace, id: string): Promise<FrozenApi> {
  const { apiId } = place;
  const apiKey = apiKeyOf(place, apiId);
  if (id === NOW) {
    const [api] = await requirePath('GetApi', { ApiId: apiId }, context);
    const { documentsOf } = await import('../../resources/deployment/freeze.ts');
    return documentsOf(context, apiKey, api as unknown as ApiDocument);
  }
  await requirePath('GetDeployment', { ApiId: apiId, DeploymentId: id }, context);
  const content = await context.tx.get(frozenKey(apiKey, id));
  if (content === undefined)
    throw badRequest(`The deployment ${id} failed, so that there is nothing it serves`);
  return content as unknown as FrozenApi;
}

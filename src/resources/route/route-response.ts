// Route responses of WebSocket APIs (spec/management-api.md §2.5).
import { apiKeyAbove, collectionOf, modelsOf } from '../../config/keys.ts';
import { badRequest, conflict } from '../../wire/errors.ts';
import type { Input } from '../../wire/operation.ts';
import type { ApiDocument } from '../api/api-document.ts';
import { listAll } from '../document-list.ts';
import { checkLength } from '../limits.ts';
import { clearable, replacedMap } from '../patch.ts';
import { resource } from '../resource.ts';
import type { Draft, Scope } from '../rules.ts';
import type { RouteDocument } from './route.ts';

type Given = Omit<Input<'CreateRouteResponse'>, 'ApiId' | 'RouteId'>;

interface ResponseDocument extends Given {
  readonly RouteResponseId: string;
  readonly RouteResponseKey: string;
}

type Path = readonly [ApiDocument, RouteDocument];

export const routeResponses = resource<'RouteResponse', ResponseDocument, Path>('RouteResponse', {
  idLength: 6,
  patch: {
    ModelSelectionExpression: clearable,
    ResponseModels: replacedMap,
    ResponseParameters: replacedMap,
  },
  settle,
  deploys: ['create', 'update', 'delete'],
});

async function settle(
  draft: Draft<ResponseDocument>,
  { context, key, id, path }: Scope<ResponseDocument, Path>,
): Promise<ResponseDocument> {
  if (path[0].ProtocolType === 'HTTP') {
    throw badRequest('RouteResponses are currently not supported for this API protocol type.');
  }
  if (draft.RouteResponseKey !== '$default') {
    throw badRequest('Currently, only $default is supported as a RouteResponseKey.');
  }
  checkLength('modelSelectionExpression', draft.ModelSelectionExpression, 1, 128);
  const others = await listAll<ResponseDocument>(context.tx, collectionOf(key));
  if (others.some((each) => each.RouteResponseId !== id)) {
    throw conflict('RouteResponse with key $default already exists for this Route');
  }
  const models = new Set((await listAll(context.tx, modelsOf(apiKeyAbove(key)))).map(({ Name }) => Name));
  for (const name of Object.values(draft.ResponseModels ?? {})) {
    if (!models.has(name)) throw badRequest(`Invalid model identifier specified: ${name}`);
  }
  return { ...draft, RouteResponseId: id, RouteResponseKey: '$default' };
}

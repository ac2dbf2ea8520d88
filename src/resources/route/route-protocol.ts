// What routes of one protocol have and routes of the other do not (spec/management-api.md §2.2.1, §2.2.3;
// spec/websocket-api.md §2.1, §2.4, §2.9).
import { parseRouteParameter } from '../../grammar/route-parameter.ts';
import { badRequest } from '../../wire/errors.ts';
import type { Draft } from '../rules.ts';
import { checkSelection } from '../selection-expressions.ts';
import { parsed } from '../syntax.ts';
import type { RouteDocument, RouteScope } from './route.ts';

const API_KEY_ON_HTTP = 'ApiKeyRequired is not currently supported for HTTP APIs.';
const MODELS_ON_HTTP = 'Currently, Models are not permitted for APIs with a protocol type of HTTP';
const PARAMETERS_ON_CONNECT =
  'Request parameters are only supported for the $connect route in WEBSOCKET APIs';

const PREDEFINED: ReadonlySet<string> = new Set(['$connect', '$disconnect', '$default']);

/** Throws for members that the protocol of the API does not have or allow. */
export function checkRouteProtocol(draft: Draft<RouteDocument>, scope: RouteScope): void {
  if (scope.path[0].ProtocolType === 'HTTP') checkHttp(draft);
  else checkWebSocket(draft);
}

function checkHttp(draft: Draft<RouteDocument>): void {
  if (draft.ApiKeyRequired === true) throw badRequest(API_KEY_ON_HTTP);
  if (draft.RequestModels !== undefined) throw badRequest(MODELS_ON_HTTP);
  for (const member of [
    'ModelSelectionExpression',
    'RequestParameters',
    'RouteResponseSelectionExpression',
  ] as const) {
    const value = draft[member];
    if (value === undefined || Object.keys(value).length === 0) continue;
    throw badRequest(`${member} is not supported for protocolType HTTP`);
  }
}

function checkWebSocket(draft: Draft<RouteDocument>): void {
  const routeKey = draft.RouteKey ?? '';
  if (routeKey === '' || (routeKey.startsWith('$') && !PREDEFINED.has(routeKey))) {
    throw badRequest(
      'The provided route key is not formatted properly for WEBSOCKET protocol. Keys that begin with "$" are reserved ' +
        'for $connect, $disconnect and $default',
    );
  }
  checkRequestParameters(routeKey, draft.RequestParameters ?? {});
  checkSelection('model', draft.ModelSelectionExpression);
}

function checkRequestParameters(routeKey: string, parameters: object): void {
  const keys = Object.keys(parameters);
  if (keys.length > 0 && routeKey !== '$connect') throw badRequest(PARAMETERS_ON_CONNECT);
  for (const key of keys) parsed(() => parseRouteParameter(key));
}

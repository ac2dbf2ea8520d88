// Who may call a route: AuthorizationType, AuthorizerId, AuthorizationScopes (spec/management-api.md §2.2.4).
import { apiKeyAbove, authorizersOf } from '../../config/keys.ts';
import { badRequest } from '../../wire/errors.ts';
import { checkCount, checkLength } from '../limits.ts';
import { unlessEmpty } from '../patch.ts';
import type { Draft } from '../rules.ts';
import type { RouteDocument, RouteScope } from './route.ts';

type Access = Pick<RouteDocument, 'AuthorizationType' | 'AuthorizerId' | 'AuthorizationScopes'>;

const MAX_SCOPES = 10;

const CONNECT_ONLY = 'Currently, authorization is restricted to the $connect route only';
const SCOPES_WITHOUT_JWT =
  'Invalid Route authorization type specified. Authorization Scopes are only valid for COGNITO_USER_POOLS and JWT ' +
  'authorization types';
const NO_AUTHORIZER = {
  JWT: 'Invalid authorizer ID specified. Setting the authorization type to JWT requires a valid JWT authorizer.',
  CUSTOM:
    'Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid ' +
    'authorizer.',
};

/** Checks the three members and returns what of them is stored: a type that needs no authorizer drops it, and scopes
 *  go with JWT. */
export async function checkRouteAccess(draft: Draft<RouteDocument>, scope: RouteScope): Promise<Access> {
  const type = draft.AuthorizationType ?? 'NONE';
  checkAttaching(type, scope);
  checkScopes(type, draft, scope);
  if (scope.path[0].ProtocolType === 'WEBSOCKET') checkWebSocketType(type, draft.RouteKey);
  if (type !== 'JWT' && type !== 'CUSTOM') return { AuthorizationType: type };
  // `""` alone does not detach the authorizer (§2.2.4).
  const authorizerId = draft.AuthorizerId === '' ? scope.previous?.AuthorizerId : draft.AuthorizerId;
  await checkAuthorizer(type, authorizerId, scope);
  const scopes = type === 'JWT' ? unlessEmpty(draft.AuthorizationScopes ?? []) : undefined;
  return {
    AuthorizationType: type,
    AuthorizerId: authorizerId!,
    ...(scopes === undefined ? {} : { AuthorizationScopes: scopes }),
  };
}

/** An update that attaches an authorizer names the type, even the one that is stored. CreateRoute need not: without a type
 *  the route is open, and the authorizer is dropped. */
function checkAttaching(type: string, { given, previous }: RouteScope): void {
  const attaches = given.AuthorizerId !== undefined && given.AuthorizerId !== '';
  if (previous === undefined || !attaches || given.AuthorizationType !== undefined) return;
  throw badRequest(NO_AUTHORIZER[type === 'JWT' ? 'JWT' : 'CUSTOM']);
}

function checkScopes(type: string, draft: Draft<RouteDocument>, { given }: RouteScope): void {
  const scopes = (given.AuthorizationScopes ?? []) as readonly string[];
  if (scopes.length > 0 && type !== 'JWT') throw badRequest(SCOPES_WITHOUT_JWT);
  checkCount('authorizationScopes', draft.AuthorizationScopes, MAX_SCOPES);
  for (const each of scopes) checkLength('authorizationScopes', each, 1, 64);
}

function checkWebSocketType(type: string, routeKey: string | undefined): void {
  if (type === 'NONE') return;
  if (routeKey !== '$connect') throw badRequest(CONNECT_ONLY);
  if (type === 'JWT') throw badRequest('AuthorizationType JWT is not supported for protocolType WEBSOCKET');
}

async function checkAuthorizer(
  type: 'JWT' | 'CUSTOM',
  authorizerId: string | undefined,
  { context, key }: RouteScope,
): Promise<void> {
  const authorizerKey = [...authorizersOf(apiKeyAbove(key)), authorizerId ?? ''];
  const authorizer = authorizerId === undefined ? undefined : await context.tx.get(authorizerKey);
  const needed = type === 'JWT' ? 'JWT' : 'REQUEST';
  if (authorizer?.AuthorizerType !== needed) throw badRequest(NO_AUTHORIZER[type]);
}

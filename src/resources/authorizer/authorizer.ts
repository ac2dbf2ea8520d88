// Authorizers (spec/management-api.md §2.6), and the order to forget what they decided. The rules of each type have a file
// of their own.

import { randomUUID } from 'node:crypto';
import { apiKeyAbove, apiKeyOf, authorizerCacheKey, collectionOf, routesOf } from '../../config/keys.ts';
import { conflict } from '../../wire/errors.ts';
import type { ApiDocument } from '../api/api-document.ts';
import type { Handler } from '../context.ts';
import { listAll } from '../document-list.ts';
import { checkLength } from '../limits.ts';
import type { Outside } from '../outside.ts';
import { clearable, clearableList } from '../patch.ts';
import { resource } from '../resource.ts';
import { requirePath } from '../resource-path.ts';
import type { RouteDocument } from '../route/route.ts';
import type { Draft } from '../rules.ts';
import {
  type AuthorizerDocument,
  type AuthorizerScope,
  settleJwtAuthorizer,
  settleRequestAuthorizer,
  settleWebSocketAuthorizer,
} from './authorizer-types.ts';

export const authorizers = resource<'Authorizer', AuthorizerDocument, readonly [ApiDocument]>('Authorizer', {
  idLength: 6,
  patch: {
    AuthorizerCredentialsArn: clearable,
    AuthorizerUri: clearable,
    IdentitySource: clearableList,
    IdentityValidationExpression: clearable,
    JwtConfiguration: (stored, given) => ({ ...stored, ...given }),
  },
  settle,
  prepare: ({ JwtConfiguration }, { previous, outside }) => checkIssuer(JwtConfiguration, previous, outside),
  // What no route names refuses nothing.
  deploys: ['update'],
  async refuseDelete({ AuthorizerId, Name }, { context, key }) {
    const routes = await listAll<RouteDocument>(context.tx, routesOf(apiKeyAbove(key)));
    const route = routes.find((each) => each.AuthorizerId === AuthorizerId);
    if (route === undefined) return;
    throw conflict(`Cannot delete authorizer '${Name}', is referenced in route: ${route.RouteKey}`);
  },
});

/** ResetAuthorizersCache: changes the document whose content the caches of the stage are kept under. */
export const resetAuthorizersCache: Handler<'ResetAuthorizersCache'> = async (input, context) => {
  await requirePath('ResetAuthorizersCache', input, context);
  const key = authorizerCacheKey(apiKeyOf(context, input.ApiId), input.StageName);
  await context.tx.put(key, { Generation: randomUUID() });
};

async function settle(draft: Draft<AuthorizerDocument>, scope: AuthorizerScope): Promise<AuthorizerDocument> {
  const { context, key, id, path } = scope;
  checkLength('name', draft.Name, 1, 128);
  checkLength('identityValidationExpression', draft.IdentityValidationExpression, 0, 1024);
  const settleType =
    path[0].ProtocolType === 'WEBSOCKET'
      ? settleWebSocketAuthorizer
      : draft.AuthorizerType === 'JWT'
        ? settleJwtAuthorizer
        : settleRequestAuthorizer;
  const members = settleType(draft, scope);
  await checkIssuer(members.JwtConfiguration, scope.previous ?? scope.rewritten, context.outside);
  const others = await listAll<AuthorizerDocument>(context.tx, collectionOf(key));
  if (others.some((each) => each.Name === draft.Name && each.AuthorizerId !== id)) {
    throw conflict(
      `Authorizer name must be unique. Authorizer ${draft.Name} already exists in this RestApi.`,
    );
  }
  return { ...members, AuthorizerId: id, Name: draft.Name! };
}

/** Has an issuer asked that the authorizer did not have before (§2.6.2). */
async function checkIssuer(
  jwt: AuthorizerDocument['JwtConfiguration'],
  previous: AuthorizerDocument | undefined,
  outside: Outside | undefined,
): Promise<void> {
  if (jwt?.Issuer === undefined || jwt.Issuer === previous?.JwtConfiguration?.Issuer) return;
  await outside?.checkIssuer?.(jwt.Issuer);
}

// A JWT authorizer's configuration → what decides about a route's requests (spec/http-api.md §6.2).
import type { JwtAuthorizerConfig } from '../../config/http-api.ts';
import { parseIdentitySource } from '../../grammar/identity-source.ts';
import type { RouteAuthorizer } from '../../http-api/authorization.ts';
import { Denying } from '../../http-api/authorizers/denying.ts';
import { JwtAuthorizer } from '../../http-api/authorizers/jwt-authorizer.ts';
import type { Call } from '../../http-api/call.ts';
import { queryValue } from '../../stage/query.ts';
import type { AuthorizerScope } from './compile-authorizer.ts';

export function compileJwtAuthorizer(config: JwtAuthorizerConfig, scope: AuthorizerScope): RouteAuthorizer {
  const { issuers } = scope.means;
  const read = sourceReader(config.identitySource);
  if (read === undefined) return new Denying(`${config.name} reads no header and no query parameter`);
  return new JwtAuthorizer({
    issuer: scope.hold(
      () => issuers.acquire(config.issuer),
      (issuer) => issuers.release(issuer),
    ),
    audience: config.audience,
    scopes: scope.route.authorizationScopes,
    read,
    configured: { name: config.name, identitySource: config.identitySource },
  });
}

/** A token is in one header or one query parameter (spec/http-api.md §6.2.1). */
function sourceReader(source: string): ((call: Call) => string | undefined) | undefined {
  const { kind, name } = parseIdentitySource(source);
  if (kind === 'querystring') return (call) => queryValue(call.query, name);
  if (kind !== 'header') return undefined;
  const lowerName = name.toLowerCase();
  return (call) => call.exchange.headers.joined(lowerName);
}

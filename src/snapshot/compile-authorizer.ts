// A route's authorizer: parsed configuration → what decides about the route's requests (spec/http-api.md §6).
import type { AuthorizerConfig, RouteConfig } from '../config/http-api.ts';
import type { RouteAuthorizer } from '../http-api/authorization.ts';
import { Denying } from '../http-api/denying.ts';
import type { StageIdentity } from '../http-api/stage.ts';
import { compileJwtAuthorizer } from './compile-jwt.ts';
import type { Hold, StageMeans } from './stage-means.ts';

export interface AuthorizerScope {
  readonly route: RouteConfig;
  readonly variableNames: readonly string[];
  readonly identity: StageIdentity;
  readonly means: StageMeans;
  readonly hold: Hold;
}

/** `config` is the authorizer that the route names; undefined when it names none, or one that is not there. */
export function compileAuthorizer(
  config: AuthorizerConfig | undefined,
  scope: AuthorizerScope,
): RouteAuthorizer | undefined {
  const { route } = scope;
  switch (route.authorizationType) {
    case 'NONE':
      return undefined;
    case 'JWT':
      if (config?.kind === 'jwt') return compileJwtAuthorizer(config, scope);
      return new Denying('The route has no JWT authorizer');
    default:
      return new Denying(
        `This release cannot check ${route.authorizationType} with ${config?.name ?? 'no authorizer'}`,
      );
  }
}

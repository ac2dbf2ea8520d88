// A route's authorizer: parsed configuration → what decides about the route's requests (spec/http-api.md §6).
import type { AuthorizerConfig, RouteConfig } from '../../config/http-api.ts';
import type { RouteAuthorizer } from '../../http-api/authorization.ts';
import { Denying } from '../../http-api/authorizers/denying.ts';
import { IamAuthorizer } from '../../http-api/authorizers/iam-authorizer.ts';
import { routeArnStart } from '../../stage/route-arn.ts';
import type { StageIdentity } from '../../stage/stage-identity.ts';
import type { Hold, StageMeans } from '../stage-means.ts';
import type { AuthorizerCaches } from './authorizer-caches.ts';
import { compileJwtAuthorizer } from './compile-jwt.ts';
import { compileLambdaAuthorizer } from './compile-lambda-authorizer.ts';

export interface AuthorizerScope {
  readonly route: RouteConfig;
  readonly variableNames: readonly string[];
  readonly identity: StageIdentity;
  readonly means: StageMeans;
  readonly hold: Hold;
  readonly caches: AuthorizerCaches;
}

/** `config` is the authorizer that the route names; undefined when it names none, or one that is not there. */
export function compileAuthorizer(
  config: AuthorizerConfig | undefined,
  scope: AuthorizerScope,
): RouteAuthorizer | undefined {
  const { route, identity, means } = scope;
  switch (route.authorizationType) {
    case 'NONE':
      return undefined;
    case 'JWT':
      if (config?.kind === 'jwt') return compileJwtAuthorizer(config, scope);
      return new Denying('The route has no JWT authorizer');
    case 'CUSTOM':
      if (config?.kind === 'request') return compileLambdaAuthorizer(config, scope);
      return new Denying('The route has no Lambda authorizer');
    case 'AWS_IAM':
      return new IamAuthorizer({
        identities: means.identities,
        stage: identity,
        arnStart: routeArnStart(identity),
      });
    default:
      return new Denying(`There is no way to check ${route.authorizationType}`);
  }
}

// A Lambda authorizer's configuration → what decides about a route's requests (spec/http-api.md §6.3).
import type { RequestAuthorizerConfig } from '../../config/http-api.ts';
import { unreachable } from '../../defect.ts';
import { printFunctionUri } from '../../grammar/arn.ts';
import { type IdentitySource, parseIdentitySource } from '../../grammar/identity-source.ts';
import type { RouteAuthorizer } from '../../http-api/authorization.ts';
import { Denying } from '../../http-api/authorizers/denying.ts';
import { LambdaAuthorizer } from '../../http-api/authorizers/lambda-authorizer.ts';
import { CALL_CONTEXT } from '../../http-api/context.ts';
import { authorizerEvent } from '../../http-api/lambda-event/authorizer-event.ts';
import type { ValueReader } from '../../http-api/mapping/values.ts';
import { AUTHORIZER_FAILURE } from '../../net/refusals.ts';
import { contextReader } from '../../stage/context-variables.ts';
import { textOfHeader } from '../../stage/header-value.ts';
import { queryValue } from '../../stage/query.ts';
import { routeArnStart } from '../../stage/route-arn.ts';
import { resolveFunction } from '../function-target.ts';
import type { AuthorizerScope } from './compile-authorizer.ts';

export function compileLambdaAuthorizer(
  config: RequestAuthorizerConfig,
  scope: AuthorizerScope,
): RouteAuthorizer {
  const { means, identity, route, variableNames, caches } = scope;
  const target = resolveFunction(config.uri, config.credentialsArn, scope);
  if (typeof target === 'string') return new Denying(target, AUTHORIZER_FAILURE);
  if (target.credentials?.kind === 'caller') {
    return new Denying(
      `${config.name} has the credentials of a caller who is not known yet`,
      AUTHORIZER_FAILURE,
    );
  }
  const { name, identitySources, ttlInSeconds } = config;
  return new LambdaAuthorizer({
    payloadFormatVersion: config.payloadFormatVersion,
    simpleResponses: config.simpleResponses,
    event: authorizerEvent(config.payloadFormatVersion, identity, { key: route.keyText, variableNames }),
    function: target.function,
    identitySources: identitySources.map((source) =>
      sourceReader(parseIdentitySource(source), identity.variables),
    ),
    cache:
      ttlInSeconds > 0 && identitySources.length > 0
        ? caches.of(config.authorizerId, ttlInSeconds, means.clock)
        : undefined,
    arnStart: routeArnStart(identity),
    onFailed: means.onAuthorizerError,
    configured: {
      name,
      functionArn: printFunctionUri({ form: 'function', function: target.arn }),
      identitySources,
      ttlInSeconds,
    },
  });
}

function sourceReader({ kind, name }: IdentitySource, variables: ReadonlyMap<string, string>): ValueReader {
  switch (kind) {
    case 'header': {
      const lowerName = name.toLowerCase();
      return (call) => {
        const value = call.exchange.headers.joined(lowerName);
        return value === undefined ? undefined : textOfHeader(value);
      };
    }
    case 'querystring':
      return (call) => queryValue(call.query, name);
    case 'context':
      return contextReader(CALL_CONTEXT, name);
    case 'stageVariable': {
      const value = variables.get(name);
      return () => value;
    }
    default:
      unreachable(kind);
  }
}

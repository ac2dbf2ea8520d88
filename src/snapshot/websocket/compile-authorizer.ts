// A WebSocket route's authorizer: parsed configuration → what decides about connect requests (spec/websocket-api.md §8).
import type { SocketAuthorizerConfig, SocketRouteConfig } from '../../config/websocket-api.ts';
import { unreachable } from '../../defect.ts';
import { printFunctionUri } from '../../grammar/arn.ts';
import { parseWebSocketIdentitySource } from '../../grammar/identity-source.ts';
import { contextReader } from '../../stage/context-variables.ts';
import { textOfHeader } from '../../stage/header-value.ts';
import { queryValue } from '../../stage/query.ts';
import { routeArnStart } from '../../stage/route-arn.ts';
import { SocketIamAuthorizer } from '../../websocket-api/authorizers/iam-authorizer.ts';
import { SocketLambdaAuthorizer } from '../../websocket-api/authorizers/lambda-authorizer.ts';
import { EVENT_CONTEXT } from '../../websocket-api/context.ts';
import type { SocketEvent } from '../../websocket-api/event.ts';
import { AUTHORIZER_FAILURE, FORBIDDEN, type SocketFailure } from '../../websocket-api/failures.ts';
import type { SocketAuthorizer } from '../../websocket-api/stage.ts';
import { calleeOf, resolveFunction } from '../function-target.ts';
import type { SocketScope } from './compile-integration.ts';

/** `config` is the authorizer that the route names; undefined when it names none, or one that is not there. */
export function compileSocketAuthorizer(
  { key, authorizationType }: SocketRouteConfig,
  config: SocketAuthorizerConfig | undefined,
  { identity, means }: SocketScope,
): SocketAuthorizer | undefined {
  // On other routes it has no effect (§2.8.1).
  if (key !== '$connect' || authorizationType === 'NONE') return undefined;
  if (authorizationType === 'AWS_IAM') return new SocketIamAuthorizer(means.identities, identity);
  if (authorizationType !== 'CUSTOM')
    return denying(FORBIDDEN, `There is no way to check ${authorizationType}`);
  if (config === undefined) return denying(AUTHORIZER_FAILURE, 'The route has no authorizer');
  const target = resolveFunction(config.uri, config.credentialsArn, { identity, means });
  if (typeof target === 'string') return denying(AUTHORIZER_FAILURE, target);
  return new SocketLambdaAuthorizer({
    function: target.function,
    callee: calleeOf(target),
    identitySources: config.identitySources.map((source) => sourceReader(source, identity.variables)),
    methodArn: `${routeArnStart(identity)}$connect`,
    story: {
      kind: 'lambda',
      functionArn: printFunctionUri({ form: 'function', function: target.arn }),
      identitySources: config.identitySources,
    },
  });
}

export function denying(failure: SocketFailure, error: string): SocketAuthorizer {
  return {
    problem: error,
    authorize: async () => ({ granted: false, failure, error }),
    explain: () => ({ kind: 'denying', problem: error }),
  };
}

function sourceReader(
  written: string,
  variables: ReadonlyMap<string, string>,
): (event: SocketEvent) => string | undefined {
  const { kind, name } = parseWebSocketIdentitySource(written);
  switch (kind) {
    case 'header': {
      const lowerName = name.toLowerCase();
      return ({ request }) => {
        const value = request?.headers.joined(lowerName);
        return value === undefined ? undefined : textOfHeader(value);
      };
    }
    case 'querystring':
      return ({ request }) => queryValue(request?.query ?? '', name);
    case 'context':
      return contextReader(EVENT_CONTEXT, name);
    case 'stageVariable': {
      const value = variables.get(name);
      return () => value;
    }
    default:
      unreachable(kind);
  }
}

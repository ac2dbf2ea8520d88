// A WebSocket route's integration: parsed configuration → what the route runs. One function for each type.
import type { SocketIntegrationConfig } from '../config/websocket-api.ts';
import type { StageIdentity } from '../http-api/stage.ts';
import { INTERNAL_ERROR } from '../websocket-api/failures.ts';
import { LambdaProxyIntegration } from '../websocket-api/lambda-proxy.ts';
import { MockIntegration } from '../websocket-api/mock.ts';
import { RefusingIntegration } from '../websocket-api/refusing.ts';
import { compilePayload } from '../websocket-api/request-payload.ts';
import { compileResponses } from '../websocket-api/response-plan.ts';
import type { SocketIntegration } from '../websocket-api/stage.ts';
import { resolveFunction } from './function-target.ts';
import type { Hold, StageMeans } from './stage-means.ts';

/** Where an integration is compiled: in one stage. */
export interface SocketScope {
  readonly identity: StageIdentity;
  readonly means: StageMeans;
  readonly hold: Hold;
}

export function compileSocketIntegration(
  config: SocketIntegrationConfig,
  scope: SocketScope,
): SocketIntegration {
  switch (config.type) {
    case 'MOCK':
      return new MockIntegration(compilePayload(config), compileResponses(config, false));
    case 'AWS_PROXY':
      return compileLambdaProxy(config, scope);
    default:
      return new RefusingIntegration(INTERNAL_ERROR, `This release does not run ${config.type} integrations`);
  }
}

function compileLambdaProxy(
  config: SocketIntegrationConfig,
  { identity, means }: SocketScope,
): SocketIntegration {
  const target = resolveFunction(config.uri, config.credentialsArn, identity.variables);
  if (typeof target === 'string') return new RefusingIntegration(INTERNAL_ERROR, target);
  return new LambdaProxyIntegration(
    means.functions.find(target.arn, target.credentials),
    config.timeoutInMillis,
  );
}

// Lambda proxy integrations: parsed configuration → what the route runs (spec/http-api.md §3.6).
import type { LambdaIntegrationConfig } from '../../config/http-api.ts';
import { printFunctionUri } from '../../grammar/arn.ts';
import { LambdaProxy } from '../../http-api/integrations/lambda-proxy.ts';
import { compileEvent } from '../../http-api/lambda-event/event.ts';
import type { RouteIntegration } from '../../http-api/stage.ts';
import { resolveFunction } from '../function-target.ts';
import { compileEnding, type RouteScope, refusing, valueScope } from './route-scope.ts';

export function compileLambda(config: LambdaIntegrationConfig, scope: RouteScope): RouteIntegration {
  const { means, identity, route } = scope;
  const target = resolveFunction(config.uri, config.credentialsArn, scope);
  if (typeof target === 'string') return refusing(target, means);
  const { arn } = target;
  const eventRoute = { key: route.keyText, variableNames: scope.variableNames };
  const values = valueScope('request', scope);
  return new LambdaProxy({
    function: target.function,
    functionArn: printFunctionUri({ form: 'function', function: arn }),
    format: config.payloadFormatVersion,
    event: compileEvent(config.payloadFormatVersion, identity, eventRoute, config.requestChanges, values),
    timeoutInMillis: config.timeoutInMillis,
    ending: compileEnding(config.responseChanges, scope),
    configured: { changes: config.requestChanges, scope: values },
  });
}

// First-class AWS service integrations: parsed configuration → what the route runs (spec/http-api.md §3.7).

import { SERVICE_OPERATIONS } from '../../backends/services/operations.ts';
import type { ServiceIntegrationConfig } from '../../config/http-api.ts';
import { parseStageVariableText } from '../../grammar/stage-variable-text.ts';
import { ServiceProxy } from '../../http-api/integrations/service-proxy.ts';
import { ServiceParameters } from '../../http-api/mapping/service-parameters.ts';
import type { RouteIntegration } from '../../http-api/stage.ts';
import { foreignRole } from '../function-target.ts';
import { isForeign } from '../own-account.ts';
import { compileEnding, type RouteScope, refusing, valueScope } from './route-scope.ts';

export function compileService(config: ServiceIntegrationConfig, scope: RouteScope): RouteIntegration {
  const { means, identity } = scope;
  const operation = SERVICE_OPERATIONS.get(config.subtype);
  if (operation === undefined) return refusing(`Operation: ${config.subtype} is not supported.`, means);
  let roleArn = '';
  for (const part of parseStageVariableText(config.credentialsArn)) {
    const text = part.kind === 'literal' ? part.text : identity.variables.get(part.name);
    if (text === undefined) {
      const name = part.kind === 'literal' ? '' : part.name;
      return refusing(`The stage variable ${name} in CredentialsArn is not defined`, means);
    }
    roleArn += text;
  }
  if (isForeign(roleArn.split(':')[4] ?? '', scope)) return refusing(foreignRole(roleArn), means);
  means.services.prepare();
  const values = valueScope('request', scope);
  return new ServiceProxy({
    operation,
    parameters: new ServiceParameters(operation, config.parameters, values),
    region: identity.region,
    roleArn,
    services: means.services,
    timeoutInMillis: config.timeoutInMillis,
    ending: compileEnding(config.responseChanges, scope),
    configured: { parameters: config.parameters, scope: values },
  });
}

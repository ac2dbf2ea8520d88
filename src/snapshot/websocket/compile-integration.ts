// A WebSocket route's integration: parsed configuration → what the route runs. One function for each type.

import type { SocketIntegrationConfig } from '../../config/websocket-api.ts';
import { unreachable } from '../../defect.ts';
import { isFunctionUri, parseServiceUri, type ServiceUri } from '../../grammar/arn.ts';
import { GrammarError } from '../../grammar/grammar-error.ts';
import { queryPairs } from '../../stage/event-query.ts';
import type { StageIdentity } from '../../stage/stage-identity.ts';
import type { ConfiguredMapping } from '../../websocket-api/explain/explain-mapping.ts';
import { INTERNAL_ERROR } from '../../websocket-api/failures.ts';
import { HttpIntegration } from '../../websocket-api/integrations/http.ts';
import type { FunctionCall } from '../../websocket-api/integrations/lambda-call.ts';
import { LambdaCustomIntegration } from '../../websocket-api/integrations/lambda-custom.ts';
import { LambdaProxyIntegration } from '../../websocket-api/integrations/lambda-proxy.ts';
import { MockIntegration } from '../../websocket-api/integrations/mock.ts';
import { RefusingIntegration } from '../../websocket-api/integrations/refusing.ts';
import { compilePayload } from '../../websocket-api/integrations/request-payload.ts';
import { compileRequest } from '../../websocket-api/integrations/request-plan.ts';
import { compileResponses, passOn } from '../../websocket-api/integrations/response-plan.ts';
import { actionHeaders, ServiceIntegration } from '../../websocket-api/integrations/service.ts';
import type { SocketIntegration } from '../../websocket-api/stage.ts';
import {
  calleeOf,
  type FunctionTarget,
  foreignRole,
  resolveFunction,
  withVariables,
} from '../function-target.ts';
import { holdTargets } from '../hold-targets.ts';
import { isForeign } from '../own-account.ts';
import type { Hold, StageMeans } from '../stage-means.ts';
import { readUrl } from '../target.ts';

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
      return new MockIntegration(
        compilePayload(config),
        compileResponses(config, false),
        configured(config, scope, false),
      );
    case 'AWS_PROXY':
      return compileLambdaProxy(config, scope);
    case 'HTTP':
    case 'HTTP_PROXY':
      return compileHttp(config, scope);
    case 'AWS':
      return compileAws(config, scope);
    default:
      unreachable(config.type);
  }
}

/** What `explain` reads. */
function configured(
  config: SocketIntegrationConfig,
  { identity }: SocketScope,
  matchesErrors: boolean,
): ConfiguredMapping {
  return { config, variables: identity.variables, matchesErrors };
}

/** A function or another service: stage variables may decide which. */
function compileAws(config: SocketIntegrationConfig, scope: SocketScope): SocketIntegration {
  const uri = withVariables(config.uri, scope.identity.variables);
  if (uri.missing !== undefined)
    return refusing(`The stage variable ${uri.missing} in the URI is not defined`);
  if (isFunctionUri(uri.text)) return compileLambdaCustom(config, scope);
  const service = serviceUri(uri.text);
  return service === undefined
    ? refusing(`The URI names no function and no AWS service: ${uri.text}`)
    : compileService(config, service, scope);
}

function serviceUri(text: string): ServiceUri | undefined {
  try {
    return parseServiceUri(text);
  } catch (error) {
    if (error instanceof GrammarError) return undefined;
    throw error;
  }
}

function compileHttp(config: SocketIntegrationConfig, scope: SocketScope): SocketIntegration {
  const { identity, means } = scope;
  const uri = withVariables(config.uri, identity.variables);
  if (uri.missing !== undefined) {
    return refusing(`The stage variable ${uri.missing} in the integration URI is not defined`);
  }
  const url = readUrl(uri.text);
  if (typeof url === 'string') return refusing(url);
  const link = withVariables(config.connectionId ?? '', identity.variables);
  if (link.missing !== undefined) {
    return refusing(`The stage variable ${link.missing} in ConnectionId is not defined`);
  }
  const request = compileRequest(config, identity.variables);
  if (typeof request === 'string') return refusing(request);
  // Where nothing is said of a VPC link, the URI's own host is called. It stays in `Host` and TLS (§3.7.2).
  const serverName = url.origin.secure ? url.origin.host : undefined;
  const linked =
    link.text === ''
      ? undefined
      : holdTargets(() => means.privateTargets.acquireLink(link.text), serverName, scope);
  const upstream =
    linked ??
    scope.hold(
      () => means.pools.acquire(url.origin),
      (held) => means.pools.release(held),
    );
  const isProxy = config.type === 'HTTP_PROXY';
  return new HttpIntegration({
    target: {
      host: url.host,
      origin: `${url.origin.secure ? 'https' : 'http'}://${url.host}`,
      path: url.path.startsWith('/') ? url.path : `/${url.path}`,
      query: url.query,
      method: config.method === 'ANY' ? 'POST' : config.method,
    },
    upstream,
    request,
    response: isProxy ? passOn : compileResponses(config, false),
    configured: configured(config, scope, false),
    timeoutInMillis: config.timeoutInMillis,
    apiId: identity.apiId,
    isProxy,
  });
}

function compileLambdaCustom(config: SocketIntegrationConfig, scope: SocketScope): SocketIntegration {
  const { identity, means } = scope;
  const target = resolveFunction(config.uri, config.credentialsArn, { identity, means });
  if (typeof target === 'string') return refusing(target);
  const request = compileRequest(config, identity.variables);
  if (typeof request === 'string') return refusing(request);
  return new LambdaCustomIntegration({
    target: callOf(target, config),
    request,
    response: compileResponses(config, true),
    configured: configured(config, scope, true),
  });
}

function compileService(
  config: SocketIntegrationConfig,
  { region, service: name, target }: ServiceUri,
  scope: SocketScope,
): SocketIntegration {
  const { identity, means, hold } = scope;
  const request = compileRequest(config, identity.variables);
  if (typeof request === 'string') return refusing(request);
  const role = withVariables(config.credentialsArn ?? '', identity.variables);
  if (role.missing !== undefined) {
    return refusing(`The stage variable ${role.missing} in CredentialsArn is not defined`);
  }
  if (isForeign(role.text.split(':')[4] ?? '', { identity, means })) return refusing(foreignRole(role.text));
  // `bucket.s3`: the service is behind the last dot.
  const service = name.slice(name.lastIndexOf('.') + 1);
  const subdomain = name.slice(0, name.length - service.length);
  const unasked = means.signedServices.refusal(service);
  if (unasked !== undefined) return refusing(unasked);
  const url = readUrl(means.signedServices.endpoint(service, region, subdomain));
  if (typeof url === 'string') return refusing(url);
  const slash = target.indexOf('/');
  const [kind, rest] = [target.slice(0, slash), target.slice(slash + 1)];
  const [path = '', query = ''] = kind === 'path' ? rest.split('?', 2) : [];
  return new ServiceIntegration({
    target: {
      service,
      region,
      host: url.host,
      origin: `${url.origin.secure ? 'https' : 'http'}://${url.host}`,
      method: config.method === 'ANY' ? 'POST' : config.method,
      path: `${url.path.replace(/\/$/, '')}/${path}`,
      query: queryPairs(query),
      headers: kind === 'action' ? actionHeaders(service, rest) : new Map(),
      roleArn: config.credentialsArn === undefined ? undefined : role.text,
    },
    services: means.signedServices,
    upstream: hold(
      () => means.pools.acquire(url.origin),
      (held) => means.pools.release(held),
    ),
    request,
    response: compileResponses(config, false),
    configured: configured(config, scope, false),
    timeoutInMillis: config.timeoutInMillis,
  });
}

export function refusing(error: string): SocketIntegration {
  return new RefusingIntegration(INTERNAL_ERROR, error);
}

function compileLambdaProxy(
  config: SocketIntegrationConfig,
  { identity, means }: SocketScope,
): SocketIntegration {
  const target = resolveFunction(config.uri, config.credentialsArn, { identity, means });
  if (typeof target === 'string') return refusing(target);
  return new LambdaProxyIntegration(callOf(target, config));
}

function callOf(target: FunctionTarget, { uri, timeoutInMillis }: SocketIntegrationConfig): FunctionCall {
  return { function: target.function, uri, callee: calleeOf(target), timeoutInMillis };
}

// A route's integration: its document → parsed configuration → what the route runs. One function for each kind.

import {
  type HttpIntegrationConfig,
  type IntegrationConfig,
  type PrivateIntegrationConfig,
  parseIntegration,
} from '../../config/http-api.ts';
import { unreachable } from '../../defect.ts';
import { printPrivateTarget } from '../../grammar/arn.ts';
import { encodePathText } from '../../grammar/percent.ts';
import { HttpProxy } from '../../http-api/integrations/proxy.ts';
import { RefusingIntegration } from '../../http-api/integrations/refusing.ts';
import { type ProxyTarget, RequestPlan } from '../../http-api/mapping/request-plan.ts';
import type { RouteIntegration } from '../../http-api/stage.ts';
import { SERVICE_UNAVAILABLE } from '../../net/refusals.ts';
import type { Upstream } from '../../net/upstream/upstream.ts';
import type { Document } from '../../store/store.ts';
import { holdTargets } from '../hold-targets.ts';
import { isForeign } from '../own-account.ts';
import { resolveTarget } from '../target.ts';
import { compileLambda } from './compile-lambda.ts';
import { compileService } from './compile-service.ts';
import { compileEnding, type RouteScope, refusing, valueScope } from './route-scope.ts';

/** The integrations of a deployment; each is parsed when the first of its routes is compiled. */
export class IntegrationCompiler {
  readonly #documents: ReadonlyMap<string, Document>;
  readonly #configs = new Map<string, IntegrationConfig>();

  /** `documents` by their ids. */
  constructor(documents: ReadonlyMap<string, Document>) {
    this.#documents = documents;
  }

  /** What a route runs. Throws what the grammar says of values that cannot be read. */
  compile(scope: RouteScope): RouteIntegration {
    const { means, route, identity } = scope;
    const { integrationId: id } = route;
    if (id === undefined) return refusing('The route has no target', means);
    const document = this.#documents.get(id);
    if (document === undefined) return refusing(`The route's integration ${id} does not exist`, means);
    const config = this.#configs.get(id) ?? parseIntegration(document);
    this.#configs.set(id, config);
    const integration = compile(config, scope);
    if (means.interposed === undefined) return integration;
    const { apiId, name: stage } = identity;
    const { timeoutInMillis } = config;
    const place = { apiId, stage, routeKey: route.keyText, integrationId: id, timeoutInMillis };
    return means.interposed.http(place, integration, compileEnding(config.responseChanges, scope));
  }
}

function compile(config: IntegrationConfig, scope: RouteScope): RouteIntegration {
  switch (config.kind) {
    case 'http':
      return compileHttp(config, scope);
    case 'private':
      return compilePrivate(config, scope);
    case 'lambda':
      return compileLambda(config, scope);
    case 'service':
      return compileService(config, scope);
    default:
      unreachable(config);
  }
}

function compileHttp(config: HttpIntegrationConfig, scope: RouteScope): RouteIntegration {
  const { means, identity, route, variableNames } = scope;
  const target = resolveTarget(config, route.key, variableNames, identity.variables);
  if (typeof target === 'string') return refusing(target, means);
  const upstream = scope.hold(
    () => means.pools.acquire(target.origin),
    (held) => means.pools.release(held),
  );
  return proxy(config, scope, upstream, target, means.egress);
}

/** A private backend gets the whole path with the stage, and the client's own Host (spec/http-api.md §3.5). */
function compilePrivate(config: PrivateIntegrationConfig, scope: RouteScope): RouteIntegration {
  const { means } = scope;
  if (isForeign(config.target.account, scope)) {
    const message = `${printPrivateTarget(config.target)} belongs to another account than the API`;
    return new RefusingIntegration(SERVICE_UNAVAILABLE, message, means.onIntegrationError);
  }
  const upstream = holdTargets(
    () => means.privateTargets.acquire(config.target),
    config.serverNameToVerify,
    scope,
  );
  if (upstream === undefined) {
    const message = `privateTargets has no targets for ${printPrivateTarget(config.target)}`;
    return new RefusingIntegration(SERVICE_UNAVAILABLE, message, means.onIntegrationError);
  }
  const target: ProxyTarget = {
    method: config.method,
    host: undefined,
    path: (call) => encodePathText(call.fullPath),
    query: '',
  };
  return proxy(config, scope, upstream, target, undefined);
}

function proxy(
  config: HttpIntegrationConfig | PrivateIntegrationConfig,
  scope: RouteScope,
  upstream: Upstream,
  target: ProxyTarget,
  egress: string | undefined,
): RouteIntegration {
  const values = valueScope('request', scope);
  return new HttpProxy({
    request: new RequestPlan(target, config.requestChanges, values, egress, {
      isSigned: scope.route.authorizationType === 'AWS_IAM',
      isTraced: scope.means.tracing?.current !== undefined,
    }),
    upstream,
    timeoutInMillis: config.timeoutInMillis,
    ending: compileEnding(config.responseChanges, scope),
    configured: { changes: config.requestChanges, scope: values },
  });
}

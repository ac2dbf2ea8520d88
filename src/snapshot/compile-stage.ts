// A frozen API and a stage's own settings → an executable stage. Pure but for the connection pools it takes hold of.
import type { FrozenApi } from '../config/frozen.ts';
import {
  type IntegrationConfig,
  parseIntegration,
  parseRoute,
  type RouteConfig,
} from '../config/http-api.ts';
import type { Call } from '../http-api/call.ts';
import { type CorsConfiguration, compileCors } from '../http-api/cors.ts';
import { HttpProxy } from '../http-api/proxy.ts';
import { RefusingIntegration } from '../http-api/refusing.ts';
import { ReplyPlan } from '../http-api/reply-plan.ts';
import { RequestPlan } from '../http-api/request-plan.ts';
import { compileRouter } from '../http-api/router.ts';
import type { HttpRoute, HttpStage, RouteIntegration } from '../http-api/stage.ts';
import type { ValueScope } from '../http-api/values.ts';
import { FORBIDDEN, INTERNAL_SERVER_ERROR } from '../net/refusals.ts';
import type { Upstream, UpstreamPools } from '../net/upstream/upstream.ts';
import { resolveTarget } from './target.ts';

export interface StageMeans {
  readonly pools: UpstreamPools;
  /** The gateway's own address towards backends, for `Forwarded: by=`. */
  readonly egress: string;
  /** Hears of calls that ended without an answer of the integration; `message` is `$context.integrationErrorMessage`. */
  readonly onIntegrationError: (call: Call, message: string) => void;
}

export interface StageIdentity {
  readonly accountId: string;
  readonly region: string;
  readonly apiId: string;
  readonly name: string;
  readonly deploymentId: string;
  readonly variables: ReadonlyMap<string, string>;
}

export interface CompiledStage {
  readonly stage: HttpStage;
  /** Lets go of the pools. Requests in flight finish. */
  release(): void;
}

/** Compiles a stage. Throws when a document cannot be read; nothing is held then. */
export function compileStage(frozen: FrozenApi, identity: StageIdentity, means: StageMeans): CompiledStage {
  const upstreams: Upstream[] = [];
  const release = () => {
    for (const upstream of upstreams.splice(0)) means.pools.release(upstream);
  };
  try {
    return { stage: new StageCompiler(frozen, identity, means, upstreams).compile(), release };
  } catch (error) {
    release();
    throw error;
  }
}

class StageCompiler {
  readonly #frozen: FrozenApi;
  readonly #identity: StageIdentity;
  readonly #means: StageMeans;
  readonly #upstreams: Upstream[];
  readonly #integrations = new Map<string, IntegrationConfig>();
  readonly #cors;
  readonly #onFailed;

  constructor(frozen: FrozenApi, identity: StageIdentity, means: StageMeans, upstreams: Upstream[]) {
    this.#frozen = frozen;
    this.#identity = identity;
    this.#means = means;
    this.#upstreams = upstreams;
    const cors = frozen.Api.CorsConfiguration as CorsConfiguration | undefined;
    this.#cors = cors === undefined ? undefined : compileCors(cors);
    this.#onFailed = (call: Call, _cause: string, message: string) => means.onIntegrationError(call, message);
  }

  compile(): HttpStage {
    for (const document of this.#frozen.Integrations) {
      this.#integrations.set(String(document.IntegrationId), parseIntegration(document));
    }
    const routes = this.#frozen.Routes.map((document) => {
      const config = parseRoute(document);
      return { key: config.key, route: this.#route(config) };
    });
    return Object.freeze({
      ...this.#identity,
      cors: this.#cors,
      executeApiDisabled: this.#frozen.Api.DisableExecuteApiEndpoint === true,
      router: compileRouter(routes),
    });
  }

  #route(config: RouteConfig): HttpRoute {
    const { authorizationType } = config;
    const segments = config.key.kind === 'route' ? config.key.segments : [];
    const variableNames = segments.flatMap((segment) => (segment.kind === 'literal' ? [] : [segment.name]));
    return Object.freeze({
      key: config.keyText,
      routeId: config.routeId,
      variableNames,
      authorizationType,
      // What cannot be checked is refused.
      denied: authorizationType === 'NONE' ? undefined : FORBIDDEN,
      integration: this.#integration(config, variableNames),
    });
  }

  #integration(route: RouteConfig, variableNames: readonly string[]): RouteIntegration {
    if (route.integrationId === undefined) return this.#refusing('The route has no target');
    const config = this.#integrations.get(route.integrationId);
    if (config === undefined)
      return this.#refusing(`The route's integration ${route.integrationId} does not exist`);
    if (config.kind === 'notRun')
      return this.#refusing(`This release does not run ${config.what} integrations`);
    const target = resolveTarget(config, route.key, variableNames, this.#identity.variables);
    if (typeof target === 'string') return this.#refusing(target);
    const upstream = this.#means.pools.acquire(target.origin);
    this.#upstreams.push(upstream);
    const scope = (side: ValueScope['side']): ValueScope => ({
      side,
      stageVariables: this.#identity.variables,
      variableNames,
    });
    const hasCors = this.#cors !== undefined;
    return new HttpProxy({
      request: new RequestPlan(target, config.requestChanges, scope('request'), this.#means.egress),
      replies: new Map(
        [...config.responseChanges].map(([status, changes]) => [
          status,
          new ReplyPlan(changes, scope('response'), hasCors),
        ]),
      ),
      plainReply: new ReplyPlan([], scope('response'), hasCors),
      cors: this.#cors,
      upstream,
      timeoutInMillis: config.timeoutInMillis,
      onFailed: this.#onFailed,
      configured: { requestChanges: config.requestChanges, responseChanges: config.responseChanges, scope },
    });
  }

  #refusing(message: string): RouteIntegration {
    return new RefusingIntegration(INTERNAL_SERVER_ERROR, message, this.#means.onIntegrationError);
  }
}

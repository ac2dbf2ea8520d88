// A frozen API and a stage's own settings → an executable stage. Pure but for the connection pools it takes hold of.
import { isDeepStrictEqual } from 'node:util';
import type { FrozenApi } from '../config/frozen.ts';
import {
  type IntegrationConfig,
  parseIntegration,
  parseRoute,
  type RouteConfig,
} from '../config/http-api.ts';
import type { RouteKey } from '../grammar/route-key.ts';
import type { Call } from '../http-api/call.ts';
import { type Cors, type CorsConfiguration, compileCors } from '../http-api/cors.ts';
import { HttpProxy } from '../http-api/proxy.ts';
import { RefusingIntegration } from '../http-api/refusing.ts';
import { ReplyPlan } from '../http-api/reply-plan.ts';
import { RequestPlan } from '../http-api/request-plan.ts';
import { compileRouter } from '../http-api/router.ts';
import type { HttpRoute, HttpStage, RouteIntegration, StageIdentity } from '../http-api/stage.ts';
import type { ValueScope } from '../http-api/values.ts';
import { FORBIDDEN, INTERNAL_SERVER_ERROR } from '../net/refusals.ts';
import type { Origin, Upstream, UpstreamPools } from '../net/upstream/upstream.ts';
import { resolveTarget } from './target.ts';

type Document = FrozenApi['Api'];

export interface StageMeans {
  readonly pools: UpstreamPools;
  /** The gateway's own address towards backends, for `Forwarded: by=`. */
  readonly egress: string;
  /** Hears of calls that ended without an answer of the integration; `message` is `$context.integrationErrorMessage`. */
  readonly onIntegrationError: (call: Call, message: string) => void;
}

export interface CompiledStage {
  readonly stage: HttpStage;
  /** What the next compilation of the stage may take over. */
  readonly parts: StageParts;
  /** Lets go of the pools. Requests in flight finish. */
  release(): void;
}

/** Compiled routes, with what they were compiled from. */
export interface StageParts {
  /** What every route depends on: stage variables and CORS. */
  readonly source: string;
  readonly cors: Cors | undefined;
  /** The documents of integrations, by id. */
  readonly integrations: ReadonlyMap<string, Document>;
  readonly routes: ReadonlyMap<string, RoutePart>;
}

interface RoutePart {
  readonly document: Document;
  readonly key: RouteKey;
  readonly route: HttpRoute;
}

/** Compiles a stage, taking over the routes of `previous` whose documents are the same. Throws when a document cannot be
 *  read; nothing is held then. */
export function compileStage(
  frozen: FrozenApi,
  identity: StageIdentity,
  means: StageMeans,
  previous?: StageParts,
): CompiledStage {
  const upstreams: Upstream[] = [];
  const release = () => {
    for (const upstream of upstreams.splice(0)) means.pools.release(upstream);
  };
  try {
    return { ...new StageCompiler(frozen, identity, means, upstreams, previous).compile(), release };
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
  readonly #integrations: ReadonlyMap<string, Document>;
  readonly #unchanged = new Map<string, boolean>();
  readonly #configs = new Map<string, IntegrationConfig>();
  readonly #source: string;
  readonly #cors: Cors | undefined;
  readonly #plainReply: ReplyPlan;
  readonly #previous: StageParts | undefined;
  readonly #onFailed;

  constructor(
    frozen: FrozenApi,
    identity: StageIdentity,
    means: StageMeans,
    upstreams: Upstream[],
    previous: StageParts | undefined,
  ) {
    this.#frozen = frozen;
    this.#identity = identity;
    this.#means = means;
    this.#upstreams = upstreams;
    this.#integrations = new Map(
      frozen.Integrations.map((document) => [String(document.IntegrationId), document]),
    );
    const cors = frozen.Api.CorsConfiguration as CorsConfiguration | undefined;
    this.#source = JSON.stringify([[...identity.variables], cors ?? null]);
    this.#previous = previous?.source === this.#source ? previous : undefined;
    this.#cors = this.#previous !== undefined ? this.#previous.cors : cors && compileCors(cors);
    const scope = { side: 'response', stageVariables: identity.variables, variableNames: [] } as const;
    this.#plainReply = new ReplyPlan([], scope, cors !== undefined);
    this.#onFailed = (call: Call, _cause: string, message: string) => means.onIntegrationError(call, message);
  }

  compile(): Omit<CompiledStage, 'release'> {
    const routes = new Map(
      this.#frozen.Routes.map((document) => [String(document.RouteId), this.#part(document)]),
    );
    const stage = Object.freeze({
      ...this.#identity,
      cors: this.#cors,
      executeApiDisabled: this.#frozen.Api.DisableExecuteApiEndpoint === true,
      router: compileRouter([...routes.values()]),
    });
    return {
      stage,
      parts: { source: this.#source, cors: this.#cors, integrations: this.#integrations, routes },
    };
  }

  #part(document: Document): RoutePart {
    const known = this.#previous?.routes.get(String(document.RouteId));
    if (
      known !== undefined &&
      this.#isSameIntegration(document) &&
      isDeepStrictEqual(known.document, document)
    ) {
      const { integration } = known.route;
      if (integration instanceof HttpProxy) this.#hold(integration.parts.upstream.origin);
      return known;
    }
    const config = parseRoute(document);
    return { document, key: config.key, route: this.#route(config) };
  }

  /** Whether the integration that a route targets is what it was. */
  #isSameIntegration(route: Document): boolean {
    const id = String(route.Target).replace(/^integrations\//, '');
    let isSame = this.#unchanged.get(id);
    if (isSame === undefined) {
      isSame = isDeepStrictEqual(this.#previous!.integrations.get(id), this.#integrations.get(id));
      this.#unchanged.set(id, isSame);
    }
    return isSame;
  }

  #integrationConfig(id: string): IntegrationConfig | undefined {
    const document = this.#integrations.get(id);
    if (document === undefined) return undefined;
    const config = this.#configs.get(id) ?? parseIntegration(document);
    this.#configs.set(id, config);
    return config;
  }

  #hold(origin: Origin): Upstream {
    const upstream = this.#means.pools.acquire(origin);
    this.#upstreams.push(upstream);
    return upstream;
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
    const config = this.#integrationConfig(route.integrationId);
    if (config === undefined)
      return this.#refusing(`The route's integration ${route.integrationId} does not exist`);
    if (config.kind === 'notRun')
      return this.#refusing(`This release does not run ${config.what} integrations`);
    const target = resolveTarget(config, route.key, variableNames, this.#identity.variables);
    if (typeof target === 'string') return this.#refusing(target);
    const upstream = this.#hold(target.origin);
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
      plainReply: this.#plainReply,
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

// A frozen API and a stage's own settings → an executable stage. Pure but for the shared things it takes hold of.
import type { FrozenApi } from '../../config/frozen.ts';
import {
  type AuthorizerConfig,
  parseAuthorizer,
  parseRoute,
  type RouteConfig,
} from '../../config/http-api.ts';
import type { RouteKey } from '../../grammar/route-key.ts';
import { Denying } from '../../http-api/authorizers/denying.ts';
import { type Cors, type CorsConfiguration, compileCors } from '../../http-api/cors.ts';
import { ReplyPlan } from '../../http-api/mapping/reply-plan.ts';
import { compileRouter } from '../../http-api/router.ts';
import type { HttpRoute, HttpStage } from '../../http-api/stage.ts';
import { AUTHORIZER_FAILURE } from '../../net/refusals.ts';
import type { StageIdentity } from '../../stage/stage-identity.ts';
import { isSameJson } from '../../wire/same-json.ts';
import type { Limits } from '../compile-throttles.ts';
import { compiledOr, notCompiled, problemsOf, type RouteProblem } from '../route-problems.ts';
import type { Hold, StageMeans } from '../stage-means.ts';
import { AuthorizerCaches } from './authorizer-caches.ts';
import { compileAuthorizer } from './compile-authorizer.ts';
import { IntegrationCompiler } from './compile-integration.ts';
import { StageSettingsCompiler } from './compile-settings.ts';
import { type RouteScope, refusing } from './route-scope.ts';

type Document = FrozenApi['Api'];

export interface CompiledStage {
  readonly kind: 'http';
  readonly stage: HttpStage;
  /** What the next compilation of the stage may take over. */
  readonly parts: StageParts;
  /** Of routes that refuse for it. */
  readonly problems: readonly RouteProblem[];
  /** Lets go of what is shared. Requests in flight finish. */
  release(): void;
}

/** Compiled routes, with what they were compiled from. */
export interface StageParts {
  /** What every route depends on: stage variables, CORS and the settings of the program. */
  readonly source: string;
  readonly cors: Cors | undefined;
  readonly integrations: DocumentsById;
  readonly authorizers: DocumentsById;
  readonly authorizerCaches: AuthorizerCaches;
  readonly routes: ReadonlyMap<string, RoutePart>;
  readonly limits: Limits;
}

type DocumentsById = ReadonlyMap<string, Document>;

interface RoutePart {
  readonly document: Document;
  readonly integrationId: string;
  readonly key: RouteKey;
  readonly route: HttpRoute;
  /** What the route shares with others. */
  readonly held: RouteHolds;
}

/** What a stage is compiled with besides its deployment. */
export interface StageBasis {
  /** The stage's document, for its settings. */
  readonly document?: Document;
  /** Another after each ResetAuthorizersCache. */
  readonly cacheGeneration?: string;
  /** Another after each change of what `means` leads to: routes are compiled anew then. */
  readonly meansGeneration?: number;
  /** The stage as it is: routes whose documents are the same are taken over, and so are the levels of throttles. */
  readonly previous?: StageParts | undefined;
}

/** Compiles a stage; a route that cannot be compiled refuses alone. Throws when the stage as a whole cannot be; nothing is
 *  held then. */
export function compileStage(
  frozen: FrozenApi,
  identity: StageIdentity,
  means: StageMeans,
  basis: StageBasis = {},
): CompiledStage {
  const releases: (() => void)[] = [];
  const release = () => {
    for (const each of releases.splice(0)) each();
  };
  try {
    return {
      kind: 'http',
      ...new StageCompiler(frozen, identity, means, releases, basis).compile(),
      release,
    };
  } catch (error) {
    release();
    throw error;
  }
}

class StageCompiler {
  readonly #frozen: FrozenApi;
  readonly #identity: StageIdentity;
  readonly #means: StageMeans;
  readonly #releases: (() => void)[];
  readonly #integrations: DocumentsById;
  readonly #authorizers: DocumentsById;
  readonly #integrationCompiler: IntegrationCompiler;
  readonly #authorizerCaches: AuthorizerCaches;
  readonly #authorizerConfigs = new Map<string, AuthorizerConfig>();
  readonly #source: string;
  readonly #cors: Cors | undefined;
  readonly #plainReply: ReplyPlan;
  readonly #previous: StageParts | undefined;
  readonly #settings: StageSettingsCompiler;
  readonly #isSameIntegration: (id: string) => boolean;
  readonly #isSameAuthorizer: (id: string) => boolean;

  constructor(
    frozen: FrozenApi,
    identity: StageIdentity,
    means: StageMeans,
    releases: (() => void)[],
    { document = {}, cacheGeneration = '', meansGeneration = 0, previous }: StageBasis,
  ) {
    this.#frozen = frozen;
    this.#identity = identity;
    this.#means = means;
    this.#integrations = byId(frozen.Integrations, 'IntegrationId');
    this.#integrationCompiler = new IntegrationCompiler(this.#integrations);
    this.#authorizers = byId(frozen.Authorizers, 'AuthorizerId');
    const cors = frozen.Api.CorsConfiguration as CorsConfiguration | undefined;
    this.#source = JSON.stringify([[...identity.variables], cors ?? null, meansGeneration]);
    this.#previous = previous?.source === this.#source ? previous : undefined;
    this.#isSameIntegration = sameAs(this.#previous?.integrations, this.#integrations);
    this.#isSameAuthorizer = sameAs(this.#previous?.authorizers, this.#authorizers);
    const { variables } = identity;
    const caches = previous?.authorizerCaches;
    this.#authorizerCaches = new AuthorizerCaches(cacheGeneration, variables, this.#authorizers, caches);
    this.#cors = this.#previous !== undefined ? this.#previous.cors : cors && compileCors(cors);
    this.#releases = releases;
    this.#settings = new StageSettingsCompiler(
      document,
      identity,
      means,
      holdFor(releases),
      previous?.limits,
    );
    const scope = { side: 'response', stageVariables: identity.variables, variableNames: [] } as const;
    this.#plainReply = new ReplyPlan([], scope, cors !== undefined);
  }

  compile(): Omit<CompiledStage, 'kind' | 'release'> {
    const routes = new Map<string, RoutePart>();
    const unreadable: RouteProblem[] = [];
    for (const document of this.#frozen.Routes) {
      const routeId = String(document.RouteId);
      try {
        routes.set(routeId, this.#part(document));
      } catch (error) {
        const routeKey = String(document.RouteKey);
        unreadable.push({ routeKey, routeId, part: 'route', reason: notCompiled(error) });
      }
    }
    const stage = Object.freeze({
      ...this.#identity,
      cors: this.#cors,
      executeApiDisabled: this.#frozen.Api.DisableExecuteApiEndpoint === true,
      router: compileRouter([...routes.values()]),
      ...this.#settings.compile(),
    });
    return {
      stage,
      problems: [...unreadable, ...problemsOf([...routes.values()].map(({ route }) => route))],
      parts: {
        source: this.#source,
        cors: this.#cors,
        integrations: this.#integrations,
        authorizers: this.#authorizers,
        authorizerCaches: this.#authorizerCaches,
        routes,
        limits: this.#settings.limits,
      },
    };
  }

  #part(document: Document): RoutePart {
    const known = this.#previous?.routes.get(String(document.RouteId));
    if (known !== undefined && this.#isUnchanged(known, document)) {
      this.#keep(known.held);
      const route = this.#settings.takeOver(known.route);
      return route === known.route ? known : { ...known, route };
    }
    const config = parseRoute(document);
    const held = new RouteHolds();
    this.#keep(held);
    const route = this.#route(config, held.hold);
    return { document, integrationId: String(config.integrationId), key: config.key, route, held };
  }

  #keep(held: RouteHolds): void {
    held.take();
    this.#releases.push(held.letGo);
  }

  #isUnchanged(known: RoutePart, document: Document): boolean {
    return (
      isSameJson(known.document, document) &&
      this.#isSameIntegration(known.integrationId) &&
      this.#isSameAuthorizer(String(document.AuthorizerId)) &&
      (this.#authorizerCaches.isContinued || document.AuthorizationType !== 'CUSTOM')
    );
  }

  #route(route: RouteConfig, hold: Hold): HttpRoute {
    const segments = route.key.kind === 'route' ? route.key.segments : [];
    const scope: RouteScope = {
      route,
      variableNames: segments.flatMap((segment) => (segment.kind === 'literal' ? [] : [segment.name])),
      identity: this.#identity,
      cors: this.#cors,
      plainReply: this.#plainReply,
      means: this.#means,
      hold,
    };
    return Object.freeze({
      key: route.keyText,
      routeId: route.routeId,
      variableNames: scope.variableNames,
      authorizationType: route.authorizationType,
      authorizer: compiledOr(
        () =>
          compileAuthorizer(this.#authorizerConfig(route.authorizerId), {
            ...scope,
            caches: this.#authorizerCaches,
          }),
        (reason) => new Denying(reason, AUTHORIZER_FAILURE),
      ),
      integration: compiledOr(
        () => this.#integrationCompiler.compile(scope),
        (reason) => refusing(reason, this.#means),
      ),
      ...this.#settings.ofRoute(route.keyText),
    });
  }

  #authorizerConfig(id: string | undefined): AuthorizerConfig | undefined {
    const document = id === undefined ? undefined : this.#authorizers.get(id);
    if (document === undefined) return undefined;
    const config = this.#authorizerConfigs.get(id!) ?? parseAuthorizer(document);
    this.#authorizerConfigs.set(id!, config);
    return config;
  }
}

// Routes keep what they were compiled with: that must not be the compiler of their stage, which has the stage before it, and so on.

function holdFor(releases: (() => void)[]): Hold {
  return (acquire, release) => {
    const held = acquire();
    releases.push(() => release(held));
    return held;
  };
}

/** What one compiled route holds: until the last stage that has taken the route over lets go of it. */
class RouteHolds {
  readonly #releases: (() => void)[] = [];
  #stages = 0;

  readonly hold: Hold = holdFor(this.#releases);

  take(): void {
    this.#stages++;
  }

  /** Once for each `take`. */
  readonly letGo = (): void => {
    if (--this.#stages > 0) return;
    for (const release of this.#releases.splice(0)) release();
  };
}

function byId(documents: readonly Document[] | undefined, member: string): DocumentsById {
  return new Map((documents ?? []).map((document) => [String(document[member]), document]));
}

/** Whether the document of an id is what it was, compared once. */
function sameAs(before: DocumentsById | undefined, now: DocumentsById): (id: string) => boolean {
  const known = new Map<string, boolean>();
  return (id) => {
    let isSame = known.get(id);
    if (isSame === undefined) {
      isSame = isSameJson(before?.get(id), now.get(id));
      known.set(id, isSame);
    }
    return isSame;
  };
}

// A frozen WebSocket API and a stage's own settings → an executable stage (spec/websocket-api.md §10.1).
import type { FrozenApi } from '../../config/frozen.ts';
import { parseSocketApi, type SocketApiConfig, type SocketRouteConfig } from '../../config/websocket-api.ts';
import { readRouteParameter } from '../../grammar/route-parameter.ts';
import type { StageIdentity } from '../../stage/stage-identity.ts';
import type { Document } from '../../store/store.ts';
import type { SocketEvent } from '../../websocket-api/event.ts';
import { AUTHORIZER_FAILURE } from '../../websocket-api/failures.ts';
import { SchemaError } from '../../websocket-api/models/json-schema/schema-error.ts';
import { compileModel, type ModelCheck } from '../../websocket-api/models/model.ts';
import { compileSelection } from '../../websocket-api/selection.ts';
import type {
  RequiredParameter,
  SocketIntegration,
  SocketRoute,
  WebSocketStage,
} from '../../websocket-api/stage.ts';
import { parseJson } from '../../wire/json.ts';
import type { Limits } from '../compile-throttles.ts';
import { compiledOr, problemsOf, type RouteProblem } from '../route-problems.ts';
import type { Hold, StageMeans } from '../stage-means.ts';
import { compileSocketAuthorizer, denying } from './compile-authorizer.ts';
import { compileSocketIntegration, refusing, type SocketScope } from './compile-integration.ts';
import { SocketSettingsCompiler } from './compile-settings.ts';

/** What a stage has besides its deployment. */
export interface SocketStageBasis {
  /** The stage's document, for its settings. */
  readonly document?: Document;
  /** Of the stage as it was. */
  readonly limits?: Limits | undefined;
}

export interface CompiledSocketStage {
  readonly kind: 'websocket';
  /** What the next compilation of the stage may take over. */
  readonly limits: Limits;
  readonly stage: WebSocketStage;
  /** Of routes that refuse for it. */
  readonly problems: readonly RouteProblem[];
  /** Lets go of what is shared. Events in flight finish. */
  release(): void;
}

/** Compiles a stage; a route that cannot be compiled refuses alone. Throws when the stage as a whole cannot be; nothing is
 *  held then. */
export function compileSocketStage(
  frozen: FrozenApi,
  identity: StageIdentity,
  means: StageMeans,
  { document = {}, limits }: SocketStageBasis,
): CompiledSocketStage {
  const releases: (() => void)[] = [];
  const release = () => {
    for (const each of releases.splice(0)) each();
  };
  const hold: Hold = (acquire, release) => {
    const held = acquire();
    releases.push(() => release(held));
    return held;
  };
  try {
    const compiler = new SocketSettingsCompiler(document, identity, means, hold, limits);
    const stage = new SocketStageCompiler(parseSocketApi(frozen), identity, means, hold, compiler).compile();
    const { connectRoute, disconnectRoute } = stage;
    const routes = [connectRoute, disconnectRoute, ...stage.routes.values()];
    const problems = problemsOf(routes.filter((route) => route !== undefined));
    return { kind: 'websocket', stage, problems, limits: compiler.limits, release };
  } catch (error) {
    release();
    throw error;
  }
}

type Validation = Pick<SocketRoute, 'validate' | 'modelOf'>;

const NO_MODELS: Validation = { validate: undefined, modelOf: undefined };
const RESERVED: ReadonlySet<string> = new Set(['$connect', '$disconnect']);

class SocketStageCompiler {
  readonly #api: SocketApiConfig;
  readonly #identity: StageIdentity;
  readonly #scope: SocketScope;
  readonly #settings: SocketSettingsCompiler;
  /** One for all routes that share it. */
  readonly #integrations = new Map<string, SocketIntegration>();
  readonly #models = new Map<string, ModelCheck>();

  constructor(
    api: SocketApiConfig,
    identity: StageIdentity,
    means: StageMeans,
    hold: Hold,
    settings: SocketSettingsCompiler,
  ) {
    this.#settings = settings;
    this.#api = api;
    this.#identity = identity;
    this.#scope = { identity, means, hold };
  }

  compile(): WebSocketStage {
    const routes = this.#api.routes.map((config) => this.#route(config));
    const reserved = (key: string) => routes.find((route) => route.key === key);
    return Object.freeze({
      ...this.#identity,
      executeApiDisabled: this.#api.executeApiDisabled,
      routeSelectionExpression: this.#api.routeSelectionExpression,
      routeSelection: compileSelection(this.#api.routeSelectionExpression, 'route'),
      routes: new Map(routes.filter((route) => !RESERVED.has(route.key)).map((route) => [route.key, route])),
      apiKeySource: this.#api.apiKeySelectionExpression.includes('usageIdentifierKey')
        ? ('authorizer' as const)
        : ('header' as const),
      connectRoute: reserved('$connect'),
      connectThrottle: this.#settings.connectThrottle(),
      disconnectRoute: reserved('$disconnect'),
      tracer: this.#scope.means.tracing?.current,
      watch: this.#settings.watch(),
    });
  }

  #route(config: SocketRouteConfig): SocketRoute {
    return Object.freeze({
      key: config.key,
      routeId: config.routeId,
      authorizationType: config.authorizationType,
      authorizer: compiledOr(
        () =>
          compileSocketAuthorizer(config, this.#api.authorizers.get(config.authorizerId ?? ''), this.#scope),
        (reason) => denying(AUTHORIZER_FAILURE, reason),
      ),
      apiKeyRequired: config.apiKeyRequired,
      requiredParameters: config.requiredParameters.flatMap(requiredParameter),
      ...this.#settings.ofRoute(config.key),
      ...compiledOr<Pick<SocketRoute, 'validate' | 'modelOf' | 'integration'>>(
        () => ({
          ...(RESERVED.has(config.key) ? NO_MODELS : this.#validation(config)),
          integration: this.#integration(config),
        }),
        (reason) => ({ ...NO_MODELS, integration: refusing(reason) }),
      ),
      isTwoWay: config.isTwoWay,
    });
  }

  #integration({ key: routeKey, integrationId: id }: SocketRouteConfig): SocketIntegration | undefined {
    const config = id === undefined ? undefined : this.#api.integrations.get(id);
    if (config === undefined) return undefined;
    let integration = this.#integrations.get(id!);
    if (integration === undefined) {
      integration = compileSocketIntegration(config, this.#scope);
      this.#integrations.set(id!, integration);
    }
    const { interposed } = this.#scope.means;
    if (interposed === undefined) return integration;
    const { apiId, name: stage } = this.#identity;
    const { timeoutInMillis } = config;
    return interposed.socket({ apiId, stage, routeKey, integrationId: id!, timeoutInMillis }, integration);
  }

  /** Checks messages against the model that the expression selects (§2.5). */
  #validation({ modelSelectionExpression, requestModels }: SocketRouteConfig): Validation {
    if (modelSelectionExpression === undefined) return NO_MODELS;
    const select = compileSelection(modelSelectionExpression, 'model');
    const checks = new Map([...requestModels].map(([key, name]) => [key, this.#model(name)]));
    return {
      modelOf: (event) => requestModels.get(select(event)) ?? requestModels.get('$default'),
      validate(event) {
        const check = checks.get(select(event)) ?? checks.get('$default');
        if (check === undefined) return 'No model is selected';
        const value = jsonOf(event);
        return value === undefined ? 'The message is no JSON' : check(value.json);
      },
    };
  }

  #model(name: string): ModelCheck {
    let check = this.#models.get(name);
    if (check === undefined) {
      const schema = this.#api.models.get(name);
      check = schema === undefined ? () => `There is no model ${name}` : usableModel(name, schema);
      this.#models.set(name, check);
    }
    return check;
  }
}

/** A model that was written when more was taken refuses messages, and keeps nothing else from going live. */
function usableModel(name: string, schema: string): ModelCheck {
  try {
    return compileModel(schema);
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error;
    const wrong = `The model ${name} cannot be used: ${error.message}`;
    return () => wrong;
  }
}

function jsonOf({ body }: SocketEvent): { readonly json: unknown } | undefined {
  try {
    return { json: parseJson(body) };
  } catch {
    return undefined;
  }
}

/** Multi-value names are there when their single value is. Management refuses what is none. */
function requiredParameter(written: string): readonly RequiredParameter[] {
  const parameter = readRouteParameter(written);
  if (parameter === undefined) return [];
  const { location, name } = parameter;
  return [{ location, name, lowerName: name.toLowerCase() }];
}

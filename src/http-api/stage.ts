// What a deployed stage is at run time: flat, immutable values that the pipeline only reads (architecture "configuration
// is a program"). Built by snapshot/http/compile-stage.ts.
import type { Callee } from '../stage/callee.ts';
import type { StageIdentity } from '../stage/stage-identity.ts';
import type { Throttle } from '../stage/throttle.ts';
import type { Tracer } from '../stage/tracer.ts';
import type { Watch } from '../stage/watch.ts';
import type { RouteAuthorizer } from './authorization.ts';
import type { Call } from './call.ts';
import type { Cors } from './cors.ts';
import type { IntegrationStory, SentReply } from './explain/trace.ts';
import type { Router } from './router.ts';

export interface HttpStage extends StageIdentity {
  readonly cors: Cors | undefined;
  /** spec/http-api.md §1.3. */
  readonly executeApiDisabled: boolean;
  readonly router: Router<HttpRoute>;
  /** What preflights without a route have to get past. */
  readonly throttle: Throttle | undefined;
  /** Begins the traces of its calls; undefined where none are configured. */
  readonly tracer?: Tracer | undefined;
  /** Hears of every call that is over: metrics, access log, request log (§7.3, §9). */
  readonly watch: StageWatch;
}

/** Follows the calls of a stage. */
export interface StageWatch extends Watch<Call> {
  /** The entry of a call that is over in the stage's access log; undefined where there is no such log. */
  accessLogEntry(call: Call): string | undefined;
}

export interface HttpRoute {
  /** The route key's text: `GET /pets/{petId}`. */
  readonly key: string;
  readonly routeId: string;
  /** Names of the path variables in template order, without `+`. */
  readonly variableNames: readonly string[];
  /** `NONE`, or what a request has to show. */
  readonly authorizationType: string;
  /** Asked before the integration; undefined for `NONE` alone. */
  readonly authorizer: RouteAuthorizer | undefined;
  readonly integration: RouteIntegration;
  /** Undefined where nothing limits the route. */
  readonly throttle: Throttle | undefined;
}

/** What a route does with a request, compiled once per deployment. */
export interface RouteIntegration {
  /** Why it cannot run, when that is known since the deployment: it refuses every request then. */
  readonly problem?: string;
  /** Whom it calls; absent where each request decides, or nobody is called. */
  readonly callee?: Callee | undefined;
  /** Takes the call to its end: exactly one reply, now or later. */
  invoke(call: Call): void;
  /** Whom it calls with a call, in a word: an origin with its path, an ARN, an operation. Undefined where it did not come to that. */
  calls(call: Call): string | undefined;
  /** What it did with a call that is over. `sent` is what the client got. */
  explain(call: Call, sent: SentReply): IntegrationStory;
}

// A stage's own settings → what its calls get past and are counted and logged by (spec/http-api.md §7, §9). They are
// live without a deployment.
import { parseStageSettings, type StageSettings, settingsOfRoute } from '../../config/stage-settings.ts';
import { AccessLog } from '../../http-api/access-log.ts';
import { CallSpans } from '../../http-api/call-spans.ts';
import { CallWatch } from '../../http-api/call-watch.ts';
import { CallMetrics } from '../../http-api/metrics.ts';
import { CallLines } from '../../http-api/request-lines.ts';
import type { HttpRoute, HttpStage } from '../../http-api/stage.ts';
import type { StageIdentity } from '../../stage/stage-identity.ts';
import type { Document } from '../../store/store.ts';
import { type Limits, ThrottleCompiler } from '../compile-throttles.ts';
import { holdMetrics } from '../counters.ts';
import type { Hold, StageMeans } from '../stage-means.ts';

type SettingsMeans = Pick<
  StageMeans,
  'accountThrottles' | 'counters' | 'logSinks' | 'onlookers' | 'requestLog' | 'tracing'
>;

export class StageSettingsCompiler {
  readonly #settings: StageSettings;
  readonly #identity: StageIdentity;
  readonly #means: SettingsMeans;
  readonly #hold: Hold;
  readonly #metrics: CallMetrics;
  readonly #routeMetrics = new Map<string, CallMetrics>();
  readonly #throttles: ThrottleCompiler;

  constructor(
    /** Of the stage. */
    document: Document,
    identity: StageIdentity,
    means: SettingsMeans,
    hold: Hold,
    /** Those of the stage as it was. */
    limits: Limits | undefined,
  ) {
    this.#settings = parseStageSettings(document);
    this.#identity = identity;
    this.#means = means;
    this.#hold = hold;
    this.#metrics = this.#metricsOf(undefined);
    this.#throttles = new ThrottleCompiler(identity, means.accountThrottles, limits);
  }

  /** The stage's own parts. */
  compile(): Pick<HttpStage, 'throttle' | 'tracer' | 'watch'> {
    const { requestLog, onlookers, tracing } = this.#means;
    const tracer = tracing?.current;
    return {
      throttle: this.#throttles.of(undefined, this.#settings.defaults),
      tracer,
      watch: new CallWatch({
        metrics: this.#metrics,
        routeMetrics: this.#routeMetrics,
        accessLog: this.#accessLog(),
        lines: requestLog === undefined ? undefined : new CallLines(requestLog, this.#identity),
        onlooker: onlookers.calls,
        spans: tracer === undefined ? undefined : new CallSpans(tracer, this.#identity),
      }),
    };
  }

  /** What the next compilation of the stage takes over. */
  get limits(): Limits {
    return this.#throttles.limits;
  }

  ofRoute(routeKey: string): Pick<HttpRoute, 'throttle'> {
    const settings = settingsOfRoute(this.#settings, routeKey);
    if (settings.detailedMetrics === true) this.#routeMetrics.set(routeKey, this.#metricsOf(routeKey));
    return { throttle: this.#throttles.of(routeKey, settings) };
  }

  /** A compiled route with the settings of now. */
  takeOver(route: HttpRoute): HttpRoute {
    const parts = this.ofRoute(route.key);
    return parts.throttle === route.throttle ? route : Object.freeze({ ...route, ...parts });
  }

  /** Of the stage, or of one of its routes: what they count outlives the compilation. */
  #metricsOf(routeKey: string | undefined): CallMetrics {
    const { apiId, name: stage } = this.#identity;
    const place = { apiId, stage, routeKey };
    return holdMetrics(this.#means.counters.calls, place, () => new CallMetrics(), this.#hold);
  }

  #accessLog(): AccessLog | undefined {
    const { accessLog } = this.#settings;
    if (accessLog === undefined) return undefined;
    const { destinationArn, format } = accessLog;
    const { logSinks } = this.#means;
    const sink = this.#hold(
      () => logSinks.acquire(destinationArn),
      (held) => logSinks.release(held),
    );
    return new AccessLog(destinationArn, format, sink);
  }
}

// A stage's own settings → what its calls get past and are counted and logged by (spec/http-api.md §7, §9). They are
// live without a deployment, and what they have counted so far outlives every compilation.
import { type StageSettings, settingsOfRoute } from '../../config/stage-settings.ts';
import { AccessLog } from '../../http-api/access-log.ts';
import { CallWatch } from '../../http-api/call-watch.ts';
import { CallMetrics } from '../../http-api/metrics.ts';
import { CallLines } from '../../http-api/request-lines.ts';
import type { HttpRoute, HttpStage } from '../../http-api/stage.ts';
import type { StageIdentity } from '../../stage/stage-identity.ts';
import { type Limits, ThrottleCompiler } from '../compile-throttles.ts';
import type { Hold, StageMeans } from '../stage-means.ts';

/** What the next compilation of the stage takes over. */
export interface SettingsParts {
  readonly metrics: CallMetrics;
  readonly routeMetrics: ReadonlyMap<string, CallMetrics>;
  readonly limits: Limits;
}

type SettingsMeans = Pick<StageMeans, 'accountThrottles' | 'logSinks' | 'requestLog'>;

export class StageSettingsCompiler {
  readonly #settings: StageSettings;
  readonly #identity: StageIdentity;
  readonly #means: SettingsMeans;
  readonly #previous: SettingsParts | undefined;
  readonly #metrics: CallMetrics;
  readonly #routeMetrics = new Map<string, CallMetrics>();
  readonly #throttles: ThrottleCompiler;

  constructor(
    settings: StageSettings,
    identity: StageIdentity,
    means: SettingsMeans,
    previous: SettingsParts | undefined,
  ) {
    this.#settings = settings;
    this.#identity = identity;
    this.#means = means;
    this.#previous = previous;
    this.#metrics = previous?.metrics ?? new CallMetrics();
    this.#throttles = new ThrottleCompiler(identity, means.accountThrottles, previous?.limits);
  }

  /** The stage's own parts. */
  compile(hold: Hold): Pick<HttpStage, 'throttle' | 'watch'> {
    const { requestLog } = this.#means;
    return {
      throttle: this.#throttles.of(undefined, this.#settings.defaults),
      watch: new CallWatch({
        metrics: this.#metrics,
        routeMetrics: this.#routeMetrics,
        accessLog: this.#accessLog(hold),
        lines: requestLog === undefined ? undefined : new CallLines(requestLog, this.#identity),
      }),
    };
  }

  get parts(): SettingsParts {
    return { metrics: this.#metrics, routeMetrics: this.#routeMetrics, limits: this.#throttles.limits };
  }

  ofRoute(routeKey: string): Pick<HttpRoute, 'throttle'> {
    const settings = settingsOfRoute(this.#settings, routeKey);
    if (settings.detailedMetrics === true) {
      const metrics = this.#previous?.routeMetrics.get(routeKey) ?? new CallMetrics();
      this.#routeMetrics.set(routeKey, metrics);
    }
    return { throttle: this.#throttles.of(routeKey, settings) };
  }

  /** A compiled route with the settings of now. */
  takeOver(route: HttpRoute): HttpRoute {
    const parts = this.ofRoute(route.key);
    return parts.throttle === route.throttle ? route : Object.freeze({ ...route, ...parts });
  }

  #accessLog(hold: Hold): AccessLog | undefined {
    const { accessLog } = this.#settings;
    if (accessLog === undefined) return undefined;
    const { destinationArn, format } = accessLog;
    const { logSinks } = this.#means;
    const sink = hold(
      () => logSinks.acquire(destinationArn),
      (held) => logSinks.release(held),
    );
    return new AccessLog(destinationArn, format, sink);
  }
}

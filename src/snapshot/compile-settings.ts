// A stage's own settings → what its calls get past and are counted and logged by (spec/http-api.md §7, §9). They are
// live without a deployment, and what they have counted so far outlives every compilation.
import { type StageSettings, settingsOfRoute } from '../config/stage-settings.ts';
import { AccessLog } from '../http-api/access-log.ts';
import { CallMetrics } from '../http-api/metrics.ts';
import type { HttpRoute, HttpStage, StageIdentity } from '../http-api/stage.ts';
import { bucketNumbers, Throttle, TokenBucket } from '../http-api/throttle.ts';
import type { Hold, StageMeans } from './stage-means.ts';

/** What the next compilation of the stage takes over. */
export interface SettingsParts {
  readonly metrics: CallMetrics;
  readonly routeMetrics: ReadonlyMap<string, CallMetrics>;
  /** By route key; `undefined` is that of preflights without a route. */
  readonly limits: ReadonlyMap<string | undefined, Limit>;
}

interface Limit {
  readonly throttle: Throttle;
  readonly bucket: TokenBucket | undefined;
}

type RouteParts = Pick<HttpRoute, 'throttle' | 'metrics'>;

export class StageSettingsCompiler {
  readonly #settings: StageSettings;
  readonly #identity: StageIdentity;
  readonly #means: Pick<StageMeans, 'accountThrottles' | 'logSinks'>;
  readonly #previous: SettingsParts | undefined;
  readonly #metrics: CallMetrics;
  readonly #routeMetrics = new Map<string, CallMetrics>();
  readonly #limits = new Map<string | undefined, Limit>();

  constructor(
    settings: StageSettings,
    identity: StageIdentity,
    means: Pick<StageMeans, 'accountThrottles' | 'logSinks'>,
    previous: SettingsParts | undefined,
  ) {
    this.#settings = settings;
    this.#identity = identity;
    this.#means = means;
    this.#previous = previous;
    this.#metrics = previous?.metrics ?? new CallMetrics();
  }

  /** The stage's own parts. */
  compile(hold: Hold): Pick<HttpStage, 'throttle' | 'metrics' | 'routeMetrics' | 'accessLog'> {
    return {
      throttle: this.#throttle(undefined, this.#settings.defaults),
      metrics: this.#metrics,
      routeMetrics: this.#routeMetrics,
      accessLog: this.#accessLog(hold),
    };
  }

  get parts(): SettingsParts {
    return { metrics: this.#metrics, routeMetrics: this.#routeMetrics, limits: this.#limits };
  }

  ofRoute(routeKey: string): RouteParts {
    const settings = settingsOfRoute(this.#settings, routeKey);
    return {
      throttle: this.#throttle(routeKey, settings),
      metrics: settings.detailedMetrics === true ? this.#metricsOf(routeKey) : undefined,
    };
  }

  /** A compiled route with the settings of now. */
  takeOver(route: HttpRoute): HttpRoute {
    const parts = this.ofRoute(route.key);
    const isSame = parts.throttle === route.throttle && parts.metrics === route.metrics;
    return isSame ? route : Object.freeze({ ...route, ...parts });
  }

  #metricsOf(routeKey: string): CallMetrics {
    const metrics = this.#previous?.routeMetrics.get(routeKey) ?? new CallMetrics();
    this.#routeMetrics.set(routeKey, metrics);
    return metrics;
  }

  #throttle(
    routeKey: string | undefined,
    settings: { readonly rateLimit: number | undefined; readonly burstLimit: number | undefined },
  ): Throttle | undefined {
    const { accountThrottles } = this.#means;
    const { accountId, region } = this.#identity;
    const numbers = bucketNumbers(settings, accountThrottles.limits);
    const account = accountThrottles.bucketOf(accountId, region);
    if (numbers === undefined && account === undefined) return undefined;
    let limit = this.#previous?.limits.get(routeKey);
    if (limit === undefined || (limit.bucket === undefined) !== (numbers === undefined)) {
      const bucket = numbers && new TokenBucket(numbers, performance.now());
      limit = { bucket, throttle: new Throttle(bucket, account) };
    } else if (numbers !== undefined) limit.bucket!.resize(numbers);
    this.#limits.set(routeKey, limit);
    return limit.throttle;
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

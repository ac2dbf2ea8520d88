// A WebSocket stage's own settings → its throttles, metrics and logs. They are live without a deployment
// (spec/websocket-api.md §9, §10.1.1).
import { parseStageSettings, type StageSettings, settingsOfRoute } from '../../config/stage-settings.ts';
import { partitionOf } from '../../grammar/management-arn.ts';
import { compileLogFormat } from '../../stage/log-line.ts';
import type { StageIdentity } from '../../stage/stage-identity.ts';
import type { Throttle } from '../../stage/throttle.ts';
import type { Document } from '../../store/store.ts';
import { EVENT_CONTEXT } from '../../websocket-api/context.ts';
import { EventLines } from '../../websocket-api/event-lines.ts';
import { EventSpans } from '../../websocket-api/event-spans.ts';
import { EventWatch } from '../../websocket-api/event-watch.ts';
import type { ExecutionLogSettings } from '../../websocket-api/execution-log.ts';
import { EventMetrics } from '../../websocket-api/metrics.ts';
import type { SocketRoute } from '../../websocket-api/stage.ts';
import { type Limits, ThrottleCompiler } from '../compile-throttles.ts';
import { holdMetrics } from '../counters.ts';
import type { Hold, StageMeans } from '../stage-means.ts';

export class SocketSettingsCompiler {
  readonly #settings: StageSettings;
  readonly #identity: StageIdentity;
  readonly #means: StageMeans;
  readonly #hold: Hold;
  readonly #throttles: ThrottleCompiler;
  readonly #metrics: EventMetrics;
  readonly #routeMetrics = new Map<string, EventMetrics>();

  constructor(
    /** Of the stage. */
    document: Document,
    identity: StageIdentity,
    means: StageMeans,
    hold: Hold,
    /** Those of the stage as it was. */
    limits: Limits | undefined,
  ) {
    this.#settings = parseStageSettings(document);
    this.#identity = identity;
    this.#means = means;
    this.#hold = hold;
    this.#throttles = new ThrottleCompiler(identity, means.accountThrottles, limits);
    this.#metrics = this.#metricsOf(undefined);
  }

  /** What the next compilation of the stage takes over. */
  get limits(): Limits {
    return this.#throttles.limits;
  }

  ofRoute(routeKey: string): Pick<SocketRoute, 'throttle'> {
    const settings = settingsOfRoute(this.#settings, routeKey);
    if (settings.detailedMetrics === true) this.#routeMetrics.set(routeKey, this.#metricsOf(routeKey));
    // The end of a connection is never throttled (§9.1.3), and its beginning by connectThrottle.
    const isReserved = routeKey === '$connect' || routeKey === '$disconnect';
    return { throttle: isReserved ? undefined : this.#throttles.of(routeKey, settings) };
  }

  /** Connects take tokens whether there is a `$connect` route or not (§1.6.1). */
  connectThrottle(): Throttle | undefined {
    return this.#throttles.of('$connect', settingsOfRoute(this.#settings, '$connect'));
  }

  watch(): EventWatch {
    const { accessLog, defaults, routes } = this.#settings;
    const { logSinks, requestLog, onlookers, tracing } = this.#means;
    const tracer = tracing?.current;
    const sinkOf = (arn: string) =>
      this.#hold(
        () => logSinks.acquire(arn),
        (held) => logSinks.release(held),
      );
    const levels = [defaults, ...routes.values()].map(({ loggingLevel }) => loggingLevel);
    const hasExecutionLog = levels.some((level) => level === 'ERROR' || level === 'INFO');
    const known = new Map<string | undefined, ExecutionLogSettings | undefined>();
    return new EventWatch({
      metrics: this.#metrics,
      routeMetrics: this.#routeMetrics,
      accessLog:
        accessLog === undefined
          ? undefined
          : {
              line: compileLogFormat(accessLog.format, EVENT_CONTEXT),
              sink: sinkOf(accessLog.destinationArn),
            },
      executionLogOf: (routeKey) => {
        let settings = known.get(routeKey);
        if (settings === undefined && !known.has(routeKey)) {
          settings = this.#executionLog(routeKey);
          known.set(routeKey, settings);
        }
        return settings;
      },
      lines: requestLog === undefined ? undefined : new EventLines(requestLog, this.#identity),
      onlooker: onlookers.events,
      spans: tracer === undefined ? undefined : new EventSpans(tracer, this.#identity),
      executionSink: hasExecutionLog ? sinkOf(this.#executionLogArn()) : undefined,
    });
  }

  /** Of the stage, or of one of its routes: what they count outlives the compilation. */
  #metricsOf(routeKey: string | undefined): EventMetrics {
    const { apiId, name: stage } = this.#identity;
    const place = { apiId, stage, routeKey };
    return holdMetrics(this.#means.counters.events, place, () => new EventMetrics(), this.#hold);
  }

  #executionLog(routeKey: string | undefined): ExecutionLogSettings | undefined {
    const { loggingLevel, dataTrace } = settingsOfRoute(this.#settings, routeKey ?? '');
    if (loggingLevel === undefined || loggingLevel === 'OFF') return undefined;
    return { level: loggingLevel, isTraced: dataTrace === true };
  }

  /** `/aws/apigateway/{apiId}/{stage}` (§9.3.1). */
  #executionLogArn(): string {
    const { region, accountId, apiId, name } = this.#identity;
    return `arn:${partitionOf(region)}:logs:${region}:${accountId}:log-group:/aws/apigateway/${apiId}/${name}`;
  }
}

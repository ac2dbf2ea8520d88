// A stage's own settings, which are live without a deployment: stored document → what the compiler works with
// (spec/http-api.md §7, §8, §9.1).
import type { FrozenApi } from './frozen.ts';

type Document = FrozenApi['Api'];

/** Of one route, or of all that say nothing. Undefined: not set. */
export interface RouteSettings {
  /** Tokens a second. */
  readonly rateLimit: number | undefined;
  /** Size of the bucket. */
  readonly burstLimit: number | undefined;
  readonly detailedMetrics: boolean | undefined;
  /** Of WebSocket APIs: what goes into the execution log. */
  readonly loggingLevel: 'OFF' | 'ERROR' | 'INFO' | undefined;
  readonly dataTrace: boolean | undefined;
}

export interface AccessLogSettings {
  readonly destinationArn: string;
  readonly format: string;
}

export interface StageSettings {
  readonly defaults: RouteSettings;
  /** By route key. */
  readonly routes: ReadonlyMap<string, RouteSettings>;
  readonly accessLog: AccessLogSettings | undefined;
}

/** Parses the document of a stage. */
export function parseStageSettings(document: Document): StageSettings {
  const routes = Object.entries((document.RouteSettings ?? {}) as Record<string, Document>);
  const log = (document.AccessLogSettings ?? {}) as { DestinationArn?: string; Format?: string };
  return {
    defaults: parseRouteSettings((document.DefaultRouteSettings ?? {}) as Document),
    routes: new Map(routes.map(([key, settings]) => [key, parseRouteSettings(settings)])),
    accessLog:
      log.DestinationArn === undefined || log.Format === undefined
        ? undefined
        : { destinationArn: log.DestinationArn, format: log.Format },
  };
}

/** What holds for a route: what its own settings do not say is the default's to say (spec/http-api.md §7.1). */
export function settingsOfRoute({ defaults, routes }: StageSettings, routeKey: string): RouteSettings {
  const own = routes.get(routeKey);
  if (own === undefined) return defaults;
  return {
    rateLimit: own.rateLimit ?? defaults.rateLimit,
    burstLimit: own.burstLimit ?? defaults.burstLimit,
    detailedMetrics: own.detailedMetrics ?? defaults.detailedMetrics,
    loggingLevel: own.loggingLevel ?? defaults.loggingLevel,
    dataTrace: own.dataTrace ?? defaults.dataTrace,
  };
}

function parseRouteSettings(document: Document): RouteSettings {
  const {
    ThrottlingRateLimit: rate,
    ThrottlingBurstLimit: burst,
    DetailedMetricsEnabled: metrics,
    LoggingLevel: level,
    DataTraceEnabled: trace,
  } = document;
  return {
    rateLimit: typeof rate === 'number' ? rate : undefined,
    burstLimit: typeof burst === 'number' ? burst : undefined,
    detailedMetrics: typeof metrics === 'boolean' ? metrics : undefined,
    loggingLevel: typeof level === 'string' ? loggingLevel(level) : undefined,
    dataTrace: typeof trace === 'boolean' ? trace : undefined,
  };
}

/** A level that there is none of stands for INFO, which logs the most (spec/management-api.md §2.8.2). */
function loggingLevel(level: string): RouteSettings['loggingLevel'] {
  return level === 'OFF' || level === 'ERROR' ? level : 'INFO';
}

// Follows the calls of a stage: metrics, access log, request log (spec/http-api.md §7.3, §9), and for who looks.
import type { Onlooker } from '../stage/watch.ts';
import type { AccessLog } from './access-log.ts';
import type { Call } from './call.ts';
import type { CallSpans } from './call-spans.ts';
import type { CallMetrics } from './metrics.ts';
import type { CallLines } from './request-lines.ts';
import type { StageWatch } from './stage.ts';

export interface CallWatchParts {
  readonly metrics: CallMetrics;
  /** By route key: of the routes with DetailedMetricsEnabled. */
  readonly routeMetrics: ReadonlyMap<string, CallMetrics>;
  readonly accessLog: AccessLog | undefined;
  /** Undefined where requests are not logged. */
  readonly lines: CallLines | undefined;
  readonly onlooker: Onlooker<Call>;
  /** Undefined where no traces are configured. */
  readonly spans: CallSpans | undefined;
}

export class CallWatch implements StageWatch {
  readonly parts: CallWatchParts;

  constructor(parts: CallWatchParts) {
    this.parts = parts;
  }

  onOver(call: Call): void {
    const { metrics, routeMetrics, accessLog, lines, onlooker, spans } = this.parts;
    metrics.observe(call);
    if (routeMetrics.size > 0 && call.route !== undefined) routeMetrics.get(call.route.key)?.observe(call);
    accessLog?.write(call);
    lines?.write(call);
    onlooker.current?.onOver(call);
    spans?.write(call);
  }

  accessLogEntry(call: Call): string | undefined {
    return this.parts.accessLog?.line(call);
  }
}

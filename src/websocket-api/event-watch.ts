// Follows the events of a stage: metrics, access log, execution log (spec/websocket-api.md §9), and for who looks.
import type { LogSink } from '../stage/log-line.ts';
import type { Onlooker } from '../stage/watch.ts';
import type { SocketEvent } from './event.ts';
import type { EventLines } from './event-lines.ts';
import type { EventSpans } from './event-spans.ts';
import { type ExecutionLogSettings, writeExecutionLog } from './execution-log.ts';
import type { EventMetrics } from './metrics.ts';
import type { StageWatch } from './stage.ts';

export interface EventWatchParts {
  readonly metrics: EventMetrics;
  /** By route key: of the routes with DetailedMetricsEnabled. */
  readonly routeMetrics: ReadonlyMap<string, EventMetrics>;
  readonly accessLog: { readonly line: (event: SocketEvent) => string; readonly sink: LogSink } | undefined;
  /** What goes into the execution log of a route's events, `undefined` being events without a route; undefined: nothing. */
  readonly executionLogOf: (routeKey: string | undefined) => ExecutionLogSettings | undefined;
  readonly executionSink: LogSink | undefined;
  /** Undefined where events are not logged. */
  readonly lines: EventLines | undefined;
  readonly onlooker: Onlooker<SocketEvent>;
  /** Undefined where no traces are configured. */
  readonly spans: EventSpans | undefined;
}

export class EventWatch implements StageWatch {
  readonly parts: EventWatchParts;

  constructor(parts: EventWatchParts) {
    this.parts = parts;
  }

  onOver(event: SocketEvent): void {
    const { metrics, routeMetrics, accessLog, executionSink, lines, onlooker, spans } = this.parts;
    metrics.observe(event);
    if (routeMetrics.size > 0 && event.route !== undefined) routeMetrics.get(event.route.key)?.observe(event);
    accessLog?.sink.write(accessLog.line(event), event.requestedAt);
    lines?.write(event);
    onlooker.current?.onOver(event);
    spans?.write(event);
    if (executionSink === undefined) return;
    const settings = this.parts.executionLogOf(event.route?.key);
    if (settings !== undefined) writeExecutionLog(event, settings, executionSink);
  }

  accessLogEntry(event: SocketEvent): string | undefined {
    return this.parts.accessLog?.line(event);
  }

  onPosted(): void {
    this.parts.metrics.messages++;
  }

  tracesData(routeKey: string | undefined): boolean {
    const { onlooker, executionSink } = this.parts;
    if (onlooker.current !== undefined) return true;
    return executionSink !== undefined && this.parts.executionLogOf(routeKey)?.isTraced === true;
  }
}

// GET /_postern/metrics: API Gateway's metrics and the process's own, in the text format of Prometheus
// (spec/http-api.md §7.3; docs/guide/logs-and-metrics.md has the table of names).
import type { SpanCounts } from '../../backends/traces/span-queue.ts';
import type { CallMetrics } from '../../http-api/metrics.ts';
import type { CountedPlace, PlaceMetrics } from '../../snapshot/counters.ts';
import { BUCKET_MICROS, type Histogram } from '../../stage/histogram.ts';
import type { EventMetrics } from '../../websocket-api/metrics.ts';
import type { PosternRoute } from './postern-routes.ts';

const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** What has been counted since the start: plain data. */
export interface Counts {
  readonly calls: readonly PlaceMetrics<CallMetrics>[];
  readonly events: readonly PlaceMetrics<EventMetrics>[];
  /** Lines of access logs that were lost. */
  readonly lostLogLines: number;
  /** Undefined where traces were never configured. */
  readonly spans: Readonly<SpanCounts> | undefined;
}

export function metricsRoute(counts: () => Promise<Counts>): PosternRoute {
  return async () => ({ status: 200, contentType: CONTENT_TYPE, body: printMetrics(await counts()) });
}

interface Series<C> {
  /** `api_id="a1",stage="prod"`. */
  readonly labels: string;
  readonly metrics: C;
}

function printMetrics({ calls, events, lostLogLines, spans }: Counts): string {
  const page = new Page();
  page.calls('apigateway', 'of a stage', calls.filter(isOfStage).map(seriesOf));
  const ofRoutes = calls.filter((each) => !isOfStage(each));
  page.calls('apigateway_route', 'of a route with DetailedMetricsEnabled', ofRoutes.map(seriesOf));
  page.events(events.map(seriesOf));
  page.one('postern_access_log_lost_lines_total', 'counter', 'Access log lines lost.', lostLogLines);
  if (spans !== undefined) {
    page.one('postern_spans_exported_total', 'counter', 'Spans that the collector took.', spans.exported);
    page.one('postern_spans_dropped_total', 'counter', 'Spans that were lost.', spans.dropped);
  }
  page.process();
  return page.text;
}

class Page {
  text = '';

  /** The metrics of calls under names that begin with `prefix`. */
  calls(prefix: string, whose: string, series: readonly Series<CallMetrics>[]): void {
    if (series.length === 0) return;
    const counters: readonly (readonly [name: string, help: string, read: (from: CallMetrics) => number])[] =
      [
        ['count_total', `Requests ${whose} (Count).`, ({ count }) => count],
        ['4xx_total', `Replies 4xx ${whose} (4xx).`, ({ clientErrors }) => clientErrors],
        ['5xx_total', `Replies 5xx ${whose} (5xx).`, ({ serverErrors }) => serverErrors],
        [
          'data_processed_bytes_total',
          `Body bytes both ways ${whose} (DataProcessed).`,
          ({ dataProcessed }) => dataProcessed,
        ],
      ];
    for (const [name, help, read] of counters) {
      this.#head(`${prefix}_${name}`, 'counter', help);
      for (const { labels, metrics } of series)
        this.text += `${prefix}_${name}{${labels}} ${read(metrics)}\n`;
    }
    this.#histograms(
      `${prefix}_latency_seconds`,
      `Request to end of reply ${whose} (Latency).`,
      series,
      (of) => of.latency,
    );
    this.#histograms(
      `${prefix}_integration_latency_seconds`,
      `Integration called to its answer ${whose} (IntegrationLatency).`,
      series,
      (of) => of.integrationLatency,
    );
  }

  /** The metrics of WebSocket APIs; series with a route are those of DetailedMetricsEnabled. */
  events(series: readonly Series<EventMetrics>[]): void {
    if (series.length === 0) return;
    const counters: readonly (readonly [name: string, help: string, read: (from: EventMetrics) => number])[] =
      [
        ['connect_count_total', 'Connect requests to the integration (ConnectCount).', (of) => of.connects],
        ['message_count_total', 'Messages in both directions (MessageCount).', (of) => of.messages],
        ['client_error_total', 'Refusals before the integration (ClientError).', (of) => of.clientErrors],
        [
          'execution_error_total',
          'Integrations without usable answer (ExecutionError).',
          (of) => of.executionErrors,
        ],
        [
          'integration_error_total',
          'Integrations that answered 4xx or 5xx (IntegrationError).',
          (of) => of.integrationErrors,
        ],
      ];
    for (const [name, help, read] of counters) {
      this.#head(`apigateway_websocket_${name}`, 'counter', help);
      for (const { labels, metrics } of series)
        this.text += `apigateway_websocket_${name}{${labels}} ${read(metrics)}\n`;
    }
    this.#histograms(
      'apigateway_websocket_integration_latency_seconds',
      'Integration called to its answer (IntegrationLatency).',
      series,
      (of) => of.integrationLatency,
    );
  }

  one(name: string, type: string, help: string, value: number): void {
    this.#head(name, type, help);
    this.text += `${name} ${value}\n`;
  }

  /** Under the names that Prometheus clients use. */
  process(): void {
    const { user, system } = process.cpuUsage();
    const { rss, heapUsed } = process.memoryUsage();
    const startedAt = Date.now() / 1_000 - process.uptime();
    this.one('process_cpu_seconds_total', 'counter', 'CPU time.', (user + system) / 1e6);
    this.one('process_resident_memory_bytes', 'gauge', 'Resident memory.', rss);
    this.one('process_start_time_seconds', 'gauge', 'Start, seconds since 1970.', startedAt);
    this.one('nodejs_heap_size_used_bytes', 'gauge', 'JavaScript heap in use.', heapUsed);
    const { utilization } = performance.eventLoopUtilization();
    this.one(
      'nodejs_eventloop_utilization',
      'gauge',
      'Busy part of the event loop since the start.',
      utilization,
    );
  }

  #histograms<C>(
    name: string,
    help: string,
    series: readonly Series<C>[],
    read: (from: C) => Histogram,
  ): void {
    this.#head(name, 'histogram', help);
    for (const { labels, metrics } of series) {
      const { counts, sumMicros } = read(metrics);
      let below = 0;
      for (const [i, count] of counts.entries()) {
        below += count;
        const bound = i < BUCKET_MICROS.length ? String(BUCKET_MICROS[i]! / 1e6) : '+Inf';
        this.text += `${name}_bucket{${labels},le="${bound}"} ${below}\n`;
      }
      this.text += `${name}_sum{${labels}} ${sumMicros / 1e6}\n${name}_count{${labels}} ${below}\n`;
    }
  }

  #head(name: string, type: string, help: string): void {
    this.text += `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
  }
}

function isOfStage({ routeKey }: CountedPlace): boolean {
  return routeKey === undefined;
}

function seriesOf<C>({ apiId, stage, routeKey, metrics }: PlaceMetrics<C>): Series<C> {
  const ofStage = `api_id="${apiId}",stage="${labelText(stage)}"`;
  return { labels: routeKey === undefined ? ofStage : `${ofStage},route="${labelText(routeKey)}"`, metrics };
}

function labelText(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

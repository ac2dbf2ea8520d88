// GET /_postern/metrics: API Gateway's metrics and the process's own, in the text format of Prometheus
// (spec/http-api.md §7.3; docs/guide/logs-and-metrics.md has the table of names).
import { CallWatch } from '../http-api/call-watch.ts';
import type { CallMetrics } from '../http-api/metrics.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { BUCKET_MICROS, type Histogram } from '../stage/histogram.ts';
import { EventWatch } from '../websocket-api/event-watch.ts';
import type { EventMetrics } from '../websocket-api/metrics.ts';
import type { PosternRoute } from './postern-routes.ts';

const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

export interface MetricsMeans {
  readonly snapshot: () => Snapshot;
  /** Lines of access logs that were lost. */
  readonly droppedLogLines: () => number;
}

export function metricsRoute(means: MetricsMeans): PosternRoute {
  return () => ({ status: 200, contentType: CONTENT_TYPE, body: printMetrics(means) });
}

interface EventSeries {
  readonly labels: string;
  readonly metrics: EventMetrics;
}

interface Series {
  /** `api_id="a1",stage="prod"`. */
  readonly labels: string;
  readonly metrics: CallMetrics;
}

function printMetrics({ snapshot, droppedLogLines }: MetricsMeans): string {
  const stages: Series[] = [];
  const routes: Series[] = [];
  const events: EventSeries[] = [];
  for (const api of snapshot().apis.values()) {
    const labelsOf = (stage: string): string => `api_id="${api.apiId}",stage="${labelText(stage)}"`;
    if (api.kind === 'http') {
      for (const { name, watch } of api.stages.values()) {
        if (!(watch instanceof CallWatch)) continue;
        const { metrics, routeMetrics } = watch.parts;
        const labels = labelsOf(name);
        stages.push({ labels, metrics });
        for (const [key, each] of routeMetrics) {
          routes.push({ labels: `${labels},route="${labelText(key)}"`, metrics: each });
        }
      }
      continue;
    }
    for (const { name, watch } of api.stages.values()) {
      if (!(watch instanceof EventWatch)) continue;
      const labels = labelsOf(name);
      events.push({ labels, metrics: watch.parts.metrics });
      for (const [key, metrics] of watch.parts.routeMetrics) {
        events.push({ labels: `${labels},route="${labelText(key)}"`, metrics });
      }
    }
  }
  const page = new Page();
  page.calls('apigateway', 'of a stage', stages);
  page.calls('apigateway_route', 'of a route with DetailedMetricsEnabled', routes);
  page.events(events);
  page.one('postern_access_log_lost_lines_total', 'counter', 'Access log lines lost.', droppedLogLines());
  page.process();
  return page.text;
}

class Page {
  text = '';

  /** The metrics of calls under names that begin with `prefix`. */
  calls(prefix: string, whose: string, series: readonly Series[]): void {
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
  events(series: readonly EventSeries[]): void {
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

  #histograms<M>(
    name: string,
    help: string,
    series: readonly { readonly labels: string; readonly metrics: M }[],
    read: (from: M) => Histogram,
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

function labelText(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

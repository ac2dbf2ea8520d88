// GET /_postern/metrics: API Gateway's metrics and the process's own, in the text format of Prometheus
// (spec/http-api.md §7.3; docs/guide/logs-and-metrics.md has the table of names).
import type { SpanCounts } from '../../backends/traces/span-queue.ts';
import type { CountedFunctions, FunctionCounts } from '../../functions/function-counts.ts';
import type { CallMetrics } from '../../http-api/metrics.ts';
import type { CountedPlace, PlaceMetrics } from '../../snapshot/counters.ts';
import { BUCKET_MICROS, type Histogram } from '../../stage/histogram.ts';
import type { ProcessFigures } from '../../telemetry/process-figures.ts';
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
  /** WebSocket connections that are open. */
  readonly connections: number;
  /** Whether what is stored goes live. */
  readonly areChangesLive: boolean;
  /** Where another deployment than the wanted one is live. */
  readonly failedStages: readonly Pick<CountedPlace, 'apiId' | 'stage'>[];
  /** Of the process that answers. */
  readonly process: ProcessFigures;
  /** Those that have counted, where they are processes of their own. */
  readonly workers?: readonly CountedWorker[];
  /** Whether rate limits hold for all programs together at present; undefined where none are shared. */
  readonly limitsAreShared?: boolean | undefined;
  /** Whether PostgreSQL can be reached; undefined where the store is not there. */
  readonly storeIsUp?: boolean | undefined;
}

interface CountedWorker {
  readonly number: number;
  /** Undefined where it has not answered: what it told last is counted. */
  readonly process: ProcessFigures | undefined;
}

export function metricsRoute(
  counts: () => Promise<Counts>,
  functions: () => Promise<CountedFunctions>,
): PosternRoute {
  return async () => {
    const [counted, ofFunctions] = await Promise.all([counts(), functions()]);
    return { status: 200, contentType: CONTENT_TYPE, body: printMetrics(counted, ofFunctions) };
  };
}

interface Series<C> {
  /** `api_id="a1",stage="prod"`. */
  readonly labels: string;
  readonly metrics: C;
}

function printMetrics(counts: Counts, functions: CountedFunctions): string {
  const { calls, events, lostLogLines, spans, limitsAreShared, workers } = counts;
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
  if (limitsAreShared !== undefined) {
    const help = 'Whether rate limits hold for all programs together at present.';
    page.one('postern_limits_shared', 'gauge', help, Number(limitsAreShared));
  }
  if (counts.storeIsUp !== undefined) {
    page.one('postern_store_up', 'gauge', '1 while PostgreSQL can be reached.', Number(counts.storeIsUp));
  }
  page.one('postern_connections', 'gauge', 'WebSocket connections that are open.', counts.connections);
  const areLive = counts.areChangesLive ? 1 : 0;
  page.one('postern_changes_live', 'gauge', '0 while changes are stored that do not go live.', areLive);
  page.several(
    'postern_stage_failed',
    'gauge',
    'Stages where another deployment than the wanted one is live.',
    counts.failedStages.map((stage) => [`{${labelsOf(stage)}}`, 1]),
  );
  for (const [name, type, help, read] of FUNCTION_METRICS) {
    const values = functions.functions.map((each) => [functionLabel(each), read(each)] as const);
    page.several(`postern_function_${name}`, type, help, values);
  }
  if (workers !== undefined) {
    page.one('postern_workers', 'gauge', 'Processes that serve APIs, as wanted.', workers.length);
    const up = workers.map(({ number, process }) => [`{worker="${number}"}`, process ? 1 : 0] as const);
    page.several('postern_worker_up', 'gauge', '1 for a worker that has answered.', up);
  }
  const processes = processesOf(counts, functions);
  for (const [name, type, help, read] of PROCESS_METRICS) {
    page.several(
      name,
      type,
      help,
      processes.map(([labels, figures]) => [labels, read(figures)] as const),
    );
  }
  return page.text;
}

type Type = 'counter' | 'gauge';

/** Names behind `postern_function_`. */
const FUNCTION_METRICS: readonly (readonly [
  name: string,
  type: Type,
  help: string,
  read: (of: FunctionCounts) => number,
])[] = [
  [
    'invocations_total',
    'counter',
    'Calls of a function of this machine (Invocations).',
    (of) => of.invocations,
  ],
  ['errors_total', 'counter', 'Calls that failed or took too long (Errors).', (of) => of.errors],
  ['throttles_total', 'counter', 'Calls that were refused as too many (Throttles).', (of) => of.throttles],
  ['running', 'gauge', 'Calls that run (ConcurrentExecutions).', (of) => of.running],
  ['waiting', 'gauge', 'Calls that wait for a process of the function.', (of) => of.waiting],
  ['instances', 'gauge', 'Processes of a function.', (of) => of.instances],
];

/** Under the names that Prometheus clients use. */
const PROCESS_METRICS: readonly (readonly [
  name: string,
  type: Type,
  help: string,
  read: (of: ProcessFigures) => number,
])[] = [
  ['process_cpu_seconds_total', 'counter', 'CPU time.', (of) => of.cpu],
  ['process_resident_memory_bytes', 'gauge', 'Resident memory.', (of) => of.resident],
  ['process_start_time_seconds', 'gauge', 'Start, seconds since 1970.', (of) => of.startedAt],
  ['nodejs_heap_size_used_bytes', 'gauge', 'JavaScript heap in use.', (of) => of.heapUsed],
  [
    'nodejs_eventloop_utilization',
    'gauge',
    'Busy part of the event loop since the start.',
    (of) => of.utilization,
  ],
];

/** One process has no label; of several each has one. */
function processesOf(
  { process: own, workers }: Counts,
  { process: ofFunctions }: CountedFunctions,
): readonly (readonly [labels: string, figures: ProcessFigures])[] {
  if (workers === undefined) return [['', own]];
  const named = (name: string, figures: ProcessFigures | undefined) =>
    figures === undefined ? [] : [[`{process="${name}"}`, figures] as const];
  return [
    ...named('primary', own),
    ...workers.flatMap(({ number, process }) => named(`worker ${number}`, process)),
    ...named('functions', ofFunctions),
  ];
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

  /** One number for each set of labels, which are written as they stand in the page: `{worker="0"}`. */
  several(
    name: string,
    type: string,
    help: string,
    values: readonly (readonly [labels: string, value: number])[],
  ): void {
    if (values.length === 0) return;
    this.#head(name, type, help);
    for (const [labels, value] of values) this.text += `${name}${labels} ${value}\n`;
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

function seriesOf<C>({ routeKey, metrics, ...place }: PlaceMetrics<C>): Series<C> {
  const ofStage = labelsOf(place);
  return { labels: routeKey === undefined ? ofStage : `${ofStage},route="${labelText(routeKey)}"`, metrics };
}

function labelsOf({ apiId, stage }: Pick<CountedPlace, 'apiId' | 'stage'>): string {
  return `api_id="${apiId}",stage="${labelText(stage)}"`;
}

function functionLabel({ key }: FunctionCounts): string {
  return `{function="${labelText(key)}"}`;
}

function labelText(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

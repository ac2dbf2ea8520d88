// The page of metrics, for one process and for several (docs/guide/logs-and-metrics.md).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CountedFunctions } from '../../functions/function-counts.ts';
import type { ProcessFigures } from '../../telemetry/process-figures.ts';
import { type Counts, metricsRoute } from './metrics-route.ts';
import type { PosternRequest } from './postern-routes.ts';

const figures: ProcessFigures = { cpu: 1.5, resident: 1_000, heapUsed: 500, startedAt: 7, utilization: 0.25 };
const counts: Counts = {
  calls: [],
  events: [],
  lostLogLines: 2,
  spans: undefined,
  connections: 3,
  areChangesLive: true,
  failedStages: [],
  process: figures,
};
const noFunctions: CountedFunctions = { functions: [] };

/** The lines that are no comments, with their values. */
async function linesOf(counted: Counts, functions = noFunctions): Promise<readonly string[]> {
  const route = metricsRoute(
    async () => counted,
    async () => functions,
  );
  const { body } = await route({} as PosternRequest);
  for (const line of body.split('\n').slice(0, -1)) {
    assert.match(line, /^(?:# (?:HELP|TYPE) \w+ \S.*|\w+(?:\{\w+="[^"]*"(?:,\w+="[^"]*")*\})? [\d.]+)$/);
  }
  return body.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

test('one process has no labels of processes', async () => {
  assert.deepEqual(await linesOf(counts), [
    'postern_access_log_lost_lines_total 2',
    'postern_connections 3',
    'postern_changes_live 1',
    'process_cpu_seconds_total 1.5',
    'process_resident_memory_bytes 1000',
    'process_start_time_seconds 7',
    'nodejs_heap_size_used_bytes 500',
    'nodejs_eventloop_utilization 0.25',
  ]);
});

test('several processes are told apart, and one that is silent is named', async () => {
  const workers = [
    { number: 0, process: { ...figures, resident: 2_000 } },
    { number: 1, process: undefined },
  ];
  const functions = { functions: [], process: { ...figures, resident: 3_000 } };
  const lines = await linesOf({ ...counts, workers }, functions);
  assert.deepEqual(
    lines.filter((line) => /worker|resident/.test(line)),
    [
      'postern_workers 2',
      'postern_worker_up{worker="0"} 1',
      'postern_worker_up{worker="1"} 0',
      'process_cpu_seconds_total{process="worker 0"} 1.5',
      'process_resident_memory_bytes{process="primary"} 1000',
      'process_resident_memory_bytes{process="worker 0"} 2000',
      'process_resident_memory_bytes{process="functions"} 3000',
      'process_start_time_seconds{process="worker 0"} 7',
      'nodejs_heap_size_used_bytes{process="worker 0"} 500',
      'nodejs_eventloop_utilization{process="worker 0"} 0.25',
    ],
  );
});

test('what does not go live, and what functions do', async () => {
  const hello = {
    key: 'hello',
    invocations: 5,
    errors: 1,
    throttles: 2,
    running: 3,
    waiting: 4,
    instances: 6,
  };
  const failedStages = [{ apiId: 'a1', stage: '$default' }];
  const lines = await linesOf(
    { ...counts, areChangesLive: false, failedStages },
    { functions: [hello, { ...hello, key: 'bye', running: 0 }] },
  );
  assert.deepEqual(
    lines.filter((line) => /live|failed|function_/.test(line)),
    [
      'postern_changes_live 0',
      'postern_stage_failed{api_id="a1",stage="$default"} 1',
      'postern_function_invocations_total{function="hello"} 5',
      'postern_function_invocations_total{function="bye"} 5',
      'postern_function_errors_total{function="hello"} 1',
      'postern_function_errors_total{function="bye"} 1',
      'postern_function_throttles_total{function="hello"} 2',
      'postern_function_throttles_total{function="bye"} 2',
      'postern_function_running{function="hello"} 3',
      'postern_function_running{function="bye"} 0',
      'postern_function_waiting{function="hello"} 4',
      'postern_function_waiting{function="bye"} 4',
      'postern_function_instances{function="hello"} 6',
      'postern_function_instances{function="bye"} 6',
    ],
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProcessesReport } from '../findings/processes.ts';
import { processChecks } from './process-look.ts';

const worker = (number: number) => ({ number, pid: 10 + number, isUp: true, isServing: true });
const two: ProcessesReport = { pid: 9, accepts: 'reusePort', workers: [worker(0), worker(1)] };
const MIGRATE =
  'note connections that wait for a worker when it ends are reset; with "sysctl net.ipv4.tcp_migrate_req=1" the other workers take them';

const rows: readonly [
  name: string,
  report: ProcessesReport,
  migrates: boolean | undefined,
  says: string[],
][] = [
  [
    'one process',
    { ...two, accepts: 'alone', workers: [worker(0)] },
    false,
    ['good process 9 does everything'],
  ],
  [
    'two, by the system',
    two,
    true,
    ['good 2 workers (10, 11) behind process 9; the system shares connections out'],
  ],
  [
    'two, by the primary',
    { ...two, accepts: 'roundRobin', functionsPid: 8 },
    false,
    ['good 2 workers (10, 11) behind process 9; that one shares connections out, process 8 runs functions'],
  ],
  [
    'waiting connections are reset',
    two,
    false,
    ['good 2 workers (10, 11) behind process 9; the system shares connections out', MIGRATE],
  ],
  [
    'another system',
    two,
    undefined,
    ['good 2 workers (10, 11) behind process 9; the system shares connections out'],
  ],
  [
    'one is gone, one is silent',
    {
      ...two,
      workers: [
        { ...worker(0), isUp: false },
        { ...worker(1), pid: undefined, isUp: false },
      ],
    },
    true,
    ['bad worker 0 (process 10) does not answer', 'bad worker 1 is not there'],
  ],
];

for (const [name, report, migrates, says] of rows) {
  test(name, () => {
    const checks = processChecks(report, migrates);
    assert.deepEqual(
      checks.map(({ state, text }) => `${state} ${text}`),
      says,
    );
  });
}

// What an idle connection takes where a registry keeps it: in the workers, in the primary, and in the database; how fast connections
// come in; and what one million of them would take by that.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench, Outcome, Row, Scenario } from '../bench.ts';
import { startCluster } from '../gateways/cluster.ts';
import { hostOf, type RunningPostern } from '../gateways/postern.ts';
import { residentMiB } from '../proc.ts';
import type { Opened } from '../sockets/crowd.ts';
import { Crowd, makeConnectRoute, makeSocketApi, STAGE, TELL_ID } from '../sockets/start.ts';

const CONNECTIONS = 10_000;
const WORKERS = 2;
/** Connections that open first and end, so that code and pages which belong to no connection are there before. */
const WARM = 2_000;
/** Quiet time in which a process collects what opening the connections left. */
const SETTLE_MILLIS = 12_000;
/** Of a worker in the calculation. */
const A_WORKER = 25_000;
const MILLION = 1_000_000;

export const idleSockets: Scenario = {
  name: 'idle-sockets',
  title: `${CONNECTIONS} idle connections on ${WORKERS} workers with PostgreSQL, and one million by calculation`,
  async run(bench): Promise<Outcome> {
    const cluster = await startCluster(bench, 1, { words: ['--workers', String(WORKERS)] });
    try {
      const [node] = cluster.nodes as [RunningPostern];
      const apiId = await makeSocketApi(node.client, TELL_ID);
      await makeConnectRoute(node.client, apiId);
      const server = { port: node.port, host: hostOf(apiId), path: `/${STAGE}` };
      await openAndLeave(bench, server);
      const before = memoryOf(node);
      const crowd = new Crowd(bench, server);
      try {
        const opened = await crowd.tell<Opened>(`open ${CONNECTIONS}`);
        await sleep(SETTLE_MILLIS);
        const after = memoryOf(node);
        const kibEach = ((after.workers - before.workers) * 1024) / opened.open;
        const primaryBytes = ((after.primary - before.primary) * 1024 * 1024) / opened.open;
        const [table] = await cluster.postgres.sql(
          "select pg_total_relation_size('postern.connection') as bytes",
          new URL(cluster.postgres.url('db1')).pathname.slice(1),
        );
        const rowBytes = Number(table!.bytes) / opened.open;
        const perSecond = opened.open / opened.seconds;
        return {
          table: [
            {
              connections: opened.open,
              'opened/s': Math.round(perSecond),
              ...{ 'p50 ms': opened.p50Millis.toFixed(1), 'p99 ms': opened.p99Millis.toFixed(1) },
              'KiB each, worker': kibEach.toFixed(1),
              'bytes each, primary': Math.round(primaryBytes),
              'bytes each, database': Math.round(rowBytes),
            },
            million(before, kibEach, primaryBytes, rowBytes),
          ],
          goals: [
            { what: 'memory of an idle connection in its worker', value: kibEach, unit: ' KiB', atMost: 6 },
          ],
          notes: [
            'What resident memory says of the primary is coarse: 1 MiB, which its collector takes or gives, is 105 bytes each.',
            `The second row is calculated: workers of ${A_WORKER} connections, as much each as was measured.`,
            'Clients, workers and the database share the cores of this machine: connections opened a second are a lower bound.',
          ],
        };
      } finally {
        crowd.end();
      }
    } finally {
      await cluster.stop();
    }
  },
};

/** Mebibytes. */
interface Memory {
  readonly primary: number;
  readonly workers: number;
}

function memoryOf({ program }: RunningPostern): Memory {
  const [primary, ...others] = program.pids();
  return { primary: residentMiB([primary!]), workers: residentMiB(others) };
}

async function openAndLeave(bench: Bench, server: ConstructorParameters<typeof Crowd>[1]): Promise<void> {
  const crowd = new Crowd(bench, server);
  await crowd.tell(`open ${WARM}`);
  await crowd.tell('leave');
  crowd.end();
  await sleep(SETTLE_MILLIS);
}

function million(before: Memory, kibEach: number, primaryBytes: number, rowBytes: number): Row {
  const workers = MILLION / A_WORKER;
  const gibOfWorkers = (workers * (before.workers / WORKERS + (A_WORKER * kibEach) / 1024)) / 1024;
  const gibOfPrimaries = (MILLION * Math.max(0, primaryBytes)) / 2 ** 30;
  return {
    connections: `${MILLION} (${workers} workers)`,
    'KiB each, worker': `${gibOfWorkers.toFixed(1)} GiB`,
    'bytes each, primary': `${gibOfPrimaries.toFixed(2)} GiB`,
    'bytes each, database': `${((MILLION * rowBytes) / 2 ** 30).toFixed(2)} GiB`,
  };
}

// A node dies with its WebSocket connections: their clients come back to another one, which tells the ends of those that were lost meanwhile.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Outcome, Scenario } from '../bench.ts';
import { call } from '../call.ts';
import { startCluster } from '../gateways/cluster.ts';
import { hostOf, type RunningPostern } from '../gateways/postern.ts';
import { forgetPeak, peakMiB, residentMiB } from '../proc.ts';
import { percentile } from '../rounds.ts';
import { countEnds } from '../sockets/ends.ts';
import type { Returned } from '../sockets/returning.ts';
import { makeConnectRoute, makeSocketApi, ReturningCrowd, STAGE, TELL_ID } from '../sockets/start.ts';

const CLIENTS = 10_000;
/** Connections of the node that lives on. */
const STAYING = 1_000;
/** Of one process, gateway's or client's, whose files are limited; and of one address, whose ports are. */
const MOST_OF_A_PROCESS = 15_000;
/** What a process has open besides. */
const OTHER_FILES = 1_000;
const PATIENCE_SECONDS = 180;
/** And how long ends that are missing are waited for, when all are back. */
const ENDS_SECONDS = 60;
/** How long a database that was late may take to have all rows: what a node keeps on its own disk meanwhile is told when it is there again. */
const ROWS_SECONDS = 60;

export const returns: Scenario = {
  name: 'returns',
  title: 'A node of two is killed, and the clients of its connections come back to the other',
  async run(bench): Promise<Outcome> {
    const clients = bench.options.clients ?? CLIENTS;
    const of = Math.min(MOST_OF_A_PROCESS, openFiles() - OTHER_FILES);
    const workers = Math.ceil((clients + STAYING) / of);
    const ends = await countEnds();
    const crowds: ReturningCrowd[] = [];
    const cluster = await startCluster(bench, 2, {
      words: workers === 1 ? [] : ['--workers', String(workers)],
    });
    try {
      const [dying, living] = cluster.nodes as [RunningPostern, RunningPostern];
      const apiId = await makeSocketApi(dying.client, TELL_ID, `http://127.0.0.1:${ends.port}/`);
      await makeConnectRoute(dying.client, apiId);
      const server = { host: hostOf(apiId), path: `/${STAGE}` };
      const crowd = async (port: number, count: number): Promise<ReturningCrowd> => {
        const made = new ReturningCrowd(bench, { ...server, port }, addressesOf(crowds.length + 1));
        crowds.push(made);
        await made.tell(`open ${count}`);
        return made;
      };
      const staying = await crowd(living.port, STAYING);
      const returning: ReturningCrowd[] = [];
      for (let left = clients; left > 0; left -= of)
        returning.push(await crowd(dying.port, Math.min(left, of)));
      bench.say(`  ${clients} connections at one node, ${STAYING} at the other`);
      for (let i = 0; i < ROWS_SECONDS && (await rowsOf(cluster)) < clients + STAYING; i++)
        await sleep(1_000);
      ends.forget();
      forgetPeak(living.program.pids());
      const before = residentMiB(living.program.pids());
      const told = returning.map((each) => each.tell<Returned>(`return ${living.port} ${PATIENCE_SECONDS}`));
      const killedAt = performance.now();
      await dying.program.kill();
      const back = await Promise.all(told);
      bench.say(`  ${back.reduce((sum, { seconds }) => sum + seconds.length, 0)} are back`);
      await ends.until(clients, ENDS_SECONDS);
      const { lost: dropped } = await staying.tell<{ lost: number }>('count');
      return outcomeOf({
        ...{ clients, workers, back, dropped, killedAt, told: ends.told() },
        ...{ before, peak: peakMiB(living.program.pids()), rows: await rowsOf(cluster) },
        failedCalls: await failedCallsOf(living),
      });
    } finally {
      for (const each of crowds) each.end();
      await cluster.stop();
      ends.close();
    }
  },
};

interface Measured {
  readonly clients: number;
  readonly workers: number;
  readonly back: readonly Returned[];
  /** Connections of the living node that ended. */
  readonly dropped: number;
  readonly killedAt: number;
  readonly told: ReturnType<Awaited<ReturnType<typeof countEnds>>['told']>;
  /** Resident memory of the living node, MiB: before its neighbour died, and the highest since. */
  readonly before: number;
  readonly peak: number;
  /** Of the living node to the backend. */
  readonly failedCalls: number;
  /** Rows of the registry when all is over. */
  readonly rows: number;
}

function outcomeOf(measured: Measured): Outcome {
  const { clients, workers, back, dropped, killedAt, told } = measured;
  const seconds = back.flatMap((each) => each.seconds);
  const sum = (of: (each: Returned) => number): number => back.reduce((all, each) => all + of(each), 0);
  const last = seconds.length < clients ? Number.POSITIVE_INFINITY : Math.max(...back.map(lastOf));
  const [first, all] = [told.firstAt, told.lastAt].map((at) => (at - killedAt) / 1_000) as [number, number];
  return {
    table: [
      {
        clients,
        ...{ 'half back, s': percentile(seconds, 0.5).toFixed(1), 'all back, s': last.toFixed(1) },
        ...{ '503 and 429': sum(({ refused }) => refused), 'other failures': sum(({ failed }) => failed) },
        ...{ 'first end told, s': first.toFixed(1), 'all told, s': all.toFixed(1) },
        'calls that failed': measured.failedCalls,
        ...{ 'MiB before': Math.round(measured.before), 'MiB peak': Math.round(measured.peak) },
        'rows left': measured.rows,
      },
    ],
    goals: [
      { what: 'until all clients are back', value: last, unit: ' s', atMost: 60 },
      { what: 'until the first end is told', value: first, unit: ' s', atMost: 12 },
      {
        what: 'until all ends are told',
        value: told.different < clients ? Number.POSITIVE_INFINITY : all,
        ...{ unit: ' s', atMost: 30 },
      },
      {
        what: '$disconnects missed, or told twice',
        value: Math.abs(told.different - clients) + (told.all - told.different),
        ...{ unit: '', atMost: 0 },
      },
      {
        what: 'connections lost that were at the other node, or had come back to it',
        value: dropped + sum(({ lost }) => lost) - clients,
        ...{ unit: '', atMost: 0 },
      },
    ],
    notes: [
      `Each node has ${workers === 1 ? 'one process' : `${workers} workers`}. Whoever has lost its connection tries within 5 s, and then as Retry-After says.`,
      `Clients, node, database and the backend that is told share the cores of this machine: ${clients} connections are opened by it twice, at both ends.`,
    ],
  };
}

const lastOf = ({ seconds }: Returned): number => percentile(seconds, 1);

/** An end counts as told when its backend was called, whatever came of it. */
async function failedCallsOf({ managementPort }: RunningPostern): Promise<number> {
  const { body } = await call({ port: managementPort, path: '/_postern/metrics' });
  let failed = 0;
  for (const [, count] of body.matchAll(/^\w*(?:execution|integration)_error_total\{.*\} (\d+)/gm))
    failed += Number(count);
  return failed;
}

/** Where a process has its connections from: of one address, the system takes long to find a port when many are taken. */
const addressesOf = (nth: number): readonly string[] =>
  Array.from({ length: 8 }, (_, i) => `127.0.${nth}.${i + 1}`);

/** How many connections the registry has. */
async function rowsOf({ postgres }: Awaited<ReturnType<typeof startCluster>>): Promise<number> {
  const [row] = await postgres.sql(
    'select count(*) as rows from postern.connection',
    new URL(postgres.url('db1')).pathname.slice(1),
  );
  return Number(row!.rows);
}

/** How many files a process may have open. */
function openFiles(): number {
  const limit = /^Max open files\s+\S+\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
  return limit === undefined ? Number.POSITIVE_INFINITY : Number(limit);
}

// Start-up: from starting the process to the first 200 of the health check, then one call that must be served at once; beside
// Node.js that starts and does nothing.
import { spawnSync } from 'node:child_process';
import type { Bench, Outcome, Scenario } from '../bench.ts';
import { call } from '../call.ts';
import { pinned } from '../cores.ts';
import { hostOf, startPostern } from '../gateways/postern.ts';
import { createApi, eachConcurrently, type RouteSpec } from '../gateways/postern-api.ts';
import { residentMiB } from '../proc.ts';
import { median } from '../rounds.ts';

interface Size {
  readonly apis: number;
  readonly routes: number;
}

const SIZES: readonly Size[] = [
  { apis: 100, routes: 100 },
  { apis: 1_000, routes: 20 },
];
const STARTS = 9;

export const startUp: Scenario = {
  name: 'start-up',
  title: 'Start-up until the health check says 200',
  async run(bench): Promise<Outcome> {
    // What Node.js and the file system keep of a program is there from the second start on.
    await startOnce(bench);
    const bare: number[] = [];
    const empty: Start[] = [];
    const count = bench.options.rounds ?? STARTS;
    for (let i = 0; i < count; i++) {
      bare.push(bareNode(bench));
      empty.push(await startOnce(bench));
    }
    const stores: { readonly name: string; readonly starts: readonly Start[] }[] = [];
    const notes: string[] = [];
    for (const size of SIZES) {
      const name = `${size.apis} APIs of ${size.routes} routes`;
      bench.say(`  filling a store with ${name}`);
      const seeded = await seed(bench, size);
      const starts: Start[] = [];
      for (let i = 0; i < count; i++) starts.push(await startOnce(bench, seeded));
      stores.push({ name, starts });
      notes.push(`${name} were made by the SDK at ${seeded.perSecond} calls/s, 16 at once.`);
    }
    const ready = (starts: readonly Start[]): number => median(starts.map(({ readyMillis }) => readyMillis));
    const cpu = (starts: readonly Start[]): number => median(starts.map(({ cpuMillis }) => cpuMillis));
    const row = (store: string, starts: readonly Start[]) => ({
      store,
      'ready ms (median)': Math.round(ready(starts)),
      worst: Math.round(Math.max(...starts.map(({ readyMillis }) => readyMillis))),
      'CPU ms': Math.round(cpu(starts)),
      'RSS MiB': Math.round(median(starts.map(({ mebibytes }) => mebibytes))),
    });
    return {
      table: [
        {
          store: 'node -e 0',
          'ready ms (median)': Math.round(median(bare)),
          worst: Math.round(Math.max(...bare)),
        },
        row('empty', empty),
        ...stores.map(({ name, starts }) => row(name, starts)),
      ],
      goals: [
        {
          what: 'ready with an empty store, beside node -e 0',
          value: median(empty.map(({ readyMillis }, i) => readyMillis / bare[i]!)),
          unit: ' x',
          atMost: 2.5,
        },
        { what: 'CPU until then', value: cpu(empty), unit: ' ms', atMost: 350 },
        ...stores.map(({ name, starts }) => ({
          what: `ready with ${name}, beside an empty store`,
          value: ready(starts) / ready(empty),
          unit: ' x',
          atMost: 1.3,
        })),
      ],
      notes,
    };
  },
};

interface Start {
  readonly readyMillis: number;
  readonly cpuMillis: number;
  readonly mebibytes: number;
}

/** Milliseconds that Node.js takes to start and to end. */
function bareNode(bench: Bench): number {
  const [command, args] = pinned(bench.cores, bench.cores.gateway, process.execPath, ['-e', '0']);
  const startedAt = performance.now();
  spawnSync(command, args, { stdio: 'ignore' });
  return performance.now() - startedAt;
}

interface Seeded {
  readonly folder: string;
  readonly hosts: readonly string[];
  readonly perSecond: number;
  readonly routes: number;
}

async function startOnce(bench: Bench, seeded?: Seeded): Promise<Start> {
  const running = await startPostern(bench, seeded === undefined ? {} : { folder: seeded.folder });
  try {
    const mebibytes = residentMiB(running.program.pids());
    for (const host of seeded?.hosts.slice(-1) ?? []) {
      const reply = await call({
        port: running.port,
        path: `/things${seeded!.routes - 1}/7?limit=10&name=rex`,
        headers: { host },
      });
      if (reply.status !== 418) throw new Error(`ready, yet an API answered ${reply.status}: ${reply.body}`);
    }
    return { readyMillis: running.readyMillis, cpuMillis: running.readyCpuMillis, mebibytes };
  } finally {
    running.client.destroy();
    await running.program.stop();
  }
}

/** Fills a store. The backend answers 418 to what these routes send it, which shows that they are there. */
async function seed(bench: Bench, { apis, routes: count }: Size): Promise<Seeded> {
  const running = await startPostern(bench);
  try {
    const startedAt = performance.now();
    const hosts: string[] = [];
    const routes: readonly RouteSpec[] = Array.from({ length: count }, (_, n) => ({
      routeKey: n % 2 === 0 ? `POST /things${n}` : `GET /things${n}/{thingId}`,
      uri: `http://127.0.0.1:${bench.backend.port}/things/${n % 10}`,
      request: { 'append:header.x-request-id': '$context.requestId', 'overwrite:header.x-stage': 'prod' },
    }));
    await eachConcurrently(Array.from({ length: apis }).keys(), 2, async (n) => {
      hosts.push(hostOf(await createApi(running.client, { name: `api ${n}`, routes })));
    });
    const calls = apis * (count + Math.min(10, count) + 2);
    return {
      folder: running.folder,
      hosts,
      routes: count,
      perSecond: Math.round(calls / ((performance.now() - startedAt) / 1000)),
    };
  } finally {
    running.client.destroy();
    await running.program.stop();
  }
}

// Start-up: from starting the process to the first 200 of the health check, then one call that must be served at once.
import type { Bench, Outcome, Scenario } from '../bench.ts';
import { call } from '../call.ts';
import { hostOf, startPostern } from '../gateways/postern.ts';
import { createApi, eachConcurrently, type RouteSpec } from '../gateways/postern-api.ts';
import { median } from '../rounds.ts';

const APIS = 100;
const ROUTES = 100;
const STARTS = 5;

export const startUp: Scenario = {
  name: 'start-up',
  title: 'Start-up until the health check says 200',
  async run(bench): Promise<Outcome> {
    const empty: number[] = [];
    for (let i = 0; i < STARTS; i++) empty.push(await startOnce(bench));
    bench.say(
      `  empty store: ${empty.map(Math.round).join(', ')} ms; filling one with ${APIS} APIs of ${ROUTES} routes`,
    );
    const seeded = await seed(bench);
    const full: number[] = [];
    for (let i = 0; i < STARTS; i++) full.push(await startOnce(bench, seeded));
    bench.say(`  full store: ${full.map(Math.round).join(', ')} ms`);
    const row = (store: string, millis: readonly number[]) => ({
      store,
      'ready ms (median)': Math.round(median(millis)),
      worst: Math.round(Math.max(...millis)),
    });
    return {
      table: [row('empty', empty), row(`${APIS} APIs of ${ROUTES} routes`, full)],
      goals: [
        { what: 'ready with an empty store', value: median(empty), unit: ' ms', atMost: 300 },
        {
          what: `ready with ${APIS} APIs of ${ROUTES} routes`,
          value: median(full),
          unit: ' ms',
          atMost: 1000,
        },
      ],
      notes: [
        `The store was filled with ${APIS * ROUTES} routes by the SDK at ${seeded.perSecond} calls/s, 16 at once.`,
      ],
    };
  },
};

interface Seeded {
  readonly folder: string;
  readonly hosts: readonly string[];
  readonly perSecond: number;
}

async function startOnce(bench: Bench, seeded?: Seeded): Promise<number> {
  const running = await startPostern(bench, seeded?.folder);
  try {
    for (const host of seeded?.hosts.slice(-1) ?? []) {
      const reply = await call({
        port: running.port,
        path: '/things99/7?limit=10&name=rex',
        headers: { host },
      });
      if (reply.status !== 418) throw new Error(`ready, yet an API answered ${reply.status}: ${reply.body}`);
    }
    return running.readyMillis;
  } finally {
    running.client.destroy();
    await running.program.stop();
  }
}

/** Fills a store. The backend answers 418 to what these routes send it, which shows that they are there. */
async function seed(bench: Bench): Promise<Seeded> {
  const running = await startPostern(bench);
  try {
    const startedAt = performance.now();
    const hosts: string[] = [];
    const routes: readonly RouteSpec[] = Array.from({ length: ROUTES }, (_, n) => ({
      routeKey: n % 2 === 0 ? `POST /things${n}` : `GET /things${n}/{thingId}`,
      uri: `http://127.0.0.1:${bench.backend.port}/things/${n % 10}`,
      request: { 'append:header.x-request-id': '$context.requestId', 'overwrite:header.x-stage': 'prod' },
    }));
    await eachConcurrently(Array.from({ length: APIS }).keys(), 2, async (n) => {
      hosts.push(hostOf(await createApi(running.client, { name: `api ${n}`, routes })));
    });
    const calls = APIS * (ROUTES + 10 + 2);
    return {
      folder: running.folder,
      hosts,
      perSecond: Math.round(calls / ((performance.now() - startedAt) / 1000)),
    };
  } finally {
    running.client.destroy();
    await running.program.stop();
  }
}

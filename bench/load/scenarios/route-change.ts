// A change under load: routes added to and taken from an auto-deploying API of 1,000 routes while others are served.
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateRouteCommand, DeleteRouteCommand, GetIntegrationsCommand } from '@aws-sdk/client-apigatewayv2';
import type { Outcome, Scenario } from '../bench.ts';
import { call } from '../call.ts';
import { hostOf, startPostern } from '../gateways/postern.ts';
import { createApi, mappedRoutes } from '../gateways/postern-api.ts';
import { get } from '../requests.ts';
import { median } from '../rounds.ts';
import { wrk } from '../wrk.ts';
import { otherRoutes } from './routes.ts';

const CHANGES = 12;

export const routeChange: Scenario = {
  name: 'route-change',
  title: 'A route change in an auto-deploying API of 1,000 routes, under load',
  async run(bench): Promise<Outcome> {
    const running = await startPostern(bench);
    try {
      const { client, port } = running;
      const routes = [
        ...mappedRoutes(bench.backend.port).slice(0, 1),
        ...otherRoutes(bench.backend.port, 999),
      ];
      const ApiId = await createApi(client, { name: 'busy', routes });
      const host = hostOf(ApiId);
      const { Items } = await client.send(new GetIntegrationsCommand({ ApiId }));
      const Target = `integrations/${Items![0]!.IntegrationId}`;
      const statusOf = async (path: string): Promise<number> =>
        (await call({ port, path, headers: { host } })).status;
      const seconds = bench.options.seconds === undefined ? 12 : Math.max(3, bench.options.seconds);

      // Paced, so that the call that makes the change is measured and not the queue before a saturated core.
      const load = wrk({ ...bench, port }, { ...get(host), pauseMillis: 20 }, seconds);
      load.catch(() => {});
      await sleep(1000);
      const live: number[] = [];
      const afterAnswer: number[] = [];
      const deadline = Date.now() + (seconds - 2) * 1000;
      for (let n = 0; n < CHANGES && Date.now() < deadline; n++) {
        const path = `/added${n}`;
        const before = performance.now();
        const { RouteId } = await client.send(
          new CreateRouteCommand({ ApiId, RouteKey: `GET ${path}`, Target }),
        );
        const answered = performance.now();
        while ((await statusOf(path)) === 404) await sleep(1);
        live.push(performance.now() - before);
        afterAnswer.push(performance.now() - answered);
        const removed = performance.now();
        await client.send(new DeleteRouteCommand({ ApiId, RouteId }));
        while ((await statusOf(path)) !== 404) await sleep(1);
        live.push(performance.now() - removed);
        await sleep(200);
      }
      const { requests, failed, failures, maxMicros } = await load;
      const worst = Math.max(...live);
      return {
        table: [
          {
            changes: live.length,
            'live ms (median)': median(live).toFixed(1),
            worst: worst.toFixed(1),
            'after its answer ms (median)': median(afterAnswer).toFixed(1),
            'requests meanwhile': requests,
            failed,
            'slowest request ms': (maxMicros / 1000).toFixed(1),
          },
        ],
        goals: [
          { what: 'sending the change to seeing it live, worst', value: worst, unit: ' ms', atMost: 60 },
          { what: 'failed requests', value: failed, unit: '', atMost: 0 },
        ],
        notes: failures === '' ? [] : [`Failed: ${failures}.`],
      };
    } finally {
      running.client.destroy();
      await running.program.stop();
    }
  },
};

// A change at one node of eleven, and when the other ten have it: the answer to a write waits for that.
import { CreateRouteCommand, DeleteRouteCommand, GetIntegrationsCommand } from '@aws-sdk/client-apigatewayv2';
import type { Outcome, Scenario } from '../bench.ts';
import { call } from '../call.ts';
import { startCluster } from '../gateways/cluster.ts';
import { hostOf } from '../gateways/postern.ts';
import { createApi, mappedRoutes } from '../gateways/postern-api.ts';
import { percentile } from '../rounds.ts';

const FOLLOWERS = 10;
const CHANGES = 100;

export const propagation: Scenario = {
  name: 'propagation',
  title: `A route change at one node, until it is live at ${FOLLOWERS} others`,
  async run(bench): Promise<Outcome> {
    const { backend, gateway, load } = bench.cores;
    const cluster = await startCluster(bench, FOLLOWERS + 1, { on: [backend, gateway, load].join(',') });
    try {
      const [writer, ...followers] = cluster.nodes as [(typeof cluster.nodes)[0], ...typeof cluster.nodes];
      const { client } = writer;
      const ApiId = await createApi(client, { name: 'followed', routes: mappedRoutes(bench.backend.port) });
      const host = hostOf(ApiId);
      const { Items } = await client.send(new GetIntegrationsCommand({ ApiId }));
      const Target = `integrations/${Items![0]!.IntegrationId}`;
      const millis: number[] = [];
      let late = 0;
      /** How many nodes do not have it when the answer has come. */
      const countLate = async (path: string, isThere: boolean): Promise<void> => {
        const statuses = await Promise.all(
          followers.map(({ port }) => call({ port, path, headers: { host } })),
        );
        late += statuses.filter(({ status }) => (status !== 404) !== isThere).length;
      };
      for (let nth = -4; nth < CHANGES / 2; nth++) {
        const path = `/added${nth}`;
        const begun = performance.now();
        const { RouteId } = await client.send(
          new CreateRouteCommand({ ApiId, RouteKey: `GET ${path}`, Target }),
        );
        const added = performance.now();
        await countLate(path, true);
        const removing = performance.now();
        await client.send(new DeleteRouteCommand({ ApiId, RouteId }));
        const removed = performance.now();
        await countLate(path, false);
        // The first ones run code that is not compiled yet.
        if (nth < 0) late = 0;
        else millis.push(added - begun, removed - removing);
      }
      const [p50, p99] = [percentile(millis, 0.5), percentile(millis, 0.99)];
      return {
        table: [
          {
            ...{ changes: millis.length, followers: FOLLOWERS },
            ...{ 'p50 ms': p50.toFixed(1), 'p99 ms': p99.toFixed(1) },
            'worst ms': Math.max(...millis).toFixed(1),
            'not there when answered': late,
          },
        ],
        goals: [
          { what: 'sending a change to its being live at all, p50', value: p50, unit: ' ms', atMost: 40 },
          { what: 'the same, p99', value: p99, unit: ' ms', atMost: 250 },
          { what: 'nodes that do not have what was answered', value: late, unit: '', atMost: 0 },
        ],
        notes: ['All nodes share the cores of this machine: a change is compiled eleven times on them.'],
      };
    } finally {
      await cluster.stop();
    }
  },
};

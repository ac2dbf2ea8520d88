// Memory: 64 bodies of 10 MiB each way at the same time through a route that needs no body. Backend and client hold all
// of them in flight before any is finished (large-bodies.backend.ts, large-bodies.client.ts).
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Outcome, Scenario } from '../bench.ts';
import { call } from '../call.ts';
import { hostOf, startPostern } from '../gateways/postern.ts';
import { createApi } from '../gateways/postern-api.ts';
import { forgetPeak, peakMiB, residentMiB } from '../proc.ts';
import { freePort, Program } from '../program.ts';
import { exchangeBodies } from './large-bodies.client.ts';

const COUNT = 64;
const BYTES = 10 * 1024 * 1024;

export const largeBodies: Scenario = {
  name: 'large-bodies',
  title: `${COUNT} concurrent bodies of 10 MiB each way through a route that needs no body`,
  async run(bench): Promise<Outcome> {
    const port = await freePort();
    const backend = new Program({
      name: 'large-bodies backend',
      command: process.execPath,
      args: [
        fileURLToPath(new URL('./large-bodies.backend.js', import.meta.url)),
        `${port}`,
        `${COUNT}`,
        `${BYTES}`,
      ],
      cores: bench.cores,
      on: bench.cores.backend,
      log: join(bench.folder, 'large-bodies.log'),
    });
    const running = await startPostern(bench);
    try {
      await backend.ready(async () => (await call({ port, path: '/' })).status === 200);
      const uri = `http://127.0.0.1:${port}/bodies`;
      const apiId = await createApi(running.client, {
        name: 'bodies',
        routes: [
          { routeKey: 'POST /bodies', uri },
          { routeKey: 'GET /small', uri: `http://127.0.0.1:${port}/` },
        ],
      });
      const host = hostOf(apiId);
      for (let i = 0; i < 500; i++) await call({ port: running.port, path: '/small', headers: { host } });
      const pids = running.program.pids();
      forgetPeak(pids);
      const before = residentMiB(pids);
      const startedAt = performance.now();
      await exchangeBodies({ port: running.port, host, path: '/bodies', count: COUNT, bytes: BYTES });
      const seconds = (performance.now() - startedAt) / 1000;
      const growth = peakMiB(pids) - before;
      const row = {
        'RSS before MiB': Math.round(before),
        'peak MiB': Math.round(before + growth),
        'growth MiB': growth.toFixed(1),
        'bodies MiB': (2 * COUNT * BYTES) / 1024 / 1024,
        seconds: seconds.toFixed(1),
      };
      return {
        table: [row],
        goals: [{ what: 'growth of resident memory', value: growth, unit: ' MiB', atMost: 64 }],
      };
    } finally {
      running.client.destroy();
      await Promise.all([running.program.stop(), backend.stop()]);
    }
  },
};

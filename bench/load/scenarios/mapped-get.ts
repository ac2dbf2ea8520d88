// The main figure: a mapped GET through every gateway there is, one after the other in every round.
import type { Scenario } from '../bench.ts';
import { get } from '../requests.ts';
import { ratio } from '../rounds.ts';
import { againstPeers } from './against-peers.ts';

/** V8 of Node.js 24 makes faster code. */
const CPU_AT_MOST = Number(process.versions.node.split('.')[0]) >= 24 ? 1.1 : 1.15;

export const mappedGet: Scenario = {
  name: 'get',
  title: 'Mapped GET /pets/{petId}: route, 3 request headers, query, path, status and 2 reply headers',
  run: (bench) =>
    againstPeers(bench, {
      names: [...bench.gateways.keys()],
      loadOf: (gateway) => get(gateway.host),
      rounds: 6,
      seconds: 3,
      goals: (series) => [
        { what: 'requests/s / nginx', value: ratio(series, 'postern', 'nginx'), unit: '×', atLeast: 1 },
        {
          what: 'CPU of a request / nginx',
          value: ratio(series, 'postern', 'nginx', 'cpu'),
          unit: '×',
          atMost: CPU_AT_MOST,
        },
        { what: 'requests/s / Caddy', value: ratio(series, 'postern', 'caddy'), unit: '×', atLeast: 4 },
        {
          what: 'requests/s / reply-from',
          value: ratio(series, 'postern', 'reply-from'),
          unit: '×',
          atLeast: 3,
        },
        {
          what: 'requests/s / the other build',
          value: ratio(series, 'postern', 'the other'),
          unit: '×',
          atLeast: 0.95,
        },
      ],
    }),
};

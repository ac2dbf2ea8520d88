// What a line for each request costs: the mapped GET through two processes, of which one writes them to a file.

import type { Scenario } from '../bench.ts';
import { loggingPostern, postern } from '../gateways/postern.ts';
import { get } from '../requests.ts';
import { ratio } from '../rounds.ts';
import { againstPeers } from './against-peers.ts';

export const requestLog: Scenario = {
  name: 'request-log',
  title: 'The mapped GET with a line for each request, and without',
  run: (bench) =>
    againstPeers(
      { ...bench, gateways: new Map([postern, loggingPostern].map((each) => [each.name, each])) },
      {
        names: [postern.name, loggingPostern.name],
        loadOf: (gateway) => get(gateway.host),
        rounds: 9,
        seconds: 2,
        goals: (series) => [
          {
            what: 'requests/s with lines / without',
            value: ratio(series, loggingPostern.name, postern.name),
            unit: '×',
            atLeast: 0.98,
          },
        ],
      },
    ),
};

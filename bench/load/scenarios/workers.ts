// What workers are worth: the mapped GET through one process, and through two workers. On two cores load and backend are in their way:
// there the CPU of a request says more than the requests of a second.

import type { Scenario } from '../bench.ts';
import { allOf } from '../cores.ts';
import { postern, startedWith } from '../gateways/postern.ts';
import { get } from '../requests.ts';
import { ratio } from '../rounds.ts';
import { againstPeers } from './against-peers.ts';

const TWO = startedWith('two workers', ['--workers', '2']);

export const workers: Scenario = {
  name: 'workers',
  title: 'The mapped GET through one process, and through two workers, on all cores',
  run: (bench) =>
    againstPeers(
      {
        ...bench,
        cores: { ...bench.cores, gateway: allOf(bench.cores) },
        gateways: new Map([postern, TWO].map((each) => [each.name, each])),
      },
      {
        names: [postern.name, TWO.name],
        loadOf: (gateway) => get(gateway.host),
        rounds: 6,
        seconds: 3,
        goals: (series) => [
          {
            what: 'requests/s of two workers / one process',
            value: ratio(series, TWO.name, postern.name),
            unit: '×',
            // Backend and load have a core and more of four.
            atLeast: bench.cores.backend === bench.cores.load ? 1 : 1.8,
          },
          {
            what: 'CPU of a request through two workers / one process',
            value: ratio(series, TWO.name, postern.name, 'cpu'),
            unit: '×',
            atMost: 1.15,
          },
        ],
      },
    ),
};

// What traces cost: the mapped GET through processes that record every request, one in a hundred, and none.
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Scenario } from '../bench.ts';
import { postern, tracingPostern } from '../gateways/postern.ts';
import { get } from '../requests.ts';
import { ratio } from '../rounds.ts';
import { againstPeers } from './against-peers.ts';

export const traces: Scenario = {
  name: 'traces',
  title: 'The mapped GET with a trace of each request, of one in a hundred, and without',
  async run(bench) {
    const collector = createServer((request, response) => {
      request.resume();
      request.on('end', () => response.end('{}'));
    });
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
    const { port } = collector.address() as AddressInfo;
    const tracing = ([name, part]: readonly [string, number]) => {
      const config = join(bench.folder, `${part}.yaml`);
      writeFileSync(config, `traces: { endpoint: "http://127.0.0.1:${port}", ratio: ${part} }\n`);
      return tracingPostern(name, config);
    };
    const all = tracing(['traced', 1]);
    const few = tracing(['traced 1 %', 0.01]);
    try {
      return await againstPeers(
        { ...bench, gateways: new Map([postern, few, all].map((each) => [each.name, each])) },
        {
          names: [postern.name, few.name, all.name],
          loadOf: (gateway) => get(gateway.host),
          rounds: 9,
          seconds: 2,
          goals: (series) => [
            {
              what: 'requests/s with one trace in a hundred / without',
              value: ratio(series, few.name, postern.name),
              unit: '×',
              atLeast: 0.9,
            },
          ],
        },
      );
    } finally {
      collector.closeAllConnections();
      collector.close();
    }
  },
};

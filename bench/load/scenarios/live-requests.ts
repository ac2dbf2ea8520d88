// What looking at requests costs: the mapped GET through three processes, of which one keeps nothing, one would if somebody looked, and
// one has a viewer who reads a stream of requests.
import { get as httpGet } from 'node:http';
import type { Gateway, Scenario } from '../bench.ts';
import { postern, startedWith } from '../gateways/postern.ts';
import { get } from '../requests.ts';
import { ratio } from '../rounds.ts';
import { againstPeers } from './against-peers.ts';

const OFF = startedWith('off', ['--live-requests', 'off']);
const VIEWED: Gateway = {
  ...postern,
  name: 'viewed',
  async start(bench, manner) {
    const running = await postern.start(bench, manner);
    await view(running.port);
    return { ...running, name: 'viewed' };
  },
};

/** Reads the stream for as long as there is one. */
function view(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    httpGet({ port, path: '/_postern/requests/stream', agent: false }, (response) => {
      response.on('error', () => {}).resume();
      if (response.statusCode === 200) resolve();
      else reject(new Error(`the stream answers ${response.statusCode}`));
    }).on('error', reject);
  });
}

export const liveRequests: Scenario = {
  name: 'live',
  title: 'The mapped GET where nothing is kept of requests, where nobody looks, and with a viewer',
  run: (bench) =>
    againstPeers(
      { ...bench, gateways: new Map([OFF, postern, VIEWED].map((each) => [each.name, each])) },
      {
        names: [OFF.name, postern.name, VIEWED.name],
        loadOf: (gateway) => get(gateway.host),
        rounds: 9,
        seconds: 2,
        goals: (series) => [
          {
            what: 'requests/s where nobody looks / where nothing is kept',
            value: ratio(series, postern.name, OFF.name),
            unit: '×',
            atLeast: 0.99,
          },
          {
            what: 'requests/s with a viewer / where nobody looks',
            value: ratio(series, VIEWED.name, postern.name),
            unit: '×',
            atLeast: 0.9,
          },
        ],
      },
    ),
};

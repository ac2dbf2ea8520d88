// The mapped GET over TLS 1.3: HTTP/1.1 kept alive, and HTTP/2 with as many requests in flight.
import type { Bench, Outcome, Scenario } from '../bench.ts';
import { h2load, h2loadVersion } from '../h2load.ts';
import { get } from '../requests.ts';
import { ratio } from '../rounds.ts';
import { againstPeers } from './against-peers.ts';

const NAMES = ['nginx', 'haproxy', 'postern', 'caddy'];
const SECURE = { secure: true } as const;

export const https: Scenario = {
  name: 'https',
  title: 'The mapped GET over TLS 1.3, HTTP/1.1 kept alive, 64 connections',
  run: (bench) => overTls(bench, 0.5),
};

export const http2: Scenario = {
  name: 'http2',
  title: 'The mapped GET over TLS 1.3 and HTTP/2, 8 connections of 8 requests in flight',
  async run(bench): Promise<Outcome> {
    if (h2loadVersion() !== undefined) return overTls(bench, 0.3, h2load);
    return {
      table: [],
      goals: [],
      notes: ['Left out: h2load is not installed (Debian: apt-get install nghttp2-client).'],
    };
  },
};

/** `atLeast` is of nginx's requests a second. */
function overTls(bench: Bench, atLeast: number, by?: typeof h2load): Promise<Outcome> {
  return againstPeers(bench, {
    names: NAMES,
    manner: SECURE,
    ...(by === undefined ? {} : { by }),
    loadOf: (gateway) => get(gateway.host),
    rounds: 5,
    seconds: 3,
    goals: (series) => [
      { what: 'requests/s / nginx', value: ratio(series, 'postern', 'nginx'), unit: '×', atLeast },
      { what: 'requests/s / Caddy', value: ratio(series, 'postern', 'caddy'), unit: '×', atLeast: 1 },
    ],
  });
}

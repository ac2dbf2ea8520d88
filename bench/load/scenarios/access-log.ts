// The mapped GET with an access log: a line of JSON a request in a file, by Postern and by nginx, and both without.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { ACCESS_LOG } from '../access-log.ts';
import type { Bench, Outcome, RunningGateway, Scenario } from '../bench.ts';
import { get } from '../requests.ts';
import { measure, ratio, rowsOf, type Series } from '../rounds.ts';
import { checkMapped } from './against-peers.ts';

export const accessLog: Scenario = {
  name: 'access-log',
  title: 'The mapped GET with a line of JSON for each request in a file, and without',
  async run(bench): Promise<Outcome> {
    const running: { readonly name: string; readonly gateway: RunningGateway }[] = [];
    try {
      for (const name of ['nginx', 'postern']) {
        const installed = bench.gateways.get(name);
        if (installed === undefined) continue;
        running.push({ name, gateway: await installed.start(bench) });
        running.push({ name: `${name}, log`, gateway: await installed.start(bench, { accessLog: true }) });
      }
      const subjects = running.map(({ name, gateway }) => ({ ...gateway, name, load: get(gateway.host) }));
      for (const { gateway } of running) await checkMapped(gateway, get(gateway.host));
      const series = await measure(bench, subjects, { rounds: 5, seconds: 3 });
      for (const { gateway } of running) await checkLines(gateway, series, bench);
      const of = (name: string, base: string, figure: 'perSecond' | 'cpu') =>
        ratio(series, name, base, figure);
      return {
        table: rowsOf(series, running[0]!.name),
        goals: [
          {
            what: 'requests/s with a log / nginx with its log',
            value: of('postern, log', 'nginx, log', 'perSecond'),
            unit: '×',
            atLeast: 0.85,
          },
          {
            what: 'CPU of a request with a log / without',
            value: of('postern, log', 'postern', 'cpu'),
            unit: '×',
            atMost: 1.1,
          },
        ].filter(({ value }) => !Number.isNaN(value)),
        notes: ['nginx gathers 64 KB of lines and writes them once a second at the latest.'],
      };
    } finally {
      await Promise.all(running.map(({ gateway }) => gateway.program.stop()));
    }
  },
};

/** Every request has a whole line. */
async function checkLines(gateway: RunningGateway, series: Series, bench: Bench): Promise<void> {
  const { name, accessLog: file } = gateway;
  if (file === undefined) return;
  await sleep(1_500);
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  const seconds = bench.options.seconds ?? 3;
  const least = series.get(`${name}, log`)!.reduce((sum, { perSecond }) => sum + perSecond * seconds, 0);
  if (lines.length < least * 0.99) throw new Error(`${name} has written ${lines.length} lines of ${least}`);
  for (const line of [lines[0]!, lines.at(-1)!]) {
    const members = Object.keys(JSON.parse(line)).join();
    if (members !== Object.keys(ACCESS_LOG).join()) throw new Error(`${name} has written ${line}`);
  }
}

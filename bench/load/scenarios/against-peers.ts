// The frame of the scenarios that put Postern beside other gateways: start all, check that each does the work, measure.
import { type Bench, type Goal, type Outcome, type RunningGateway, wrongWith } from '../bench.ts';
import { call } from '../call.ts';
import { measure, rowsOf, type Series } from '../rounds.ts';
import type { Load } from '../wrk.ts';

export async function againstPeers(
  bench: Bench,
  plan: {
    readonly names: readonly string[];
    readonly loadOf: (gateway: RunningGateway) => Load;
    readonly rounds: number;
    readonly seconds: number;
    readonly goals: (series: Series) => readonly Goal[];
  },
): Promise<Outcome> {
  const running: RunningGateway[] = [];
  const notes: string[] = [];
  try {
    for (const name of plan.names) {
      const gateway = await bench.gateways.get(name)!.start(bench);
      running.push(gateway);
      await check(gateway, plan.loadOf(gateway));
      for (const lack of gateway.lacks) notes.push(LACKS[lack].replace('…', name));
    }
    const subjects = running.map((gateway) => ({ ...gateway, load: plan.loadOf(gateway) }));
    const series = await measure(bench, subjects, plan);
    for (const gateway of running) await check(gateway, plan.loadOf(gateway));
    const goals = plan.goals(series).filter(({ value }) => !Number.isNaN(value));
    return { table: rowsOf(series, series.has('nginx') ? 'nginx' : plan.names[0]!), goals, notes };
  } finally {
    await Promise.all(running.map(({ program }) => program.stop()));
  }
}

const LACKS = {
  status: '… answers 200 instead of 201: it cannot change the status.',
  server: '… keeps a Server header: it cannot remove it.',
};

/** Sends the load's request once and looks at the whole reply, which wrk does not. */
async function check(gateway: RunningGateway, load: Load): Promise<void> {
  const { method, target, headers, body } = load;
  const reply = await call({
    port: gateway.port,
    path: target,
    method,
    headers,
    ...(body === undefined ? {} : { body }),
  });
  const wrong = wrongWith(reply, gateway);
  if (wrong !== undefined) throw new Error(`${gateway.name}, ${method} ${target}: ${wrong}`);
}

// The frame of the scenarios that put Postern beside other gateways: start all, check that each does the work, measure.
import {
  type Bench,
  type Goal,
  type Manner,
  type Outcome,
  type RunningGateway,
  wrongWith,
} from '../bench.ts';
import { call } from '../call.ts';
import { measure, rowsOf, type Series, type Subject } from '../rounds.ts';
import type { Load } from '../wrk.ts';

export async function againstPeers(
  bench: Bench,
  plan: {
    /** Those that are not installed are told of. */
    readonly names: readonly string[];
    readonly manner?: Manner;
    readonly by?: Subject['by'];
    /** Of the reply. */
    readonly bytes?: number;
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
      const installed = bench.gateways.get(name);
      if (installed === undefined) {
        notes.push(`${name} is left out: it is not installed, or was not asked for.`);
        continue;
      }
      const gateway = await installed.start(bench, plan.manner);
      running.push(gateway);
      await checkMapped(gateway, plan.loadOf(gateway), plan.bytes);
      for (const lack of gateway.lacks) notes.push(LACKS[lack].replace('…', name));
    }
    const subjects = running.map((gateway) => ({
      ...gateway,
      load: plan.loadOf(gateway),
      ...(plan.by === undefined ? {} : { by: plan.by }),
    }));
    const series = await measure(bench, subjects, plan);
    for (const gateway of running) await checkMapped(gateway, plan.loadOf(gateway), plan.bytes);
    const goals = plan.goals(series).filter(({ value }) => !Number.isNaN(value));
    return { table: rowsOf(series, series.has('nginx') ? 'nginx' : running[0]!.name), goals, notes };
  } finally {
    await Promise.all(running.map(({ program }) => program.stop()));
  }
}

const LACKS = {
  status: '… answers 200 instead of 201: it cannot change the status.',
  server: '… keeps a Server header: it cannot remove it.',
};

/** Sends the load's request once and looks at the whole reply, which wrk does not. */
export async function checkMapped(gateway: RunningGateway, load: Load, bytes?: number): Promise<void> {
  const { method, target, headers, body } = load;
  const reply = await call({
    port: gateway.port,
    secure: gateway.secure,
    path: target,
    method,
    headers,
    ...(body === undefined ? {} : { body }),
  });
  const wrong = wrongWith(reply, gateway, bytes);
  if (wrong !== undefined) throw new Error(`${gateway.name}, ${method} ${target}: ${wrong}`);
}

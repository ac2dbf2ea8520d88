// The frame of the scenarios that put two APIs of one Postern process side by side: the same code, the same machine code,
// only the configuration differs, so a few per cent can be told apart.
import type { Bench, Goal, Outcome } from '../bench.ts';
import { call } from '../call.ts';
import { hostOf, type RunningPostern, startPostern } from '../gateways/postern.ts';
import { createApi, type RouteSpec } from '../gateways/postern-api.ts';
import { measure, ratio, rowsOf } from '../rounds.ts';
import type { Load } from '../wrk.ts';

export interface Variant {
  readonly name: string;
  readonly routes: readonly RouteSpec[];
  readonly stageVariables?: Record<string, string>;
  readonly loadOf: (host: string) => Load;
  /** The status of the right reply. */
  readonly status: number;
}

/** Compares `variant` with `base`; the goal is the least ratio of requests a second. */
export async function againstItself(
  bench: Bench,
  plan: { readonly base: Variant; readonly variant: Variant; readonly atLeast: number },
): Promise<Outcome> {
  const { base, variant, atLeast } = plan;
  const running = await startPostern(bench);
  try {
    const subjects = [];
    for (const each of [base, variant]) subjects.push(await subjectOf(running, each));
    const series = await measure(bench, subjects, { rounds: 9, seconds: 2 });
    const value = ratio(series, variant.name, base.name);
    const goal: Goal = { what: `requests/s of ${variant.name} / ${base.name}`, value, unit: '×', atLeast };
    return { table: rowsOf(series, base.name), goals: [goal] };
  } finally {
    running.client.destroy();
    await running.program.stop();
  }
}

async function subjectOf(running: RunningPostern, variant: Variant) {
  const host = hostOf(await createApi(running.client, variant));
  const load = variant.loadOf(host);
  const { method, target, headers, body } = load;
  const reply = await call({
    port: running.port,
    path: target,
    method,
    headers,
    ...(body === undefined ? {} : { body }),
  });
  if (reply.status !== variant.status)
    throw new Error(`${variant.name}: status ${reply.status}: ${reply.body.slice(0, 200)}`);
  return { name: variant.name, port: running.port, program: running.program, load };
}

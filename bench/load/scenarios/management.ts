// The management door beside moto_server, where that is installed: the same SDK clients, 16 calls at once.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { DeleteApiCommand } from '@aws-sdk/client-apigatewayv2';
import type { Outcome, Scenario } from '../bench.ts';
import { startPostern } from '../gateways/postern.ts';
import { cpuMicros } from '../proc.ts';
import { median } from '../rounds.ts';
import type { Done, Work } from './management.client.ts';
import { CALLS, createApis, type Ids, NAMES, type OperationName } from './management-calls.ts';
import { type Moto, startMoto } from './moto.ts';

const AT_ONCE = 16;
const CLIENTS = 2;

type Subject = Moto | (Omit<Moto, 'name'> & { readonly name: 'postern' });

interface Sample {
  readonly perSecond: number;
  readonly cpu: number;
}

type Samples = Map<string, Sample[]>;

export const management: Scenario = {
  name: 'management',
  title: `Management door: calls a second by the AWS SDK, ${AT_ONCE} at once from ${CLIENTS} processes`,
  async run(bench): Promise<Outcome> {
    const subjects: Subject[] = [];
    // They inherit the cores this process is pinned to.
    const clients = Array.from({ length: CLIENTS }, () =>
      fork(fileURLToPath(new URL('./management.client.js', import.meta.url))),
    );
    try {
      subjects.push({ name: 'postern', ...(await startPostern(bench)) });
      const moto = await startMoto(bench);
      if (moto !== undefined) subjects.push(moto);
      const samples: Samples = new Map();
      const rounds = bench.options.rounds ?? 3;
      for (let round = 0; round <= rounds; round++) {
        for (const subject of subjects) {
          const measured = await measureOnce(subject, clients);
          const rates = measured.map(({ perSecond }) => Math.round(perSecond)).join(', ');
          bench.say(`  ${round === 0 ? 'warm-up' : `round ${round}/${rounds}`}: ${subject.name} ${rates}`);
          if (round === 0) continue;
          NAMES.forEach((name, i) => {
            const key = `${subject.name} ${name}`;
            samples.set(key, [...(samples.get(key) ?? []), measured[i]!]);
          });
        }
      }
      return outcomeOf(samples, moto !== undefined);
    } finally {
      for (const client of clients) client.kill();
      for (const { client } of subjects) client.destroy();
      await Promise.all(subjects.map(({ program }) => program.stop()));
    }
  },
};

/** Makes APIs, does each operation CALLS times, deletes the APIs. One sample an operation. */
async function measureOnce(subject: Subject, clients: readonly ChildProcess[]): Promise<readonly Sample[]> {
  const { client, program } = subject;
  const ids = await createApis(client);
  const samples: Sample[] = [];
  for (const name of NAMES) {
    const pids = program.pids();
    const cpuBefore = cpuMicros(pids);
    const startedAt = performance.now();
    await runAll(clients, subject.port, name, ids);
    const seconds = (performance.now() - startedAt) / 1000;
    samples.push({ perSecond: CALLS / seconds, cpu: (cpuMicros(pids) - cpuBefore) / CALLS });
  }
  for (const { ApiId } of ids) await client.send(new DeleteApiCommand({ ApiId }));
  return samples;
}

async function runAll(
  clients: readonly ChildProcess[],
  port: number,
  name: OperationName,
  ids: readonly Ids[],
): Promise<void> {
  const step = clients.length;
  const done = clients.map(async (client, from) => {
    const work: Work = { port, name, ids, from, step, to: CALLS, atOnce: AT_ONCE / step };
    client.send(work);
    const [{ failure }]: [Done] = (await once(client, 'message')) as [Done];
    if (failure !== undefined) throw new Error(`${name}: ${failure}`);
  });
  await Promise.all(done);
}

function outcomeOf(samples: Samples, hasMoto: boolean): Outcome {
  const of = (subject: Subject['name'], name: OperationName, pick: (sample: Sample) => number) =>
    (samples.get(`${subject} ${name}`) ?? []).map(pick);
  const perSecond = (sample: Sample) => sample.perSecond;
  const cpu = (sample: Sample) => sample.cpu;
  const ratio = (name: OperationName) => {
    const moto = of('moto', name, perSecond);
    return median(of('postern', name, perSecond).map((rate, round) => rate / moto[round]!));
  };
  const table = NAMES.map((name) => {
    const own = Math.round(median(of('postern', name, cpu)));
    const row = {
      operation: name,
      'postern/s': Math.round(median(of('postern', name, perSecond))),
      'CPU µs': own,
    };
    if (!hasMoto) return row;
    const motoCpu = Math.round(median(of('moto', name, cpu)));
    return {
      ...row,
      'moto/s': Math.round(median(of('moto', name, perSecond))),
      'moto CPU µs': motoCpu,
      '/s ratio': ratio(name).toFixed(1),
      'CPU ratio': (motoCpu / own).toFixed(1),
    };
  });
  if (!hasMoto) return { table, goals: [], notes: ['moto_server is not installed: no ratio.'] };
  const goals = NAMES.flatMap((name) => [
    { what: `${name}/s / moto_server`, value: ratio(name), unit: '×', atLeast: 6 },
    {
      what: `CPU of ${name}, moto_server / postern`,
      value: median(of('moto', name, cpu)) / median(of('postern', name, cpu)),
      unit: '×',
      atLeast: 6,
    },
  ]);
  const notes = ['Where the clients are the limit, the ratio of CPU says more: it is the servers alone.'];
  return { table, goals, notes };
}

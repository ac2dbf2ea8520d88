// Posts to `@connections` that come to the worker which holds the connection, and to the other one: what the hop between them costs.
import type { Bench, Outcome, Row, Scenario } from '../bench.ts';
import { hostOf, startPostern } from '../gateways/postern.ts';
import { cpuMicros } from '../proc.ts';
import { median } from '../rounds.ts';
import type { Posts } from '../sockets/posts.ts';
import { makeSocketApi, PostLoad, STAGE, TELL_IDS } from '../sockets/start.ts';

const CONNECTIONS = 400;
const POSTERS = 64;
const WORKERS = 2;

type Whose = 'own' | 'other';

interface Sample extends Posts {
  /** Microseconds of all processes of the program, a post. */
  readonly cpu: number;
}

export const posts: Scenario = {
  name: 'posts',
  title: `posts to @connections of the worker that gets them, and of another, ${POSTERS} at once`,
  async run(bench): Promise<Outcome> {
    const { program, port, client } = await startPostern(bench, { words: ['--workers', String(WORKERS)] });
    let load: PostLoad | undefined;
    try {
      const apiId = await makeSocketApi(client, TELL_IDS);
      const server = { port, host: hostOf(apiId), path: `/${STAGE}` };
      load = new PostLoad(bench, server, `/${STAGE}/@connections/`);
      const { counts } = await load.tell<{ counts: readonly number[][] }>(`open ${CONNECTIONS} ${POSTERS}`);
      bench.say(
        `  connections and posters of each worker: ${counts.map((each) => each.join(' and ')).join(', ')}`,
      );
      const measured: Readonly<Record<Whose, Sample[]>> = { own: [], other: [] };
      const rounds = bench.options.rounds ?? 5;
      for (let round = 0; round <= rounds; round++) {
        const own = await sampleOf(bench, program.pids(), load, 'own');
        const other = await sampleOf(bench, program.pids(), load, 'other');
        const parts = [own, other].map(
          ({ cpu, posted, seconds }) => `${cpu.toFixed(1)} µs, ${Math.round(posted / seconds)}/s`,
        );
        bench.say(`  ${round === 0 ? 'warm-up' : `round ${round}/${rounds}`}: ${parts.join(' · ')}`);
        if (round === 0) continue;
        measured.own.push(own);
        measured.other.push(other);
      }
      const hop = median(measured.other.map(({ cpu }, round) => cpu - measured.own[round]!.cpu));
      return {
        table: [rowOf('of the same worker', measured.own), rowOf('of another worker', measured.other)],
        goals: [
          { what: 'CPU of the hop, over all processes', value: hop, unit: 'µs', atMost: 15 },
          {
            what: 'p99 of a post through the wrong worker',
            value: median(measured.other.map(({ p99Millis }) => p99Millis)),
            unit: 'ms',
            atMost: 5,
          },
        ],
      };
    } finally {
      client.destroy();
      load?.end();
      await program.stop();
    }
  },
};

async function sampleOf(
  bench: Bench,
  pids: readonly number[],
  load: PostLoad,
  whose: Whose,
): Promise<Sample> {
  const before = cpuMicros(pids);
  const done = await load.tell<Posts>(`post ${whose} ${bench.options.seconds ?? 3}`);
  return { ...done, cpu: (cpuMicros(pids) - before) / done.posted };
}

function rowOf(connections: string, samples: readonly Sample[]): Row {
  const of = (what: (sample: Sample) => number): number => median(samples.map(what));
  return {
    connections,
    'posts/s': Math.round(of(({ posted, seconds }) => posted / seconds)),
    'CPU µs': of(({ cpu }) => cpu).toFixed(1),
    'p50 ms': of(({ p50Millis }) => p50Millis).toFixed(2),
    'p99 ms': of(({ p99Millis }) => p99Millis).toFixed(2),
  };
}

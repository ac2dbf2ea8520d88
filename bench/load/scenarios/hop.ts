// What the way to another process costs a post: posts to connections of the process that gets them, and of another.
import type { Bench, Outcome, Row } from '../bench.ts';
import { cpuMicros } from '../proc.ts';
import { median } from '../rounds.ts';
import type { Posts } from '../sockets/posts.ts';
import type { PostLoad } from '../sockets/start.ts';

/** Posts a second that all processes together, on one core, have time for. */
const RATE = 5_000;

interface Sample extends Posts {
  /** Microseconds of all processes of the program, a post. */
  readonly cpu: number;
}

/** Posters that post as soon as they are answered, or a rate of posts whatever is answered. */
interface Manner {
  readonly name: string;
  readonly rate: number;
  readonly samples: Record<'own' | 'other', Sample[]>;
}

export interface Hop {
  /** Of the program. */
  readonly pids: readonly number[];
  readonly load: PostLoad;
  /** Such as `worker`. */
  readonly holder: string;
}

export async function measureHop(bench: Bench, { pids, load, holder }: Hop): Promise<Outcome> {
  const busy: Manner = { name: 'as many as go', rate: 0, samples: { own: [], other: [] } };
  const steady: Manner = { name: `${RATE} a second`, rate: RATE, samples: { own: [], other: [] } };
  const rounds = bench.options.rounds ?? 5;
  for (let round = 0; round <= rounds; round++) {
    const parts: string[] = [];
    for (const { rate, samples } of [busy, steady]) {
      for (const whose of ['own', 'other'] as const) {
        const before = cpuMicros(pids);
        const done = await load.tell<Posts>(`post ${whose} ${bench.options.seconds ?? 3} ${rate}`);
        const cpu = (cpuMicros(pids) - before) / done.posted;
        parts.push(`${cpu.toFixed(1)} µs, ${Math.round(done.posted / done.seconds)}/s`);
        if (round > 0) samples[whose].push({ ...done, cpu });
      }
    }
    bench.say(`  ${round === 0 ? 'warm-up' : `round ${round}/${rounds}`}: ${parts.join(' · ')}`);
  }
  return {
    table: [busy, steady].flatMap(({ name, samples: { own, other } }) => [
      rowOf(`of the same ${holder}`, name, own),
      rowOf(`of another ${holder}`, name, other),
    ]),
    goals: [
      { what: 'CPU of the hop, over all processes', value: hopOf(busy), unit: ' µs', atMost: 15 },
      {
        what: `p99 of a post through the wrong ${holder}, ${RATE} a second`,
        value: median(steady.samples.other.map(({ p99Millis }) => p99Millis)),
        unit: ' ms',
        atMost: 5,
      },
    ],
    notes: [`At ${RATE} posts a second the hop is ${hopOf(steady).toFixed(1)} µs.`],
  };
}

function hopOf({ samples: { own, other } }: Manner): number {
  return median(other.map(({ cpu }, round) => cpu - own[round]!.cpu));
}

function rowOf(connections: string, posts: string, samples: readonly Sample[]): Row {
  const of = (what: (sample: Sample) => number): number => median(samples.map(what));
  return {
    connections,
    posts,
    'posts/s': Math.round(of(({ posted, seconds }) => posted / seconds)),
    'CPU µs': of(({ cpu }) => cpu).toFixed(1),
    'p50 ms': of(({ p50Millis }) => p50Millis).toFixed(2),
    'p99 ms': of(({ p99Millis }) => p99Millis).toFixed(2),
  };
}

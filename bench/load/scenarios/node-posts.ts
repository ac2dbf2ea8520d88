// Posts to connections through the node that holds them, and through another one: what the hop costs.
import type { Outcome, Row, Scenario } from '../bench.ts';
import { startCluster } from '../gateways/cluster.ts';
import { hostOf } from '../gateways/postern.ts';
import { cpuMicros } from '../proc.ts';
import { median } from '../rounds.ts';
import type { Broadcast } from '../sockets/broadcast.ts';
import { Crowd, makeSocketApi, STAGE, TELL_ID } from '../sockets/start.ts';

const CONNECTIONS = 2_000;
const AT_ONCE = 8;
/** Of a sample: CPU is counted in hundredths of a second. */
const BROADCASTS = 5;

interface Sample extends Broadcast {
  /** Microseconds of all nodes' CPU a post. */
  readonly cpu: number;
}

export const nodePosts: Scenario = {
  name: 'node-posts',
  title: `A post to each of ${CONNECTIONS} connections, ${AT_ONCE} at once, through their node and through another`,
  async run(bench): Promise<Outcome> {
    const cluster = await startCluster(bench, 2);
    let crowd: Crowd | undefined;
    try {
      const [holder, other] = cluster.nodes as [(typeof cluster.nodes)[0], (typeof cluster.nodes)[0]];
      const apiId = await makeSocketApi(holder.client, TELL_ID);
      const server = { port: holder.port, host: hostOf(apiId), path: `/${STAGE}` };
      crowd = new Crowd(bench, server, `/${STAGE}/@connections/`);
      await crowd.tell(`open ${CONNECTIONS}`);
      await crowd.tell('ids');
      const rounds = bench.options.rounds ?? 5;
      const ways = [holder, other].map(({ port }) => ({ port, samples: [] as Sample[] }));
      for (let round = 0; round <= rounds; round++) {
        for (const { port, samples } of ways) {
          const sample = await sampleOf(cluster.pids(), () =>
            crowd!.tell<Broadcast>(`broadcast ${AT_ONCE} ${port}`),
          );
          if (round > 0) samples.push(sample);
        }
        bench.say(`  ${round === 0 ? 'warm-up' : `round ${round}/${rounds}`}`);
      }
      const [own, wrong] = ways.map(({ samples }) => samples) as [Sample[], Sample[]];
      const hop = median(wrong.map(({ cpu }, round) => cpu - own[round]!.cpu));
      const p99 = median(wrong.map(({ p99Millis }) => p99Millis));
      return {
        table: [rowOf('the node that holds them', own), rowOf('another node', wrong)],
        goals: [
          { what: 'CPU of the hop, over all processes', value: hop, unit: ' µs', atMost: 15 },
          { what: 'p99 of a post through another node', value: p99, unit: ' ms', atMost: 5 },
        ],
        notes: ['Clients, both nodes and the database share the cores of this machine.'],
      };
    } finally {
      crowd?.end();
      await cluster.stop();
    }
  },
};

async function sampleOf(pids: readonly number[], broadcast: () => Promise<Broadcast>): Promise<Sample> {
  const before = cpuMicros(pids);
  const sent: Broadcast[] = [];
  while (sent.length < BROADCASTS) sent.push(await broadcast());
  const sum = (of: (each: Broadcast) => number): number => sent.reduce((all, each) => all + of(each), 0);
  const posted = sum((each) => each.posted);
  return {
    posted,
    seconds: sum((each) => each.seconds),
    p50Millis: median(sent.map(({ p50Millis }) => p50Millis)),
    p99Millis: median(sent.map(({ p99Millis }) => p99Millis)),
    cpu: (cpuMicros(pids) - before) / posted,
  };
}

function rowOf(through: string, samples: readonly Sample[]): Row {
  return {
    through,
    'posts/s': Math.round(median(samples.map(({ posted, seconds }) => posted / seconds))),
    'CPU µs': median(samples.map(({ cpu }) => cpu)).toFixed(1),
    'p50 ms': median(samples.map(({ p50Millis }) => p50Millis)).toFixed(2),
    'p99 ms': median(samples.map(({ p99Millis }) => p99Millis)).toFixed(2),
  };
}

// Messages to connections from outside: posts to `@connections` by the AWS SDK, and one to each of 10,000 connections. A server of
// `ws` that takes the same POST stands beside.
import {
  ApiGatewayManagementApiClient,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import type { Bench, Outcome, Row, Scenario } from '../bench.ts';
import { hostOf, startPostern } from '../gateways/postern.ts';
import { eachConcurrently } from '../gateways/postern-api.ts';
import { cpuMicros } from '../proc.ts';
import { median } from '../rounds.ts';
import type { Broadcast } from '../sockets/broadcast.ts';
import { Crowd, makeSocketApi, STAGE, type Subject, startBare, TELL_ID } from '../sockets/start.ts';

const CONNECTIONS = 10_000;
const AT_ONCE = 64;
/** Posts by the SDK in one round. */
const SDK_POSTS = 2_000;

interface Stand extends Subject {
  /** Where the SDK's client is sent. */
  readonly endpoint: string;
  readonly postPath: string;
}

/** Microseconds of the server's CPU a post, and posts a second. */
interface Sample {
  readonly cpu: number;
  readonly perSecond: number;
}

type Posted = Pick<Broadcast, 'posted' | 'seconds'>;

interface Measured {
  readonly sdk: Sample[];
  readonly broadcast: Sample[];
}

export const connectionPosts: Scenario = {
  name: 'connection-posts',
  title: `@connections: posts by the AWS SDK, and to each of ${CONNECTIONS} connections, ${AT_ONCE} at once`,
  async run(bench): Promise<Outcome> {
    const stands: Stand[] = [];
    const crowds: Crowd[] = [];
    try {
      stands.push(await posternStand(bench), await bareStand(bench));
      const rounds = bench.options.rounds ?? 5;
      const measured = stands.map((): Measured => ({ sdk: [], broadcast: [] }));
      const ids: (readonly string[])[] = [];
      for (const { server, postPath } of stands) {
        const crowd = new Crowd(bench, server, postPath);
        crowds.push(crowd);
        await crowd.tell(`open ${CONNECTIONS}`);
        ids.push(await crowd.tell<readonly string[]>('ids'));
      }
      for (let round = 0; round <= rounds; round++) {
        const parts: string[] = [];
        for (const [at, stand] of stands.entries()) {
          const broadcast = await sampleOf(stand, () => crowds[at]!.tell<Broadcast>(`broadcast ${AT_ONCE}`));
          const sdk = await sampleOf(stand, () => postBySdk(stand, ids[at]!.slice(0, 100)));
          parts.push(`${stand.name} ${Math.round(broadcast.perSecond)} and ${Math.round(sdk.perSecond)}`);
          if (round === 0) continue;
          measured[at]!.broadcast.push(broadcast);
          measured[at]!.sdk.push(sdk);
        }
        bench.say(`  ${round === 0 ? 'warm-up' : `round ${round}/${rounds}`}: ${parts.join(', ')}`);
      }
      const [own, bare] = measured as [Measured, Measured];
      const ratio = (kind: keyof Measured): number =>
        median(own[kind].map(({ cpu }, round) => cpu / bare[kind][round]!.cpu));
      return {
        table: stands.flatMap(({ name }, at) => rowsOf(name, measured[at]!)),
        goals: [
          {
            what: 'CPU of a post of a broadcast / bare ws',
            value: ratio('broadcast'),
            unit: '×',
            atMost: 1.2,
          },
          { what: 'CPU of a post by the SDK / bare ws', value: ratio('sdk'), unit: '×', atMost: 1.5 },
        ],
        notes: ['Clients are the limit of posts a second: the servers’ CPU is what compares them.'],
      };
    } finally {
      for (const crowd of crowds) crowd.end();
      await Promise.all(stands.map(({ program }) => program.stop()));
    }
  },
};

async function posternStand(bench: Bench): Promise<Stand> {
  const { program, port, client } = await startPostern(bench);
  const apiId = await makeSocketApi(client, TELL_ID);
  client.destroy();
  return {
    name: 'postern',
    program,
    server: { port, host: hostOf(apiId), path: `/${STAGE}` },
    endpoint: `http://127.0.0.1:${port}/_aws/execute-api/${apiId}/${STAGE}`,
    postPath: `/${STAGE}/@connections/`,
  };
}

async function bareStand(bench: Bench): Promise<Stand> {
  const bare = await startBare(bench, { tellsIds: true });
  return { ...bare, endpoint: `http://127.0.0.1:${bare.server.port}`, postPath: '/@connections/' };
}

async function postBySdk({ endpoint }: Stand, ids: readonly string[]): Promise<Posted> {
  const client = new ApiGatewayManagementApiClient({
    ...{ endpoint, region: 'us-east-1', maxAttempts: 1 },
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
  });
  const startedAt = performance.now();
  await eachConcurrently(Array.from({ length: SDK_POSTS }).keys(), 16, (n) =>
    client.send(new PostToConnectionCommand({ ConnectionId: ids[n % ids.length], Data: 'hello' })),
  );
  client.destroy();
  return { posted: SDK_POSTS, seconds: (performance.now() - startedAt) / 1000 };
}

async function sampleOf({ program }: Stand, act: () => Promise<Posted>): Promise<Sample> {
  const pids = program.pids();
  const before = cpuMicros(pids);
  const { posted, seconds } = await act();
  return { cpu: (cpuMicros(pids) - before) / posted, perSecond: posted / seconds };
}

function rowsOf(name: string, { sdk, broadcast }: Measured): readonly Row[] {
  const row = (posts: string, samples: readonly Sample[]) => ({
    name,
    posts,
    'posts/s': Math.round(median(samples.map(({ perSecond }) => perSecond))),
    'CPU µs': median(samples.map(({ cpu }) => cpu)).toFixed(1),
  });
  return [
    {
      ...row(`to ${CONNECTIONS} connections`, broadcast),
      'all told in s': median(broadcast.map(({ perSecond }) => CONNECTIONS / perSecond)).toFixed(2),
    },
    row('by the AWS SDK', sdk),
  ];
}

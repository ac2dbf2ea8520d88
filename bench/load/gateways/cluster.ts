// Several nodes of Postern on one PostgreSQL, all on this machine.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openPostgresStand, type PostgresStand } from '../../../test/cluster/postgres-stand.ts';
import type { Bench } from '../bench.ts';
import { freePort } from '../program.ts';
import { type RunningPostern, startPostern } from './postern.ts';

export interface RunningCluster {
  readonly nodes: readonly RunningPostern[];
  readonly postgres: PostgresStand;
  /** Of all nodes. */
  pids(): readonly number[];
  stop(): Promise<void>;
}

export interface ClusterOptions {
  /** More of each node's command line. */
  readonly words?: readonly string[];
  /** A core list for the nodes; absent: the gateway's. */
  readonly on?: string;
}

const SECRET = 'a secret of the benchmark, long enough';

export async function startCluster(
  bench: Bench,
  count: number,
  { words = [], on = bench.cores.gateway }: ClusterOptions = {},
): Promise<RunningCluster> {
  const postgres = await openPostgresStand({ settings: { max_connections: '200' } });
  const nodes: RunningPostern[] = [];
  const stop = async (): Promise<void> => {
    for (const { client } of nodes) client.destroy();
    await Promise.all(nodes.map(({ program }) => program.stop()));
    await postgres.close();
  };
  try {
    const store = await postgres.createDatabase();
    for (let nth = 0; nth < count; nth++) {
      const listen = `127.0.0.1:${await freePort()}`;
      const folder = mkdtempSync(join(bench.folder, 'node-'));
      const config = join(folder, 'postern.yaml');
      writeFileSync(config, JSON.stringify({ store, cluster: { secret: SECRET, listen, address: listen } }));
      nodes.push(await startPostern(bench, { folder: join(folder, 'data'), config, words, on }));
    }
    return { nodes, postgres, pids: () => nodes.flatMap(({ program }) => program.pids()), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

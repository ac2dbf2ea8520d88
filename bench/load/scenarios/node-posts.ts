// Posts to connections through the node that holds them, and through another one: what the hop costs.
import type { Outcome, Scenario } from '../bench.ts';
import { startCluster } from '../gateways/cluster.ts';
import { hostOf } from '../gateways/postern.ts';
import { makeSocketApi, PostLoad, STAGE, TELL_IDS } from '../sockets/start.ts';
import { measureHop } from './hop.ts';

const CONNECTIONS = 400;
const POSTERS = 64;

export const nodePosts: Scenario = {
  name: 'node-posts',
  title: `posts to @connections through the node that holds them, and through another, by ${POSTERS} clients`,
  async run(bench): Promise<Outcome> {
    const cluster = await startCluster(bench, 2);
    let load: PostLoad | undefined;
    try {
      const [holder] = cluster.nodes as [(typeof cluster.nodes)[0]];
      const apiId = await makeSocketApi(holder.client, TELL_IDS);
      const server = { port: holder.port, host: hostOf(apiId), path: `/${STAGE}` };
      load = new PostLoad(bench, server, `/${STAGE}/@connections/`);
      const ports = cluster.nodes.map(({ port }) => port).join(' ');
      await load.tell(`open ${CONNECTIONS} ${POSTERS} ${ports}`);
      return await measureHop(bench, { pids: cluster.pids(), load, holder: 'node' });
    } finally {
      load?.end();
      await cluster.stop();
    }
  },
};

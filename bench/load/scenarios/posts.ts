// Posts to `@connections` that come to the worker which holds the connection, and to the other one: what the hop between them costs.
import type { Outcome, Scenario } from '../bench.ts';
import { hostOf, startPostern } from '../gateways/postern.ts';
import { makeSocketApi, PostLoad, STAGE, TELL_IDS } from '../sockets/start.ts';
import { measureHop } from './hop.ts';

const CONNECTIONS = 400;
const POSTERS = 64;
const WORKERS = 2;

export const posts: Scenario = {
  name: 'posts',
  title: `posts to @connections of the worker that gets them, and of another, by ${POSTERS} clients`,
  async run(bench): Promise<Outcome> {
    const { program, port, client } = await startPostern(bench, { words: ['--workers', String(WORKERS)] });
    let load: PostLoad | undefined;
    try {
      const apiId = await makeSocketApi(client, TELL_IDS);
      const server = { port, host: hostOf(apiId), path: `/${STAGE}` };
      load = new PostLoad(bench, server, `/${STAGE}/@connections/`);
      const { counts } = await load.tell<{ counts: readonly number[][] }>(
        `open ${CONNECTIONS} ${POSTERS} ${port}`,
      );
      bench.say(
        `  connections and posters of each worker: ${counts.map((each) => each.join(' and ')).join(', ')}`,
      );
      return await measureHop(bench, { pids: program.pids(), load, holder: 'worker' });
    } finally {
      client.destroy();
      load?.end();
      await program.stop();
    }
  },
};

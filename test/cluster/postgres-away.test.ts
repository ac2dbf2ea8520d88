// A cluster without its database for a while: HTTP and connections go on, writes are refused, and nothing is forgotten. Load goes on all
// the time; at the end the invariants are asked.
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { invariantsHold, loadedCluster } from './cluster-test.ts';
import { endsTold, entriesOf } from './ledger.ts';
import { hostOf } from './load/apis.ts';
import { ask } from './load/http.ts';
import { until } from './load/until.ts';
import type { ClusterNode } from './stand/node.ts';

describe('two nodes whose PostgreSQL goes away', () => {
  const cluster = loadedCluster({ nodes: 2, workers: 1, hasPostgres: true, sockets: 12 });
  const { ledger } = cluster;
  const postgres = () => cluster.stand.postgres!;
  const hit = (node: ClusterNode) => ({ on: [node.name], isDeath: true, bursts: 1, shares: 0.5 }) as const;
  const areTold = (ids: readonly string[]): boolean => {
    const told = endsTold(ledger.entries);
    return ids.every((id) => told.has(id));
  };
  const served = async (node: ClusterNode): Promise<number> => {
    const { apiId } = cluster.loaded.apis.http;
    return (await ask({ url: node.url, host: hostOf(apiId), path: '/ann' })).status;
  };
  const writesGoOn = (node: ClusterNode) =>
    until(
      'a write is acknowledged',
      async () => (await cluster.loaded.nextWrite(node)).outcome === 'acknowledged',
    );

  for (const [what, down, up] of [
    ['stands still', () => postgres().signal('SIGSTOP'), () => postgres().signal('SIGCONT')],
    ['is down', () => postgres().stop('SIGQUIT'), () => postgres().start()],
  ] as const) {
    test(`while PostgreSQL ${what} writes are refused, connections stay, and new ones are let in`, async () => {
      const before = [...cluster.loaded.crowd.open.keys()];
      const over = ledger.fault(`PostgreSQL ${what}`, { bursts: 1 });
      await down();
      const { outcome, error } = await cluster.loaded.nextWrite(cluster.node(0));
      const opened = entriesOf(ledger.entries, 'socket-opened').length;
      // One client leaves, and comes back to a cluster that has no database.
      cluster.loaded.crowd.dropOne();
      await until('it is connected again', () => entriesOf(ledger.entries, 'socket-opened').length > opened);
      await up();
      over();
      assert.deepEqual([outcome, error?.slice(0, 4)], ['refused', '503:']);
      assert.equal(before.filter((id) => cluster.loaded.crowd.open.has(id)).length, before.length - 1);
      for (const node of cluster.stand.nodes) await writesGoOn(node);
    });
  }

  test('the ends of a node that is lost meanwhile are told when PostgreSQL is back', async () => {
    const victim = cluster.node(1);
    await cluster.loaded.hasConnections(victim);
    const ids = cluster.loaded.crowd.of(victim);
    const over = ledger.fault('PostgreSQL is down, and a node is killed', hit(victim));
    await postgres().stop('SIGINT');
    victim.kill();
    await victim.ended();
    await postgres().start();
    await until('its ends are told', () => areTold(ids));
    await victim.start();
    over();
    await cluster.loaded.allAreConnected();
  });

  test('a node that starts meanwhile serves HTTP, and takes connections when PostgreSQL is back', async () => {
    const node = cluster.node(1);
    const over = ledger.fault('a node starts without PostgreSQL', hit(node));
    await node.end();
    await postgres().stop('SIGINT');
    await node.start();
    assert.equal(await served(node), 200);
    const { outcome, error } = await cluster.loaded.nextWrite(node);
    assert.deepEqual([outcome, error?.slice(0, 4)], ['refused', '503:']);
    assert.deepEqual(cluster.loaded.crowd.of(node), []);
    await postgres().start();
    over();
    await cluster.loaded.hasConnections(node);
    await writesGoOn(node);
  });

  for (const [what, spoil] of [
    ['was deleted', (file: string) => rmSync(file)],
    ['is damaged', (file: string) => writeFileSync(file, 'no database at all '.repeat(1_000))],
  ] as const) {
    test(`a node whose replica ${what} makes it anew`, async () => {
      const node = cluster.node(1);
      const over = ledger.fault(`the replica of a node ${what}`, hit(node));
      await node.end();
      for (const end of ['-wal', '-shm']) rmSync(join(node.data, `replica.db${end}`), { force: true });
      spoil(join(node.data, 'replica.db'));
      await node.start();
      over();
      assert.equal(await served(node), 200);
      await writesGoOn(node);
    });
  }

  test('connections that listen may end: changes are live everywhere as before', async () => {
    await postgres().sql(
      "select pg_terminate_backend(pid) from pg_stat_activity where query ilike 'listen%'",
    );
    for (const node of cluster.stand.nodes) await writesGoOn(node);
  });

  invariantsHold(cluster);
});

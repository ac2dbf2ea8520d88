// What becomes of clients when a node is lost, stands still, or ends: three nodes on PostgreSQL, real kills. Load goes on all the time; at
// the end the invariants are asked.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { invariantsHold, loadedCluster } from './cluster-test.ts';
import { endsTold, entriesOf } from './ledger.ts';
import { hostOf } from './load/apis.ts';
import { postTo } from './load/posts.ts';
import { until } from './load/until.ts';
import type { ClusterNode } from './stand/node.ts';
import { valkeyProgram } from './stand/valkey.ts';

describe('three nodes', () => {
  const valkey = valkeyProgram();
  const cluster = loadedCluster({ nodes: 3, workers: 1, hasPostgres: true, valkey, sockets: 18 });
  const { ledger } = cluster;
  const hit = (node: ClusterNode, isDeath: boolean) =>
    ({ on: [node.name], isDeath, ...(valkey === undefined ? { bursts: 1, shares: 0.5 } : {}) }) as const;
  const areTold = (ids: readonly string[]): boolean => {
    const told = endsTold(ledger.entries);
    return ids.every((id) => told.has(id));
  };

  test('of a node that is lost survivors tell the ends; a post is answered 503 until it is gone, then 410', async () => {
    const [survivor, , victim] = cluster.stand.nodes as [ClusterNode, ClusterNode, ClusterNode];
    await cluster.loaded.hasConnections(victim);
    const ids = cluster.loaded.crowd.of(victim);
    const over = ledger.fault('a node is killed', hit(victim, true));
    victim.kill();
    await victim.ended();
    const answers: number[] = [];
    await until('a post to one of its connections is answered 410', async () => {
      answers.push(await postTo(survivor, hostOf(cluster.loaded.apis.sockets), ids[0]!, 'post hello'));
      return answers.at(-1) === 410;
    });
    assert.deepEqual([...new Set(answers)], [503, 410]);
    await until('survivors have told its ends', () => areTold(ids));
    await victim.start();
    over();
    await cluster.loaded.allAreConnected();
  });

  test('a node that stood still closes its connections when it goes on, and tells nothing', async () => {
    const victim = cluster.node(1);
    await cluster.loaded.hasConnections(victim);
    const ids = cluster.loaded.crowd.of(victim);
    const over = ledger.fault('a node is stopped', hit(victim, false));
    victim.signalAll('SIGSTOP');
    await until('survivors have told its ends', () => areTold(ids));
    victim.signalAll('SIGCONT');
    await until('it has closed them', () => ids.every((id) => !cluster.loaded.crowd.open.has(id)));
    over();
    await cluster.loaded.allAreConnected();
    const twice = entriesOf(ledger.entries, 'disconnect-told').filter(({ id }) => ids.includes(id));
    assert.equal(twice.length, ids.length);
    await cluster.loaded.hasConnections(victim);
  });

  test('a node that is told to end says so to its clients, tells all ends, and leaves no process', async () => {
    const victim = cluster.node(0);
    await cluster.loaded.hasConnections(victim);
    const ids = cluster.loaded.crowd.of(victim);
    const over = ledger.fault('a node is told to end', hit(victim, false));
    await victim.end();
    assert.deepEqual(victim.stillRunning(), []);
    const codes = entriesOf(ledger.entries, 'socket-ended').filter(({ id }) => ids.includes(id));
    assert.deepEqual([...new Set(codes.map(({ code }) => code))], [1001]);
    await until('its ends are told', () => areTold(ids));
    await victim.start();
    over();
    await cluster.loaded.allAreConnected();
  });

  test('a primary that is killed and started again hands over at once', async () => {
    const victim = cluster.node(2);
    await cluster.loaded.hasConnections(victim);
    const ids = cluster.loaded.crowd.of(victim);
    const over = ledger.fault('a primary is killed', hit(victim, true));
    victim.killPrimary();
    await victim.ended();
    await victim.start();
    over();
    await until('its ends are told', () => areTold(ids));
    await cluster.loaded.allAreConnected();
  });

  invariantsHold(cluster);
});

// A cluster whose network drops what goes from one to another: nodes in network namespaces, as root. Load goes on all the time; at the end
// the invariants are asked.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { invariantsHold, loadedCluster } from './cluster-test.ts';
import { endsTold, entriesOf } from './ledger.ts';
import { hostOf } from './load/apis.ts';
import { postTo } from './load/posts.ts';
import { until } from './load/until.ts';
import { openNamespaces, reasonAgainstNamespaces } from './stand/network.ts';
import type { ClusterNode } from './stand/node.ts';
import { LEASE_SECONDS } from './stand/stand.ts';

const NODES = 3;
const skip = (await reasonAgainstNamespaces()) ?? false;

describe('three nodes in a network that can be cut', { skip }, () => {
  const openNetwork = () => openNamespaces(NODES);
  const options = { nodes: NODES, workers: 1, hasPostgres: true, sockets: 18 };
  const cluster = loadedCluster({ ...options, openNetwork });
  const { ledger } = cluster;
  /** A lease that is not kept alive has ended after so long, and survivors have noticed. */
  const LEASE_MILLIS = LEASE_SECONDS * 1_500;

  async function whileCut<T>(
    what: string,
    node: ClusterNode,
    others: readonly string[],
    act: () => Promise<T>,
  ): Promise<T> {
    const over = ledger.fault(what, { bursts: 1, shares: 0.5 });
    const heals = await Promise.all(others.map((other) => cluster.stand.network.cut(node.address, other)));
    try {
      return await act();
    } finally {
      for (const heal of heals) await heal();
      over();
    }
  }
  const elapsed = (millis: number) => {
    const from = ledger.now();
    return until(`${millis} ms have gone by`, () => ledger.now() - from >= millis);
  };

  test('a node that is cut from PostgreSQL alone keeps its connections, and refuses writes', async () => {
    const node = cluster.node(1);
    await cluster.loaded.hasConnections(node);
    const ids = cluster.loaded.crowd.of(node);
    await whileCut('a node is cut from PostgreSQL', node, [cluster.stand.network.postgres], async () => {
      await elapsed(2 * LEASE_MILLIS);
      assert.equal((await cluster.loaded.nextWrite(node)).outcome, 'refused');
      assert.equal((await cluster.loaded.nextWrite(cluster.node(0))).outcome, 'acknowledged');
    });
    assert.deepEqual(
      ids.filter((id) => !cluster.loaded.crowd.open.has(id)),
      [],
    );
    await until(
      'it is written to again',
      async () => (await cluster.loaded.nextWrite(node)).outcome === 'acknowledged',
    );
  });

  test('a node that is cut from everything closes its connections by itself; the others tell their ends', async () => {
    const node = cluster.node(2);
    await cluster.loaded.hasConnections(node);
    const ids = cluster.loaded.crowd.of(node);
    const others = cluster.stand.nodes.filter((other) => other !== node).map(({ address }) => address);
    const { postgres, valkey } = cluster.stand.network;
    await whileCut('a node is cut from everything', node, [postgres, valkey, ...others], async () => {
      await until('their ends are told', () => {
        const told = endsTold(ledger.entries);
        return ids.every((id) => told.has(id));
      });
      await until('it has closed them', () => ids.every((id) => !cluster.loaded.crowd.open.has(id)));
    });
    const told = endsTold(ledger.entries);
    const late = entriesOf(ledger.entries, 'socket-ended').filter(({ id, at }) => at > (told.get(id) ?? at));
    assert.deepEqual(
      late.filter(({ id }) => ids.includes(id)),
      [],
      'each was closed before its end was told',
    );
    await cluster.loaded.allAreConnected();
    await cluster.loaded.hasConnections(node);
  });

  test('between two nodes that are cut from each other posts are answered 503, and nobody is declared gone', async () => {
    const [one, other] = [cluster.node(0), cluster.node(1)];
    await cluster.loaded.hasConnections(other);
    const before = new Set(cluster.loaded.crowd.open.keys());
    const [id] = cluster.loaded.crowd.of(other);
    await whileCut('two nodes are cut from each other', one, [other.address], async () => {
      await elapsed(LEASE_MILLIS);
      assert.equal(await postTo(one, hostOf(cluster.loaded.apis.sockets), id!, 'post hello'), 503);
      for (const node of [one, other])
        assert.equal((await cluster.loaded.nextWrite(node)).outcome, 'acknowledged');
    });
    assert.equal([...before].filter((each) => !cluster.loaded.crowd.open.has(each)).length, 0);
    await until(
      'posts arrive again',
      async () => (await postTo(one, hostOf(cluster.loaded.apis.sockets), id!, 'post hello')) === 200,
    );
  });

  invariantsHold(cluster);
});

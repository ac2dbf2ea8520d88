// Three nodes of one process on a real PostgreSQL, each with a way of its own to it: changes that are live everywhere before they are answered, and
// what becomes of nodes that are killed, started again, stopped, cut off and told to end. Leases are two seconds.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { WebSocket } from 'ws';
import { processOf } from '../../src/websocket-api/connections/connection-id.ts';
import type { ConnectionList } from '../../src/websocket-api/connections/connection-list.ts';
import { freePort } from '../support/free-port.ts';
import { runProgram } from '../support/program.ts';
import { startRecordingBackend } from '../support/recording-backend.ts';
import { openPostgresStand, type PostgresStand } from './postgres-stand.ts';
import { ClusterNode } from './stand/node.ts';
import { TcpProxy } from './stand/proxy.ts';

const SECRET = 'a secret of three nodes that is long enough';
const LEASE_SECONDS = 2;
const PATIENCE_MILLIS = 30_000;

interface Shown {
  readonly node: number;
  readonly incarnation: number;
  readonly state: string;
  readonly isLinked: boolean;
  readonly isSelf: boolean;
}

describe('three nodes', () => {
  let postgres: PostgresStand;
  let backend: Awaited<ReturnType<typeof startRecordingBackend>>;
  const folder = mkdtempSync(join(tmpdir(), 'postern-nodes-'));
  const proxies: TcpProxy[] = [];
  const nodes: ClusterNode[] = [];

  before(async () => {
    postgres = await openPostgresStand();
    backend = await startRecordingBackend();
    const store = new URL(await postgres.createDatabase());
    for (let at = 0; at < 3; at++) {
      const proxy = await TcpProxy.open('127.0.0.1', { host: '127.0.0.1', port: postgres.port });
      proxies.push(proxy);
      store.port = String(proxy.port);
      nodes.push(
        new ClusterNode({
          ...{ name: `node-${at}`, address: '127.0.0.1', port: await freePort(), command: [], folder },
          words: ['--store', store.href, '--cluster-listen', `127.0.0.1:${await freePort()}`],
          config: { cluster: { secret: SECRET, leaseSeconds: LEASE_SECONDS } },
        }),
      );
    }
    for (const node of nodes) await node.start();
    await until(async () => (await Promise.all(nodes.map(isWell))).every(Boolean));
  });
  after(async () => {
    for (const node of nodes) {
      node.signalAll('SIGCONT');
      node.kill();
    }
    for (const proxy of proxies) proxy.close();
    await backend.close();
    await postgres.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const get = async (node: ClusterNode, path: string) => {
    const reply = await fetch(`${node.url}${path}`);
    return { status: reply.status, body: await reply.text() };
  };
  const shown = async (node: ClusterNode): Promise<readonly Shown[]> =>
    JSON.parse((await get(node, '/_postern/nodes')).body).nodes;
  const selfOf = async (node: ClusterNode): Promise<Shown | undefined> =>
    (await shown(node)).find(({ isSelf }) => isSelf);
  /** Three live, and all are linked to this one. */
  const isWell = async (node: ClusterNode): Promise<boolean> => {
    const others = (await shown(node)).filter(({ isSelf, state }) => !isSelf && state === 'up');
    return others.length === 2 && others.every(({ isLinked }) => isLinked);
  };
  const write = async (node: ClusterNode, name: string) => {
    const begun = performance.now();
    const reply = await fetch(`${node.url}/v2/apis`, {
      method: 'POST',
      body: JSON.stringify({ name, protocolType: 'HTTP', target: `http://127.0.0.1:${backend.port}/` }),
    });
    const { apiId } = (await reply.json()) as { apiId: string };
    const change = Number(reply.headers.get('x-postern-change'));
    return { status: reply.status, api: apiId, change, millis: performance.now() - begun };
  };
  const call = async (node: ClusterNode, api: string): Promise<number> =>
    (await get(node, `/_aws/execute-api/${api}/`)).status;

  test('what is answered is live on all of them, whichever was asked', async () => {
    for (const [at, node] of nodes.entries()) {
      const { status, api, change } = await write(node, `n${at}`);
      assert.equal(status, 201);
      assert.deepEqual(await Promise.all(nodes.map((each) => call(each, api))), [200, 200, 200]);
      for (const each of nodes) {
        const fence = await get(each, `/_postern/fence?change=${change}`);
        assert.equal(fence.status, 200, fence.body);
        const { nodes: told } = JSON.parse(fence.body) as { nodes: { node: number; live: number }[] };
        assert.deepEqual(
          told.map(({ node: number, live }) => [number, live >= change]),
          [
            [0, true],
            [1, true],
            [2, true],
          ],
        );
      }
    }
    const digests = await Promise.all(nodes.map((node) => get(node, '/_postern/snapshot-digest')));
    assert.equal(new Set(digests.map(({ body }) => body)).size, 1);
  });

  test('connections of all nodes are listed at each, the newest first', async () => {
    const clients: WebSocket[] = [];
    const post = async (path: string, body: object) =>
      (await (
        await fetch(`${nodes[0]!.url}${path}`, { method: 'POST', body: JSON.stringify(body) })
      ).json()) as {
        readonly apiId: string;
        readonly integrationId: string;
      };
    const { apiId } = await post('/v2/apis', {
      ...{ name: 'chat', protocolType: 'WEBSOCKET', routeSelectionExpression: '$request.body.action' },
    });
    const { integrationId } = await post(`/v2/apis/${apiId}/integrations`, { integrationType: 'MOCK' });
    const target = `integrations/${integrationId}`;
    await post(`/v2/apis/${apiId}/routes`, { routeKey: '$default', target });
    await post(`/v2/apis/${apiId}/stages`, { stageName: 'prod', autoDeploy: true });
    for (const at of [0, 1, 2, 1]) {
      const { port } = new URL(nodes[at]!.url);
      const client = new WebSocket(`ws://127.0.0.1:${port}/_aws/execute-api/${apiId}/prod`);
      await once(client, 'open');
      clients.push(client);
    }
    const list = async (node: ClusterNode, query = ''): Promise<ConnectionList> =>
      JSON.parse((await get(node, `/_postern/connections${query}`)).body);
    const all = await list(nodes[0]!);
    assert.deepEqual([all.count, all.connections.length, all.unanswered], [4, 4, undefined]);
    const holders = all.connections.map(({ connectionId }) => processOf(connectionId) >> 6);
    assert.deepEqual(holders.toSorted(), [0, 1, 1, 2]);
    assert.deepEqual(
      all.connections.map(({ connectedAt }) => connectedAt),
      all.connections.map(({ connectedAt }) => connectedAt).toSorted((one, other) => other - one),
    );
    for (const node of nodes) {
      assert.deepEqual(await list(node), all);
      assert.deepEqual(await list(node, '?limit=2'), { count: 4, connections: all.connections.slice(0, 2) });
      assert.deepEqual(await list(node, '?api=another'), { count: 0, connections: [] });
    }
    const { port } = new URL(nodes[2]!.url);
    const words = ['connections', '--endpoint', `http://127.0.0.1:${port}`, '--api', apiId];
    assert.equal((await runProgram(words, { cwd: folder })).stdout.trim().split('\n').length, 4);
    for (const client of clients) client.close();
    await until(async () => (await list(nodes[1]!)).count === 0);
  });

  test('doctor says that their limits are approximate, and names a standby and notifications that do not arrive', async () => {
    const [node] = nodes as [ClusterNode];
    const { port } = new URL(node.url);
    const place = ['--listen', `127.0.0.1:${port}`, '--data', node.data, '--config', `${node.data}.yaml`];
    const examined = async (): Promise<readonly { name: string; state: string; text: string }[]> => {
      const words = ['doctor', '--json', '--store', postgres.url('db1'), ...place];
      const { stdout } = await runProgram(words, { cwd: folder });
      const { checks } = JSON.parse(stdout) as { checks: { name: string; state: string; text: string }[] };
      return checks.filter(({ name }) => name === 'Nodes' || name === 'Store');
    };
    const said = async () => (await examined()).map(({ name, state }) => `${name} ${state}`);
    assert.deepEqual(await said(), ['Nodes good', 'Nodes note', 'Store good']);

    // Whoever asks to be sent what is written is a standby.
    const standby = new Client({ connectionString: postgres.url('db1'), replication: 'database' } as object);
    await standby.connect();
    // A commit of which nobody is told.
    await postgres.sql(
      `with head as (update postern.head set latest = latest + 1, batch = gen_random_uuid() returning latest, batch)
       insert into postern.change (number, key, gone, batch, at)
         select latest, (select min(key) from postern.document), false, batch, now() from head`,
      'db1',
    );
    const problems = async (): Promise<string> =>
      JSON.parse((await get(node, '/_postern/nodes')).body).problems.join(' ');
    await until(async () => /Notifications of PostgreSQL do not arrive/.test(await problems()));
    const checks = await examined();
    await standby.end();
    assert.deepEqual(
      checks
        .filter(({ state }) => state !== 'good')
        .map(({ name, state, text }) => `${name} ${state}: ${text.split(' ', 3).join(' ')}`),
      [
        'Nodes bad: Notifications of PostgreSQL',
        'Nodes note: Rate limits are',
        'Store note: its standbys are',
      ],
    );
    // They arrive with the next.
    assert.equal((await write(node, 'told')).status, 201);
    await until(async () => (await problems()) === '');
  });

  test('a node that only misses PostgreSQL serves, refuses writes, and stays alive through the others', async () => {
    const [cut, other] = [nodes[2]!, nodes[0]!];
    const before = await selfOf(cut);
    const { api } = await write(other, 'before');
    proxies[2]!.dropsAnswerTo = () => true;
    await pause(LEASE_SECONDS * 1_300);
    const [after] = (await shown(other)).filter(({ node }) => node === before!.node);
    assert.equal(after?.incarnation, before!.incarnation);
    assert.equal(await call(cut, api), 200);
    await until(async () => (await write(cut, 'refused')).status === 503);
    proxies[2]!.dropsAnswerTo = () => false;
    proxies[2]!.reset();
    await until(async () => (await write(cut, 'again')).status === 201);
    assert.equal((await selfOf(cut))?.incarnation, before!.incarnation);
  });

  test('a node that stands still is waited for once, declared gone, and comes back as another', async () => {
    const [still, other] = [nodes[1]!, nodes[0]!];
    const before = (await selfOf(still))!;
    still.signalAll('SIGSTOP');
    const [first, listed] = await Promise.all([
      write(other, 'first'),
      get(other, '/_postern/connections').then(({ body }) => JSON.parse(body) as ConnectionList),
    ]);
    assert.deepEqual(listed, { count: 0, connections: [], unanswered: [`node ${before.node}`] });
    const second = await write(other, 'second');
    assert.equal(first.status, 201);
    assert.ok(second.millis < 900, `not waited for again: ${second.millis} ms`);
    const fence = await get(other, `/_postern/fence?change=${second.change}&seconds=0`);
    if (fence.status !== 200) assert.match(fence.body, /is not live on node 1 /);
    await until(async () =>
      (await shown(other)).every(({ incarnation }) => incarnation !== before.incarnation),
    );
    still.signalAll('SIGCONT');
    await until(async () => (await selfOf(still))!.incarnation > before.incarnation && isWell(still));
    assert.ok(still.lines.some((line) => line.includes('"event":"node.none"')));
    assert.equal(await call(still, second.api), 200);
  });

  test('a node that is killed and started again takes its own place at once', async () => {
    const [killed, other] = [nodes[0]!, nodes[1]!];
    const before = (await selfOf(killed))!;
    killed.kill();
    await killed.ended();
    await killed.start();
    const after = (await selfOf(killed))!;
    assert.equal(after.node, before.node);
    assert.ok(after.incarnation > before.incarnation);
    await until(async () => (await isWell(killed)) && (await isWell(other)));
    assert.ok(
      !other.lines.some((line) => line.includes(`"event":"node.declared-gone","node":${before.node}`)),
    );
  });

  test('a node that is told to end leaves at once', async () => {
    const [ended, other] = [nodes[2]!, nodes[0]!];
    const before = (await selfOf(ended))!;
    await ended.end();
    await until(async () =>
      (await shown(other)).every(({ incarnation }) => incarnation !== before.incarnation),
    );
    const { millis } = await write(other, 'without');
    assert.ok(millis < 900, `${millis} ms`);
    const states = await postgres.sql('select state from postern.node order by incarnation', 'db1');
    assert.deepEqual(
      states.map(({ state }) => state),
      ['gone', 'gone', 'drained', 'up', 'up'],
    );
  });

  test('nobody has the secret in its log', () => {
    for (const node of nodes) assert.ok(!node.lines.join('\n').includes(SECRET));
  });
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + PATIENCE_MILLIS;
  while (!(await holds().catch(() => false))) {
    if (performance.now() > end) throw new Error(`it did not come to ${holds}`);
    await pause(50);
  }
}

// Calls for connections of other nodes, with links that are function calls.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printOutcome } from '../cluster/connections/connection-call.ts';
import { processNumber } from '../cluster/connections/routing.ts';
import type { ClusterNodes } from '../cluster/nodes/cluster-nodes.ts';
import type { Asker } from '../net/channel/channel.ts';
import { newConnectionId } from '../websocket-api/connections/connection-id.ts';
import { NodeConnections } from './node-connections.ts';

type Handler = (call: Buffer, from: number, asker: Asker) => undefined;

/** Nodes 0 to 2, of which 2 has no link. Each knows them by their incarnations, 10 to 12, and says which of its workers was asked. */
function threeNodes(t: { after(end: () => void): void }) {
  const handlers = new Map<number, Handler>();
  const asked: string[] = [];
  const rows = [0, 1, 2].map((number) => ({
    number,
    incarnation: 10 + number,
    connections: { 'a/r': 1 + number },
  }));
  const numbers: number[] = [];
  return {
    asked,
    numbers,
    nodes: rows.map(({ number, incarnation }) => {
      const links = {
        onAsk: (_kind: number, handler: Handler) => void handlers.set(incarnation, handler),
        askFor(asker: Asker, to: number, _kind: number, call: Buffer) {
          if (to === 12) asker.refuse('no link');
          else handlers.get(to)!(call, incarnation, asker);
        },
      };
      const lease = { number, incarnation, nodes: rows };
      const connections = new NodeConnections({ lease, links, onStanding() {} } as unknown as ClusterNodes);
      t.after(() => connections.close());
      connections.hold({
        askWorker(slot, _call, asker) {
          asked.push(`${number}: ${slot}`);
          if (slot < 2) asker.answer(printOutcome('done'));
          return slot < 2;
        },
        counts: { 'a/r': number },
        setNodes() {},
        setNumber(told) {
          numbers.push(told);
        },
      });
      return connections;
    }),
  };
}

test('each machine is told its number, and its processes have theirs by it', (t) => {
  const { nodes, numbers } = threeNodes(t);
  assert.deepEqual(numbers.slice(0, 2), [0, 1]);
  assert.deepEqual([nodes[0]!.processNumber(3), nodes[1]!.processNumber(3)], [3, 67]);
});

test('a post goes over one link to the worker that the id names; who is not there is gone', async (t) => {
  const { nodes, asked } = threeNodes(t);
  const post = (from: number, node: number, slot: number) =>
    nodes[from]!.elsewhere.post(
      { id: newConnectionId(processNumber(node, slot)), apiId: 'a', stageName: 's' },
      Buffer.from('x'),
    );
  assert.equal(await post(0, 1, 1), 'sent');
  assert.equal(await post(1, 0, 0), 'sent');
  assert.equal(await post(0, 0, 1), 'sent');
  assert.equal(await post(0, 1, 9), 'gone');
  assert.deepEqual(asked, ['1: 1', '0: 0', '0: 1', '1: 9']);
  // A lease that has ended, and one that has not, without a link.
  assert.equal(await post(0, 7, 0), 'gone');
  assert.equal(await post(0, 2, 0), 'unreachable');
  assert.deepEqual([nodes[1]!.counts, asked.length], [{ 'a/r': 1 }, 4]);
});

test('a node without a lease calls nobody gone', async (t) => {
  const lease: { number: number | undefined; incarnation: number | undefined; nodes: readonly object[] } = {
    number: 2,
    incarnation: 12,
    nodes: [{ number: 2, incarnation: 12, connections: {} }],
  };
  const links = { onAsk() {} };
  const connections = new NodeConnections({ lease, links, onStanding() {} } as unknown as ClusterNodes);
  t.after(() => connections.close());
  connections.hold({ askWorker: () => true, counts: {}, setNodes() {}, setNumber() {} });
  const refused: string[] = [];
  const asker = { answer() {}, refuse: (why: string) => void refused.push(why) };
  assert.equal(connections.askNode(0, Buffer.alloc(0), asker), false, 'who has one knows who lives');
  lease.number = undefined;
  lease.incarnation = undefined;
  assert.equal(connections.processNumber(1), 129, 'it is not node 0 meanwhile');
  assert.equal(connections.askNode(0, Buffer.alloc(0), asker), true);
  assert.deepEqual(refused, ['This node does not know at present who lives.']);
});

// Calls for connections of other nodes, with links that are function calls.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printOutcome, readOutcome } from '../cluster/connections/connection-call.ts';
import { processNumber } from '../cluster/connections/routing.ts';
import type { ClusterNodes } from '../cluster/nodes/cluster-nodes.ts';
import { CONNECTION } from '../cluster/nodes/protocol.ts';
import type { Asker } from '../net/channel/channel.ts';
import { newConnectionId } from '../websocket-api/connections/connection-id.ts';
import type { ConnectionSummary } from '../websocket-api/connections/connection-list.ts';
import { NodeConnections } from './node-connections.ts';

type Handler = (call: Buffer, from: number, asker?: Asker) => Promise<string> | undefined;

const nothing = async () => ({ count: 0, connections: [] });

/** Nodes 0 to 2, of which 2 has no link. Each knows them by their incarnations, 10 to 12, and says which of its workers was asked. */
function threeNodes(t: { after(end: () => void): void }) {
  const handlers = new Map<string, Handler>();
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
        onAsk: (kind: number, handler: Handler) => void handlers.set(`${incarnation} ${kind}`, handler),
        askFor(asker: Asker, to: number, kind: number, call: Buffer) {
          assert.equal(kind, CONNECTION);
          if (to === 12) asker.refuse('no link');
          else handlers.get(`${to} ${kind}`)!(call, incarnation, asker);
        },
        async ask(to: number, kind: number, question: string) {
          if (to === 12) throw new Error('no link');
          return Buffer.from((await handlers.get(`${to} ${kind}`)!(Buffer.from(question), incarnation))!);
        },
      };
      const lease = { number, incarnation, nodes: rows };
      // One has begun since the last beat.
      const numbersNow = async () => new Set([0, 1, 2, 6]);
      const means = { lease, links, numbersNow, onStanding() {} };
      const connections = new NodeConnections(means as unknown as ClusterNodes);
      t.after(() => connections.close());
      connections.hold({
        askWorker(slot, _call, asker) {
          asked.push(`${number}: ${slot}`);
          if (slot < 2) asker.answer(printOutcome('done'));
          return slot < 2;
        },
        counts: { 'a/r': number },
        list: async ({ api, limit }) => {
          const connections = [connectionOf(number, 10 + number), connectionOf(number, number)];
          const found = connections.filter(({ apiId }) => (api ?? apiId) === apiId);
          return {
            ...{ count: found.length, connections: found.slice(0, limit) },
            ...(number === 1 ? { unanswered: ['worker 3'] } : {}),
          };
        },
        setNodes() {},
        setNumber(told) {
          numbers.push(told);
        },
      });
      return connections;
    }),
  };
}

function connectionOf(node: number, connectedAt: number): ConnectionSummary {
  return {
    ...{
      connectionId: `${node} at ${connectedAt}`,
      apiId: `of-${node}`,
      stage: 's',
      accountId: 'a',
      region: 'r',
    },
    ...{ connectedAt, lastActiveAt: 0, sourceIp: '::1', messagesIn: 0, messagesOut: 0 },
  };
}

test('a list is of all nodes, the newest first, and names who has not answered', async (t) => {
  const { nodes } = threeNodes(t);
  const listed = async (at: number, given: { readonly api?: string; readonly limit?: number }) => {
    const filter = { account: undefined, api: undefined, stage: undefined, limit: 500, ...given };
    const { count, connections, unanswered } = await nodes[at]!.list(filter);
    return [count, connections.map(({ connectionId }) => connectionId).join(', '), unanswered];
  };
  assert.deepEqual(await listed(0, {}), [
    ...[4, '1 at 11, 0 at 10, 1 at 1, 0 at 0'],
    ['worker 3 of node 1', 'node 2'],
  ]);
  assert.deepEqual((await listed(1, { limit: 3 })).slice(0, 2), [4, '1 at 11, 0 at 10, 1 at 1']);
  assert.deepEqual((await listed(1, { api: 'of-0' })).slice(0, 2), [2, '0 at 10, 0 at 0']);
});

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
  // A lease that has ended, one that is newer than the last beat, and one without a link.
  assert.equal(await post(0, 7, 0), 'gone');
  assert.equal(await post(0, 6, 0), 'unreachable');
  assert.equal(await post(0, 2, 0), 'unreachable');
  assert.deepEqual([nodes[1]!.counts, asked.length], [{ 'a/r': 1 }, 4]);
});

test('a node without a lease, or that PostgreSQL does not answer, calls nobody gone', async (t) => {
  const lease: { number: number | undefined; incarnation: number | undefined; nodes: readonly object[] } = {
    number: 2,
    incarnation: 12,
    nodes: [{ number: 2, incarnation: 12, connections: {} }],
  };
  const links = { onAsk() {} };
  let numbersNow = async () => new Set([2]);
  const means = { lease, links, numbersNow: () => numbersNow(), onStanding() {} };
  const connections = new NodeConnections(means as unknown as ClusterNodes);
  t.after(() => connections.close());
  connections.hold({ askWorker: () => true, counts: {}, list: nothing, setNodes() {}, setNumber() {} });
  const asked = () =>
    new Promise<string>((resolve) =>
      connections.askNode(0, Buffer.alloc(0), {
        answer: (body) => resolve(readOutcome(body)),
        refuse: resolve,
      }),
    );
  const UNKNOWN = 'This node does not know at present who lives.';
  assert.equal(await asked(), 'gone', 'who has one knows who lives');
  numbersNow = () => Promise.reject(new Error('PostgreSQL is away'));
  assert.equal(await asked(), UNKNOWN);
  lease.number = undefined;
  lease.incarnation = undefined;
  assert.equal(connections.processNumber(1), 129, 'it is not node 0 meanwhile');
  assert.equal(await asked(), UNKNOWN);
  const all = { account: undefined, api: undefined, stage: undefined, limit: 1 };
  const { unanswered } = await connections.list(all);
  assert.deepEqual(unanswered, ['node 2', 'nodes that this one does not know'], 'nor that it lists all');
});

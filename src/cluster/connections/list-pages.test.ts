// Lists of connections by pages that fit into a frame of a link.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  byNewest,
  type ConnectionFilter,
  type ConnectionSummary,
  mergedLists,
} from '../../websocket-api/connections/connection-list.ts';
import { listByPages, printPage } from './list-pages.ts';

const FRAME_BYTES = 256 * 1_024 - 5;
const ALL: ConnectionFilter = { account: undefined, api: undefined, stage: undefined, limit: 10_000 };

/** Some of each moment, and of any length. */
function connection(nth: number, userAgent = 'ä'.repeat((nth * 37) % 900)): ConnectionSummary {
  return {
    ...{
      connectionId: `id-${(nth * 7919) % 10_007}`,
      apiId: 'api',
      stage: 'prod',
      accountId: '1',
      region: 'r',
    },
    ...{ connectedAt: Math.floor(nth / 3), lastActiveAt: 0, sourceIp: '::1', messagesIn: 0, messagesOut: 0 },
    userAgent,
  };
}

/** A node that has these, with what its answers were long. */
function nodeOf(connections: readonly ConnectionSummary[], more: { unanswered?: readonly string[] } = {}) {
  const lengths: number[] = [];
  const list = async ({ behind, limit }: ConnectionFilter) => {
    const found = connections.filter((each) => behind === undefined || byNewest(behind, each) < 0);
    return { ...mergedLists([{ count: found.length, connections: found }], limit), ...more };
  };
  const ask = async (question: string): Promise<Buffer> => {
    const answer = Buffer.from(await printPage(Buffer.from(question), list));
    lengths.push(answer.length);
    return answer;
  };
  return { ask, lengths };
}

test('a list comes whole, the newest first, by pages that fit into a frame', async () => {
  const connections = Array.from({ length: 2_500 }, (_, nth) => connection(nth));
  const { ask, lengths } = nodeOf(connections);
  const list = await listByPages(ask, ALL);
  assert.deepEqual(list, { count: 2_500, connections: [...connections].sort(byNewest) });
  assert.ok(lengths.length > 5 && Math.max(...lengths) <= FRAME_BYTES, `${lengths}`);
});

test('no more is asked for than is wanted, and all are counted', async () => {
  const connections = Array.from({ length: 2_500 }, (_, nth) => connection(nth, ''));
  const { ask, lengths } = nodeOf(connections);
  const list = await listByPages(ask, { ...ALL, limit: 3 });
  assert.deepEqual(list, { count: 2_500, connections: [...connections].sort(byNewest).slice(0, 3) });
  assert.ok(lengths.length === 1 && lengths[0]! < 1_000, `${lengths}`);
  const none = nodeOf([]);
  assert.deepEqual(await listByPages(none.ask, ALL), { count: 0, connections: [] });
});

test('one that is longer than a page has a page of its own, and what does not answer is told once', async () => {
  const long = 'x'.repeat(200_000);
  const connections = [connection(0), connection(1, long), connection(2, long), connection(3)];
  const { ask, lengths } = nodeOf(connections, { unanswered: ['worker 1 of node 2'] });
  const list = await listByPages(ask, ALL);
  assert.equal(list.connections.length, 4);
  assert.deepEqual(list.unanswered, ['worker 1 of node 2']);
  assert.ok(Math.max(...lengths) <= FRAME_BYTES, `${lengths}`);
});

test('a page that does not come leaves the whole list out', async () => {
  const { ask, lengths } = nodeOf(Array.from({ length: 2_500 }, (_, nth) => connection(nth)));
  const failing = (question: string) =>
    lengths.length < 2 ? ask(question) : Promise.reject(new Error('The link is gone.'));
  await assert.rejects(listByPages(failing, ALL), /The link is gone/);
});

// Lists of open connections that did not come in the order of their times: `$connect` takes each as long as it takes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConnectionPosition } from './connection-list.ts';
import type { Hub, OpenConnection } from './hub.ts';
import { OpenConnections } from './open-connections.ts';

const COUNT = 300;
const ALL = { account: undefined, api: undefined, stage: undefined, limit: COUNT };

/** Some of each moment, some up to a hundred places late. */
function connectionOf(nth: number): OpenConnection {
  const connectedAt = 1_000 + Math.floor(nth / 3) - (nth % 7 === 0 ? (nth * 31) % 100 : 0);
  const info = { id: `id-${(nth * 97) % COUNT}`, apiId: 'a', stageName: 's', connectedAt };
  return { info, stage: { accountId: '1', region: 'r' } } as unknown as OpenConnection;
}

const connections = Array.from({ length: COUNT }, (_, nth) => connectionOf(nth));
const open = new OpenConnections({ all: () => connections.values() } as unknown as Hub, () => undefined);
const sorted = connections
  .toSorted((a, b) => b.info.connectedAt - a.info.connectedAt || (a.info.id < b.info.id ? -1 : 1))
  .map(({ info }) => info.id);
const idsOf = (list: { readonly connections: readonly ConnectionPosition[] }) =>
  list.connections.map(({ connectionId }) => connectionId);

test('the newest are listed whatever came last', () => {
  for (const limit of [1, 2, 10, 150, COUNT, 500]) {
    const list = open.list({ ...ALL, limit });
    assert.deepEqual([list.count, idsOf(list)], [COUNT, sorted.slice(0, limit)], `${limit}`);
  }
});

test('pages one behind another are the list, and each counts what is left', () => {
  const found: string[] = [];
  for (let behind: ConnectionPosition | undefined; found.length < COUNT; ) {
    const page = open.list({ ...ALL, limit: 7, behind });
    assert.equal(page.count, COUNT - found.length);
    found.push(...idsOf(page));
    behind = page.connections.at(-1);
  }
  assert.deepEqual(found, sorted);
  assert.deepEqual(open.list({ ...ALL, behind: open.list(ALL).connections.at(-1) }).count, 0);
});

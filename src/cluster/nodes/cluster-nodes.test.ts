// Nodes of one process on a real PostgreSQL, with leases of a second: who lives, who is declared gone, and who waits for whom. What a network
// does is done to the statements and links of a node.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openPostgresStand, type PostgresStand } from '../../../test/cluster/postgres-stand.ts';
import { parsePlace } from '../../store/postgres/place.ts';
import { openPostgres, type Postgres } from '../../store/postgres/postgres-store.ts';
import type { SqlSource } from '../../store/postgres/sql-source.ts';
import { createLog } from '../../telemetry/log.ts';
import { ClusterNodes } from './cluster-nodes.ts';
import { pruneRows } from './duties.ts';
import type { LeaseStanding } from './lease-state.ts';
import { securityBySecret } from './link-security.ts';

const SECRET = 'a secret of a cluster that is long enough';
const LOOPBACK = { host: '127.0.0.1', port: 0 };
const LEASE_SECONDS = 1;

interface Stand {
  readonly nodes: ClusterNodes;
  readonly standings: LeaseStanding[];
  readonly data: string;
  ended: number;
  /** Whether PostgreSQL is out of its reach. */
  readonly way: { isCut: boolean };
  close(): Promise<void>;
}

describe('nodes on PostgreSQL', () => {
  let postgres: PostgresStand;
  let store: Postgres;
  let directory = '';
  const open = new Set<Stand>();

  before(async () => {
    postgres = await openPostgresStand();
    directory = await mkdtemp(join(tmpdir(), 'postern-nodes-'));
  });
  after(async () => {
    await Promise.all([...open].map((stand) => stand.close()));
    await store?.store.close();
    await postgres.close();
    await rm(directory, { recursive: true });
  });

  /** A database of the test's own. */
  async function fresh(): Promise<void> {
    await Promise.all([...open].map((stand) => stand.close()));
    await store?.store.close();
    store = await openPostgres(parsePlace(await postgres.createDatabase()), { program: '0.1.0' });
    // Nodes say here how far they are without a change: whoever is further than the store begins anew.
    await store.sql.query(`update ${store.sql.schema}.head set latest = 100`);
  }

  async function start(
    given: { data?: string; isLinked?: boolean; configuration?: string } = {},
  ): Promise<Stand> {
    const { data = await mkdtemp(join(directory, 'node-')), isLinked = true, configuration = '' } = given;
    const way = { isCut: false };
    const refused = () => Promise.reject(new Error('PostgreSQL is out of reach'));
    const sql: SqlSource = {
      ...store.sql,
      beat: (text, values) => (way.isCut ? refused() : store.sql.beat(text, values)),
    };
    const log = createLog({ level: 'silent', pretty: false, colour: false, output: { write: () => {} } });
    const nodes = await ClusterNodes.open({
      sql,
      cluster: () => store.cluster,
      data,
      program: '0.1.0',
      leaseSeconds: LEASE_SECONDS,
      writeWaitMillis: 200,
      links: isLinked
        ? { security: securityBySecret([SECRET]), secret: SECRET, listen: LOOPBACK, address: undefined }
        : undefined,
      configuration,
      connections: () => ({}),
      log,
    });
    const stand: Stand = {
      ...{ nodes, standings: [nodes.lease.standing], data, ended: 0, way },
      async close() {
        open.delete(stand);
        way.isCut = false;
        await nodes.close();
      },
    };
    nodes.onStanding(() => {
      const { standing } = nodes.lease;
      if (stand.standings.at(-1) !== standing) stand.standings.push(standing);
    });
    nodes.onEnded(() => stand.ended++);
    open.add(stand);
    await until(() => nodes.lease.standing === 'sure');
    return stand;
  }

  async function several(count: number): Promise<readonly Stand[]> {
    await fresh();
    const stands: Stand[] = [];
    for (let i = 0; i < count; i++) stands.push(await start());
    // By their links, and by a beat, which may come later.
    const knowsAll = ({ nodes }: Stand) =>
      nodes.links!.linked().length === count - 1 && nodes.living === count;
    await until(() => stands.every(knowsAll));
    return stands;
  }

  test('each takes the smallest free number, sees the others, and leaves its own behind', async () => {
    const stands = await several(3);
    assert.deepEqual(
      stands.map(({ nodes }) => nodes.lease.number),
      [0, 1, 2],
    );
    const [first, second, third] = stands;
    await until(() => first!.nodes.living === 3);
    await second!.close();
    await until(() => first!.nodes.living === 2 && third!.nodes.living === 2);
    const again = await start();
    assert.equal(again.nodes.lease.number, 1);
    // Whether a beat has told of it or not.
    assert.deepEqual([...(await first!.nodes.numbersNow())].sort(), [0, 1, 2]);
    assert.ok(again.nodes.lease.incarnation! > third!.nodes.lease.incarnation!);
  });

  test('a change is settled when all that are near have it, and who is late is waited for once', async () => {
    const [one, two, three] = await several(3);
    for (const { nodes } of [one!, two!]) nodes.advance(5);
    let isSettled = false;
    const settled = one!.nodes.settle(5).then(() => (isSettled = true));
    assert.equal(isSettled, false);
    three!.nodes.advance(5);
    await settled;
    // Late, and not waited for again until it has what it was waited for.
    for (const { nodes } of [one!, two!]) nodes.advance(6);
    const begun = performance.now();
    await one!.nodes.settle(6);
    assert.ok(performance.now() - begun >= 199);
    one!.nodes.advance(7);
    two!.nodes.advance(7);
    let reached = await one!.nodes.reached(7, 0);
    while (reached[1]!.live < 7) reached = await one!.nodes.reached(7, 10);
    assert.deepEqual(
      reached.map(({ node, live }) => [node, live >= 7]),
      [
        [0, true],
        [1, true],
        [2, false],
      ],
    );
    const waiting = one!.nodes.reached(7, 10_000);
    three!.nodes.advance(7);
    assert.deepEqual(
      (await waiting).map(({ live }) => live),
      [7, 7, 7],
    );
  });

  test('a node that says nothing more is declared gone, and its connections are somebody else’s to end', async (t) => {
    const [one, two, three] = await several(3);
    // Judges have beaten for a while, and are known.
    await until(() => one!.nodes.lease.nodes.length === 3);
    await store.sql.query(
      `insert into ${store.sql.schema}.connection (id, holder, info) values ('a', $1, '{}')`,
      [three!.nodes.lease.incarnation!],
    );
    const lost = three!.nodes.lease.incarnation;
    three!.way.isCut = true;
    // An answer that is under way would have it dial the others, who beat for it then.
    const dialling = t.mock.method(three!.nodes.links!, 'setPeers', () => {});
    await three!.nodes.links!.close();
    await until(() => one!.nodes.living === 2 && two!.nodes.living === 2);
    // It knew before they did.
    assert.equal(three!.nodes.lease.isSure, false);
    assert.deepEqual(three!.standings.slice(0, 3), ['sure', 'unsure', 'isolated']);
    await until(() => one!.ended > 0 && two!.ended > 0);
    // It learns, and takes another lease.
    dialling.mock.restore();
    three!.way.isCut = false;
    await until(() => three!.nodes.lease.standing === 'sure');
    assert.ok(three!.standings.includes('none'));
    assert.notEqual(three!.nodes.lease.incarnation, lost);
  });

  test('a node that reaches PostgreSQL through others only stays sure', async () => {
    const [one, two] = await several(2);
    const before = one!.nodes.lease.incarnation;
    one!.way.isCut = true;
    await pause(1_300 * LEASE_SECONDS);
    assert.deepEqual(one!.standings, ['sure']);
    assert.equal(one!.nodes.lease.incarnation, before);
    assert.deepEqual([one!.nodes.living, two!.nodes.living], [2, 2]);
  });

  test('linked nodes that all miss PostgreSQL stay sure, and nobody is judged afterwards', async () => {
    const stands = await several(3);
    const before = stands.map(({ nodes }) => nodes.lease.incarnation);
    for (const stand of stands) stand.way.isCut = true;
    await pause(1_300 * LEASE_SECONDS);
    for (const { nodes } of stands) assert.equal(nodes.lease.isSure, true);
    // One is back a little earlier.
    for (const stand of stands) {
      stand.way.isCut = false;
      await pause(200);
    }
    await pause(1_200 * LEASE_SECONDS);
    assert.deepEqual(
      stands.map(({ nodes }) => nodes.lease.incarnation),
      before,
    );
    for (const { standings } of stands) assert.deepEqual(standings, ['sure']);
  });

  test('a start on the same directory takes the place of the one before at once', async () => {
    const [one, two] = await several(2);
    // As if killed: nothing of it is heard any more.
    two!.way.isCut = true;
    await two!.nodes.links!.close();
    const begun = performance.now();
    const again = await start({ data: two!.data });
    assert.equal(again.nodes.lease.number, 1);
    await until(() =>
      one!.nodes.lease.nodes.some((row) => row.incarnation === again.nodes.lease.incarnation),
    );
    assert.ok(performance.now() - begun < 900 * LEASE_SECONDS);
  });

  test('a node with another configuration is shown', async () => {
    await fresh();
    const [one] = [await start({ configuration: 'a: 1' }), await start({ configuration: 'a: 2' })];
    await start({ configuration: 'a: 1' });
    await until(() => one!.nodes.shown().length === 3);
    assert.deepEqual(
      one!.nodes.shown().map(({ node, hasSameConfiguration }) => [node, hasSameConfiguration]),
      [
        [0, true],
        [1, false],
        [2, true],
      ],
    );
  });

  test('rows that nobody needs go, once an hour', async () => {
    await fresh();
    const { schema, query } = store.sql;
    const today = Math.floor(Date.now() / 86_400_000);
    await query(`insert into ${schema}.node (number, name, program, level, state, beat_at)
      values (1, 'old', '0', 1, 'gone', now() - interval '2 days'), (2, 'held', '0', 1, 'gone', now() - interval '2 days'),
        (3, 'new', '0', 1, 'drained', now())`);
    await query(`insert into ${schema}.connection (id, holder, info)
      select 'a', incarnation, '{}' from ${schema}.node where name = 'held'`);
    const periods = [
      today,
      today - 50,
      `w${Math.floor(today / 7)}`,
      'w2000',
      '2001-01',
      '9999-01',
      'other',
    ].map(String);
    for (const period of periods) {
      await query(`insert into ${schema}.usage (key, period, granted) values ('k', $1, 1)`, [period]);
    }
    assert.equal(await pruneRows(store.sql), 4);
    const names = await query(`select name from ${schema}.node order by name`);
    assert.deepEqual(names.rows.flat(), ['held', 'new']);
    const kept = await query(`select period from ${schema}.usage`);
    assert.deepEqual(new Set(kept.rows.flat()), new Set([periods[0], periods[2], '9999-01', 'other']));
    assert.equal(await pruneRows(store.sql), 0);
  });
});

const pause = (millis: number) => new Promise((resolve) => setTimeout(resolve, millis));

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await pause(10);
}

import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { openPostgresStand, type PostgresStand } from '../../../test/cluster/postgres-stand.ts';
import { Follower } from '../follower.ts';
import { openStoreAt } from '../postgres/at.test.support.ts';
import { parsePlace } from '../postgres/place.ts';
import { pruneChanges } from '../postgres/prune.ts';
import { connect } from '../sqlite/connection.ts';
import type { DocumentSource, Key, Store } from '../store.ts';
import { type NodeStore, openNodeStore } from './node-store.ts';

const COLLECTION: Key = ['a', 'r', 'things'];

interface Node extends NodeStore {
  readonly directory: string;
  readonly told: string[];
}

describe('a replica', () => {
  let stand: PostgresStand;
  const directories: string[] = [];
  before(async () => {
    stand = await openPostgresStand();
  });
  after(async () => {
    await stand.close();
    for (const directory of directories) await rm(directory, { recursive: true, force: true });
  });

  const nameOf = (url: string): string => new URL(url).pathname.slice(1);
  const newDirectory = async (): Promise<string> => {
    const directory = await mkdtemp(join(tmpdir(), 'postern-replica-'));
    directories.push(directory);
    return directory;
  };
  async function openNode(t: TestContext, url: string, given?: string): Promise<Node> {
    const directory = given ?? (await newDirectory());
    const told: string[] = [];
    const node = await openNodeStore({
      place: parsePlace(url),
      program: '0.1.0',
      directory,
      patienceInMillis: 500,
      onDamaged: (sentence) => told.push(sentence),
      onError: ({ message }) => told.push(message),
      onRecovered: () => told.push('recovered'),
    });
    t.after(() => node.store.close());
    return { ...node, directory, told };
  }
  const put = (store: Store, id: string, n = 1): Promise<void> =>
    store.transact((tx) => tx.put([...COLLECTION, id], { n }));
  const idsIn = async (source: Pick<DocumentSource, 'read'>): Promise<string[]> =>
    (await source.read((tx) => tx.list(COLLECTION))).entries.map(({ key }) => key.at(-1)!);

  test('has what was written once it says so, in the order of creation', async (t) => {
    const url = await stand.createDatabase();
    const { store, replica } = await openNode(t, url);
    for (const id of ['z', 'a', 'm']) await put(store, id);
    await store.transact(async (tx) => {
      await tx.put([...COLLECTION, 'z'], { n: 2 });
      await tx.put([...COLLECTION, 'a', 'parts', 'p'], {});
      await tx.delete([...COLLECTION, 'm']);
      await tx.put([...COLLECTION, 'm'], { n: 3 });
      await tx.put([...COLLECTION, 'm'], { n: 4 });
    });
    assert.equal(await replica.latestChange(), 8);
    assert.equal(replica.applied, 8);
    assert.deepEqual(
      await replica.read((tx) => tx.list(COLLECTION)),
      await store.read((tx) => tx.list(COLLECTION)),
    );
    await store.transact((tx) => tx.delete([...COLLECTION, 'a']));
    await replica.latestChange();
    assert.deepEqual(
      await replica.read((tx) => tx.lists([[...COLLECTION, 'a', 'parts'], COLLECTION])),
      await store.read((tx) => tx.lists([[...COLLECTION, 'a', 'parts'], COLLECTION])),
    );
  });

  test('is as old as the last beat, however long ago the last change was', async (t) => {
    const { store, replica } = await openNode(t, await stand.createDatabase());
    await put(store, 'a');
    await replica.latestChange();
    // Three beats of a second.
    await pause(3_200);
    assert.ok(replica.behindSeconds <= 3, `${replica.behindSeconds} s`);
  });

  test('looks when it is told of a commit, whether there is one or not', async (t) => {
    const url = await stand.createDatabase();
    const { store, replica } = await openNode(t, url);
    await put(store, 'a');
    await replica.latestChange();
    const other = await openStoreAt(url);
    t.after(() => other.close());
    for (let n = 2; n <= 5; n++) {
      await stand.sql(`notify postern, '${n * 1_000}'`, nameOf(url));
      await put(other, `d${n}`);
      while (replica.applied < n) await pause(5);
      assert.equal(await replica.latestChange(), n, 'what is told is not believed');
    }
    assert.deepEqual(await idsIn(replica), ['a', 'd2', 'd3', 'd4', 'd5']);
  });

  test('catches up by changes with what it missed, more than fit into one answer too', async (t) => {
    const url = await stand.createDatabase();
    const directory = await newDirectory();
    const first = await openNode(t, url, directory);
    await put(first.store, 'before');
    await first.replica.latestChange();
    await first.store.close();
    const other = await openStoreAt(url);
    t.after(() => other.close());
    await other.transact(async (tx) => {
      for (let n = 0; n < 450; n++) await tx.put([...COLLECTION, `${n % 150}`], { n });
    });
    const again = await openNode(t, url, directory);
    assert.equal(await again.replica.latestChange(), 451);
    assert.deepEqual(await idsIn(again.replica), await idsIn(other));
    assert.deepEqual(await again.replica.read((tx) => tx.get([...COLLECTION, '149'])), { n: 449 });
    const changes = again.replica.changes(1, new AbortController().signal)[Symbol.asyncIterator]();
    assert.equal((await changes.next()).value!.length, 450, 'no change was left out');
    await changes.return?.();
  });

  const behindItsBack: readonly (readonly [name: string, sql: string, ids: readonly string[]])[] = [
    [
      'was restored to an older state',
      `delete from postern.change where number > 2; delete from postern.document where seq > 2;
       update postern.head set latest = 2, batch = (select batch from postern.change where number = 2)`,
      ['d1', 'd2'],
    ],
    [
      'was restored, and written again up to the same number',
      `update postern.document set key = replace(key, 'd4', 'x4') where seq = 4;
       update postern.change set key = replace(key, 'd4', 'x4'), batch = gen_random_uuid() where number = 4;
       update postern.head set batch = (select batch from postern.change where number = 4)`,
      ['d1', 'd2', 'd3', 'x4'],
    ],
    [
      'became another cluster',
      `update postern.meta set cluster = gen_random_uuid();
       insert into postern.document (seq, key, parent, body) values (5, 'a/r/things/d5', 'a/r/things', '{}');
       insert into postern.change (number, key, gone, batch) values (5, 'a/r/things/d5', false, gen_random_uuid());
       update postern.head set latest = 5, batch = (select batch from postern.change where number = 5)`,
      ['d1', 'd2', 'd3', 'd4', 'd5'],
    ],
    [
      'has not kept the changes that it lacks',
      `insert into postern.document (seq, key, parent, body) select n, 'a/r/things/d' || n, 'a/r/things', '{}' from generate_series(5, 7) n;
       delete from postern.change;
       insert into postern.change (number, key, gone, batch) values (7, 'a/r/things/d7', false, gen_random_uuid());
       update postern.head set latest = 7, batch = (select batch from postern.change where number = 7)`,
      ['d1', 'd2', 'd3', 'd4', 'd5', 'd6', 'd7'],
    ],
    [
      'is further ahead than it is worth following',
      `insert into postern.change (number, key, gone, batch) select n, 'a/r/things/gone', true, '00000000-0000-0000-0000-000000000001' from generate_series(5, 60000) n;
       update postern.head set latest = 60000, batch = '00000000-0000-0000-0000-000000000001'`,
      ['d1', 'd2', 'd3', 'd4'],
    ],
  ];
  for (const [name, sql, ids] of behindItsBack) {
    test(`reads everything anew when PostgreSQL ${name}, and so does who follows it`, async (t) => {
      const url = await stand.createDatabase();
      const { store, replica, told } = await openNode(t, url);
      for (let n = 1; n <= 4; n++) await put(store, `d${n}`);
      let seen: string[] = [];
      const errors: unknown[] = [];
      const readAll = async (): Promise<void> => {
        seen = await idsIn(replica);
      };
      const follower = new Follower({
        documents: replica,
        readAll,
        take: readAll,
        onError: (error) => errors.push(error),
      });
      await follower.start();
      t.after(() => follower.close());
      const before = await replica.latestChange();
      await stand.sql(sql, nameOf(url));
      await stand.sql(
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${nameOf(url)}' and pid <> pg_backend_pid()`,
      );
      const [head] = await stand.sql('select latest::int from postern.head', nameOf(url));
      await until(() => replica.applied === head!.latest && seen.join() === ids.join());
      assert.ok((await replica.latestChange()) > before, 'its own numbers go on');
      await put(store, 'after');
      assert.equal(await follower.caughtUp(), true);
      assert.deepEqual(seen, [...ids, 'after']);
      assert.deepEqual([...errors, ...told], []);
    });
  }

  const damages: readonly (readonly [
    name: string,
    damage: (path: string) => Promise<void>,
    sentence: RegExp,
  ])[] = [
    [
      'is no database',
      (path) => writeFile(path, 'no database, but long enough. '.repeat(200)),
      /is not used: /,
    ],
    ['ends in the middle', (path) => truncate(path, 6_000), /is not used: /],
    [
      'has another format',
      async (path) => {
        const connection = connect(path);
        await connection.exec('pragma user_version = 99');
        connection.close();
      },
      /is not used: it has the format 99, and this version has 1\. It is made anew, and the old file is .*replica\.db\.damaged\.$/,
    ],
  ];
  for (const [name, damage, sentence] of damages) {
    test(`that ${name} is made anew, with one sentence`, async (t) => {
      const url = await stand.createDatabase();
      const directory = await newDirectory();
      const first = await openNode(t, url, directory);
      for (let n = 0; n < 50; n++) await put(first.store, `d${n}`);
      await first.replica.latestChange();
      await first.store.close();
      await damage(join(directory, 'replica.db'));
      const again = await openNode(t, url, directory);
      assert.equal(again.told.length, 1);
      assert.match(again.told[0]!, sentence);
      assert.equal((await idsIn(again.replica)).length, 50);
      assert.ok((await readdir(directory)).includes('replica.db.damaged'));
    });
  }

  test('is nobody else’s to read, and has one owner', async (t) => {
    const url = await stand.createDatabase();
    const { directory } = await openNode(t, url);
    for (const name of await readdir(directory)) {
      assert.equal((await stat(join(directory, name))).mode & 0o077, 0, name);
    }
    await assert.rejects(openNode(t, url, directory), /is in use by another Postern/);
  });

  test('old changes are dropped, but none that a living node has yet to take, and never the newest', async (t) => {
    const url = await stand.createDatabase();
    const { store, postgres } = await openNode(t, url);
    for (let n = 1; n <= 9; n++) await put(store, `d${n}`);
    const numbers = async (): Promise<readonly unknown[]> =>
      (await stand.sql('select number::int from postern.change order by number', nameOf(url))).map(
        ({ number }) => number,
      );
    const due = `update postern.duty set due_at = now()`;
    await stand.sql(
      `insert into postern.node (number, name, program, level, state, beat_at, applied) values (1, 'n', '0.1.0', 1, 'up', now(), 4)`,
      nameOf(url),
    );
    assert.equal(await pruneChanges(postgres.sql, { changes: 2, days: 10 }), 3);
    assert.deepEqual(await numbers(), [4, 5, 6, 7, 8, 9]);
    await stand.sql(`update postern.node set applied = 9`, nameOf(url));
    assert.equal(
      await pruneChanges(postgres.sql, { changes: 2, days: 10 }),
      0,
      'somebody has done it just now',
    );
    await stand.sql(due, nameOf(url));
    await pruneChanges(postgres.sql, { changes: 2, days: 10 });
    assert.deepEqual(await numbers(), [7, 8, 9]);
    await stand.sql(`${due}; update postern.change set at = now() - interval '11 days'`, nameOf(url));
    await pruneChanges(postgres.sql);
    assert.deepEqual(await numbers(), [9]);
    await store.checkIntegrity();
  });
});

async function until(isSo: () => boolean): Promise<void> {
  const end = performance.now() + 20_000;
  while (!isSo()) {
    assert.ok(performance.now() < end, 'it has not come to this in 20 s');
    await pause(20);
  }
}

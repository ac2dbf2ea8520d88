// What is particular to a store that is behind a network and that others write too.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openPostgresStand, type PostgresStand } from '../../../test/cluster/postgres-stand.ts';
import { TcpProxy } from '../../../test/cluster/stand/proxy.ts';
import type { Change, Store } from '../store.ts';
import { StoreError } from '../store-error.ts';
import { openPostgresAt, openStoreAt } from './at.test.support.ts';

const KEY = ['a', 'r', 'counters', 'c'];

describe('the PostgreSQL store', () => {
  let stand: PostgresStand;
  before(async () => {
    stand = await openPostgresStand();
  });
  after(() => stand.close());

  const increment = (store: Store): Promise<number> =>
    store.transact(async (tx) => {
      const n = Number((await tx.get(KEY))?.n ?? 0) + 1;
      await tx.put(KEY, { n });
      return n;
    });
  const nameOf = (url: string): string => new URL(url).pathname.slice(1);

  test('two writers lose nothing of each other, and who follows misses no change', async (t) => {
    const url = await stand.createDatabase();
    const stores = await Promise.all([openStoreAt(url), openStoreAt(url)]);
    t.after(() => Promise.all(stores.map((store) => store.close())));
    const seen: Change[] = [];
    const following = (async () => {
      for await (const batch of stores[0].changes(0, new AbortController().signal)) {
        seen.push(...batch);
        if (seen.length >= 200) return;
      }
    })();
    await Promise.all(
      stores.map(async (store) => {
        for (let round = 0; round < 20; round++)
          await Promise.all(Array.from({ length: 5 }, () => increment(store)));
      }),
    );
    await following;
    assert.deepEqual(await stores[1].read((tx) => tx.get(KEY)), { n: 200 });
    assert.deepEqual(
      seen.map(({ number }) => number),
      Array.from({ length: 200 }, (_, at) => at + 1),
    );
  });

  /** A store behind a proxy that does something when `commit` is sent. */
  async function throughProxy(
    onCommit: (proxy: TcpProxy) => boolean,
  ): Promise<{ store: Store; close(): Promise<void> }> {
    const proxy = await TcpProxy.open('127.0.0.1', { host: '127.0.0.1', port: stand.port });
    const url = await stand.createDatabase();
    const store = await openStoreAt(`${stand.url(nameOf(url), proxy.port)}?sslmode=disable`);
    let isDone = false;
    proxy.dropsAnswerTo = (sent) => {
      if (isDone || !sent.includes('commit\0')) return false;
      isDone = true;
      return onCommit(proxy);
    };
    return {
      store,
      async close() {
        await store.close();
        proxy.close();
      },
    };
  }

  const lost: readonly (readonly [name: string, onCommit: (proxy: TcpProxy) => boolean, runs: number])[] = [
    [
      'was kept, and is told so',
      (proxy) => {
        setTimeout(() => proxy.reset(), 300);
        return true;
      },
      1,
    ],
    [
      'was not kept, and is made again',
      (proxy) => {
        proxy.reset();
        return true;
      },
      2,
    ],
  ];
  for (const [name, onCommit, runs] of lost) {
    test(`a commit whose answer is lost ${name}`, async (t) => {
      const { store, close } = await throughProxy(onCommit);
      t.after(close);
      let ran = 0;
      const n = await store.transact(async (tx) => {
        ran++;
        const next = Number((await tx.get(KEY))?.n ?? 0) + 1;
        await tx.put(KEY, { n: next });
        return next;
      });
      assert.equal(ran, runs);
      assert.equal(n, 1);
      assert.deepEqual(await store.read((tx) => tx.get(KEY)), { n: 1 });
      assert.equal(await store.latestChange(), 1);
      assert.equal(await increment(store), 2);
    });
  }

  test('a commit whose answer is lost for good is told to be one that nobody knows of', async (t) => {
    const proxy = await TcpProxy.open('127.0.0.1', { host: '127.0.0.1', port: stand.port });
    const url = await stand.createDatabase();
    const through = `${stand.url(nameOf(url), proxy.port)}?sslmode=disable`;
    const { store } = await openPostgresAt(through, { doubtInMillis: 300 });
    t.after(() => store.close());
    proxy.dropsAnswerTo = (sent) => {
      const isCommit = sent.includes('commit\0');
      if (isCommit) setTimeout(() => proxy.close(), 200);
      return isCommit;
    };
    const told = await increment(store).catch((error: unknown) => error);
    assert.ok(told instanceof StoreError && told.problem === 'unknown', String(told));
    assert.match(told.message, /nobody knows whether it was stored\. Look before you repeat it\.$/);
    const again = await increment(store).catch((error: unknown) => error);
    assert.ok(again instanceof StoreError && again.problem === 'unreachable', String(again));
    assert.match(again.message, /Nothing of the change was kept\.$/);
    const direct = await openStoreAt(url);
    t.after(() => direct.close());
    assert.deepEqual(await direct.read((tx) => tx.get(KEY)), { n: 1 }, 'here it was');
  });

  test('who holds the lock and is silent keeps others waiting for five seconds, and then runs again', async (t) => {
    const url = await stand.createDatabase();
    const [silent, other] = await Promise.all([openStoreAt(url), openStoreAt(url)]);
    t.after(() => Promise.all([silent.close(), other.close()]));
    let wake = (): void => undefined;
    const asleep = new Promise<void>((resolve) => (wake = resolve));
    let begun = (): void => undefined;
    const holding = new Promise<void>((resolve) => (begun = resolve));
    let runs = 0;
    const first = silent.transact(async (tx) => {
      const n = Number((await tx.get(KEY))?.n ?? 0) + 1;
      begun();
      if (runs++ === 0) await asleep;
      await tx.put(KEY, { n });
      return n;
    });
    await holding;
    assert.equal(await increment(other), 1);
    wake();
    assert.equal(await first, 2);
    assert.equal(runs, 2);
  });

  test('six connections are a node’s, however much it does', async (t) => {
    const url = await stand.createDatabase();
    const { store, sql } = await openPostgresAt(url);
    t.after(() => store.close());
    const count = `select count(*)::int as n from pg_stat_activity where datname = '${nameOf(url)}' and application_name = 'postern'`;
    const [, , connections] = await Promise.all([
      Promise.all(Array.from({ length: 40 }, () => increment(store))),
      Promise.all(Array.from({ length: 40 }, () => store.read((tx) => tx.get(KEY)))),
      Promise.all(Array.from({ length: 5 }, () => sql.query(count))),
    ]);
    assert.ok(connections.every(({ rows }) => Number(rows[0]![0]) <= 6));
    assert.deepEqual(await stand.sql(count), [{ n: 6 }]);
  });

  for (const [options, isPrepared] of [
    ['', true],
    ['?pooled=true', false],
  ] as const) {
    test(`statements are ${isPrepared ? 'prepared' : 'not prepared'} with ${options || 'no options'}`, async (t) => {
      const { store, sql } = await openPostgresAt((await stand.createDatabase()) + options);
      t.after(() => store.close());
      assert.equal(await increment(store), 1);
      const prepared = await sql.transact(async (query) => {
        await query('select 1 + $1::int', [1]);
        return query('select count(*)::int from pg_prepared_statements');
      });
      assert.equal(Number(prepared.rows[0]![0]) > 0, isPrepared);
    });
  }

  test('what was committed before a node began is no notification that it missed', async (t) => {
    const proxy = await TcpProxy.open('127.0.0.1', { host: '127.0.0.1', port: stand.port });
    t.after(() => proxy.close());
    const url = await stand.createDatabase();
    const writer = await openStoreAt(url);
    await increment(writer);
    await writer.close();
    let beats = 0;
    let sawBeats: () => void = () => undefined;
    const beaten = new Promise<void>((resolve) => (sawBeats = resolve));
    proxy.dropsAnswerTo = (sent) => {
      if (sent.includes('select latest, batch') && ++beats === 4) sawBeats();
      return false;
    };
    const { store, watch } = await openPostgresAt(
      `${stand.url(nameOf(url), proxy.port)}?sslmode=disable&pooled=true&listen=true`,
    );
    t.after(() => store.close());
    await beaten;
    assert.equal(watch.isDeaf, false);
  });

  test('who beats while a connection is opened anew is told so', async (t) => {
    const { store, sql } = await openPostgresAt(await stand.createDatabase());
    t.after(() => store.close());
    const lost = sql.beat('select pg_terminate_backend(pg_backend_pid())').catch((error: unknown) => error);
    const refused: unknown[] = [await lost];
    for (let isBack = false; !isBack; ) {
      await new Promise((resolve) => setImmediate(resolve));
      isBack = await sql.beat('select 1').then(
        () => true,
        (error: unknown) => {
          refused.push(error);
          return false;
        },
      );
    }
    for (const error of refused) assert.ok(error instanceof StoreError, String(error));
    assert.ok(refused.length > 1);
  });

  const following: readonly (readonly [name: string, options: string, statement: string])[] = [
    ['that does not listen', '?listen=false', 'select 1'],
    ['behind a pooler', '?pooled=true', 'select 1'],
    ['whose notifications are lost', '', 'unlisten *'],
  ];
  for (const [name, options, statement] of following) {
    test(`a node ${name} hears of what others write`, async (t) => {
      const url = await stand.createDatabase();
      const [writer, { store, sql }] = await Promise.all([openStoreAt(url), openPostgresAt(url + options)]);
      t.after(() => Promise.all([writer.close(), store.close()]));
      await sql.beat(statement);
      const seen: number[] = [];
      const reading = (async () => {
        for await (const batch of store.changes(0, new AbortController().signal)) {
          seen.push(...batch.map(({ number }) => number));
          if (seen.length === 3) return;
          await increment(writer);
        }
      })();
      await increment(writer);
      await reading;
      assert.deepEqual(seen, [1, 2, 3]);
    });
  }

  test('what anybody notifies is looked at, and not believed', async (t) => {
    const { store, sql, watch } = await openPostgresAt(await stand.createDatabase());
    t.after(() => store.close());
    for (const said of ['9007199254740991', '-1', 'nothing'])
      await sql.beat(`notify ${sql.schema}, '${said}'`);
    await sql.beat('select 1');
    assert.equal(watch.head.latest, 0);
    await increment(store);
    const { value } = await store.changes(0, new AbortController().signal)[Symbol.asyncIterator]().next();
    assert.deepEqual([value?.map(({ number }: { number: number }) => number), watch.head.latest], [[1], 1]);
  });
});

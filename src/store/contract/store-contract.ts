// Test-only: the contract every store engine passes. `storeContract(engine)` declares its node:test cases.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { BadPageError, type Change, type Key, type Store } from '../store.ts';
import { storeKillContract } from './store-kill-contract.ts';
import { storeModelContract } from './store-model-contract.ts';

export interface StoreEngine {
  readonly name: string;
  /** How many histories are compared with a Map; as many as properties have when absent. */
  readonly histories?: number;
  /** URL of a module that exports `openStoreAt(location): Promise<Store>`; a child process opens the store with it. */
  readonly module: string;
  /** A new, empty place for a store. */
  createLocation(): Promise<string>;
  removeLocation(location: string): Promise<void>;
  open(location: string): Promise<Store>;
}

export function storeContract(engine: StoreEngine): void {
  describe(`the store contract on ${engine.name}`, () => {
    let location = '';
    let store: Store;
    let accounts = 0;
    /** A part of the store that no other test touches. */
    const root = (): Key => [`account-${++accounts}`, 'us-east-1'];

    before(async () => {
      location = await engine.createLocation();
      store = await engine.open(location);
    });
    after(async () => {
      await store.close();
      await engine.removeLocation(location);
    });

    test('what was put is there, as it was, until it is replaced or deleted', async () => {
      const key = [...root(), 'apis', 'a1'];
      const document = {
        Name: 'pets “and” more',
        Tags: { a: '1' },
        Nested: [1, null, { x: 1.5e300 }],
        Empty: '',
      };
      await store.transact((tx) => tx.put(key, document));
      assert.deepEqual(await store.read((tx) => tx.get(key)), document);
      await store.transact((tx) => tx.put(key, { Name: 'other' }));
      assert.deepEqual(await store.read((tx) => tx.get(key)), { Name: 'other' });
      await store.transact((tx) => tx.delete(key));
      assert.equal(await store.read((tx) => tx.get(key)), undefined);
    });

    test('many keys and collections are read at once, in the order in which they were asked for', async () => {
      const at = root();
      const stages = (api: string): Key => [...at, 'apis', api, 'stages'];
      await store.transact(async (tx) => {
        for (const id of ['z', 'a/b', '\u{1F600}']) await tx.put([...stages('a1'), id], { id, n: 1.5e300 });
        await tx.put([...stages('a2'), 'x'], { id: '“x”\n' });
        await tx.put([...stages('a1'), 'z'], { id: 'z', '\\': 1 });
      });
      const [texts, lists, none] = await store.read(async (tx) => [
        await tx.texts([
          [...stages('a2'), 'x'],
          [...stages('a1'), 'gone'],
          [...stages('a1'), 'a/b'],
          [...stages('a2'), 'x'],
        ]),
        await tx.lists([stages('a2'), stages('a3'), stages('a1'), stages('a2')]),
        [await tx.texts([]), await tx.lists([])],
      ]);
      assert.deepEqual(
        texts!.map((text) => text && JSON.parse(String(text))),
        [{ id: '“x”\n' }, undefined, { id: 'a/b', n: 1.5e300 }, { id: '“x”\n' }],
      );
      const ofA2 = [{ key: [...stages('a2'), 'x'], document: { id: '“x”\n' } }];
      const ofA1 = [
        { key: [...stages('a1'), 'z'], document: { id: 'z', '\\': 1 } },
        { key: [...stages('a1'), 'a/b'], document: { id: 'a/b', n: 1.5e300 } },
        { key: [...stages('a1'), '\u{1F600}'], document: { id: '\u{1F600}', n: 1.5e300 } },
      ];
      assert.deepEqual(lists, [ofA2, [], ofA1, ofA2]);
      assert.deepEqual(none, [[], []]);
    });

    test('a transaction sees its own writes, and its result is handed on', async () => {
      const at = root();
      const seen = await store.transact(async (tx) => {
        await tx.put([...at, 'apis', 'a1'], { n: 1 });
        await tx.put([...at, 'apis', 'a2'], { n: 2 });
        await tx.delete([...at, 'apis', 'a1']);
        return [await tx.get([...at, 'apis', 'a1']), (await tx.list([...at, 'apis'])).entries.length];
      });
      assert.deepEqual(seen, [undefined, 1]);
    });

    test('members keep their names, escaped ones too, whatever was read before', async () => {
      const at = root();
      const documents = [
        { x: 1, '\\': 2 },
        { x: 1, '\n': 2 },
        { '\\a': 2 },
        { '\na': 2 },
        { m: { 'a"b': 4 } },
      ];
      for (const [i, document] of documents.entries()) {
        await store.transact((tx) => tx.put([...at, 'apis', String(i)], document));
        assert.deepEqual(await store.read((tx) => tx.get([...at, 'apis', String(i)])), document);
      }
      const { entries } = await store.read((tx) => tx.list([...at, 'apis']));
      assert.deepEqual(
        entries.map((entry) => entry.document),
        documents,
      );
    });

    test('a throw undoes its own transaction only, and is rethrown as it is', async () => {
      const at = root();
      const mine = new Error('mine');
      const results = await Promise.allSettled([
        store.transact((tx) => tx.put([...at, 'apis', 'before'], {})),
        store.transact(async (tx) => {
          await tx.put([...at, 'apis', 'lost'], {});
          await tx.delete([...at, 'apis', 'before']);
          throw mine;
        }),
        store.transact(() => {
          throw mine;
        }),
        store.transact((tx) => tx.put([...at, 'apis', 'behind'], {})),
      ]);
      assert.deepEqual(
        results.map((result) => (result.status === 'rejected' ? result.reason : 'kept')),
        ['kept', mine, mine, 'kept'],
      );
      assert.deepEqual(await idsIn(store, [...at, 'apis']), ['before', 'behind']);
    });

    test('transactions that run at the same time are serial: no increment is lost', async () => {
      const key = [...root(), 'counters', 'c'];
      await store.transact((tx) => tx.put(key, { n: 0 }));
      await Promise.all(
        Array.from({ length: 200 }, () =>
          store.transact(async (tx) => {
            const n = Number((await tx.get(key))?.n);
            await Promise.resolve();
            await tx.put(key, { n: n + 1 });
          }),
        ),
      );
      assert.deepEqual(await store.read((tx) => tx.get(key)), { n: 200 });
    });

    test('a read sees one committed state, whatever is committed meanwhile', async () => {
      const key = [...root(), 'apis', 'a1'];
      await store.transact((tx) => tx.put(key, { n: 1 }));
      const seen = await store.read(async (tx) => {
        const first = await tx.get(key);
        await store.transact((write) => write.put(key, { n: 2 }));
        assert.deepEqual(await store.read((fresh) => fresh.get(key)), { n: 2 }, 'a later read sees it');
        return [first, await tx.get(key)];
      });
      assert.deepEqual(seen, [{ n: 1 }, { n: 1 }]);
    });

    test('deleting takes everything below along, and nothing beside', async () => {
      const at = root();
      const kept = ['apis/a1-x', 'apis/a10', 'apis/a1%2Froutes', 'apis/a'].map((text) => text.split('/'));
      await store.transact(async (tx) => {
        await tx.put([...at, 'apis', 'a1'], {});
        await tx.put([...at, 'apis', 'a1', 'routes', 'r1'], {});
        await tx.put([...at, 'apis', 'a1', 'routes', 'r1', 'responses', 'x'], {});
        for (const key of kept) await tx.put([...at, ...key], {});
        await tx.delete([...at, 'apis', 'a1']);
        await tx.delete([...at, 'apis', 'never there']);
      });
      assert.deepEqual(await idsIn(store, [...at, 'apis', 'a1', 'routes']), []);
      assert.deepEqual(await idsIn(store, [...at, 'apis', 'a1', 'routes', 'r1', 'responses']), []);
      assert.deepEqual(
        await idsIn(store, [...at, 'apis']),
        kept.map((key) => key[1]),
      );
    });

    test('a listing is in creation order, replaced documents keep their place', async () => {
      const at = [...root(), 'apis'];
      for (const id of ['z', 'a', 'm']) await store.transact((tx) => tx.put([...at, id], { id }));
      await store.transact((tx) => tx.put([...at, 'z'], { id: 'new z' }));
      await store.transact(async (tx) => {
        await tx.delete([...at, 'a']);
        await tx.put([...at, 'a'], { id: 'new a' });
      });
      const { entries, next } = await store.read((tx) => tx.list(at));
      assert.deepEqual(entries, [
        { key: [...at, 'z'], document: { id: 'new z' } },
        { key: [...at, 'm'], document: { id: 'm' } },
        { key: [...at, 'a'], document: { id: 'new a' } },
      ]);
      assert.equal(next, undefined);
    });

    test('a listing holds a collection’s own documents, not those below', async () => {
      const at = root();
      await store.transact(async (tx) => {
        await tx.put([...at, 'apis', 'a1', 'routes', 'r1'], {});
        await tx.put([...at, 'apis', 'a2'], {});
      });
      assert.deepEqual(await idsIn(store, [...at, 'apis']), ['a2']);
      assert.deepEqual(await idsIn(store, at), []);
    });

    test('pages follow each other, also when documents come and go between them', async () => {
      const at = [...root(), 'apis'];
      await store.transact(async (tx) => {
        for (let i = 0; i < 7; i++) await tx.put([...at, `a${i}`], {});
      });
      const page = async (limit: number, from?: string): Promise<[string[], string | undefined]> => {
        const listing = await store.read((tx) =>
          tx.list(at, from === undefined ? { limit } : { limit, after: from }),
        );
        return [listing.entries.map((entry) => entry.key.at(-1)!), listing.next];
      };
      const [first, second] = await page(3);
      assert.deepEqual(first, ['a0', 'a1', 'a2']);
      await store.transact(async (tx) => {
        await tx.delete([...at, 'a2']);
        await tx.delete([...at, 'a3']);
        await tx.put([...at, 'a7'], {});
      });
      const [next, third] = await page(4, second);
      assert.deepEqual([next, third], [['a4', 'a5', 'a6', 'a7'], undefined]);
      assert.deepEqual((await page(7))[1], undefined, 'a page that ends exactly at the end is the last');
    });

    test('a page token from elsewhere is refused', async () => {
      const at = [...root(), 'apis'];
      const other = [...root(), 'apis'];
      await store.transact(async (tx) => {
        for (const collection of [at, other]) {
          await tx.put([...collection, '1'], {});
          await tx.put([...collection, '2'], {});
        }
      });
      const foreign = (await store.read((tx) => tx.list(other, { limit: 1 }))).next!;
      for (const token of [
        '',
        'x',
        '1',
        'MQ==',
        '%00',
        '../..',
        foreign,
        `${foreign}A`,
        'a'.repeat(10_000),
      ]) {
        await assert.rejects(
          store.read((tx) => tx.list(at, { limit: 1, after: token })),
          BadPageError,
          `token ${token.slice(0, 20)}`,
        );
      }
    });

    test('accounts and regions do not see each other', async () => {
      await store.transact(async (tx) => {
        await tx.put(['111111111111', 'us-east-1', 'apis', 'a'], { in: 'one' });
        await tx.put(['111111111111', 'eu-west-1', 'apis', 'a'], { in: 'two' });
        await tx.put(['222222222222', 'us-east-1', 'apis', 'a'], { in: 'three' });
        await tx.delete(['111111111111', 'us-east-1', 'apis', 'a']);
      });
      assert.deepEqual(await idsIn(store, ['111111111111', 'eu-west-1', 'apis']), ['a']);
      assert.deepEqual(await idsIn(store, ['222222222222', 'us-east-1', 'apis']), ['a']);
    });

    test('changes come in commit order from any point, a transaction’s together', async () => {
      const at = [...root(), 'apis'];
      const start = await store.latestChange();
      await store.transact(async (tx) => {
        await tx.put([...at, 'a'], {});
        await tx.put([...at, 'b/ü'], {});
      });
      await store.transact((tx) => tx.delete([...at, 'a'])).then(() => undefined);
      await store.transact((tx) => tx.delete([...at, 'a']));
      await store
        .transact(async (tx) => {
          await tx.put([...at, 'never'], {});
          throw new Error('undone');
        })
        .catch(() => undefined);
      const expected: Change[] = [
        { number: start + 1, key: [...at, 'a'], exists: true },
        { number: start + 2, key: [...at, 'b/ü'], exists: true },
        { number: start + 3, key: [...at, 'a'], exists: false },
      ];
      assert.equal(await store.latestChange(), start + 3);
      assert.deepEqual(await collectChanges(store, start, 3), expected);
      assert.deepEqual(await collectChanges(store, start + 2, 1), expected.slice(2));
    });

    test('a waiting reader of changes is woken by a commit, and whole transactions arrive', async () => {
      const at = [...root(), 'apis'];
      const start = await store.latestChange();
      const stop = new AbortController();
      const sizes: number[] = [];
      const reader = (async () => {
        for await (const batch of store.changes(start, stop.signal)) {
          sizes.push(batch.length);
          if (batch.at(-1)!.number === start + 30) return;
        }
      })();
      await Promise.all(
        Array.from({ length: 10 }, (_, i) =>
          store.transact(async (tx) => {
            for (let j = 0; j < 3; j++) await tx.put([...at, `${i}-${j}`], {});
          }),
        ),
      );
      await reader;
      assert.ok(
        sizes.every((size) => size % 3 === 0),
        `batches of ${sizes.join(', ')}`,
      );
      stop.abort();
    });

    test('an abort ends a waiting reader of changes', async () => {
      const stop = new AbortController();
      const waiting = store
        .changes(await store.latestChange(), stop.signal)
        [Symbol.asyncIterator]()
        .next();
      stop.abort();
      assert.equal((await waiting).done, true);
    });

    test('a transaction is of no use after its end', async () => {
      const at = root();
      const leaked = await store.transact(async (tx) => tx);
      await assert.rejects(async () => leaked.put([...at, 'apis', 'a'], {}));
      assert.deepEqual(await idsIn(store, [...at, 'apis']), []);
    });

    test('any text may stand in a key', async () => {
      const at = root();
      const ids = [
        '',
        '/',
        '%',
        '%2F',
        'a b',
        'ü',
        '😀',
        '\ud800',
        '%ud800',
        '\udc00x\ud800',
        '$default',
        '\0',
        "'; --",
        '.',
      ];
      await store.transact(async (tx) => {
        for (const id of ids) await tx.put([...at, 'ids', id], { id });
      });
      assert.deepEqual(await idsIn(store, [...at, 'ids']), ids);
      for (const id of ids) assert.deepEqual(await store.read((tx) => tx.get([...at, 'ids', id])), { id });
    });

    test('an integral store passes its check', async () => {
      await store.checkIntegrity();
    });

    test('everything is there again after closing, numbers go on, a second close is nothing', async () => {
      const place = await engine.createLocation();
      const first = await engine.open(place);
      const saved = first.transact((tx) => tx.put(['a', 'r', 'apis', 'x'], { n: 1 }));
      await Promise.all([first.close(), first.close(), saved]);
      await assert.rejects(first.transact(async () => 1));
      await assert.rejects(first.read(async () => 1));
      const second = await engine.open(place);
      assert.deepEqual(await second.read((tx) => tx.get(['a', 'r', 'apis', 'x'])), { n: 1 });
      assert.equal(await second.latestChange(), 1);
      await second.transact((tx) => tx.delete(['a', 'r', 'apis', 'x']));
      assert.equal(await second.latestChange(), 2);
      const waiting = second.changes(2, new AbortController().signal)[Symbol.asyncIterator]().next();
      await second.close();
      assert.equal((await waiting).done, true, 'closing ends readers of changes');
      await engine.removeLocation(place);
    });
  });

  storeModelContract(engine);
  storeKillContract(engine);
}

async function idsIn(store: Store, collection: Key): Promise<(string | undefined)[]> {
  const { entries } = await store.read((tx) => tx.list(collection));
  return entries.map((entry) => entry.key.at(-1));
}

async function collectChanges(store: Store, after: number, count: number): Promise<Change[]> {
  const collected: Change[] = [];
  const stop = new AbortController();
  for await (const batch of store.changes(after, stop.signal)) {
    collected.push(...batch);
    if (collected.length >= count) break;
  }
  return collected;
}

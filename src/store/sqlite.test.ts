import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, open, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openSqliteStore } from './sqlite.ts';
import { connect } from './sqlite-connection.ts';
import { ChangesPrunedError } from './store.ts';
import { storeContract } from './store-contract.ts';
import { StoreError, type StoreProblem } from './store-error.ts';

storeContract({
  name: 'SQLite',
  module: new URL('./sqlite-at.js', import.meta.url).href,
  createLocation: () => mkdtemp(join(tmpdir(), 'postern-store-')),
  removeLocation: (location) => rm(location, { recursive: true }),
  open: (directory) => openSqliteStore({ directory }),
});

describe('the SQLite store', () => {
  let root = '';
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'postern-sqlite-'));
  });
  after(() => rm(root, { recursive: true }));

  async function refusal(directory: string): Promise<StoreError> {
    const error = await openSqliteStore({ directory }).then(
      async (store) => {
        await store.close();
        assert.fail('the store was opened');
      },
      (reason) => reason,
    );
    assert.ok(error instanceof StoreError, String(error));
    assert.ok(error.message.includes(directory), error.message);
    assert.match(error.message, /^The .*\.$/s);
    return error;
  }

  /** A store that was opened, filled and closed. */
  async function filled(name: string): Promise<string> {
    const directory = join(root, name);
    const store = await openSqliteStore({ directory });
    await store.transact(async (tx) => {
      for (let i = 0; i < 100; i++) await tx.put(['a', 'r', 'apis', `${i}`], { text: 'x'.repeat(1000) });
    });
    await store.close();
    return directory;
  }

  async function damage(directory: string, sql: string): Promise<void> {
    const connection = connect(join(directory, 'postern.db'));
    await connection.exec(sql);
    connection.close();
  }

  test('makes its directory; once closed, everything is in one file', async () => {
    const directory = join(root, 'deep', 'er');
    const store = await openSqliteStore({ directory });
    await store.transact((tx) => tx.put(['a', 'r', 'apis', 'x'], { n: 1 }));
    await store.close();
    for (const name of await readdir(directory)) {
      if (name.endsWith('-wal')) assert.equal((await stat(join(directory, name))).size, 0);
      if (name !== 'postern.db') await rm(join(directory, name));
    }
    const copy = await openSqliteStore({ directory });
    assert.deepEqual(await copy.read((tx) => tx.get(['a', 'r', 'apis', 'x'])), { n: 1 });
    await copy.close();
  });

  const unusable: [string, StoreProblem, () => Promise<string>][] = [
    [
      'a directory below a file',
      'directory',
      async () => {
        await writeFile(join(root, 'file'), '');
        return join(root, 'file', 'below');
      },
    ],
    [
      'a file that is no database',
      'corrupt',
      async () => {
        const directory = join(root, 'junk');
        await mkdir(directory);
        await writeFile(
          join(directory, 'postern.db'),
          'no database, but long enough to be looked at. '.repeat(100),
        );
        return directory;
      },
    ],
    [
      'a database of something else',
      'foreign',
      async () => {
        const directory = join(root, 'foreign');
        await mkdir(directory);
        await damage(directory, 'create table theirs (x)');
        return directory;
      },
    ],
    [
      'a store of a newer version',
      'newer',
      async () => {
        const directory = await filled('newer');
        await damage(directory, 'pragma user_version = 2');
        return directory;
      },
    ],
  ];
  for (const [name, problem, make] of unusable) {
    test(`${name} is refused with a sentence`, async () => {
      assert.equal((await refusal(await make())).problem, problem);
    });
  }

  test('a second opener is refused with a sentence, in this process and in another', async () => {
    const directory = await filled('locked');
    const store = await openSqliteStore({ directory });
    const error = await refusal(directory);
    assert.equal(error.problem, 'locked');
    assert.ok(error.message.includes(`process ${process.pid}`), error.message);

    const child = fork(new URL('./sqlite-at.js', import.meta.url), [directory], { silent: true });
    const [code] = await once(child, 'exit');
    assert.equal(code, 3, 'the other process was kept out');
    await store.close();
    await (await openSqliteStore({ directory })).close();
  });

  const damages: [string, string, RegExp][] = [
    [
      'a document that is not JSON',
      `update document set body = '{' where seq = 5`,
      /a\/r\/apis\/4 is not JSON/,
    ],
    ['a misplaced document', `update document set parent = 'a/r/apis2' where seq = 5`, /wrong collection/],
    ['a lost change', 'delete from change where number = 50', /99 of 100 changes/],
  ];
  for (const [name, sql, message] of damages) {
    test(`the check finds ${name}`, async () => {
      const directory = await filled(name.replaceAll(' ', '-'));
      await damage(directory, sql);
      const store = await openSqliteStore({ directory });
      await assert.rejects(
        store.checkIntegrity(),
        (error) => error instanceof StoreError && message.test(error.message),
      );
      await store.close();
    });
  }

  test('the check finds overwritten pages', async () => {
    const directory = await filled('overwritten');
    const file = await open(join(directory, 'postern.db'), 'r+');
    const { size } = await file.stat();
    for (let at = 4096 * 4; at < size; at += 4096) await file.write(Buffer.alloc(512, 0x5a), 0, 512, at);
    await file.close();
    // Which of the two notices depends on the page.
    await assert.rejects(async () => {
      const store = await openSqliteStore({ directory });
      await store.checkIntegrity().finally(() => store.close());
    }, StoreError);
  });

  test('old changes are dropped; who asks for them is told', async () => {
    const directory = join(root, 'pruned');
    const store = await openSqliteStore({ directory, keptChanges: 100 });
    for (let i = 0; i < 300; i++) await store.transact((tx) => tx.put(['a', 'r', 'apis', 'x'], { i }));
    const next = (after: number) =>
      store.changes(after, new AbortController().signal)[Symbol.asyncIterator]().next();
    await assert.rejects(next(0), ChangesPrunedError);
    assert.equal((await next(200)).value?.length, 100);
    await store.checkIntegrity();
    await store.close();

    const again = await openSqliteStore({ directory, keptChanges: 100 });
    assert.equal(await again.latestChange(), 300);
    await assert.rejects(
      again.changes(0, new AbortController().signal)[Symbol.asyncIterator]().next(),
      ChangesPrunedError,
    );
    await again.close();
  });

  test('a slow reader of changes that is running loses none', async () => {
    const store = await openSqliteStore({ directory: join(root, 'slow'), keptChanges: 10 });
    const batches = store.changes(0, new AbortController().signal)[Symbol.asyncIterator]();
    await store.transact((tx) => tx.put(['a', 'r', 'apis', 'x'], {}));
    const numbers = [...(await batches.next()).value].map((change) => change.number);
    for (let i = 0; i < 60; i++) await store.transact((tx) => tx.put(['a', 'r', 'apis', 'x'], { i }));
    numbers.push(...[...(await batches.next()).value].map((change) => change.number));
    assert.deepEqual(
      numbers,
      Array.from({ length: 61 }, (_, i) => i + 1),
    );
    await store.close();
  });

  test('a transaction of more changes than are kept still arrives whole', async () => {
    const store = await openSqliteStore({ directory: join(root, 'large'), keptChanges: 10 });
    const batches = store.changes(0, new AbortController().signal)[Symbol.asyncIterator]();
    await store.transact(async (tx) => {
      for (let i = 0; i < 500; i++) await tx.put(['a', 'r', 'apis', `${i}`], {});
    });
    assert.equal((await batches.next()).value?.length, 500);
    await store.close();
  });
});

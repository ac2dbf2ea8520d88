import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  open,
  readdir,
  rename,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { storeContract } from '../contract/store-contract.ts';
import { ChangesPrunedError } from '../store.ts';
import { StoreError, type StoreProblem } from '../store-error.ts';
import { connect } from './connection.ts';
import { openSqliteStore } from './sqlite-store.ts';

storeContract({
  name: 'SQLite',
  module: new URL('./at.test.support.js', import.meta.url).href,
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

  /** The same in files of its own: libsql keeps closed connections for a while, and they the files they had open. */
  async function copied(name: string): Promise<string> {
    const directory = join(root, `${name}-copy`);
    await mkdir(directory);
    await copyFile(join(await filled(name), 'postern.db'), join(directory, 'postern.db'));
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
    ['a directory where none can be made', 'directory', async () => '/proc/postern/data'],
    [
      'an empty file',
      'corrupt',
      async () => {
        const directory = join(root, 'empty');
        await mkdir(directory);
        await writeFile(join(directory, 'postern.db'), '');
        return directory;
      },
    ],
    [
      'a file that ends half-way',
      'corrupt',
      async () => {
        const directory = await copied('half');
        await truncate(join(directory, 'postern.db'), 20_000);
        return directory;
      },
    ],
    [
      'a file that ends in its header',
      'corrupt',
      async () => {
        const directory = await copied('header');
        await truncate(join(directory, 'postern.db'), 60);
        return directory;
      },
    ],
    [
      'a log whose database is gone',
      'corrupt',
      async () => {
        const directory = await filled('log-alone');
        await rm(join(directory, 'postern.db'));
        await writeFile(join(directory, 'postern.db-wal'), 'frames');
        return directory;
      },
    ],
    [
      'a store without one of its tables',
      'corrupt',
      async () => {
        const directory = await filled('tableless');
        await damage(directory, 'drop table change');
        return directory;
      },
    ],
    [
      'a store whose table has another column',
      'corrupt',
      async () => {
        const directory = await filled('renamed');
        await damage(directory, 'alter table document rename column body to text');
        return directory;
      },
    ],
    [
      'a store with something else in it',
      'corrupt',
      async () => {
        const directory = await filled('triggered');
        await damage(directory, 'create trigger theirs before insert on document begin select 1; end');
        return directory;
      },
    ],
    [
      'a store that another program has locked',
      'locked',
      async () => {
        const directory = await copied('held');
        const holder = connect(join(directory, 'postern.db'));
        await holder.exec('pragma locking_mode = exclusive; begin exclusive');
        after(() => holder.close());
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

    const child = fork(new URL('./at.test.support.js', import.meta.url), [directory], { silent: true });
    const [code] = await once(child, 'exit');
    assert.equal(code, 3, 'the other process was kept out');
    await store.close();
    await (await openSqliteStore({ directory })).close();
  });

  test('every file is its owner’s alone, also those that were not', async () => {
    const directory = join(root, 'modes');
    await mkdir(directory, { mode: 0o755 });
    const modes = async (): Promise<string[]> => {
      const names = await readdir(directory);
      const found = await Promise.all(names.map((name) => stat(join(directory, name))));
      return names.map((name, i) => `${name} ${(found[i]!.mode & 0o777).toString(8)}`);
    };
    const store = await openSqliteStore({ directory });
    await store.transact((tx) => tx.put(['a', 'r', 'apis', 'x'], {}));
    const names = ['db', 'db-shm', 'db-wal', 'lock', 'lock-journal', 'pid'];
    const all = names.map((name) => `postern.${name} 600`);
    assert.deepEqual(await modes(), all);
    await store.close();
    await chmod(join(directory, 'postern.db'), 0o644);
    const again = await openSqliteStore({ directory });
    await again.transact((tx) => tx.put(['a', 'r', 'apis', 'x'], {}));
    assert.deepEqual(await modes(), all);
    await again.close();
  });

  test('a start that ended while it made the store leaves nothing in the way', async () => {
    const directory = join(root, 'half-made');
    await mkdir(directory);
    await writeFile(join(directory, 'postern.db.new'), 'half');
    const store = await openSqliteStore({ directory });
    await store.checkIntegrity();
    await store.close();
    assert.ok(!(await readdir(directory)).includes('postern.db.new'));
  });

  for (const body of ['{', 'null', '5', '[]', '"text"'])
    test(`damage that is met later is a sentence for its reader and writer, and others go on: ${body}`, () =>
      meetDamage(body));

  async function meetDamage(body: string): Promise<void> {
    const directory = await filled(`met-later-${body.length}-${body.charCodeAt(0)}`);
    await damage(directory, `update document set body = '${body}' where seq = 5`);
    const store = await openSqliteStore({ directory });
    const isSentence = (error: unknown): boolean =>
      error instanceof StoreError &&
      error.problem === 'corrupt' &&
      /^The store file .*postern\.db is damaged: .*\. Stop the program, .*\.$/.test(error.message);
    const key = ['a', 'r', 'apis', '4'];
    await assert.rejects(
      store.read((tx) => tx.get(key)),
      isSentence,
    );
    await assert.rejects(
      store.read((tx) => tx.list(['a', 'r', 'apis'])),
      isSentence,
    );
    await assert.rejects(
      store.transact((tx) => tx.get(key)),
      isSentence,
    );
    assert.ok(await store.read((tx) => tx.get(['a', 'r', 'apis', '5'])));
    await store.transact((tx) => tx.put(key, { mended: true }));
    assert.deepEqual(await store.read((tx) => tx.get(key)), { mended: true });
    await store.close();
  }

  const UNDER_US: readonly (readonly [string, RegExp, (directory: string) => Promise<void>])[] = [
    ['removed', /it was removed while/, (directory) => rm(join(directory, 'postern.db'))],
    ['removed with its directory', /it was removed while/, (directory) => rm(directory, { recursive: true })],
    [
      'replaced',
      /another file took its place/,
      async (directory) => {
        await copyFile(join(directory, 'postern.db'), join(directory, 'restored'));
        await rename(join(directory, 'restored'), join(directory, 'postern.db'));
      },
    ],
    ['emptied', /it ends after 0 bytes/, (directory) => truncate(join(directory, 'postern.db'))],
    ['robbed of a table', /no such table: change/, (directory) => damage(directory, 'drop table change')],
    [
      'written to by others',
      /was changed by another program: .* Start Postern anew/,
      (directory) =>
        damage(directory, `insert into change select max(number) + 1, 'a/r/apis/1', 0 from change`),
    ],
  ];
  for (const [what, says, spoil] of UNDER_US) {
    test(`a file that is ${what} under a running store takes no change`, async () => {
      const directory = await copied(what.replaceAll(' ', '-'));
      const store = await openSqliteStore({ directory });
      await store.transact((tx) => tx.put(['a', 'r', 'apis', '1'], { is: 'kept' }));
      await spoil(directory);
      await assert.rejects(
        store.transact((tx) => tx.put(['a', 'r', 'apis', '2'], {})),
        (error) => error instanceof StoreError && error.problem === 'corrupt' && says.test(error.message),
      );
      // Where the log cannot be brought home, that is a sentence too.
      await store.close().catch((error: unknown) => assert.ok(error instanceof StoreError));
    });
  }

  test('a page that is damaged under a running store is a sentence too', async () => {
    const directory = await copied('under-us');
    const store = await openSqliteStore({ directory });
    const file = await open(join(directory, 'postern.db'), 'r+');
    const { size } = await file.stat();
    for (let at = 4096; at < size; at += 4096) await file.write(Buffer.alloc(4096, 0x5a), 0, 4096, at);
    await file.close();
    const isDamage = (error: unknown): boolean => error instanceof StoreError && error.problem === 'corrupt';
    await assert.rejects(
      store.read((tx) => tx.list(['a', 'r', 'apis'])),
      isDamage,
    );
    await assert.rejects(
      store.transact((tx) => tx.put(['a', 'r', 'apis', '7'], {})),
      isDamage,
    );
    await assert.rejects(
      store.read((tx) => tx.get(['a', 'r', 'apis', '50'])),
      isDamage,
    );
    await store.close();
  });

  const damages: [string, string, RegExp][] = [
    [
      'a document that is not JSON',
      `update document set body = '{' where seq = 5`,
      /a\/r\/apis\/4 is no JSON object/,
    ],
    [
      'a document that is no object',
      `update document set body = 'null' where seq = 5`,
      /a\/r\/apis\/4 is no JSON object/,
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

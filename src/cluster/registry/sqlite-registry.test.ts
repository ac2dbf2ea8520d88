// The registry of one machine: its contract, and what becomes of its file.
import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { connect } from '../../store/sqlite/connection.ts';
import { StoreError } from '../../store/store-error.ts';
import { BatchedRegistry } from './batched-registry.ts';
import { type LocalRuntime, openLocalRuntime } from './local-runtime.ts';
import { registryContract } from './registry-contract.test.support.ts';
import { registryKillContract } from './registry-kill-contract.test.support.ts';

const root = await mkdtemp(join(tmpdir(), 'postern-registry-'));
after(() => rm(root, { recursive: true, force: true }));
let places = 0;
const newDirectory = (): string => join(root, `${places++}`);
const fileIn = (directory: string): string => join(directory, 'runtime.db');
const undamaged = { processes: 1, onDamaged: (reason: string): void => assert.fail(reason) };

registryContract('SQLite', async () => {
  const directory = newDirectory();
  let alive: LocalRuntime | undefined;
  return {
    async join() {
      alive = await openLocalRuntime(fileIn(directory), undamaged);
      return alive.held;
    },
    // The file is closed as the system closes that of a process which dies: without a word to it.
    killAll: async () => {},
    close: async () => alive?.close(),
  };
});

registryKillContract({
  name: 'SQLite',
  createLocation: async () => fileIn(newDirectory()),
  open: (location) => openLocalRuntime(location, undamaged),
});

test('what comes while a batch is written is the next batch', async (t) => {
  const runtime = await openLocalRuntime(fileIn(newDirectory()), undamaged);
  t.after(() => runtime.close());
  const { engine, holder } = runtime.held;
  const batches: (readonly [number, number])[] = [];
  const registry = new BatchedRegistry({
    held: async () => ({
      holder,
      engine: {
        write(who, entering, leaving) {
          batches.push([entering.length, leaving.length]);
          return engine.write(who, entering, leaving);
        },
        dead: () => engine.dead(),
        claim: (...asked) => engine.claim(...asked),
        idsOf: (who) => engine.idsOf(who),
        rowsOf: (...asked) => engine.rowsOf(...asked),
      },
    }),
    onTrouble: (error) => assert.fail(String(error)),
  });
  const enter = (from: number, to: number): Promise<boolean>[] =>
    Array.from({ length: to - from }, (_, i) => registry.enter({ id: `${from + i}`, info: '{}' }));
  const first = enter(0, 3);
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  const second = enter(3, 20);
  registry.leave('1');
  // Comes and goes before it is written.
  const hasty = registry.enter({ id: 'hasty', info: '{}' });
  registry.leave('hasty');
  assert.ok((await Promise.all([...first, ...second, hasty])).every((isThere) => isThere));
  await registry.close();
  assert.deepEqual(batches, [
    [3, 0],
    [17, 1],
  ]);
  assert.equal((await engine.idsOf(holder)).length, 19);
});

test('while nothing can be written nobody enters, and what has left leaves later', async () => {
  let isFull = false;
  const left: string[] = [];
  const said: unknown[] = [];
  const registry = new BatchedRegistry({
    held: async () => ({
      holder: 1,
      engine: {
        async write(_holder, _entering, leaving) {
          if (isFull) throw new StoreError('full', 'The disk is full.');
          left.push(...leaving);
          return true;
        },
        dead: async () => [],
        claim: async () => [],
        idsOf: async () => [],
        rowsOf: async () => [],
      },
    }),
    onTrouble: (error) => said.push(error instanceof Error ? error.message : error),
  });
  assert.equal(await registry.enter({ id: 'a', info: '{}' }), true);
  isFull = true;
  registry.leave('a');
  assert.equal(await registry.enter({ id: 'b', info: '{}' }), false);
  assert.equal(await registry.enter({ id: 'c', info: '{}' }), false);
  assert.deepEqual(said, ['The disk is full.']);
  isFull = false;
  assert.equal(await registry.enter({ id: 'd', info: '{}' }), true);
  await registry.close();
  assert.deepEqual(left, ['a']);
  assert.deepEqual(said, ['The disk is full.', undefined]);
});

const DAMAGES: readonly (readonly [string, (path: string) => Promise<void>])[] = [
  ['is no database', (path) => writeFile(path, 'no database, but long enough to be looked at. '.repeat(100))],
  [
    'is a database of another program',
    async (path) => {
      const connection = connect(path);
      await connection.exec('create table theirs (x)');
      connection.close();
    },
  ],
  [
    'has lost a table',
    async (path) => {
      await (await openLocalRuntime(path, undamaged)).close();
      const connection = connect(path);
      await connection.exec('drop table connection');
      connection.close();
    },
  ],
];
for (const [name, damage] of DAMAGES) {
  test(`a file that ${name} is put aside with a sentence`, async () => {
    const directory = newDirectory();
    await (await openLocalRuntime(fileIn(directory), undamaged)).close();
    const path = fileIn(directory);
    await rm(path);
    await damage(path);
    const reasons: string[] = [];
    const runtime = await openLocalRuntime(fileIn(directory), {
      processes: 1,
      onDamaged: (reason) => reasons.push(reason),
    });
    assert.equal(await runtime.held.engine.write(runtime.held.holder, [{ id: 'a', info: '{}' }], []), true);
    await runtime.close();
    assert.match(
      reasons.join(),
      /^The file .*runtime\.db is damaged \(.+\), and was moved to .*\.damaged\. /,
    );
    assert.ok((await readdir(directory)).includes('runtime.db.damaged'));
  });
}

test('a file of a newer version is left alone', async () => {
  const directory = newDirectory();
  await (await openLocalRuntime(fileIn(directory), undamaged)).close();
  const connection = connect(fileIn(directory));
  await connection.exec('pragma user_version = 2');
  connection.close();
  await assert.rejects(
    openLocalRuntime(fileIn(directory), undamaged),
    (error) => error instanceof StoreError && error.problem === 'newer',
  );
});

test('its files are nobody else’s', async () => {
  const directory = newDirectory();
  const runtime = await openLocalRuntime(fileIn(directory), undamaged);
  await runtime.held.engine.write(runtime.held.holder, [{ id: 'a', info: '{}' }], []);
  for (const name of await readdir(directory))
    assert.equal((await stat(join(directory, name))).mode & 0o777, 0o600, name);
  await runtime.close();
});

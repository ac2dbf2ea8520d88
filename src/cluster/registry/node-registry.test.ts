// The registry of a node while PostgreSQL comes and goes.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { ConnectionRow } from '../../websocket-api/connections/registry.ts';
import { NodeRegistry } from './node-registry.ts';
import { Outage } from './outage.ts';
import type { HeldRow, SharedRegistry } from './registry-engine.ts';
import { RuntimeFile } from './runtime-file.ts';

const root = await mkdtemp(join(tmpdir(), 'postern-node-registry-'));
after(() => rm(root, { recursive: true, force: true }));
let files = 0;

const row = (id: string): ConnectionRow => ({ id, info: `{"of":"${id}"}` });
const ME = 7;

/** The shared registry as a map, which can be away, or answer when it is told to. */
class FarTable implements SharedRegistry {
  readonly rows = new Map<string, HeldRow>();
  state: 'there' | 'away' | 'silent' = 'there';
  readonly #waiting: (() => void)[] = [];

  async write(holder: number, entering: readonly ConnectionRow[], leaving: readonly string[]) {
    await this.#answer();
    for (const { id, info } of entering) if (!this.rows.has(id)) this.rows.set(id, { id, info, holder });
    for (const id of leaving) this.rows.delete(id);
    return true;
  }
  async moveIn(rows: readonly HeldRow[], leaving: readonly string[]) {
    await this.#answer();
    for (const each of rows) if (!this.rows.has(each.id)) this.rows.set(each.id, each);
    for (const id of leaving) this.rows.delete(id);
  }
  async idsOf(holder: number) {
    await this.#answer();
    return [...this.rows.values()].filter((each) => each.holder === holder).map(({ id }) => id);
  }
  async claim(dead: number, holder: number) {
    const rows = [...this.rows.values()].filter((each) => each.holder === dead);
    for (const each of rows) this.rows.set(each.id, { ...each, holder });
    return rows;
  }
  dead = async () => [];
  rowsOf = async () => [];

  /** Answers what it was silent about. */
  speak(): void {
    this.state = 'there';
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  async #answer(): Promise<void> {
    if (this.state === 'away') throw new Error('PostgreSQL cannot be reached');
    if (this.state === 'silent') await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}

async function open(t: TestContext, given: { isRequired?: boolean; path?: string; far?: FarTable } = {}) {
  const path = given.path ?? join(root, `${files++}.db`);
  const far = given.far ?? new FarTable();
  const file = await RuntimeFile.open(path, assert.fail);
  const outage = await Outage.open(file);
  const said: string[] = [];
  const registry = new NodeRegistry({
    shared: far,
    outage: async () => outage,
    isRequired: given.isRequired ?? false,
    rowsOf: async (ids) => ids.map(row),
    onAway: (error) => said.push(error instanceof Error ? error.message : 'back'),
  });
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (!isOpen) return;
    isOpen = false;
    await registry.close();
    await file.close();
  };
  t.after(close);
  return { registry, far, outage, said, path, close };
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await pause(5);
}

const idsIn = (far: FarTable): string => [...far.rows.keys()].sort().join(' ');

test('rows go to PostgreSQL while it answers, and to runtime.db while it is away; then they move over', async (t) => {
  const { registry, far, outage, said } = await open(t);
  assert.equal(await registry.write(ME, [row('a'), row('b')], []), true);
  assert.equal(idsIn(far), 'a b');
  far.state = 'away';
  assert.equal(await registry.write(ME, [row('c'), row('d')], ['a']), true);
  assert.equal(await registry.write(ME, [], ['c']), true);
  assert.equal(idsIn(far), 'a b');
  assert.deepEqual(said, ['PostgreSQL cannot be reached']);
  far.state = 'there';
  await until(() => said.length === 2);
  assert.equal(idsIn(far), 'b d');
  assert.deepEqual(far.rows.get('d'), { ...row('d'), holder: ME });
  assert.deepEqual(await outage.some(), { rows: [], left: [] });
});

test('a statement that is late is not waited for, and enters nobody who has left meanwhile', async (t) => {
  const { registry, far, said } = await open(t);
  far.state = 'silent';
  const began = performance.now();
  assert.equal(await registry.write(ME, [row('a'), row('b')], []), true);
  assert.ok(performance.now() - began < 2_000);
  assert.equal(await registry.write(ME, [], ['a']), true);
  far.speak();
  await until(() => said.length === 2);
  assert.equal(idsIn(far), 'b');
});

test('a statement that was given up, and carried out when all was over, leaves no row behind', async (t) => {
  const { registry, far, said, close } = await open(t);
  far.state = 'away';
  await registry.write(ME, [row('a'), row('b')], []);
  await registry.write(ME, [], ['a']);
  far.state = 'there';
  await until(() => said.length === 2);
  await registry.write(ME, [], ['b']);
  assert.equal(idsIn(far), '');
  for (const id of ['a', 'b']) far.rows.set(id, { ...row(id), holder: ME });
  await close();
  assert.equal(idsIn(far), '');
});

test('where rows are only good in PostgreSQL, nobody enters while it is away; who leaves leaves later', async (t) => {
  const { registry, far, said } = await open(t, { isRequired: true });
  await registry.write(ME, [row('a')], []);
  far.state = 'away';
  assert.equal(await registry.write(ME, [row('b')], []), false);
  assert.equal(await registry.write(ME, [], ['a']), true);
  far.state = 'there';
  await until(() => said.length === 2);
  assert.equal(idsIn(far), '');
});

test('what a process has noted and not moved is moved by the next, to who held it', async (t) => {
  const first = await open(t);
  await first.registry.write(ME, [row('a')], []);
  first.far.state = 'away';
  await first.registry.write(ME, [row('b')], ['a']);
  await first.close();
  const next = await open(t, { path: first.path, far: first.far });
  next.far.state = 'there';
  next.registry.recover();
  assert.deepEqual(await next.registry.dead(), []);
  assert.deepEqual([...next.far.rows.keys()], ['b'], 'nobody is claimed before what has left is gone');
  await until(() => next.said.length === 1);
  assert.deepEqual([...next.far.rows.values()], [{ ...row('b'), holder: ME }]);
});

test('what is open and what has a row are made the same', async (t) => {
  const { registry, far } = await open(t);
  await registry.write(ME, [row('a'), row('b')], []);
  await registry.claim(3, ME, 10);
  far.rows.set('theirs', { ...row('theirs'), holder: 3 });
  assert.equal((await registry.claim(3, ME, 10)).length, 1);
  // As a failover has it that lost the last of what was written.
  far.rows.delete('a');
  far.rows.set('left', { ...row('left'), holder: ME });
  far.rows.set('others', { ...row('others'), holder: 4 });
  registry.mend();
  await until(() => idsIn(far) === 'a b others theirs');
  assert.deepEqual(far.rows.get('a'), { ...row('a'), holder: ME });
});

test('who was declared gone begins anew: the rows of before are not brought back', async (t) => {
  const { registry, far } = await open(t);
  await registry.write(ME, [row('a')], []);
  far.rows.delete('a');
  await registry.write(ME + 1, [row('b')], []);
  registry.mend();
  await registry.write(ME + 1, [row('c')], []);
  assert.equal(idsIn(far), 'b c');
});

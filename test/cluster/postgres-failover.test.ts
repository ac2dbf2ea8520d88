// Two servers of PostgreSQL, of which one takes writes: which of them a program uses, and what becomes of what only the other had.
import assert from 'node:assert/strict';
import { chown, cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { NODE_SECTIONS, startTestPostern } from '../support/postern.ts';
import { openPostgresStand, type PostgresStand } from './postgres-stand.ts';

/** A standby with what a server has now; nothing that is written later comes to it. */
async function standbyOf(server: PostgresStand, directory: string): Promise<PostgresStand> {
  const data = join(directory, 'data');
  await server.stop();
  await cp(server.data, data, { recursive: true });
  await server.start();
  await rm(join(data, 'postmaster.pid'), { force: true });
  await writeFile(join(data, 'standby.signal'), '');
  if (process.getuid?.() === 0) {
    for (const path of [
      directory,
      data,
      ...(await readdir(data, { recursive: true })).map((name) => join(data, name)),
    ]) {
      await chown(path, 65_534, 65_534);
    }
  }
  return openPostgresStand({ data });
}

const startNode = (store: string) => startTestPostern({ store, sections: NODE_SECTIONS });

test('the host that takes writes is used, and when another one takes them, what it lacks is gone everywhere', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'postern-standby-'));
  /** What is open, closed from the last to the first: a server that writes keeps its directory from being removed. */
  const closes: (() => Promise<unknown>)[] = [() => rm(directory, { recursive: true, force: true })];
  t.after(async () => {
    for (const close of closes.reverse()) await close();
  });
  const first = await openPostgresStand();
  closes.push(() => first.close());
  const alone = await first.createDatabase();
  const create = async ({ management }: { readonly management: string }, api: string): Promise<number> => {
    const body = JSON.stringify({ name: api, protocolType: 'HTTP' });
    const headers = { 'content-type': 'application/json' };
    return (await fetch(`${management}/v2/apis`, { method: 'POST', headers, body })).status;
  };
  const namesAt = async ({ management }: { readonly management: string }): Promise<string> => {
    const answer = await fetch(`${management}/v2/apis`);
    const { items } = (await answer.json()) as { items: { name: string }[] };
    return items.map((item) => item.name).join();
  };
  const before = await startTestPostern({ store: alone });
  assert.equal(await create(before, 'kept'), 201);
  await before.close();
  const second = await standbyOf(first, directory);
  closes.push(() => second.close());

  const store = alone.replace(`127.0.0.1:${first.port}`, `127.0.0.1:${second.port},127.0.0.1:${first.port}`);
  const nodes = [await startNode(store), await startNode(store)] as const;
  closes.push(() => Promise.all(nodes.map((node) => node.close())));
  assert.equal(await create(nodes[0], 'lost'), 201, 'the second host is the one that takes writes');
  assert.equal(await namesAt(nodes[1]), 'kept,lost');

  await first.stop('SIGQUIT');
  await second.sql('select pg_promote()');
  const until = performance.now() + 20_000;
  for (const node of nodes) {
    while ((await namesAt(node)) !== 'kept') {
      assert.ok(performance.now() < until);
      await pause(50);
    }
  }
  for (let status = await create(nodes[1], 'new'); status !== 201; status = await create(nodes[1], 'new')) {
    assert.equal(status, 503);
    assert.ok(performance.now() < until);
    await pause(50);
  }
  const digests = async (): Promise<string[]> =>
    Promise.all(
      nodes.map(async ({ management }) => (await fetch(`${management}/_postern/snapshot-digest`)).text()),
    );
  for (;;) {
    const [one, other] = await digests();
    if (one === other) break;
    assert.ok(performance.now() < until);
    await pause(50);
  }
  assert.deepEqual([await namesAt(nodes[0]), await namesAt(nodes[1])], ['kept,new', 'kept,new']);
});

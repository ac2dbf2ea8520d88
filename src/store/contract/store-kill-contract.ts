// Test-only: `kill -9` at any moment loses no acknowledged write and tears no transaction (decision 0007).
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, test } from 'node:test';
import type { StoreEngine } from './store-contract.ts';
import { STORM_ROOT } from './write-storm.ts';

const ROUNDS = 6;

export function storeKillContract(engine: StoreEngine): void {
  describe(`the store on ${engine.name} under kill -9`, () => {
    test('every acknowledged write is there, every transaction whole, the store integral', async (t) => {
      const location = await engine.createLocation();
      const acknowledged = new Set<string>();
      const deleted = new Set<string>();
      for (let round = 0; round < ROUNDS; round++) {
        const before = acknowledged.size;
        await storm(engine, location, round, Math.floor(Math.random() * 600), (line) => {
          const [word, id] = line.split(' ');
          if (word === 'put') acknowledged.add(id!);
          else deleted.add(id!);
        });
        assert.ok(acknowledged.size > before, 'the storm wrote something');

        const store = await engine.open(location);
        await store.checkIntegrity();
        const { entries } = await store.read((tx) => tx.list([...STORM_ROOT, 'groups']));
        const present = new Map(entries.map((entry) => [entry.key.at(-1)!, entry.document]));
        for (const id of acknowledged) {
          // A deletion may have been committed without its acknowledgement getting out; then the group names it.
          if (deleted.has(id)) assert.ok(!present.has(id), `${id} was deleted`);
          else if (!present.has(id))
            assert.ok(wasDeletedUnheard(id, present), `${id} was acknowledged and is lost`);
        }
        for (const [id, group] of present) {
          const parts = await store.read((tx) => tx.list([...STORM_ROOT, 'groups', id, 'parts']));
          assert.equal(parts.entries.length, group.parts, `the transaction of ${id} is torn`);
        }
        await store.close();
      }
      t.diagnostic(`${acknowledged.size} acknowledged writes over ${ROUNDS} kills`);
      await engine.removeLocation(location);
    });
  });
}

/** Whether the writer's following group, whose transaction deletes this one, was kept. */
function wasDeletedUnheard(
  id: string,
  present: ReadonlyMap<string, { readonly [member: string]: unknown }>,
): boolean {
  for (const group of present.values()) if (group.replaces === id) return true;
  return false;
}

/** Runs the storm in a process of its own until it has said `enough` lines, then kills it without warning. */
async function storm(
  engine: StoreEngine,
  location: string,
  round: number,
  enough: number,
  onLine: (line: string) => void,
): Promise<void> {
  const child = spawn(
    process.execPath,
    [new URL('./write-storm.js', import.meta.url).pathname, engine.module, location, `${round}`],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let lines = 0;
  let killed = false;
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => {
    onLine(line);
    if (++lines <= enough || killed) return;
    killed = true;
    // Not on the line itself: the writer is then always at the same point.
    setTimeout(() => child.kill('SIGKILL'), Math.random() * 20);
  });
  await Promise.all([once(child, 'exit'), once(reader, 'close')]);
  assert.ok(killed, 'the storm ended by itself');
}

// Test-only: what every engine of the registry must do.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ConnectionRow } from '../../websocket-api/connections/registry.ts';
import type { RegistryEngine } from './registry-engine.ts';

/** Processes that hold rows, one after the other or side by side. */
export interface RegistryPlace {
  /** One more that is alive. */
  join(): Promise<{ readonly engine: RegistryEngine; readonly holder: number }>;
  /** Has all die that are alive, so that those who join from here on know it. */
  killAll(): Promise<void>;
  close(): Promise<void>;
}

const rowsOf = (count: number, start = 0): ConnectionRow[] =>
  Array.from({ length: count }, (_, i) => ({
    id: `connection${start + i}=`,
    info: JSON.stringify({ at: start + i, text: `it's "quoted" \u0000 \u{1f600} \\` }),
  }));
const idsOf = (rows: readonly ConnectionRow[]): string[] => rows.map(({ id }) => id).sort();

export function registryContract(name: string, openPlace: () => Promise<RegistryPlace>): void {
  const registryTest = (what: string, run: (place: RegistryPlace) => Promise<void>): void =>
    void test(what, async () => {
      const place = await openPlace();
      try {
        await run(place);
      } finally {
        await place.close();
      }
    });

  describe(`the registry on ${name}`, () => {
    registryTest('rows come and go in batches', async (place) => {
      const { engine, holder } = await place.join();
      const rows = rowsOf(20);
      assert.equal(await engine.write(holder, rows, []), true);
      assert.deepEqual([...(await engine.idsOf(holder))].sort(), idsOf(rows));
      assert.equal(await engine.write(holder, rowsOf(1, 20), idsOf(rows.slice(0, 19))), true);
      assert.deepEqual([...(await engine.idsOf(holder))].sort(), [rows[19]!.id, 'connection20='].sort());
      assert.equal(await engine.write(holder, [], ['connection19=', 'connection20=', 'nobody=']), true);
      assert.deepEqual(await engine.idsOf(holder), []);
      assert.equal(await engine.write(holder, [], []), true);
    });

    registryTest('rows are given by their ids, those of their holder', async (place) => {
      const { engine, holder } = await place.join();
      const rows = rowsOf(5);
      await engine.write(holder, rows, []);
      assert.deepEqual(await engine.rowsOf(holder, ['connection3=', 'nobody=']), [rows[3]]);
      assert.deepEqual(await engine.rowsOf(holder + 1, ['connection3=']), []);
      assert.deepEqual(await engine.rowsOf(holder, []), []);
    });

    registryTest('a row that is there already stays as it is', async (place) => {
      const { engine, holder } = await place.join();
      const [row] = rowsOf(1);
      await engine.write(holder, [row!], []);
      assert.equal(await engine.write(holder, [{ id: row!.id, info: '{}' }, ...rowsOf(1, 1)], []), true);
      await place.killAll();
      const next = await place.join();
      const claimed = await next.engine.claim(holder, next.holder, 10);
      assert.deepEqual(
        claimed.find(({ id }) => id === row!.id),
        row,
      );
      assert.equal(claimed.length, 2);
    });

    registryTest('rows of the dead are claimed as they were, each once, so many at a time', async (place) => {
      const first = await place.join();
      const rows = rowsOf(10);
      await first.engine.write(first.holder, rows, []);
      await place.killAll();
      const { engine, holder } = await place.join();
      assert.deepEqual(await engine.dead(), [{ holder: first.holder, hasDrained: false }]);
      const batches: ConnectionRow[][] = [];
      for (;;) {
        const claimed = await engine.claim(first.holder, holder, 4);
        if (claimed.length === 0) break;
        batches.push([...claimed]);
      }
      assert.deepEqual(
        batches.map(({ length }) => length),
        [4, 4, 2],
      );
      const byId = (a: ConnectionRow, b: ConnectionRow): number => (a.id < b.id ? -1 : 1);
      assert.deepEqual(batches.flat().sort(byId), [...rows].sort(byId));
      assert.deepEqual(await engine.dead(), []);
      assert.deepEqual([...(await engine.idsOf(holder))].sort(), idsOf(rows));
      await engine.write(holder, [], idsOf(rows));
      assert.deepEqual(await engine.idsOf(holder), []);
    });

    registryTest('what was claimed by one who died is claimed again', async (place) => {
      const first = await place.join();
      await first.engine.write(first.holder, rowsOf(5), []);
      await place.killAll();
      const second = await place.join();
      assert.equal((await second.engine.claim(first.holder, second.holder, 3)).length, 3);
      await place.killAll();
      const third = await place.join();
      const dead = (await third.engine.dead()).map((each) => each.holder);
      assert.deepEqual(dead.sort(), [first.holder, second.holder].sort());
      const again = [
        ...(await third.engine.claim(first.holder, third.holder, 10)),
        ...(await third.engine.claim(second.holder, third.holder, 10)),
      ];
      assert.deepEqual(idsOf(again), idsOf(rowsOf(5)));
    });

    registryTest('nobody who is dead gets rows, by entering or by claiming', async (place) => {
      const first = await place.join();
      await first.engine.write(first.holder, rowsOf(3), []);
      await place.killAll();
      const { engine, holder } = await place.join();
      assert.equal(await engine.write(first.holder, rowsOf(1, 3), []), false);
      assert.deepEqual([...(await engine.idsOf(first.holder))].sort(), idsOf(rowsOf(3)));
      assert.deepEqual(await engine.claim(first.holder, first.holder, 10), []);
      // What has left leaves, whoever holds it.
      assert.equal(await engine.write(first.holder, rowsOf(1, 3), ['connection0=']), false);
      assert.equal((await engine.claim(first.holder, holder, 10)).length, 2);
    });

    registryTest('rows of the living are not claimed', async (place) => {
      const { engine, holder } = await place.join();
      await engine.write(holder, rowsOf(2), []);
      assert.deepEqual(await engine.dead(), []);
      assert.deepEqual(await engine.claim(holder, holder, 10), []);
      assert.equal((await engine.idsOf(holder)).length, 2);
    });
  });
}

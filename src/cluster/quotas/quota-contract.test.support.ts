// Test-only: what every source of quotas must do.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { QuotaSource } from '../../websocket-api/quota-source.ts';

/** Where processes take of the same quotas. */
export interface QuotaPlace {
  /** One more process, of so many. */
  join(processes: number): Promise<QuotaSource>;
  close(): Promise<void>;
}

export function quotaContract(name: string, openPlace: () => Promise<QuotaPlace>): void {
  const quotaTest = (what: string, run: (place: QuotaPlace) => Promise<void>): void =>
    void test(what, async () => {
      const place = await openPlace();
      try {
        await run(place);
      } finally {
        await place.close();
      }
    });

  describe(`quotas on ${name}`, () => {
    const CHUNKS: readonly (readonly [limit: number, processes: number, first: number])[] = [
      [0, 1, 0],
      [1, 1, 1],
      [7, 1, 1],
      [8, 1, 2],
      [100, 1, 25],
      [100, 4, 6],
      [1_000_000, 3, 100],
    ];
    for (const [limit, processes, first] of CHUNKS) {
      quotaTest(`of ${limit} for ${processes} processes the first takes ${first}`, async (place) => {
        assert.equal(await (await place.join(processes)).take('key', '1', limit), first);
      });
    }

    quotaTest('all of it is granted in the end, and no more, whoever asks', async (place) => {
      const sources = [await place.join(3), await place.join(3), await place.join(3)];
      let granted = 0;
      const takeAll = async (source: QuotaSource): Promise<void> => {
        for (let taken = -1; taken !== 0; granted += taken) taken = await source.take('key', '1', 1_000);
      };
      await Promise.all(sources.map(takeAll));
      assert.equal(granted, 1_000);
      assert.equal(await sources[0]!.take('key', '1', 1_000), 0);
    });

    quotaTest('what was given back is granted again', async (place) => {
      const source = await place.join(1);
      let granted = 0;
      for (let taken = -1; taken !== 0; granted += taken) taken = await source.take('key', '1', 10);
      await source.giveBack('key', '1', 3);
      for (let taken = -1; taken !== 0; granted += taken) taken = await source.take('key', '1', 10);
      assert.equal(granted, 13);
      await source.giveBack('key', '1', 1_000);
      assert.equal(await source.take('key', '1', 10), 2);
      await source.giveBack('nobody', '1', 1);
    });

    quotaTest('keys and periods are apart, and a period that comes back has been used', async (place) => {
      const source = await place.join(1);
      assert.equal(await source.take('key', '1', 1), 1);
      assert.equal(await source.take('key', '2', 1), 1);
      assert.equal(await source.take('other', '1', 1), 1);
      assert.equal(await source.take('key', '1', 1), 0);
    });

    quotaTest('a limit that was lowered below what was granted grants nothing', async (place) => {
      const source = await place.join(1);
      assert.equal(await source.take('key', '1', 400), 100);
      assert.equal(await source.take('key', '1', 50), 0);
      assert.equal(await source.take('key', '1', 101), 1);
    });

    quotaTest('it survives who took of it', async (place) => {
      assert.equal(await (await place.join(1)).take('key', '1', 4), 1);
      const next = await place.join(1);
      let granted = 0;
      for (let taken = -1; taken !== 0; granted += taken) taken = await next.take('key', '1', 4);
      assert.equal(granted, 3);
    });
  });
}

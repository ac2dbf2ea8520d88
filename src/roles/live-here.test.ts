// Who waits for a change that is not there yet: together they ask once at a time, and who has gone asks no more.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LiveHere } from './live-here.ts';

test('many wait for a change by one question at a time, and nobody asks for who has gone', async () => {
  let latest = 1;
  let asking = 0;
  let most = 0;
  let asked = 0;
  const here = new LiveHere({
    documents: {
      async latestChange() {
        asked++;
        most = Math.max(most, ++asking);
        await new Promise((resolve) => setTimeout(resolve, 5));
        asking--;
        return latest;
      },
    },
    plane: { caughtUp: async () => true },
    functions: { caughtUp: async () => true },
  });
  const gone = new AbortController();
  const never = Array.from({ length: 100 }, () => here.reached(1_000_000, 300_000, gone.signal));
  const soon = Array.from({ length: 100 }, () => here.reached(2, 300_000, new AbortController().signal));
  while (asked < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  latest = 2;
  assert.deepEqual(
    (await Promise.all(soon)).flat().map(({ live }) => live),
    Array(100).fill(2),
  );
  gone.abort();
  assert.deepEqual(
    (await Promise.all(never)).flat().map(({ live }) => live),
    Array(100).fill(2),
  );
  const before = asked;
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.deepEqual([asked - before, most], [0, 1]);
});

// Other processes read the store's file while it is written: they miss nothing, nothing breaks them, and the log stays small.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { soak } from './following.test.support.ts';

/** SQLite writes the log into the file every 1,000 pages of 4 KiB, unless a reader is in the way. */
const CHECKPOINT_BYTES = 4_096_000;

test('processes that follow a file have what was written last, and keep nobody from cleaning up', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'postern-following-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  // So few changes are kept that followers come too late for some.
  const kept = { millis: 2_000, followers: 2, keptChanges: 2, bytes: 20_000 };
  const { agree, errors, batches, walBytes, writes } = await soak({ directory, ...kept });
  assert.deepEqual([agree, errors], [true, []]);
  assert.ok(writes > 20 && batches.every((count) => count > 0), `${writes} writes, ${batches} batches`);
  assert.ok(walBytes < 8 * CHECKPOINT_BYTES, `${walBytes} bytes of log after ${writes} writes`);
});

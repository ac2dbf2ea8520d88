// A source that fails for one bucket, and answers for others.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { SYSTEM_CLOCK } from '../../clock.ts';
import type { TokenAsk } from '../../stage/token-source.ts';
import { SourceOrShare } from './source-or-share.ts';

const askFor = (bucket: string): TokenAsk => ({
  ...{ bucket, numbers: { rateLimit: 1, burstLimit: 100 } },
  ...{ due: 100, ahead: 0, back: 0, held: 0 },
});

test('a source that answers for any bucket is back for all, though nobody asks for those it was away for', async () => {
  const told: (string | undefined)[] = [];
  const source = new SourceOrShare({
    source: {
      async take({ bucket }) {
        if (bucket === 'late') throw new Error('no answer');
        return { granted: 7, emptyForMillis: 0 };
      },
    },
    ...{ clock: SYSTEM_CLOCK, deadlineMillis: 20_000, parts: () => 4, onAway: (reason) => told.push(reason) },
  });
  assert.equal((await source.take(askFor('late'))).granted, 25);
  assert.deepEqual(told, ['no answer']);
  while (told.length < 2) {
    assert.equal((await source.take(askFor('another'))).granted, 7);
    await pause(10);
  }
  assert.deepEqual(told, ['no answer', undefined]);
});

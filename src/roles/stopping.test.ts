import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testSettings } from '../../test/support/postern.ts';
import { NO_SECTIONS } from '../settings/sections.ts';
import { Grace, stopTimesOf } from './stopping.ts';

const timesOf = (sections: Partial<typeof NO_SECTIONS>) => stopTimesOf(testSettings('', { sections }));
const cluster = { ...NO_SECTIONS.cluster, secrets: ['x'.repeat(32)] };
const webSocket = { ...NO_SECTIONS.webSocket, drainMillis: 30_000 };

test('a node of a cluster has a grace, a minute for its connections and a while for the rest', () => {
  assert.deepEqual(timesOf({}), { grace: 0, spread: 4_000, total: 9_000 });
  assert.deepEqual(timesOf({ cluster }), { grace: 5_000, spread: 60_000, total: 85_000 });
  assert.deepEqual(timesOf({ webSocket }), { grace: 0, spread: 30_000, total: 35_000 });
  assert.deepEqual(timesOf({ cluster, webSocket }), { grace: 5_000, spread: 30_000, total: 55_000 });
});

test('the grace is a tenth of a shorter time, and can be ended', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const grace = new Grace();
  let isOver = false;
  const waited = grace.wait(5_000, 10_000).then(() => {
    isOver = true;
  });
  t.mock.timers.tick(999);
  await Promise.resolve();
  assert.equal(isOver, false);
  t.mock.timers.tick(1);
  await waited;
  const again = grace.wait(5_000, 80_000);
  grace.end();
  await again;
});

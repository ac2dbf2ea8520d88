import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testSettings } from '../../test/support/postern.ts';
import { NO_SECTIONS } from '../settings/sections.ts';
import { Opened } from './role.ts';
import { stopInOrder, stopTimesOf } from './stopping.ts';

const timesOf = (sections: Partial<typeof NO_SECTIONS>) => stopTimesOf(testSettings('', { sections }));
const cluster = { ...NO_SECTIONS.cluster, secrets: ['x'.repeat(32)] };
const webSocket = { ...NO_SECTIONS.webSocket, drainMillis: 30_000 };

test('a node of a cluster has a grace, a minute for its connections and a while for the rest', () => {
  assert.deepEqual(timesOf({}), { grace: 0, spread: 4_000, total: 9_000 });
  assert.deepEqual(timesOf({ cluster }), { grace: 5_000, spread: 60_000, total: 85_000 });
  assert.deepEqual(timesOf({ webSocket }), { grace: 0, spread: 30_000, total: 35_000 });
  assert.deepEqual(timesOf({ cluster, webSocket }), { grace: 5_000, spread: 30_000, total: 55_000 });
});

test('clients may come for a tenth of a short time, unless it is hastened; then both doors drain', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const steps: string[] = [];
  const step = (name: string) => async () => void steps.push(name);
  const start = () => {
    steps.length = 0;
    const opened = new Opened();
    opened.push(step('closed'));
    const door = (name: string) => ({ drain: step(`${name} drains`), hasten: () => undefined });
    const close = stopInOrder(opened, {
      settings: testSettings('', { sections: { ...NO_SECTIONS, cluster } }),
      control: { ...door('control'), startDraining: () => void steps.push('going') },
      plane: door('plane'),
      runtime: { stopTelling: () => void steps.push('tells no more') },
      nodes: { drain: step('leaves') },
    });
    return { opened, close };
  };
  const after = ['going', 'leaves', 'tells no more', 'control drains', 'plane drains', 'closed'];

  const { close } = start();
  const closed = close(10_000);
  assert.equal(close(5_000), closed);
  t.mock.timers.tick(900);
  await new Promise(setImmediate);
  assert.deepEqual(steps, after.slice(0, 2));
  t.mock.timers.tick(100);
  await closed;
  assert.deepEqual(steps, after);

  const again = start();
  const closedAtOnce = again.close(80_000);
  again.opened.hasten(1_000);
  await closedAtOnce;
  assert.deepEqual(steps, after);
});

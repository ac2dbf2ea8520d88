import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { ConnectGate } from './connect-gate.ts';

/** A gate before which `count` stand, and what became of each: its number where it began, with `-` in front where not. */
function crowd(t: TestContext, count: number) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const gate = new ConnectGate();
  const told: string[] = [];
  const all = Array.from({ length: count }, (_, i) => ({
    begin: () => void told.push(`${i}`),
    refuse: () => void told.push(`-${i}`),
  }));
  for (const one of all) gate.enter(one);
  return { gate, all, told };
}

test('256 are at work; the others follow in the order in which they came', (t) => {
  const { gate, told } = crowd(t, 259);
  assert.deepEqual([told.length, told.at(-1), gate.waiting], [256, '255', 3]);
  gate.leave();
  gate.leave();
  assert.deepEqual(told.slice(256), ['256', '257']);
  gate.leave();
  gate.leave();
  // One place is free again.
  gate.enter({ begin: () => void told.push('late'), refuse: () => assert.fail() });
  assert.deepEqual(told.slice(258), ['258', 'late']);
});

test('who waits for five seconds is refused', (t) => {
  const { gate, told } = crowd(t, 257);
  t.mock.timers.tick(4_999);
  assert.equal(told.length, 256);
  t.mock.timers.tick(1);
  assert.deepEqual(told.slice(256), ['-256']);
  gate.leave();
  assert.deepEqual([told.length, gate.waiting], [257, 0]);
});

test('who is gone makes room, and is neither served nor refused', (t) => {
  const { gate, all, told } = crowd(t, 258);
  assert.equal(gate.forget(all[256]!), true);
  assert.equal(gate.forget(all[256]!), false);
  assert.equal(gate.forget(all[0]!), false);
  gate.leave();
  t.mock.timers.tick(5_000);
  assert.deepEqual(told.slice(256), ['257']);
});

test('behind 8,192 that wait, more are refused at once', (t) => {
  const { gate, told } = crowd(t, 256 + 8_192 + 1);
  assert.deepEqual([told.length, told.at(-1), gate.waiting], [257, '-8448', 8_192]);
});

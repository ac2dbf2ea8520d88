// Long work leaves others their turns, however long each of its parts takes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Breath } from './breath.ts';

test('work in few parts that are long leaves others their turns', async () => {
  let turns = 0;
  let next = setImmediate(function turn() {
    turns += 1;
    next = setImmediate(turn);
  });
  const breath = new Breath();
  for (let part = 0; part < 10; part++) {
    const end = performance.now() + 6;
    while (performance.now() < end);
    await breath.draw();
  }
  clearImmediate(next);
  assert.ok(turns >= 9, `${turns} turns`);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CounterRegistry } from './counters.ts';

const STAGE = { apiId: 'a1', stage: 'prod', routeKey: undefined };
const ROUTE = { ...STAGE, routeKey: 'GET /a/b' };

function registry() {
  return new CounterRegistry(() => ({ count: 0 }));
}

test('counters outlive every holder but the last one', () => {
  const counters = registry();
  const first = counters.acquire(STAGE);
  first.counters.count++;
  const second = counters.acquire(STAGE);
  counters.release(first);
  assert.equal(second.counters, first.counters);
  assert.deepEqual(counters.all, [{ ...STAGE, counters: { count: 1 } }]);
  counters.release(second);
  assert.deepEqual(counters.all, []);
  assert.equal(counters.acquire(STAGE).counters.count, 0);
});

test('a stage, its routes, and stages of the same name count apart', () => {
  const counters = registry();
  for (const place of [STAGE, ROUTE, { ...ROUTE, routeKey: '$default' }, { ...ROUTE, apiId: 'a2' }]) {
    counters.acquire(place).counters.count++;
  }
  assert.deepEqual(
    counters.all.map(({ counters: { count } }) => count),
    [1, 1, 1, 1],
  );
});

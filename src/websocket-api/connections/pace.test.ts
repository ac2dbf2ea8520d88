import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pace } from './pace.ts';

const due = (pace: Pace, times: readonly number[]): number[] => times.map((now) => pace.due(1_000 + now));

test('many connections are closed evenly over the time', () => {
  assert.deepEqual(due(new Pace(6_000, 4_000, 1_000), [0, 1, 1_000, 2_000, 3_999, 4_000, 9_000]), [
    ...[1, 2, 1_501, 3_001, 5_999, 6_000, 6_000],
  ]);
});

test('few are closed sooner: a hundred a second at least', () => {
  assert.deepEqual(due(new Pace(10, 60_000, 1_000), [0, 10, 89, 90]), [1, 2, 9, 10]);
  assert.deepEqual(due(new Pace(0, 60_000, 1_000), [0, 10]), [0, 0]);
});

test('no time, or who is hastened: all at once', () => {
  assert.deepEqual(due(new Pace(7, 0, 1_000), [0]), [7]);
  const pace = new Pace(7_000, 60_000, 1_000);
  assert.equal(pace.due(1_000), 1);
  pace.hasten();
  assert.equal(pace.due(1_000), 7_000);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mostAbove } from './most-above.ts';

const at = (...times: number[]) => times.map((time) => ({ asked: time, admitted: time }));
const HALF_A_SECOND_EACH = { rateLimit: 2, burstLimit: 2 };

const CASES: readonly [string, Parameters<typeof mostAbove>[0], number][] = [
  ['as many as the burst at once', at(0, 0), 0],
  ['one more than the burst at once', at(0, 0, 0), 1],
  ['the burst, and each as soon as it may', at(0, 0, 500, 1_000), 0],
  ['one too early, after an hour of nothing', at(0, 3_600_000, 3_600_000, 3_600_250), 0.5],
  ['fewer than the burst', at(0, 5_000), -1],
  ['one that waited may have been counted when it asked', [...at(500, 500), { asked: 0, admitted: 500 }], 0],
  ['one that asked in the window and waited in it', [...at(0, 0), { asked: 0, admitted: 250 }], 0.5],
];

test('the worst window is found', () => {
  for (const [what, all, expected] of CASES) assert.equal(mostAbove(all, HALF_A_SECOND_EACH), expected, what);
});

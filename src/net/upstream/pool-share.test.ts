import assert from 'node:assert/strict';
import { test } from 'node:test';
import { poolShare } from './pool.ts';

const rows: readonly [processes: number | undefined, connections: number][] = [
  [undefined, 512],
  [1, 512],
  [2, 256],
  [3, 170],
  [8, 64],
  [64, 64],
];

for (const [processes, connections] of rows) {
  test(`of ${processes ?? 'no other'} processes each has ${connections} connections to a backend`, () => {
    assert.deepEqual(poolShare(processes), { maxConnections: connections, maxIdle: connections });
  });
}

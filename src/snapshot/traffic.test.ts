import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CallMetrics } from '../http-api/metrics.ts';
import { createCounters, holdMetrics } from './counters.ts';
import { STEPS, Traffic } from './traffic.ts';

test('calls and errors of an API are counted by steps, over all its stages, the newest last', () => {
  const counters = createCounters();
  const releases: (() => void)[] = [];
  const metricsOf = (apiId: string, stage: string, routeKey?: string): CallMetrics =>
    holdMetrics(
      counters.calls,
      { apiId, stage, routeKey },
      () => new CallMetrics(),
      (acquire, release) => {
        const held = acquire();
        releases.push(() => release(held));
        return held;
      },
    );
  const [prod, test, route] = [
    metricsOf('a', 'prod'),
    metricsOf('a', 'test'),
    metricsOf('a', 'prod', 'GET /'),
  ];
  metricsOf('quiet', 'prod');
  const traffic = new Traffic(counters);
  prod.count = 3;
  route.count = 3;
  traffic.step();
  prod.count = 5;
  prod.serverErrors = 1;
  test.count = 1;
  const newest = () =>
    traffic.apis.map(({ apiId, calls, errors }) => [apiId, calls.slice(-3), errors.slice(-3)]);
  assert.deepEqual(newest(), [['a', [0, 3, 3], [0, 0, 1]]]);
  traffic.step();
  assert.deepEqual(newest(), [['a', [3, 3, 0], [0, 1, 0]]]);
  for (let i = 0; i < STEPS; i++) traffic.step();
  const [{ calls } = { calls: [] }] = traffic.apis;
  assert.deepEqual([calls.length, calls.every((count) => count === 0)], [STEPS, true]);
  // The stage whose calls these were is gone, and what is left of the API counts on.
  releases[0]!();
  assert.deepEqual(newest(), [['a', [0, 0, 0], [0, 0, 0]]]);
  for (const release of releases.slice(1)) release();
  traffic.step();
  assert.deepEqual(traffic.apis, []);
});

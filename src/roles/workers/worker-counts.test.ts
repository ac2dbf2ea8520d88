// What workers have counted is added up, and what one has counted that died is not lost.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CallMetrics } from '../../http-api/metrics.ts';
import type { Counts } from '../../management/postern/metrics-route.ts';
import type { Document, Key, ReadTransaction } from '../../store/store.ts';
import { processFigures } from '../../telemetry/process-figures.ts';
import { sumOfTraffic } from './sums.ts';
import { WorkerCounts } from './worker-counts.ts';

function countsOf(calls: number, more: Partial<Counts> = {}): Counts {
  const metrics = new CallMetrics();
  metrics.count = calls;
  for (let i = 0; i < calls; i++) metrics.latency.observe(700);
  return {
    calls: [{ apiId: 'a', stage: 'prod', routeKey: undefined, metrics }],
    events: [],
    lostLogLines: 1,
    spans: undefined,
    connections: 2,
    areChangesLive: true,
    failedStages: [],
    process: processFigures(),
    ...more,
  };
}

interface Worker {
  readonly slot: number;
}

/** A store that has these stages of an API, and nothing else. */
function storeOf(stages: ReadonlySet<string>) {
  const tx = {
    async get(key: Key): Promise<Document | undefined> {
      if (key[0] === '-') return { Account: '1', Region: 'r' };
      return stages.has(key.at(-1)!) ? {} : undefined;
    },
  } as ReadTransaction;
  const store = {
    isFilled: true,
    latest: 1,
    isAway: false,
    reads: 0,
    latestChange: async () => store.latest,
    async read<T>(work: (tx: ReadTransaction) => Promise<T>): Promise<T> {
      store.reads++;
      if (store.isAway) throw new Error('away');
      return work(tx);
    },
  };
  return store;
}

test('what those that are gone have counted goes with its stage, and not before', async () => {
  const stages = new Set(['prod']);
  const store = storeOf(stages);
  const counts = new WorkerCounts<Worker>(1, store);
  const dead = { slot: 0 };
  const take = async (workers: readonly Worker[], told: Counts) =>
    (await counts.take(workers, async () => told)).calls.map(({ metrics }) => metrics.count);
  const nothing = countsOf(0, { calls: [] });
  assert.deepEqual(await take([dead], countsOf(3)), [3]);
  assert.equal(store.reads, 0, 'nobody is gone');
  const living = { slot: 0 };
  // Who came after it counts the stage from its first request on.
  assert.deepEqual(await take([living], nothing), [3]);
  assert.deepEqual(await take([living], nothing), [3]);
  assert.equal(store.reads, 1, 'nothing has changed since');
  stages.delete('prod');
  [store.latest, store.isFilled] = [2, false];
  assert.deepEqual(await take([living], nothing), [3], 'the copy is not there yet');
  [store.isFilled, store.isAway] = [true, true];
  assert.deepEqual(await take([living], nothing), [3], 'it cannot be read');
  store.isAway = false;
  assert.deepEqual(await take([living], nothing), []);
  assert.equal((await counts.take([living], async () => nothing)).lostLogLines, 2);
});

test('counts of workers are sums, of those too that are gone or do not answer', async () => {
  const counts = new WorkerCounts<Worker>(2, storeOf(new Set(['prod'])));
  const [first, second, third] = [{ slot: 0 }, { slot: 1 }, { slot: 0 }];
  const failedStages = [{ apiId: 'a', stage: 'prod' }];
  const told = new Map<Worker, Counts | undefined>([
    [first, countsOf(3, { failedStages })],
    [second, countsOf(4, { failedStages, areChangesLive: false, spans: { exported: 5, dropped: 1 } })],
  ]);
  const take = (workers: readonly Worker[]) => counts.take(workers, async (worker) => told.get(worker));
  const figures = ({ calls, lostLogLines, connections, spans, workers }: Counts) => ({
    calls: calls.map(({ metrics }) => [metrics.count, metrics.latency.counts[1], metrics.latency.sumMicros]),
    ...{ lostLogLines, connections, spans },
    answered: workers?.map(({ process }) => process !== undefined),
  });
  const both = await take([first, second]);
  assert.deepEqual(figures(both), {
    calls: [[7, 7, 4_900]],
    ...{ lostLogLines: 2, connections: 4, spans: { exported: 5, dropped: 1 } },
    answered: [true, true],
  });
  assert.deepEqual([both.areChangesLive, both.failedStages], [false, failedStages]);
  told.set(second, undefined);
  assert.deepEqual(figures(await take([first, second])).answered, [true, false]);
  told.set(third, countsOf(10));
  told.set(second, countsOf(5));
  assert.deepEqual(figures(await take([third, second])), {
    calls: [[18, 18, 12_600]],
    ...{ lostLogLines: 3, connections: 4, spans: undefined },
    answered: [true, true],
  });
});

test('traffic of workers is added step by step', () => {
  assert.deepEqual(
    sumOfTraffic([
      [{ apiId: 'a', calls: [1, 2], errors: [0, 1] }],
      [
        { apiId: 'a', calls: [3, 4], errors: [1, 1] },
        { apiId: 'b', calls: [0, 9], errors: [0, 0] },
      ],
    ]),
    [
      { apiId: 'a', calls: [4, 6], errors: [1, 2] },
      { apiId: 'b', calls: [0, 9], errors: [0, 0] },
    ],
  );
});

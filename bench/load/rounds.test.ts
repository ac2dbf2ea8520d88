import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Goal } from './bench.ts';
import { isMet } from './bench.ts';
import { printGoal, printTable } from './report.ts';
import { petDocument } from './requests.ts';
import { median, ratio, type Sample } from './rounds.ts';

function sample(perSecond: number): Sample {
  return { perSecond, cpu: 1, p50Micros: 1, p99Micros: 1, residentMiB: 1, foreign: 0 };
}

test('the median of an even number of figures lies between the two in the middle', () => {
  assert.equal(median([5, 1, 3]), 3);
  assert.equal(median([4, 1, 3, 2]), 2.5);
});

test('a ratio is the median of the ratios within rounds, not the ratio of medians', () => {
  const series = new Map([
    ['a', [10, 90, 30].map(sample)],
    ['b', [10, 100, 60].map(sample)],
  ]);
  assert.equal(ratio(series, 'a', 'b'), 0.9);
  assert.ok(Number.isNaN(ratio(series, 'a', 'c')));
});

test('a missed goal says by how much', () => {
  const goal: Goal = { what: 'requests/s / nginx', value: 0.765, unit: '×', atLeast: 0.85 };
  assert.equal(isMet(goal), false);
  assert.match(
    printGoal(goal),
    /MISSED {2}requests\/s \/ nginx: 0\.\d\d× \(goal: at least 0\.85×, off by 10\.0 %\)/,
  );
  assert.equal(isMet({ what: 'ready', value: 300, unit: ' ms', atMost: 300 }), true);
});

test('columns of a table are aligned, numbers to the right', () => {
  assert.equal(
    printTable([
      { name: 'nginx', rps: 5 },
      { name: 'a', rps: 12345, extra: '1.5' },
    ]),
    ['  name     rps  extra', '  nginx      5       ', '  a      12345    1.5'].join('\n'),
  );
});

test('the document of the load has exactly the bytes asked for', () => {
  for (const bytes of [2048, 10_240]) {
    const text = petDocument(bytes);
    assert.equal(Buffer.byteLength(text), bytes);
    assert.equal((JSON.parse(text) as { pet: { name: string } }).pet.name, 'rex');
  }
});

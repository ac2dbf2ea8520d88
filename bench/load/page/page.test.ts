import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printResults } from './page.ts';
import { drawPicture } from './picture.ts';
import type { Results } from './results.ts';

const RESULTS: Results = {
  about: {
    ...{ commit: 'abc', date: '2026-11-30', machine: 'A <fast> one', node: 'v20.20.2', wrk: '4.1.0' },
    ...{ cores: 'Pinned.', gateways: { nginx: '1.22.1', postern: 'this tree' }, loadAverage: '0.10' },
  },
  seconds: 600,
  results: [
    {
      name: 'get',
      title: 'Mapped GET',
      outcome: {
        table: [
          { name: 'nginx', 'CPU µs': '20.0', 'CPU / nginx': '1.00' },
          { name: 'postern', 'CPU µs': '25.0', 'CPU / nginx': '1.25' },
        ],
        goals: [
          { what: 'CPU / nginx', value: 1.25, unit: '×', atMost: 1.15 },
          { what: 'requests/s / nginx', value: 1.01, unit: '×', atLeast: 1 },
        ],
        notes: ['nginx answers 200.'],
      },
    },
    { name: 'http2', title: 'HTTP/2', failure: 'h2load is gone\nat line 3' },
  ],
};

test('the page has every goal beside its value, and says which were missed', () => {
  const text = printResults(RESULTS, true);
  assert.match(text, /\| `get` \| CPU \/ nginx \| \*\*1\.25×\*\* \| at most 1\.15× \| missed \|/);
  assert.match(text, /\| `get` \| requests\/s \/ nginx \| 1\.01× \| at least 1× \| met \|/);
  assert.match(text, /Commit abc, 2026-11-30, 10 minutes\. A <fast> one/);
  assert.match(text, /!\[.*\]\(results\.svg\)/);
});

test('the page has each scenario with its table and notes, or why it has none', () => {
  const text = printResults(RESULTS, false);
  assert.match(
    text,
    /\| name \| CPU µs \| CPU \/ nginx \|\n\| --- \| --: \| --: \|\n\| nginx \| 20\.0 \| 1\.00 \|/,
  );
  assert.match(text, /nginx answers 200\./);
  assert.match(text, /Not measured: h2load is gone$/m);
});

test('the picture has a bar for each gateway, the best first, with what nginx is the one of', () => {
  const picture = drawPicture(RESULTS)!;
  const bars = [...picture.matchAll(/class="value[^"]*"[^>]*>([^<]*)</g)].map(([, value]) => value);
  assert.deepEqual(bars, ['1.00', '0.80']);
  assert.match(picture, /A &lt;fast> one/);
  assert.match(picture, /prefers-color-scheme: dark/);
});

test('without nginx there is nothing to draw', () => {
  assert.equal(drawPicture({ ...RESULTS, results: RESULTS.results.slice(1) }), undefined);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readText } from '../../../tree/read-text.ts';
import { bodyDifference } from './body-difference.ts';

const CASES: readonly (readonly [before: string, after: string, changes: readonly object[]])[] = [
  ['{a: 1}', '{a: 1}', []],
  ['{a: 1}', '{a: 2}', [{ name: 'Body.a', before: 1, after: 2 }]],
  ['{a: {b: x, c: y}}', '{a: {c: y, b: z}}', [{ name: 'Body.a.b', before: 'x', after: 'z' }]],
  [
    '{paths: {/a: {get: {}}}}',
    '{paths: {/b: {get: {}}}}',
    [
      { name: 'Body.paths./a', before: { get: {} } },
      { name: 'Body.paths./b', after: { get: {} } },
    ],
  ],
  ['{a: [1, 2]}', '{a: [1, 3]}', [{ name: 'Body.a[1]', before: 2, after: 3 }]],
  ['{a: [1]}', '{a: [1, 2]}', [{ name: 'Body.a', before: [1], after: [1, 2] }]],
  ['{a: 1}', '{a: {b: 1}}', [{ name: 'Body.a', before: 1, after: { b: 1 } }]],
];

for (const [before, after, changes] of CASES) {
  test(`${before} and ${after} differ there (spec/definitions.md §11.4.1)`, () => {
    assert.deepEqual(bodyDifference(readText(before), readText(after)), changes);
  });
}

test('of many places a few are told', () => {
  const body = (value: number): string =>
    JSON.stringify(Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`k${n}`, value])));
  const changes = bodyDifference(readText(body(1)), readText(body(2)));
  assert.equal(changes.length, 26);
  assert.deepEqual(changes.at(-1), { name: 'Body (15 more places)' });
});

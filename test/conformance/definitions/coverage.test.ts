// Every numbered row of spec/definitions.md §14 is shown by a test.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { createCases } from './create.cases.ts';
import { rowsElsewhere } from './rows-elsewhere.ts';
import { samCases } from './sam.cases.ts';
import { templateCases } from './template.cases.ts';
import { updateCases } from './update.cases.ts';

const shown = new Set([
  ...[...createCases, ...samCases, ...templateCases, ...updateCases].map(({ row }) => row),
  ...rowsElsewhere.flatMap(({ rows }) => rows),
]);

test('every row has a test', () => {
  const text = readFileSync('docs/spec/definitions.md', 'utf8');
  const section = text.slice(text.indexOf('\n## 14.'), text.indexOf('\n## 15.'));
  const numbers = [...section.matchAll(/^\| (\d+) \|/gm)].map(([, number]) => Number(number));
  assert.equal(numbers.length, 96);
  assert.deepEqual(
    numbers.filter((number) => !shown.has(number)),
    [],
  );
});

test('the tests elsewhere are there', () => {
  for (const { file, text } of rowsElsewhere) {
    assert.ok(readFileSync(file, 'utf8').includes(text), `${file} has ${text}`);
  }
});

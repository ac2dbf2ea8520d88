// Every numbered row of spec/definitions.md §14 is shown by a test.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { createCases } from './create.cases.ts';
import { definitionDifferences } from './differences.ts';
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

test('every choice is told in docs/compatibility.md, and shown by a test', () => {
  const text = readFileSync('docs/spec/definitions.md', 'utf8');
  const section = text.slice(text.indexOf('\n### 16.1 '), text.indexOf('\n### 16.2 '));
  const last = Math.max(...Array.from(section.matchAll(/\bD(\d+)/g), ([, number]) => Number(number)));
  assert.ok(last >= 50);
  const told = new Set(definitionDifferences.flatMap(({ choices }) => choices));
  const choices = Array.from({ length: last }, (_, i) => i + 1);
  assert.deepEqual(
    choices.filter((choice) => !told.has(choice)),
    [],
  );
  for (const { shown } of definitionDifferences) assert.ok(existsSync(shown), shown);
});

// No statement of the specification goes unmentioned: each has a row, a test elsewhere, or an entry among the differences.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { differences } from './differences.ts';
import { elsewhere } from './elsewhere.ts';
import { callCases, creationCases, updateCases } from './rows.ts';
import { serviceCases } from './service-calls.cases.ts';
import { definitionRows, httpRows, shown, socketRows } from './shown.ts';
import { statements } from './statements.ts';

const byRow = new Set(httpRows.flatMap((row) => row.statements));
const mentioned = new Set(shown.flatMap((entry) => entry.statements));

test('every statement has a row, a test elsewhere or a difference', () => {
  const missing = Object.entries(statements).filter(([id]) => !mentioned.has(id));
  assert.deepEqual(missing, []);
});

test('every id that is mentioned is a statement', () => {
  assert.deepEqual(
    [...mentioned].filter((id) => !Object.hasOwn(statements, id)),
    [],
  );
});

test('every row names what it shows, and nobody else has its name', () => {
  assert.deepEqual(
    [...httpRows, ...socketRows].filter((row) => row.statements.length === 0).map(({ name }) => name),
    [],
  );
  for (const table of [socketRows, callCases, creationCases, updateCases, serviceCases, definitionRows]) {
    const names = table.map(({ name }) => name);
    assert.deepEqual(
      names.filter((name, i) => names.indexOf(name) !== i),
      [],
    );
  }
});

test('the tests elsewhere are there', () => {
  for (const { file, test: name } of elsewhere) {
    const text = readFileSync(file, 'utf8');
    assert.ok(text.includes(`('${name}`), `${file} has no test ${JSON.stringify(name)}`);
  }
});

test('what is not built has no row', () => {
  const notBuilt = differences
    .filter(({ why }) => why === 'Not built yet.')
    .flatMap((entry) => entry.statements);
  const stored = ['§4.1-5', '§4.1-6', '§3.1 field: TlsConfig.ServerNameToVerify'];
  assert.deepEqual(
    notBuilt.filter((id) => byRow.has(id) && !stored.includes(id)),
    [],
  );
});

// No statement of the specification goes unmentioned: each has a row, a test elsewhere, or an entry among the differences.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { engineFailures } from '../../src/template/engine-failures.test.support.ts';
import { languageRows } from '../../src/template/engine-language.test.support.ts';
import { valueRows } from '../../src/template/engine-values.test.support.ts';
import { failingPaths, pathRows } from '../../src/template/jayway-rows.test.support.ts';
import { failingTemplates, templateRows } from '../../src/template/rows.test.support.ts';
import { differences } from './differences.ts';
import { elsewhere } from './elsewhere.ts';
import { callCases, creationCases, updateCases } from './rows.ts';
import { serviceCases } from './service-calls.cases.ts';
import { statements } from './statements.ts';
import { integrationRows } from './ws-integrations.cases.ts';
import { messageRows } from './ws-messages.cases.ts';
import { replyRows } from './ws-replies.cases.ts';

const rows = [...callCases, ...creationCases, ...updateCases, ...serviceCases];
/** Ids of rows about messages are sections of websocket-api.md. */
const socketRows = [...messageRows, ...integrationRows, ...replyRows].map((row) => ({
  name: row.name,
  statements: row.statements.map((section) => `ws ${section}`),
}));
const byRow = new Set(rows.flatMap((row) => row.statements));
const templates = [
  ...[...templateRows, ...languageRows, ...valueRows, ...pathRows],
  ...[...failingTemplates, ...engineFailures, ...failingPaths],
].map(([cites]) => ({ statements: [`ws ${cites}`] }));
const mentioned = new Set(
  [...rows, ...socketRows, ...templates, ...differences, ...elsewhere].flatMap((entry) => entry.statements),
);

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
    [...rows, ...socketRows].filter((row) => row.statements.length === 0).map(({ name }) => name),
    [],
  );
  for (const table of [socketRows, callCases, creationCases, updateCases, serviceCases]) {
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

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { LOG_EVENTS } from './log-events.ts';

const codes = Object.keys(LOG_EVENTS);

/** Sources besides the table and tests. */
const sources = readdirSync('src', { recursive: true })
  .map(String)
  .filter((path) => /(?<!\.test)\.ts$/.test(path) && !path.endsWith('log-events.ts'))
  .map((path) => readFileSync(join('src', path), 'utf8'));

test('every code of the table is used', () => {
  const unused = codes.filter((code) => !sources.some((text) => text.includes(`'${code}'`)));
  assert.deepEqual(unused, []);
});

test('every code that is used is in the table', () => {
  const used = sources.flatMap((text) => [...text.matchAll(/\blog\(\s*'([^']*)'/g)].map(([, code]) => code!));
  assert.ok(used.length > 30);
  assert.deepEqual(
    used.filter((code) => !codes.includes(code)),
    [],
  );
});

test('a code is two words of lower case and hyphens, and has a text of its own', () => {
  for (const code of codes) assert.match(code, /^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$/);
  const texts = Object.values(LOG_EVENTS).map(({ message }) => message);
  assert.equal(new Set(texts).size, codes.length);
});

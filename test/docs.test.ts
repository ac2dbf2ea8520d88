// Generated pages are checked in as generated.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { pages } from '../scripts/pages.ts';

for (const [path, text] of pages()) {
  test(`${path} is what scripts/write-docs.ts writes`, () => assert.equal(readFileSync(path, 'utf8'), text));
}

test('every dependency has its reason in CONTRIBUTING.md', () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
  const table = readFileSync('CONTRIBUTING.md', 'utf8').split('## Dependencies')[1]!;
  const listed = [...table.matchAll(/^\| ((?:`[^`]+`(?:, )?)+) \|/gm)].flatMap(([, names]) =>
    [...names!.matchAll(/`([^`]+)`/g)].map(([, name]) => name!),
  );
  assert.deepEqual(listed.sort(), [...Object.keys(dependencies), ...Object.keys(devDependencies)].sort());
});

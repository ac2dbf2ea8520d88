// Generated pages are checked in as generated.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { pages } from '../scripts/pages.ts';

for (const [path, text] of pages()) {
  test(`${path} is what scripts/write-docs.ts writes`, () => assert.equal(readFileSync(path, 'utf8'), text));
}

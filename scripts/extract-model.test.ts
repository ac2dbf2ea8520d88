import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { generateModel } from './extract-model.ts';

test('src/wire/model.generated.ts is what the installed SDK says', () => {
  const file = readFileSync(new URL('../../src/wire/model.generated.ts', import.meta.url), 'utf8');
  assert.equal(file, generateModel());
});

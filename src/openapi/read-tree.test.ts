import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTree } from './read-tree.ts';

test('what is wrong with a text is said in the words of an import', () => {
  assert.throws(() => readTree('[1]'), {
    name: 'Error',
    message: 'Invalid OpenAPI input.',
    offset: 0,
    detail: 'a list and no map',
  });
  assert.throws(() => readTree(`{"a":"${'x'.repeat(6 * 1024 * 1024)}"}`), {
    message: 'The OpenAPI definition exceeds the maximum size of 6 MB',
    offset: 0,
    detail: '6291464 bytes of UTF-8; 6291456 may be',
  });
});

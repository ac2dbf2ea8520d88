import assert from 'node:assert/strict';
import { test } from 'node:test';
import { authorizer, definition, JWT, operation } from './definitions.test.support.ts';
import { checkBounds, MAX_AUTHORIZERS, MAX_OPERATIONS } from './read-import.ts';

const operations = (count: number) => Array.from({ length: count }, (_, i) => operation(`GET /${i}`));
const authorizers = (count: number) => Array.from({ length: count }, (_, i) => authorizer(`a${i}`, JWT));

test('a definition makes so much and no more in one transaction (spec/openapi.md §1.5)', () => {
  checkBounds(
    definition({ operations: operations(MAX_OPERATIONS), authorizers: authorizers(MAX_AUTHORIZERS) }),
  );
  assert.throws(() => checkBounds(definition({ operations: operations(MAX_OPERATIONS + 1) })), {
    message: 'The OpenAPI definition has more than 10000 operations',
    offset: 1,
  });
  assert.throws(() => checkBounds(definition({ authorizers: authorizers(MAX_AUTHORIZERS + 1) })), {
    message: 'The OpenAPI definition has more than 500 authorizers',
  });
});

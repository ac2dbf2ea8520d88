import assert from 'node:assert/strict';
import { test } from 'node:test';
import { read, withPaths } from './read/documents.test.support.ts';
import { MAX_AUTHORIZERS, MAX_OPERATIONS } from './read-definition.ts';

const many = (count: number, entry: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => entry(i)).join(', ');
const operations = (count: number): string => withPaths(many(count, (i) => `/${i}: {get: {}}`));
const authorizers = (count: number): string => {
  const schemes = many(count, (i) => `a${i}: {x-amazon-apigateway-authorizer: {type: jwt}}`);
  return withPaths('', `components: {securitySchemes: {${schemes}}}`);
};

test('a definition makes so much and no more in one transaction (spec/openapi.md §1.5)', async () => {
  assert.equal((await read(operations(MAX_OPERATIONS))).operations.length, 10_000);
  assert.equal((await read(authorizers(MAX_AUTHORIZERS))).authorizers.length, 500);
  await assert.rejects(read(operations(MAX_OPERATIONS + 1)), {
    message: 'The OpenAPI definition has more than 10000 operations',
  });
  await assert.rejects(read(authorizers(MAX_AUTHORIZERS + 1)), {
    message: 'The OpenAPI definition has more than 500 authorizers',
  });
});

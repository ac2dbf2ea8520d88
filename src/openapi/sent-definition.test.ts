import assert from 'node:assert/strict';
import { test } from 'node:test';
import { read, withPaths } from './read/documents.test.support.ts';
import { receivedDefinition, sentDefinition } from './sent-definition.ts';

const INTEGRATION = 'x-amazon-apigateway-integration';
const NAMED = 'x-amazon-apigateway-integrations';

test('a definition is the same after it was sent, and what operations share is sent once', async () => {
  const paths = Array.from({ length: 501 }, (_, i) => {
    const integration = i % 3 === 0 ? `{$ref: "#/components/${NAMED}/a"}` : '{type: HTTP_PROXY}';
    return `/p${i}: {get: {summary: s, ${i % 5 === 0 ? '' : `${INTEGRATION}: ${integration}`}}}`;
  });
  const uri = `http://be.example.com/${'x'.repeat(10_000)}`;
  const definition = await read(
    withPaths(
      paths.join(', '),
      `components: {${NAMED}: {a: {type: HTTP_PROXY, uri: "${uri}", requestParameters: {__proto__: p}}}}`,
      'x-amazon-apigateway-cors: {allowOrigins: ["*"]}',
      'tags: [{name: t}]',
    ),
  );
  const sent = sentDefinition(definition);
  const received = await receivedDefinition(structuredClone(sent));
  // Members that are undefined are not sent.
  assert.deepEqual(JSON.parse(JSON.stringify(received)), JSON.parse(JSON.stringify(definition)));
  const sharing = received.operations.filter(({ integration }) => integration?.shared === 'a');
  assert.ok(sharing.length > 100);
  assert.equal(new Set(sharing.map(({ integration }) => integration)).size, 1);
  assert.equal(sent.integrations.join().split(uri).length - 1, 1);
});

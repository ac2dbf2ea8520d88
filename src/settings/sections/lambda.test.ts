import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfig } from '../parse-config.test.support.ts';
import { UsageError } from '../usage-error.ts';

const read = (text: string) => parseConfig(text, 'postern.yaml', '/etc').sections.lambda;

test('lambda: endpoints of all functions and of single ones (docs/reference/settings.md)', () => {
  assert.deepEqual(read(''), { endpoint: undefined, functionEndpoints: new Map() });
  const arn = 'arn:aws:lambda:eu-west-1:123456789012:function:orders:prod';
  const text = `lambda:
  endpoint: http://localhost:4566/
  functions:
    hello: { endpoint: "http://localhost:9001" }
    hello:live: { endpoint: "http://localhost:9002" }
    ${arn}: { endpoint: https://orders.internal/lambda }
`;
  assert.deepEqual(read(text), {
    endpoint: 'http://localhost:4566',
    functionEndpoints: new Map([
      ['hello', 'http://localhost:9001'],
      ['hello:live', 'http://localhost:9002'],
      [arn, 'https://orders.internal/lambda'],
    ]),
  });
});

const REFUSED: readonly (readonly [what: string, text: string, says: RegExp])[] = [
  ['no URL', 'lambda: { endpoint: "localhost:4566" }', /lambda\.endpoint is an http or https URL/],
  ['another word', 'lambda: { endpoints: x }', /no setting "endpoints" here\. Did you mean endpoint\?/],
  ['a function without endpoint', 'lambda: { functions: { hello: {} } }', /functions\.hello needs endpoint/],
  [
    'a key that is no function',
    'lambda: { functions: { "a b": { endpoint: "http://a" } } }',
    /has no key that a function can have/,
  ],
  [
    'the ARN of something else',
    'lambda: { functions: { "arn:aws:s3:::b": { endpoint: "http://a" } } }',
    /has no key that a function can have/,
  ],
];

test('lambda: what is wrong is one sentence', () => {
  for (const [what, text, says] of REFUSED) {
    assert.throws(
      () => read(`${text}\n`),
      (error) => error instanceof UsageError && says.test(error.message),
      what,
    );
  }
});

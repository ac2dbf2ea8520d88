// Answers of functions that are none: spec/http-api.md §3.6.7, Choice C64.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Malformed, readResponse } from './lambda-response.ts';

test('what is wrong with an answer is told by its field', () => {
  const START = "The response from the Lambda function doesn't match the format that API Gateway expects.";
  const field = (name: string): string => `${START} Lambda body contains the wrong type for field "${name}"`;
  const answers: readonly (readonly [payload: string, message: string])[] = [
    ['null', `${START} Lambda body is not a JSON object`],
    ['{', `${START} Lambda body is not a JSON object`],
    ['{"statusCode":"x"}', field('statusCode')],
    ['{"statusCode":200,"headers":[]}', field('headers')],
    ['{"statusCode":200,"multiValueHeaders":{"a":1}}', field('multiValueHeaders')],
    ['{"statusCode":200,"body":{}}', field('body')],
    ['{"statusCode":200,"body":"%","isBase64Encoded":true}', field('body')],
    ['{"statusCode":200,"isBase64Encoded":1}', field('isBase64Encoded')],
  ];
  for (const [payload, message] of answers) {
    const response = readResponse('1.0', payload);
    assert.ok(response instanceof Malformed, payload);
    assert.equal(response.message, message);
  }
  const cookies = readResponse('2.0', '{"statusCode":200,"cookies":{}}');
  assert.equal(cookies instanceof Malformed && cookies.message, field('cookies'));
});

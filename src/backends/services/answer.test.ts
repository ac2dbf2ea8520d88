import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { errorCodeOf, errorMessageOf, passedHeaders, type ServiceAnswer } from './answer.ts';

const answer = (body: string, headers: Readonly<Record<string, string>> = {}): ServiceAnswer => ({
  status: 400,
  headers,
  body: Buffer.from(body),
});

describe('the code of an error', () => {
  const rows: readonly (readonly [what: string, given: ServiceAnswer, code: string | undefined])[] = [
    [
      'query XML',
      answer('<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>'),
      'AccessDenied',
    ],
    [
      'JSON with a namespace',
      answer('{"__type":"com.amazon#AccessDeniedException"}'),
      'AccessDeniedException',
    ],
    ['JSON with a code', answer('{"code":"Throttled"}'), 'Throttled'],
    ['the header of REST', answer('{}', { 'x-amzn-errortype': 'NotFound:http://x/' }), 'NotFound'],
    ['a page', answer('<html>'), undefined],
    ['broken JSON', answer('{'), undefined],
    ['JSON of another kind', answer('{"__type":1}'), undefined],
  ];
  for (const [what, given, code] of rows) test(what, () => assert.equal(errorCodeOf(given), code));
});

describe('what an error says', () => {
  const rows: readonly (readonly [what: string, given: ServiceAnswer, message: string])[] = [
    [
      'query XML',
      answer('<ErrorResponse><Error><Code>Gone</Code><Message>No queue</Message></Error></ErrorResponse>'),
      'Gone: No queue',
    ],
    ['JSON', answer('{"__type":"com.amazon#NotFound","message":"No stream"}'), 'NotFound: No stream'],
    [
      'JSON of another spelling',
      answer('{"__type":"NotFound","Message":"No machine"}'),
      'NotFound: No machine',
    ],
    ['a code alone', answer('{"__type":"Throttled"}'), 'Throttled'],
    ['a message alone', answer('{"message":"No"}'), 'No'],
    ['a page', answer('<html>'), 'The AWS service answered with status 400'],
    ['broken JSON', answer('{'), 'The AWS service answered with status 400'],
    ['nothing', answer(''), 'The AWS service answered with status 400'],
  ];
  for (const [what, given, message] of rows) test(what, () => assert.equal(errorMessageOf(given), message));
});

describe('headers that clients get', () => {
  const JSON_TYPE = 'application/x-amz-json-1.1';
  const rows: readonly (readonly [string, ServiceAnswer, string | undefined, readonly string[]])[] = [
    [
      'of AWS alone',
      answer('{}', { server: 's', 'x-amzn-requestid': 'r', 'set-cookie': 'c' }),
      undefined,
      ['x-amzn-requestid', 'r'],
    ],
    [
      'the service’s content type',
      answer('{}', { 'content-type': 'text/html' }),
      JSON_TYPE,
      ['content-type', JSON_TYPE],
    ],
    [
      'another one where the body is none of the service',
      answer('<p>', { 'content-type': 'text/html' }),
      JSON_TYPE,
      ['content-type', 'text/html'],
    ],
    [
      'the content’s own',
      answer('a: 1', { 'content-type': 'text/yaml', 'configuration-version': '1' }),
      undefined,
      ['content-type', 'text/yaml', 'configuration-version', '1'],
    ],
  ];
  for (const [what, given, type, expected] of rows) {
    test(what, () => assert.deepEqual(passedHeaders(given, type), expected));
  }
});

// What functions answer, and what clients get of it (spec/http-api.md §3.6.5, §3.6.6, Choice C24).
import { type CallCase, type ExpectedReply, gatewayError, request } from './case.ts';
import { utf8, V1, V2 } from './lambda-setups.ts';

const TEXT = 'Content-Type: text/plain; charset=utf-8';
const JSON_TYPE = 'Content-Type: application/json';

function answered(
  format: '1.0' | '2.0',
  name: string,
  statements: readonly string[],
  payload: string,
  got: ExpectedReply,
  requestText = request('GET /r'),
): CallCase {
  return {
    name: `answer ${format}: ${name}`,
    statements,
    setup: format === '1.0' ? V1 : V2,
    request: requestText,
    lambda: { answer: { payload } },
    got,
  };
}

const v1 = (name: string, statements: readonly string[], answer: unknown, got: ExpectedReply): CallCase =>
  answered('1.0', name, statements, JSON.stringify(answer), got);
const v2 = (name: string, statements: readonly string[], answer: unknown, got: ExpectedReply): CallCase =>
  answered('2.0', name, statements, JSON.stringify(answer), got);

/** Answers that are no JSON text of an object with a statusCode: the body of a 200. */
const inferred = (statement: string, payload: string, body = payload): CallCase =>
  answered('2.0', `inferred from ${payload.slice(0, 40) || 'nothing'}`, [statement, '§3.6.6-2'], payload, {
    status: 200,
    headers: [JSON_TYPE],
    body: utf8(body),
  });

const malformed = (format: '1.0' | '2.0', statement: string, payload: string): CallCase =>
  answered(
    format,
    `malformed: ${payload.slice(0, 80) || 'nothing'}`,
    [statement, '§3.6.7 event: malformed response'],
    payload,
    gatewayError(500),
  );

const WRONG_STATUS = [
  '0',
  '99',
  '100',
  '199',
  '600',
  '200.5',
  '"0"',
  '"abc"',
  '""',
  'true',
  'null',
  '[200]',
  '1e9',
  '-200',
];

export const lambdaResponseCases: readonly CallCase[] = [
  // Format 2.0, inferred.
  inferred('§3.6.6-3', '"test"', 'test'),
  inferred('§3.6.6-3', '""', ''),
  inferred('§3.6.6-3', '"a\\n\\"b\\" ☕"', 'a\n"b" ☕'),
  inferred('§3.6.6-3', '  "blanks"  ', 'blanks'),
  inferred('§3.6.6-4', '{ "a" : 1,  "b":[ ] }'),
  inferred('§3.6.6-4', '[1, 2, 3, 4, 5]'),
  inferred('§3.6.6-4', '[{"statusCode":500}]'),
  inferred('§3.6.6-4', '1.50'),
  inferred('§3.6.6-4', '12345678901234567890'),
  inferred('§3.6.6-4', 'true'),
  inferred('§3.6.6-4', '{"body":"x","headers":{"x":"y"}}'),
  inferred('§3.6.6-4', '{}'),
  inferred('§3.6.6-5', '{"name": "John Doe", "age":'),
  inferred('§3.6.6-5', 'plain text ☕'),
  inferred('§3.6.6-5', ''),
  inferred('§3.6.6-6', 'null'),
  inferred('§3.6.6-4', '{"StatusCode":500}'),
  inferred('§3.6.6-4', '{"error":"x"}'),
  inferred('§3.6.6-4', '{"ErrorMessage":"x"}'),
  inferred('§3.6.6-4', '{"a":{"errorMessage":"x"}}'),
  inferred('§3.6.6-4', '[{"errorMessage":"x"}]'),
  inferred('§3.6.6-3', '"errorMessage"', 'errorMessage'),
  ...[
    '{"errorMessage":"bad input"}',
    '{"errorMessage":"x","errorType":"E","data":1}',
    '{"errorMessage":null}',
    '{"error\\u004dessage":""}',
    '{"body":"x","errorMessage":{"a":1}}',
  ].map((payload) => malformed('2.0', '§3.6.6-14', payload)),
  v2(
    'errorMessage beside a statusCode',
    ['§3.6.6-14', '§3.6.6-1'],
    { statusCode: 200, body: 'ok', errorMessage: 'x' },
    { status: 200, headers: [TEXT], body: 'ok' },
  ),
  malformed('1.0', '§3.6.5-1', '{"errorMessage":"bad input"}'),

  // Format 2.0, structured.
  v2(
    'status alone',
    ['§3.6.6-1', '§3.6.6-8', '§3.6.6-12'],
    { statusCode: 201 },
    {
      status: 201,
      headers: [TEXT, 'Content-Length: 0'],
      body: '',
    },
  ),
  v2(
    'everything',
    ['§3.6.6-1', '§3.6.6-9'],
    {
      statusCode: 418,
      headers: { 'Content-Type': 'text/x-own', 'x-own-header': 'v' },
      body: 'tea ☕',
      isBase64Encoded: false,
    },
    { status: 418, headers: ['Content-Type: text/x-own', 'X-Own-Header: v'], body: utf8('tea ☕') },
  ),
  answered('2.0', 'an escaped member name counts', ['§3.6.6-1'], '{"statusCode":200,"b\\u006fdy":"x"}', {
    status: 200,
    headers: [TEXT],
    body: 'x',
  }),
  answered('2.0', 'of members with one name the last', ['§3.6.6-1'], '{"statusCode":500,"statusCode":200}', {
    status: 200,
    headers: [TEXT, 'Content-Length: 0'],
    body: '',
  }),
  ...WRONG_STATUS.map((status) => malformed('2.0', '§3.6.6-7', `{"statusCode":${status},"body":"x"}`)),
  v2(
    'a numeric string as status',
    ['§3.6.6-7'],
    { statusCode: '404', body: 'x' },
    {
      status: 404,
      headers: [TEXT],
      body: 'x',
    },
  ),
  v2(
    '200.0 is an integer',
    ['§3.6.6-7'],
    { statusCode: 200.0, body: 'x' },
    { status: 200, headers: [TEXT], body: 'x' },
  ),
  v2(
    'header values',
    ['§3.6.6-9'],
    {
      statusCode: 200,
      headers: {
        'x-s': 'test,shouldhavesecondvalue',
        'x-n': 1.5,
        'x-b': true,
        'x-e': '',
        'x-u': 'ü',
        'x-null': null,
      },
    },
    {
      status: 200,
      headers: [
        TEXT,
        'X-S: test,shouldhavesecondvalue',
        'X-N: 1.5',
        'X-B: true',
        'X-E:',
        `X-U: ${utf8('ü')}`,
      ],
      body: '',
    },
  ),
  v2(
    'line ends in header values',
    ['§3.6.6-9'],
    { statusCode: 200, headers: { 'x-a': 'b\r\nx-c: d' } },
    {
      status: 200,
      headers: [TEXT, 'X-A: b  x-c: d'],
      body: '',
    },
  ),
  malformed('2.0', '§3.6.6-9', '{"statusCode":200,"headers":{"x-a":["b"]}}'),
  malformed('2.0', '§3.6.6-9', '{"statusCode":200,"headers":{"x-a":{}}}'),
  malformed('2.0', '§3.6.6-9', '{"statusCode":200,"headers":{"x a":"b"}}'),
  malformed('2.0', '§3.6.6-9', '{"statusCode":200,"headers":["x"]}'),
  malformed('2.0', '§3.6.6-9', '{"statusCode":200,"headers":"x"}'),
  malformed('2.0', '§3.6.6-9', '{"statusCode":200,"body":{"a":1}}'),
  malformed('2.0', '§3.6.6-9', '{"statusCode":200,"body":1}'),
  malformed('2.0', '§3.6.6-9', '{"statusCode":200,"isBase64Encoded":"true"}'),
  malformed('2.0', '§3.6.6-9', '{"statusCode":200,"cookies":"a=1"}'),
  malformed('2.0', '§3.6.6-9', '{"statusCode":200,"cookies":[1]}'),
  v2(
    'multiValueHeaders',
    ['§3.6.6-10'],
    { statusCode: 200, multiValueHeaders: { 'x-a': ['b'] }, body: 'x' },
    {
      status: 200,
      headers: [TEXT],
      absent: ['x-a'],
      body: 'x',
    },
  ),
  v2(
    'cookies',
    ['§3.6.6-11'],
    {
      statusCode: 200,
      headers: { 'set-cookie': 'c=3', 'content-type': 'text/html' },
      cookies: ['a=1; Secure', 'b=2'],
      body: 'x',
    },
    {
      status: 200,
      headers: ['Content-Type: text/html', 'Set-Cookie: a=1; Secure', 'Set-Cookie: b=2', 'Set-Cookie: c=3'],
      body: 'x',
    },
  ),
  v2(
    'base64',
    ['§3.6.6-12'],
    { statusCode: 200, headers: { 'content-type': 'image/png' }, body: 'iVBO/w==', isBase64Encoded: true },
    {
      status: 200,
      headers: ['Content-Type: image/png'],
      body: '\x89PN\xff',
    },
  ),
  answered(
    '2.0',
    'base64 whatever the client accepts',
    ['§3.6.6-12'],
    '{"statusCode":200,"body":"YWJj","isBase64Encoded":true}',
    { status: 200, headers: [TEXT], body: 'abc' },
    request('GET /r', ['Accept: application/json']),
  ),
  v2(
    'base64 in lines',
    ['§3.6.6-12'],
    { statusCode: 200, body: 'YWJj\r\nZGVm\n', isBase64Encoded: true },
    {
      status: 200,
      headers: [TEXT],
      body: 'abcdef',
    },
  ),
  v2(
    'base64 of nothing',
    ['§3.6.6-12'],
    { statusCode: 200, isBase64Encoded: true },
    { status: 200, headers: [TEXT], body: '' },
  ),
  malformed('2.0', '§3.6.6-12', '{"statusCode":200,"body":"a*c=","isBase64Encoded":true}'),
  malformed('2.0', '§3.6.6-12', '{"statusCode":200,"body":"abc","isBase64Encoded":true}'),
  malformed('2.0', '§3.6.6-12', '{"statusCode":200,"body":"=bc=","isBase64Encoded":true}'),
  v2(
    'null members',
    ['§3.6.6-12'],
    { statusCode: 200, headers: null, cookies: null, body: null, isBase64Encoded: null },
    {
      status: 200,
      headers: [TEXT, 'Content-Length: 0'],
      body: '',
    },
  ),
  v2(
    'framing headers',
    ['§3.6.6-13'],
    {
      statusCode: 200,
      headers: {
        'Content-Length': '99',
        'transfer-encoding': 'chunked',
        Connection: 'close',
        'Apigw-Requestid': 'x',
      },
      body: 'x',
    },
    { status: 200, headers: [TEXT, 'Content-Length: 1'], absent: ['transfer-encoding'], body: 'x' },
  ),
  v2(
    'a date of its own',
    ['§3.6.6-13'],
    { statusCode: 200, headers: { date: 'Thu, 01 Jan 1970 00:00:00 GMT' } },
    {
      status: 200,
      headers: [TEXT, 'Date: Thu, 01 Jan 1970 00:00:00 GMT'],
      body: '',
    },
  ),
  answered(
    '2.0',
    'HEAD has the length of the body that the function returned, whatever it says',
    ['§2.6-1', '§3.6.6-13'],
    JSON.stringify({ statusCode: 200, headers: { 'content-length': '99' }, body: 'abc' }),
    { status: 200, headers: [TEXT, 'Content-Length: 3'], body: '' },
    request('HEAD /files/a'),
  ),
  v2(
    '204 has no body',
    ['§3.6.6-13'],
    { statusCode: 204, body: 'x' },
    { status: 204, headers: [TEXT], absent: ['content-length'], body: '' },
  ),
  v2(
    '304 has no body',
    ['§3.6.6-13'],
    { statusCode: 304, headers: { etag: '"1"' }, body: 'x' },
    {
      status: 304,
      headers: [TEXT, 'Etag: "1"'],
      body: '',
    },
  ),
  answered(
    '2.0',
    'HEAD tells the length',
    ['§3.6.6-13'],
    '{"statusCode":200,"body":"four"}',
    { status: 200, headers: [TEXT, 'Content-Length: 4'], body: '' },
    request('HEAD /r'),
  ),
  v2(
    'a large body',
    ['§3.6.6-12'],
    { statusCode: 200, body: 'b'.repeat(200_000) },
    {
      status: 200,
      headers: [TEXT],
      body: 'b'.repeat(200_000),
    },
  ),

  // Format 1.0.
  v1(
    'everything',
    ['§3.6.5-1', '§3.6.5-2'],
    {
      statusCode: 200,
      headers: { 'x-multi': 'single-value', 'Content-Type': 'text/html' },
      multiValueHeaders: { 'X-Multi': ['multi-value1', 'multi-value2'], 'x-only': ['a', 1, true] },
      body: 'x',
      isBase64Encoded: false,
    },
    {
      status: 200,
      headers: [
        'Content-Type: text/html',
        'X-Multi: single-value',
        'X-Multi: multi-value1',
        'X-Multi: multi-value2',
        'X-Only: a',
        'X-Only: 1',
        'X-Only: true',
      ],
      body: 'x',
    },
  ),
  v1(
    'no content type',
    ['§3.6.5-3'],
    { statusCode: 200, body: '{"a":1}' },
    { status: 200, headers: [TEXT], body: '{"a":1}' },
  ),
  v1(
    'no content type among multiValueHeaders',
    ['§3.6.5-3'],
    { statusCode: 200, multiValueHeaders: { 'x-a': ['b'] }, body: 'x' },
    {
      status: 200,
      headers: [TEXT, 'X-A: b'],
      body: 'x',
    },
  ),
  v1(
    'a content type among multiValueHeaders',
    ['§3.6.5-3'],
    {
      statusCode: 200,
      multiValueHeaders: { 'content-type': ['text/html'] },
      body: 'x',
    },
    { status: 200, headers: ['Content-Type: text/html'], body: 'x' },
  ),
  v1(
    'several Set-Cookie',
    ['§3.6.5-2'],
    { statusCode: 200, multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'] } },
    {
      status: 200,
      headers: [TEXT, 'Set-Cookie: a=1', 'Set-Cookie: b=2'],
      body: '',
    },
  ),
  v1(
    'cookies are format 2.0’s',
    ['§3.6.5-1'],
    { statusCode: 200, cookies: ['a=1'], body: 'x' },
    {
      status: 200,
      headers: [TEXT],
      absent: ['set-cookie'],
      body: 'x',
    },
  ),
  v1(
    'base64',
    ['§3.6.6-12'],
    { statusCode: 200, body: 'YWJj', isBase64Encoded: true },
    { status: 200, headers: [TEXT], body: 'abc' },
  ),
  ...['', 'null', '"text"', '1', '[]', '{}', '{"a":1}', '{"statusCode"', 'text'].map((payload) =>
    malformed('1.0', '§3.6.5-1', payload),
  ),
  ...['0', '200.5', '100', 'null'].map((status) => malformed('1.0', '§3.6.5-1', `{"statusCode":${status}}`)),
  malformed('1.0', '§3.6.5-2', '{"statusCode":200,"multiValueHeaders":{"x-a":"b"}}'),
  malformed('1.0', '§3.6.5-2', '{"statusCode":200,"multiValueHeaders":{"x-a":[["b"]]}}'),
  malformed('1.0', '§3.6.5-2', '{"statusCode":200,"multiValueHeaders":[]}'),
];

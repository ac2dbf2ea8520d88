// Parameter mapping of Lambda integrations: on the event, and on the function's response (spec/http-api.md §4.1, §4.17,
// Choices C29, C64).
import { AWS_REQUEST_ID } from '../support/invoke-server.ts';
import { API_HOST, type CallCase, type Integration, lambdaIntegration, request, simple } from './case.ts';
import { utf8 } from './lambda-setups.ts';

const TEXT = 'Content-Type: text/plain; charset=utf-8';

const maps = (
  name: string,
  format: '1.0' | '2.0',
  RequestParameters: Record<string, string>,
  requestText: string,
  has: Readonly<Record<string, unknown>>,
): CallCase => ({
  name: `mapping of the event ${format}: ${name}`,
  statements: ['§4.1-5'],
  setup: simple(lambdaIntegration(format, { RequestParameters }), '$default', { StageName: 'prod' }),
  request: requestText,
  lambda: { has },
  got: { status: 200, headers: [TEXT], body: 'ok' },
});

const replies = (
  name: string,
  statements: readonly string[],
  ResponseParameters: Integration['ResponseParameters'],
  payload: string,
  got: CallCase['got'],
): CallCase => ({
  name: `mapping of the answer: ${name}`,
  statements: ['§4.1-6', ...statements],
  setup: simple(lambdaIntegration('2.0', { ResponseParameters })),
  request: request('GET /m'),
  lambda: { answer: { payload } },
  got: got!,
});

const HEADERS = {
  'append:header.x-a': 'new',
  'overwrite:header.x-b': '$request.header.x-a',
  'remove:header.x-c': '',
  'overwrite:header.x-u': '$request.querystring.u',
};
const HEADER_LINES = ['X-A: old', 'X-B: b', 'X-C: c'];

export const lambdaMappingCases: readonly CallCase[] = [
  maps('headers', '2.0', HEADERS, request('GET /prod/m?u=%E2%98%95', HEADER_LINES), {
    'headers/x-a': 'old,new',
    'headers/x-b': 'old',
    'headers/x-c': undefined,
    'headers/x-u': '☕',
  }),
  maps('headers', '1.0', HEADERS, request('GET /prod/m', HEADER_LINES), {
    'headers/X-A': 'new',
    'multiValueHeaders/X-A': ['old', 'new'],
    'headers/x-b': 'old',
    'headers/X-C': undefined,
  }),
  maps('cookies', '2.0', { 'append:header.cookie': 'b=2' }, request('GET /prod/m', ['Cookie: a=1']), {
    cookies: ['a=1', 'b=2'],
  }),
  maps('host', '2.0', { 'append:header.host': 'other.example' }, request('GET /prod/m'), {
    'headers/host': 'other.example',
    'requestContext/domainName': API_HOST,
  }),
  maps('the port', '2.0', { 'overwrite:header.x-forwarded-port': '8443' }, request('GET /prod/m'), {
    'headers/x-forwarded-port': '8443',
  }),
  maps(
    'the user agent of the request stays',
    '2.0',
    { 'overwrite:header.user-agent': 'mapped' },
    request('GET /prod/m', ['User-Agent: own']),
    {
      'headers/user-agent': 'mapped',
      'requestContext/http/userAgent': 'own',
    },
  ),
  maps(
    'query',
    '2.0',
    {
      'append:querystring.a': '2',
      'overwrite:querystring.b': '$request.querystring.a',
      'remove:querystring.c': '',
    },
    request('GET /prod/m?a=1&b=0&c=3&d=%20'),
    { rawQueryString: 'a=1&b=1&d=%20&a=2', queryStringParameters: { a: '1,2', b: '1', d: ' ' } },
  ),
  maps('query', '1.0', { 'append:querystring.a': '2' }, request('GET /prod/m?a=1'), {
    queryStringParameters: { a: '2' },
    multiValueQueryStringParameters: { a: ['1', '2'] },
  }),
  maps('path', '2.0', { 'overwrite:path': '/x y/$request.querystring.q' }, request('GET /prod/m?q=a%26b'), {
    rawPath: '/x y/a&b',
    'requestContext/http/path': '/x y/a&b',
    rawQueryString: 'q=a%26b',
  }),
  maps(
    'path with a query',
    '2.0',
    { 'overwrite:path': 'x%20y?b=${request.querystring.q}&c' },
    request('GET /prod/m?q=a%26b'),
    {
      rawPath: '/x y',
      'requestContext/http/path': '/x y',
      rawQueryString: 'b=a%26b&c&q=a%26b',
      queryStringParameters: { b: 'a&b', c: '', q: 'a&b' },
    },
  ),
  maps('path with a query', '1.0', { 'overwrite:path': '/x%20y?b=1' }, request('GET /prod/m?q=2'), {
    path: '/x%20y',
    'requestContext/path': '/x y',
    queryStringParameters: { b: '1', q: '2' },
  }),
  maps(
    'a caller who is nobody',
    '2.0',
    { 'overwrite:header.x-org': '$context.authorizer.claims.org' },
    request('GET /prod/m', ['X-Org: forged']),
    { 'headers/x-org': undefined },
  ),
  maps('path', '1.0', { 'overwrite:path': '/x y' }, request('GET /prod/m'), {
    path: '/x%20y',
    'requestContext/path': '/x y',
  }),
  maps(
    'from the body',
    '2.0',
    { 'overwrite:header.x-id': '$request.body.id' },
    request('POST /prod/m', ['Content-Type: application/json'], '{"id":"7"}'),
    { 'headers/x-id': '7', body: '{"id":"7"}' },
  ),

  replies(
    'an inferred answer',
    ['§4.17#27'],
    { '200': { 'overwrite:header.content-type': 'text/html' } },
    '"hi"',
    {
      status: 200,
      headers: ['Content-Type: text/html'],
      body: 'hi',
    },
  ),
  replies(
    'by the function’s status',
    ['§4.17#28'],
    { '500': { 'append:header.header1': '$context.requestId', 'overwrite:statuscode': '403' } },
    '{"statusCode":500,"body":"x"}',
    { status: 403, headers: [TEXT, 'Header1: JKx1abcdPHcEJKQ='], body: 'x' },
  ),
  replies(
    'statuses and ids',
    [],
    {
      '404': {
        'append:header.x-function': '$context.integration.status',
        'append:header.x-invoke': '${context.integrationStatus},${context.integration.integrationStatus}',
        'append:header.x-id': '$context.awsEndpointRequestId',
        'append:header.x-id2': '$context.integration.requestId',
        'append:header.x-body': '$response.body.a',
        'append:header.x-cookie': '$response.header.set-cookie',
      },
    },
    '{"statusCode":404,"cookies":["a=1"],"body":"{\\"a\\":\\"ü\\"}"}',
    {
      status: 404,
      headers: [
        TEXT,
        'Set-Cookie: a=1',
        'X-Function: 404',
        'X-Invoke: 200,200',
        `X-Id: ${AWS_REQUEST_ID}`,
        `X-Id2: ${AWS_REQUEST_ID}`,
        `X-Body: ${utf8('ü')}`,
        'X-Cookie: a=1',
      ],
      body: utf8('{"a":"ü"}'),
    },
  ),
  replies('204 by mapping', [], { '200': { 'overwrite:statuscode': '204' } }, '"x"', {
    status: 204,
    headers: ['Content-Type: application/json'],
    body: '',
  }),
  {
    name: 'mapping of the answer: CORS of the API replaces the function’s',
    statements: ['§4.1-6'],
    setup: {
      ...simple(lambdaIntegration('2.0')),
      api: { CorsConfiguration: { AllowOrigins: ['https://app.example'] } },
    },
    request: request('GET /m', ['Origin: https://app.example']),
    lambda: {
      answer: { payload: '{"statusCode":200,"headers":{"access-control-allow-origin":"*"},"body":"x"}' },
    },
    got: {
      status: 200,
      headers: [TEXT, 'Access-Control-Allow-Origin: https://app.example'],
      body: 'x',
    },
  },
];

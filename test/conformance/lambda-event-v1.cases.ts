// Events of format 1.0 (spec/http-api.md §3.6.3, §1.8).
import { API_HOST, API_ID, type CallCase, REQUEST_ID, request } from './case.ts';
import { utf8, V1 } from './lambda-setups.ts';

const shows = (
  name: string,
  statements: readonly string[],
  text: string,
  has: Readonly<Record<string, unknown>>,
): CallCase => ({
  name: `event 1.0: ${name}`,
  statements,
  setup: V1,
  request: text,
  lambda: { has },
  got: { status: 200, headers: ['Content-Type: text/plain; charset=utf-8'], body: 'ok' },
});

const NOBODY = {
  accessKey: null,
  accountId: null,
  caller: null,
  cognitoAmr: null,
  cognitoAuthenticationProvider: null,
  cognitoAuthenticationType: null,
  cognitoIdentityId: null,
  cognitoIdentityPoolId: null,
  principalOrgId: null,
  user: null,
  userArn: null,
};

const GATEWAY_HEADERS = {
  'X-Amzn-Trace-Id': 'Root=1-TRACE',
  'X-Forwarded-For': '127.0.0.1',
  'X-Forwarded-Port': '80',
  'X-Forwarded-Proto': 'http',
};

const listed = (headers: Readonly<Record<string, string>>): object =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));

export const lambdaEventV1Cases: readonly CallCase[] = [
  {
    name: 'event 1.0: the sample',
    statements: [
      '§3.6.3#1',
      '§3.6.3-1',
      '§3.6.3-2',
      '§3.6.3-3',
      '§3.6.3-4',
      '§3.6.3-5',
      '§3.6.3-6',
      '§3.6.3-9',
      '§3.6.2-10',
      '§3.6.2-11',
    ],
    setup: V1,
    request: request(
      'POST /orders/a%20b?tag=x&tag=y',
      [
        'content-type: application/json',
        'x-multi: v1',
        'X-MULTI: v2',
        'cookie: a=1; b=2',
        'user-agent: curl/8.7.1',
      ],
      '{"a":1}',
    ),
    lambda: {
      event: {
        version: '1.0',
        resource: '/orders/{id}',
        path: '/orders/a%20b',
        httpMethod: 'POST',
        headers: {
          Host: API_HOST,
          'Content-Type': 'application/json',
          'x-multi': 'v2',
          Cookie: 'a=1; b=2',
          'User-Agent': 'curl/8.7.1',
          'Content-Length': '7',
          ...GATEWAY_HEADERS,
        },
        multiValueHeaders: {
          Host: [API_HOST],
          'Content-Type': ['application/json'],
          'x-multi': ['v1', 'v2'],
          Cookie: ['a=1; b=2'],
          'User-Agent': ['curl/8.7.1'],
          'Content-Length': ['7'],
          ...listed(GATEWAY_HEADERS),
        },
        queryStringParameters: { tag: 'y' },
        multiValueQueryStringParameters: { tag: ['x', 'y'] },
        requestContext: {
          accountId: '000000000000',
          apiId: API_ID,
          domainName: API_HOST,
          domainPrefix: API_ID,
          extendedRequestId: REQUEST_ID,
          httpMethod: 'POST',
          identity: { ...NOBODY, sourceIp: '127.0.0.1', userAgent: 'curl/8.7.1' },
          path: '/orders/a b',
          protocol: 'HTTP/1.1',
          requestId: REQUEST_ID,
          requestTime: 'TIME',
          requestTimeEpoch: 0,
          resourceId: 'POST /orders/{id}',
          resourcePath: '/orders/{id}',
          stage: '$default',
        },
        pathParameters: { id: 'a b' },
        stageVariables: { k: 'v' },
        body: '{"a":1}',
        isBase64Encoded: false,
      },
    },
    got: { status: 200, headers: ['Content-Type: text/plain; charset=utf-8'], body: 'ok' },
  },
  {
    name: 'event 1.0: nothing but the request line',
    statements: ['§3.6.3-7', '§3.6.3-8', '§3.6.3-4', '§1.8-4'],
    setup: V1,
    request: request('GET /plain/none'),
    lambda: {
      event: {
        version: '1.0',
        resource: '$default',
        path: '/plain/none',
        httpMethod: 'GET',
        headers: { Host: API_HOST, 'Content-Length': '0', ...GATEWAY_HEADERS },
        multiValueHeaders: { Host: [API_HOST], 'Content-Length': ['0'], ...listed(GATEWAY_HEADERS) },
        queryStringParameters: null,
        multiValueQueryStringParameters: null,
        requestContext: {
          accountId: '000000000000',
          apiId: API_ID,
          domainName: API_HOST,
          domainPrefix: API_ID,
          extendedRequestId: REQUEST_ID,
          httpMethod: 'GET',
          identity: { ...NOBODY, sourceIp: '127.0.0.1', userAgent: '' },
          path: '/plain/none',
          protocol: 'HTTP/1.1',
          requestId: REQUEST_ID,
          requestTime: 'TIME',
          requestTimeEpoch: 0,
          resourceId: '$default',
          resourcePath: '$default',
          stage: 'plain',
        },
        pathParameters: null,
        stageVariables: null,
        body: null,
        isBase64Encoded: false,
      },
    },
    got: { status: 200, headers: ['Content-Type: text/plain; charset=utf-8'], body: 'ok' },
  },
  shows('default stage path', ['§1.8#1'], request('GET /orders/5'), {
    path: '/orders/5',
    'requestContext/path': '/orders/5',
  }),
  shows('named stage path', ['§1.8#2', '§1.8-4'], request('GET /prod/orders/5%2F6'), {
    path: '/prod/orders/5%2F6',
    'requestContext/path': '/prod/orders/5/6',
    'requestContext/resourcePath': '$default',
  }),
  shows('resourcePath is without the stage', ['§1.8-4'], request('GET /prod/orders/5'), {
    path: '/prod/orders/5',
    'requestContext/resourcePath': '/orders/{id}',
    resource: '/orders/{id}',
  }),
  shows(
    'encoding stays in path alone',
    ['§3.6.3-4', '§1.9(1)'],
    request('GET /files/****%20Doe/a%2Fb/%E2%98%95'),
    {
      path: '/files/****%20Doe/a%2Fb/%E2%98%95',
      'requestContext/path': '/files/**** Doe/a/b/☕',
      pathParameters: { path: '**** Doe/a/b/☕' },
      resource: '/files/{path+}',
    },
  ),
  shows(
    'names that the gateway knows are spelt its way, others as sent',
    ['§3.6.3-1'],
    request('GET /h', ['accept: */*', 'USER-AGENT: x', 'x-tenant: 7', 'X-Own: 1', 'DNT: 1', 'dNt: 2']),
    {
      headers: {
        'Content-Length': '0',
        DNT: '2',
        Host: API_HOST,
        'User-Agent': 'x',
        ...GATEWAY_HEADERS,
        'X-Own': '1',
        accept: '*/*',
        'x-tenant': '7',
      },
      'multiValueHeaders/DNT': ['1', '2'],
      'requestContext/identity/cognitoAmr': null,
    },
  ),
  shows(
    'accept headers are in lower case',
    ['§3.6.3-1'],
    request('GET /h', ['X-Tenant: 7', 'Accept: */*', 'Accept-Encoding: gzip', 'ACCEPT-LANGUAGE: de']),
    {
      headers: {
        'Content-Length': '0',
        Host: API_HOST,
        ...GATEWAY_HEADERS,
        'X-Tenant': '7',
        accept: '*/*',
        'accept-encoding': 'gzip',
        'accept-language': 'de',
      },
    },
  ),
  shows(
    'the length of a body, of none at all and of an empty one',
    ['§3.6.3-11'],
    request('POST /h', ['Content-Type: text/plain', 'content-LENGTH: 0']),
    { 'headers/Content-Length': '0', 'multiValueHeaders/Content-Length': ['0'], body: null },
  ),
  shows('several cookie lines', ['§3.6.3-3'], request('GET /h', ['Cookie: a=1', 'Cookie: b=2']), {
    'headers/Cookie': 'a=1; b=2',
    'multiValueHeaders/Cookie': ['a=1; b=2'],
  }),
  shows('query values', ['§3.6.3-2'], request('GET /q?a=1&b=%20+&a=2&c'), {
    queryStringParameters: { a: '2', b: '  ', c: '' },
    multiValueQueryStringParameters: { a: ['1', '2'], b: ['  '], c: [''] },
  }),
  shows('binary body', ['§3.6.4-1'], request('POST /b', ['Content-Type: image/png'], '\x89PN'), {
    body: 'iVBO',
    isBase64Encoded: true,
  }),
  shows('text body', ['§3.6.4-4'], request('POST /b', ['Content-Type: text/plain'], utf8('é')), {
    body: 'é',
    isBase64Encoded: false,
  }),
];

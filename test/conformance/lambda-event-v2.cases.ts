// Events of format 2.0 (spec/http-api.md §3.6.2, §3.6.4, §1.8, §1.9).
import { API_HOST, API_ID, type CallCase, REQUEST_ID, request } from './case.ts';
import { utf8, V2 } from './lambda-setups.ts';

type Has = Readonly<Record<string, unknown>>;

/** What members of the event are. */
const shows = (name: string, statements: readonly string[], text: string, has: Has): CallCase => ({
  name: `event 2.0: ${name}`,
  statements,
  setup: V2,
  request: text,
  lambda: { has },
  got: { status: 200, headers: ['Content-Type: text/plain; charset=utf-8'], body: 'ok' },
});

const header = (name: string, statements: readonly string[], lines: readonly string[], has: Has): CallCase =>
  shows(name, statements, request('GET /h', lines), has);

const query = (text: string, parameters: Has | undefined): CallCase =>
  shows(`query ${text}`, ['§3.6.2-6', '§3.6.2-7'], request(`GET /q?${text}`), {
    rawQueryString: text,
    queryStringParameters: parameters,
  });

const body = (
  name: string,
  statements: readonly string[],
  lines: readonly string[],
  bytes: string,
  has: Has,
): CallCase => shows(`body: ${name}`, statements, request('POST /b', lines, bytes), has);

const TEXT_TYPES = [
  'text/plain',
  'text/csv; charset=latin1',
  'TEXT/HTML',
  'application/json',
  'application/json;charset=utf-8',
  'application/xml',
  'application/javascript',
];
const BINARY_TYPES = [
  'application/x-www-form-urlencoded',
  'application/octet-stream',
  'application/vnd.api+json',
  'application/jsonx',
  'image/png',
  'multipart/form-data; boundary=x',
  'nonsense',
];

export const lambdaEventV2Cases: readonly CallCase[] = [
  {
    name: 'event 2.0: the sample',
    statements: [
      '§3.6.2#1',
      '§3.6.1-1',
      '§3.6.1-3',
      '§3.6.2-1',
      '§3.6.2-2',
      '§3.6.2-3',
      '§3.6.2-7',
      '§3.6.2-8',
      '§3.6.2-9',
      '§3.6.2-10',
      '§3.6.2-11',
      '§3.6.2-12',
      '§3.6.2-13',
      '§3.6.2 authorizer: NONE',
      '§1.9(1)',
      '§1.9(9)',
    ],
    setup: V2,
    request: request(
      'POST /orders/a%20b?tag=x&tag=y&q=a+b%2B',
      [
        'Content-Type: application/json',
        'X-Multi: v1',
        'x-multi: v2',
        'Cookie: sid=1; theme=dark',
        'User-Agent: curl/8.7.1',
      ],
      '{"a":1}',
    ),
    lambda: {
      function: 'arn:aws:lambda:us-east-1:000000000000:function:hello',
      event: {
        version: '2.0',
        routeKey: 'POST /orders/{id}',
        rawPath: '/orders/a b',
        rawQueryString: 'tag=x&tag=y&q=a+b%2B',
        cookies: ['sid=1', 'theme=dark'],
        headers: {
          host: API_HOST,
          'content-type': 'application/json',
          'x-multi': 'v1,v2',
          'user-agent': 'curl/8.7.1',
          'content-length': '7',
          'x-amzn-trace-id': 'Root=1-TRACE',
          'x-forwarded-for': '127.0.0.1',
          'x-forwarded-port': '80',
          'x-forwarded-proto': 'http',
        },
        queryStringParameters: { tag: 'x,y', q: 'a b+' },
        requestContext: {
          accountId: '000000000000',
          apiId: API_ID,
          domainName: API_HOST,
          domainPrefix: API_ID,
          http: {
            method: 'POST',
            path: '/orders/a b',
            protocol: 'HTTP/1.1',
            sourceIp: '127.0.0.1',
            userAgent: 'curl/8.7.1',
          },
          requestId: REQUEST_ID,
          routeKey: 'POST /orders/{id}',
          stage: '$default',
          time: 'TIME',
          timeEpoch: 0,
        },
        body: '{"a":1}',
        pathParameters: { id: 'a b' },
        isBase64Encoded: false,
        stageVariables: { k: 'v' },
      },
      invokeHeaders: { 'x-amzn-trace-id': 'Root=1-TRACE' },
    },
    got: { status: 200, headers: ['Content-Type: text/plain; charset=utf-8'], body: 'ok' },
  },
  {
    name: 'event 2.0: nothing but the request line',
    statements: ['§3.6.2-6', '§3.6.2-8', '§3.6.2-9', '§1.8#2', '§1.8-2', '§3.6.2-13'],
    setup: V2,
    request: request('GET /plain/none'),
    lambda: {
      event: {
        version: '2.0',
        routeKey: '$default',
        rawPath: '/plain/none',
        rawQueryString: '',
        headers: {
          host: API_HOST,
          'x-amzn-trace-id': 'Root=1-TRACE',
          'x-forwarded-for': '127.0.0.1',
          'x-forwarded-port': '80',
          'x-forwarded-proto': 'http',
        },
        requestContext: {
          accountId: '000000000000',
          apiId: API_ID,
          domainName: API_HOST,
          domainPrefix: API_ID,
          http: {
            method: 'GET',
            path: '/plain/none',
            protocol: 'HTTP/1.1',
            sourceIp: '127.0.0.1',
            userAgent: '',
          },
          requestId: REQUEST_ID,
          routeKey: '$default',
          stage: 'plain',
          time: 'TIME',
          timeEpoch: 0,
        },
        isBase64Encoded: false,
      },
    },
    got: { status: 200, headers: ['Content-Type: text/plain; charset=utf-8'], body: 'ok' },
  },
  shows('default stage path', ['§1.8#1'], request('GET /orders/5'), {
    rawPath: '/orders/5',
    'requestContext/http/path': '/orders/5',
    'requestContext/stage': '$default',
    routeKey: 'GET /orders/{id}',
  }),
  shows('named stage path', ['§1.8#2', '§1.8-2'], request('GET /prod/orders/5'), {
    rawPath: '/prod/orders/5',
    'requestContext/http/path': '/prod/orders/5',
    'requestContext/stage': 'prod',
    pathParameters: { id: '5' },
    stageVariables: { k: 'v', other: 'w' },
  }),
  shows('UTF-8 in the path', ['§1.9(1)'], request('GET /orders/%E2%98%95'), {
    rawPath: '/orders/☕',
    pathParameters: { id: '☕' },
  }),
  shows('%3F in the path', ['§1.9(3)'], request('GET /orders/a%3Fb'), {
    rawPath: '/orders/a?b',
    rawQueryString: '',
  }),
  shows('greedy path', ['§1.9(2)', '§1.9(4)'], request('GET /files/a%2Fb//c'), {
    rawPath: '/files/a/b/c',
    pathParameters: { path: 'a/b/c' },
  }),
  shows('trailing slash', ['§1.9(8)'], request('GET /none/'), { rawPath: '/none/', routeKey: '$default' }),
  shows('quotes in every place', ['§3.6.2-7'], request('GET /orders/%22%5C?%22=%22%0A', ['X-Q: "\\']), {
    rawPath: '/orders/"\\',
    pathParameters: { id: '"\\' },
    queryStringParameters: { '"': '"\n' },
    'headers/x-q': '"\\',
  }),

  query('a=1&b=2', { a: '1', b: '2' }),
  query('a=&b', { a: '', b: '' }),
  query('a=1&b=2&a=3', { a: '1,3', b: '2' }),
  query('a%20b=c%2Cd&plus=+', { 'a b': 'c,d', plus: ' ' }),
  query('=x&&', { '': 'x' }),
  query('&', undefined),
  query('bad=%zz', { bad: '%zz' }),
  query('__proto__=1&constructor=2', JSON.parse('{"__proto__":"1","constructor":"2"}')),
  query('x=%E2%98%95', { x: '☕' }),

  header('names in lower case', ['§3.6.2-1'], ['X-Upper-CASE: Value'], { 'headers/x-upper-case': 'Value' }),
  header('repeated lines', ['§3.6.2-1'], ['X-A: 1', 'X-B: 2', 'x-a: 3', 'X-A:'], { 'headers/x-a': '1,3,' }),
  header('a member of Object.prototype', ['§3.6.2-1'], ['__proto__: 1', 'constructor: 2'], {
    'headers/__proto__': '1',
    'headers/constructor': '2',
  }),
  header('UTF-8 bytes', ['§3.6.2-1'], [`X-U: ${utf8('☕')}`], { 'headers/x-u': '☕' }),
  header('cookies of several lines', ['§3.6.2-2'], ['Cookie: a=1;b=2 ; ;', 'Cookie: c="x"'], {
    cookies: ['a=1', 'b=2', 'c="x"'],
    'headers/cookie': undefined,
  }),
  header('an empty cookie', ['§3.6.2-2'], ['Cookie:'], {
    cookies: undefined,
    'headers/cookie': undefined,
  }),
  header('X-Forwarded-For is continued', ['§3.6.2-4'], ['X-Forwarded-For: 203.0.113.7'], {
    'headers/x-forwarded-for': '203.0.113.7, 127.0.0.1',
    'requestContext/http/sourceIp': '127.0.0.1',
  }),
  header(
    'X-Forwarded-For of several lines',
    ['§3.6.2-4'],
    ['X-Forwarded-For: 203.0.113.7', 'X-Forwarded-For: 198.51.100.2'],
    { 'headers/x-forwarded-for': '203.0.113.7, 198.51.100.2, 127.0.0.1' },
  ),
  header(
    'X-Forwarded-Proto and -Port are the gateway’s',
    ['§3.6.2-3'],
    ['X-Forwarded-Proto: gopher', 'X-Forwarded-Port: 70'],
    { 'headers/x-forwarded-proto': 'http', 'headers/x-forwarded-port': '80' },
  ),
  {
    ...header(
      'a client’s trace',
      ['§3.6.2-4'],
      ['X-Amzn-Trace-Id: Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1'],
      {
        'headers/x-amzn-trace-id': 'Root=1-TRACE;Sampled=1',
      },
    ),
    lambda: {
      has: { 'headers/x-amzn-trace-id': 'Root=1-TRACE;Sampled=1' },
      invokeHeaders: { 'x-amzn-trace-id': 'Root=1-TRACE;Sampled=1' },
    },
  },
  header('a trace without root', ['§3.6.2-4'], ['X-Amzn-Trace-Id: Self=1-2-3'], {
    'headers/x-amzn-trace-id': 'Root=1-TRACE;Self=1-2-3',
  }),
  header(
    'W3C trace context',
    ['§3.6.2-1'],
    ['traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'],
    {
      'headers/traceparent': '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    },
  ),
  header(
    'hop-by-hop headers',
    ['§3.6.2-5'],
    ['Connection: keep-alive, X-Own', 'Keep-Alive: 5', 'TE: trailers', 'X-Own: 1', 'X-Kept: 2'],
    {
      'headers/connection': undefined,
      'headers/keep-alive': undefined,
      'headers/te': undefined,
      'headers/x-own': undefined,
      'headers/x-kept': '2',
    },
  ),
  header('Connection cannot name Host', ['§3.6.2-5'], ['Connection: host'], { 'headers/host': API_HOST }),
  header('Content-Length: 0 of the client', ['§3.6.2-3', '§3.6.2-8'], ['Content-Length: 0'], {
    'headers/content-length': '0',
    body: undefined,
    isBase64Encoded: false,
  }),
  shows(
    'a chunked body',
    ['§3.6.2-3', '§3.6.2-5'],
    `POST /b HTTP/1.1\r\nHost: ${API_HOST}\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`,
    { body: 'abc', 'headers/content-length': undefined, 'headers/transfer-encoding': undefined },
  ),

  ...TEXT_TYPES.map((type) =>
    body(type, ['§3.6.4-1', '§3.6.4-2'], [`Content-Type: ${type}`], 'x"y', {
      body: 'x"y',
      isBase64Encoded: false,
    }),
  ),
  ...BINARY_TYPES.map((type) =>
    body(type, ['§3.6.4-1', '§3.6.4-2'], [`Content-Type: ${type}`], 'a=1', {
      body: 'YT0x',
      isBase64Encoded: true,
    }),
  ),
  body('no content type', ['§3.6.4-1'], [], 'abc', { body: 'YWJj', isBase64Encoded: true }),
  body('Content-Encoding', ['§3.6.4-3'], ['Content-Type: text/plain', 'Content-Encoding: gzip'], 'abc', {
    body: 'YWJj',
    isBase64Encoded: true,
  }),
  body('UTF-8', ['§3.6.4-4'], ['Content-Type: text/plain'], utf8('☕"\u0001'), {
    body: '☕"\u0001',
    isBase64Encoded: false,
  }),
  body('not UTF-8', ['§3.6.4-4'], ['Content-Type: text/plain'], '\xff\xfe', {
    body: '//4=',
    isBase64Encoded: true,
  }),
  body('of several reads', ['§3.6.4-1'], ['Content-Type: text/plain'], 'a'.repeat(200_000), {
    body: 'a'.repeat(200_000),
    isBase64Encoded: false,
  }),
  shows('GET with a body', ['§3.6.4-1'], request('GET /b', ['Content-Type: text/plain'], 'x'), { body: 'x' }),
];

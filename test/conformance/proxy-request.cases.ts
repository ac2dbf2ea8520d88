// The backend request of an HTTP_PROXY integration: spec/http-api.md §3.2 (URL) and §3.3 (headers and body).
import {
  API_HOST,
  BACKEND,
  type CallCase,
  gatewayError,
  type Integration,
  request,
  SUB_LABEL,
  simple,
} from './case.ts';

const HOST_OF = (host: string) => `Host: ${host}`;
const FORWARDED = `by=127.0.0.1;for=127.0.0.1;host=${API_HOST};proto=http`;

function url(
  name: string,
  statements: readonly string[],
  IntegrationUri: string,
  route: string,
  line: string,
  sent: string,
  variables: Readonly<Record<string, string>> = {},
): CallCase {
  return {
    name,
    statements,
    setup: simple({ IntegrationUri }, route, { StageName: '$default', StageVariables: variables }),
    request: request(line),
    sent: { line: sent },
  };
}

const CHUNKS = `4e20\r\n${'c'.repeat(20_000)}\r\n`.repeat(10);
const B = `http://${BACKEND}`;
const passes = (count: number): string => Array(count).fill('HTTP/1.1 AmazonAPIGateway').join(', ');

/** Client header lines of a GET, and which header lines the backend gets. */
function headers(
  name: string,
  statements: readonly string[],
  client: readonly string[],
  sent: readonly string[],
  integration: Integration = {},
): CallCase {
  return {
    name,
    statements,
    setup: simple(integration),
    request: request('GET /h', client),
    sent: { line: 'GET /h', headers: sent },
  };
}

/** A body, whatever the method. */
function body(
  name: string,
  statements: readonly string[],
  method: string,
  text: string,
  sent: readonly string[] = [],
): CallCase {
  return {
    name,
    statements: ['§3.3-11', ...statements],
    setup: simple({}),
    request: request(`${method} /b`, [], text),
    sent: { line: `${method} /b`, headers: sent, body: text },
  };
}

const raw = (
  name: string,
  statements: readonly string[],
  text: string,
  sent: CallCase['sent'],
  more: Partial<CallCase> = {},
): CallCase => ({
  name,
  statements,
  setup: simple({}),
  request: text,
  ...(sent === undefined ? {} : { sent }),
  ...more,
});

export const proxyRequestCases: readonly CallCase[] = [
  url(
    '§3.2#1',
    ['§3.2#1', '§3.2(3)', '§3.2(6)'],
    B,
    '$default',
    'GET /store/checkout?x=1',
    'GET /store/checkout?x=1',
  ),
  url('§3.2#2', ['§3.2#2', '§3.2(3)'], `${B}/base`, '$default', 'GET /store', 'GET /base/store'),
  url(
    '§3.2#3',
    ['§3.2#3', '§3.2(2)', '§3.2(5)'],
    `${B}/petstore/{proxy}`,
    'ANY /parent/{proxy+}',
    'PUT /parent/a/b%20c',
    'PUT /petstore/a/b%20c',
  ),
  url(
    '§3.2#4',
    ['§3.2#4', '§3.2(2)', '§3.2(3)'],
    `${B}/pets/ext/{petID}`,
    'GET /pets/{petID}',
    'GET /pets/6?lang=en',
    'GET /pets/ext/6?lang=en',
  ),
  url('§3.2#5', ['§3.2#5', '§3.2(7)'], `${B}/foo`, 'GET /bar', 'GET /bar', 'GET /foo'),
  url('§3.2#6', ['§3.2#6', '§3.2(6)'], `${B}/foo?q=1`, 'GET /bar', 'GET /bar?z=2', 'GET /foo?q=1&z=2'),
  url(
    '§3.2#7',
    ['§3.2#7', '§3.2(1)', '§8-9'],
    'http://${stageVariables.url}',
    'GET /bar',
    'GET /bar',
    'GET /',
    { url: BACKEND },
  ),
  url(
    '§3.2#8',
    ['§3.2#8', '§3.2(1)'],
    'http://${stageVariables.sub}.example.com/r',
    'GET /bar',
    'GET /bar',
    'GET /r',
    { sub: SUB_LABEL },
  ),
  url(
    '§3.2#9',
    ['§3.2#9', '§3.2(1)'],
    `${B}/\${stageVariables.v}/bar`,
    'GET /bar',
    'GET /bar',
    'GET /v2/bar',
    { v: 'v2' },
  ),
  url(
    '§3.2#10',
    ['§3.2#10', '§3.2(1)'],
    `${B}/foo?q=\${stageVariables.v}`,
    'GET /bar',
    'GET /bar',
    'GET /foo?q=7',
    { v: '7' },
  ),
  url(
    '§3.2#11',
    ['§3.2#11', '§3.2(2)'],
    `${B}/find?kind={type}`,
    'GET /f/{type}',
    'GET /f/cat',
    'GET /find?kind={type}',
  ),
  url(
    '§3.2#12',
    ['§3.2#12', '§3.2(1)', '§3.2(2)'],
    `${B}/{type}?env=\${stageVariables.env}`,
    'GET /f/{type}',
    'GET /f/cat?x=1',
    'GET /cat?env=blue&x=1',
    { env: 'blue' },
  ),
  url(
    '§3.2#13',
    ['§3.2#13', '§3.2(1)'],
    `${B}/{type}?env=\${stageVariables.env}`,
    'GET /f/{type}',
    'GET /f/cat?x=1',
    'GET /cat?env=&x=1',
  ),
  {
    ...url(
      '§3.2#15',
      ['§3.2#15', '§3.2(2)'],
      `${B}/find?kind={type}`,
      'GET /f/{type}',
      'GET /f/cat',
      'GET /find?kind={type}&kind=cat',
    ),
    setup: simple(
      {
        IntegrationUri: `${B}/find?kind={type}`,
        RequestParameters: { 'append:querystring.kind': '$request.path.type' },
      },
      'GET /f/{type}',
    ),
  },
  url(
    'behind a question mark that a stage variable brings, path variables are text',
    ['§3.2(2)'],
    `${B}/\${stageVariables.p}/{type}`,
    'GET /f/{type}',
    'GET /f/cat',
    'GET /a?b=c/{type}',
    { p: 'a?b=c' },
  ),
  url(
    'authority and path in one variable',
    ['§3.2(1)'],
    'http://${stageVariables.all}',
    'GET /bar',
    'GET /bar',
    'GET /a/b',
    { all: `${BACKEND}/a/b` },
  ),
  url('no query in request or URI', ['§3.2(7)'], `${B}/foo`, 'GET /bar', 'GET /bar?', 'GET /foo'),
  url('a fragment is ignored', ['§3.2(8)'], `${B}/foo?q=1#part`, 'GET /bar', 'GET /bar', 'GET /foo?q=1'),
  url(
    'a single-segment value keeps no slash',
    ['§3.2(5)'],
    `${B}/x/{a}`,
    'GET /{a}',
    'GET /a%20b%3F%23%25',
    'GET /x/a%20b%3F%23%25',
  ),
  url(
    'sub-delimiters, colon and at are not encoded',
    ['§3.2(5)'],
    `${B}/x/{a}`,
    'GET /{a}',
    "GET /a!$&'()*+,;=:@-._~",
    "GET /x/a!$&'()*+,;=:@-._~",
  ),
  url(
    'characters beyond ASCII are encoded as UTF-8',
    ['§3.2(5)', '§1.9(1)'],
    `${B}/x/{a+}`.replace('{a+}', '{a}'),
    'GET /{a+}',
    'GET /%E2%98%95/%c3%a9',
    'GET /x/%E2%98%95/%C3%A9',
  ),
  url(
    '$default appends the path as it was understood',
    ['§3.2(3)', '§1.9(3)', '§1.9(4)'],
    `${B}/base`,
    '$default',
    'GET /a%20b%3Fc%2Fd//e%2525?x=%2F',
    'GET /base/a%20b%3Fc/d/e%2525?x=%2F',
  ),
  {
    name: 'the stage is not in the backend path',
    statements: ['§3.2(4)'],
    setup: simple({ IntegrationUri: `${B}/base` }, '$default', { StageName: 'prod' }),
    request: request('GET /prod/a/b'),
    sent: { line: 'GET /base/a/b' },
  },
  // §3.3 headers
  headers('Host is the integration’s', ['§3.3-2'], ['Accept: */*'], ['Accept: */*', HOST_OF(BACKEND)]),
  headers(
    'the usual headers pass',
    ['§3.3-8'],
    [
      'Authorization: a',
      'Cookie: b=c',
      'Origin: https://o',
      'Accept-Encoding: br',
      'User-Agent: u',
      'x-lower: 1',
      'X-Amz-Date: d',
    ],
    [
      'Authorization: a',
      'Cookie: b=c',
      'Origin: https://o',
      'Accept-Encoding: br',
      'User-Agent: u',
      'x-lower: 1',
      'X-Amz-Date: d',
    ],
  ),
  headers(
    'repeated lines stay apart',
    ['§3.3-9'],
    ['X-A: 1', 'x-a: 2', 'X-A: 1'],
    ['X-A: 1', 'x-a: 2', 'X-A: 1'],
  ),
  headers('an empty value', ['§3.3-8'], ['X-E:'], ['X-E:']),
  headers('bytes beyond ASCII pass', ['§3.3-8'], ['X-B: caf\u00e9'], ['X-B: caf\u00e9']),
  headers(
    'X-Forwarded headers become Forwarded elements',
    ['§3.3-3'],
    [
      'X-Forwarded-For: 198.51.100.1, 2001:db8::1',
      'X-Forwarded-Proto: https',
      'X-Forwarded-Host: h',
      'X-Forwarded-Port: 1',
      'Forwarded: for=192.0.2.9;proto=http',
    ],
    [`Forwarded: for=192.0.2.9;proto=http,for=198.51.100.1,for="[2001:db8::1]",${FORWARDED}`],
  ),
  headers('Forwarded alone', ['§3.3-3'], [], [`Forwarded: ${FORWARDED}`]),
  headers(
    'Via behind an existing one',
    ['§3.3-4'],
    ['Via: 1.0 fred', 'Via: 1.1 p.example'],
    ['Via: 1.0 fred, 1.1 p.example, HTTP/1.1 AmazonAPIGateway'],
  ),
  headers('Via', ['§3.3-4'], [], ['Via: HTTP/1.1 AmazonAPIGateway']),
  headers(
    'a request that has passed the gateway nine times',
    ['§3.3-14'],
    [`Via: 1.1 p.example, ${passes(5)}`, `Via: ${passes(4)}`],
    [`Via: 1.1 p.example, ${passes(10)}`],
  ),
  {
    name: 'a request that has passed the gateway ten times goes in a circle',
    statements: ['§3.3-14'],
    setup: simple({}),
    request: request('GET /f', [`Via: ${passes(9)}, 1.1 p.example`, `Via: ${passes(1)}`]),
    sent: null,
    got: gatewayError(500),
  },
  headers(
    'a trace id is kept',
    ['§3.3-5'],
    ['X-Amzn-Trace-Id: Root=given;Parent=p'],
    ['X-Amzn-Trace-Id: Root=given;Parent=p'],
  ),
  headers(
    'W3C trace context passes',
    ['§3.3-8'],
    [
      'traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      'tracestate: a=1',
      'tracestate: b=2',
    ],
    [
      'traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      'tracestate: a=1',
      'tracestate: b=2',
    ],
  ),
  headers('a trace id is made', ['§3.3-5'], [], ['X-Amzn-Trace-Id: Root=1-TRACE']),
  headers(
    'hop-by-hop headers stop',
    ['§3.3-6'],
    [
      'Connection: x-named, keep-alive',
      'X-Named: 1',
      'Keep-Alive: timeout=5',
      'Proxy-Authenticate: a',
      'Proxy-Authorization: b',
      'Proxy-Connection: c',
      'TE: trailers',
      'Trailer: X-T',
      'X-Stays: 1',
    ],
    ['X-Stays: 1'],
  ),
  raw(
    'Expect is answered and not forwarded',
    ['§3.3-7'],
    `POST /b HTTP/1.1\r\nHost: ${API_HOST}\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi`,
    { line: 'POST /b', body: 'hi' },
  ),
  // §3.3 body
  raw('an empty body of declared length gets a type', ['§3.3-10'], request('POST /b', [], ''), {
    line: 'POST /b',
    headers: ['Content-Type: text/plain; charset=utf-8', 'Content-Length: 0'],
  }),
  raw('but not when the client sent one', ['§3.3-10'], request('POST /b', ['Content-Type: a/b'], ''), {
    line: 'POST /b',
    headers: ['Content-Type: a/b', 'Content-Length: 0'],
  }),
  raw('nor without a length', ['§3.3-10'], request('GET /b'), { line: 'GET /b' }),
  body('bytes pass unchanged', [], 'POST', '\u0000\u00ff\r\n\u0080 x'),
  body('a body of a GET', [], 'GET', 'abc'),
  body('a body of a DELETE', [], 'DELETE', 'abc'),
  body('a body of a megabyte', [], 'PUT', 'm'.repeat(1_000_000)),
  raw(
    'a chunked body of the client',
    ['§3.3-11', '§3.3-6'],
    `POST /b HTTP/1.1\r\nHost: ${API_HOST}\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n`,
    { line: 'POST /b', body: 'abcde' },
    { anyFraming: true },
  ),
  raw(
    'a large chunked body goes on as it comes',
    ['§3.3-11'],
    `POST /b HTTP/1.1\r\nHost: ${API_HOST}\r\nTransfer-Encoding: chunked\r\n\r\n${CHUNKS}0\r\n\r\n`,
    { line: 'POST /b', headers: ['Transfer-Encoding: chunked'], body: 'c'.repeat(200_000) },
  ),
  raw(
    'a chunked body that a mapping reads has a length',
    ['§3.3-11'],
    `POST /b HTTP/1.1\r\nHost: ${API_HOST}\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{"a\r\n4\r\n":1}\r\n0\r\n\r\n`,
    { line: 'POST /b', headers: ['Content-Length: 7', 'x-a: 1'], body: '{"a":1}' },
    { setup: simple({ RequestParameters: { 'overwrite:header.x-a': '$request.body.a' } }) },
  ),
  {
    name: 'ANY is the client’s method',
    statements: ['§3.3-11', '§3.1 field: IntegrationMethod'],
    setup: simple({}),
    request: request('PATCH /b'),
    sent: { line: 'PATCH /b' },
  },
  {
    name: 'another method replaces it',
    statements: ['§3.3-11', '§3.1 field: IntegrationMethod'],
    setup: simple({ IntegrationMethod: 'DELETE' }),
    request: request('POST /b', [], 'abc'),
    sent: { line: 'DELETE /b', body: 'abc' },
  },
  {
    name: 'redirects go to the client',
    statements: ['§3.3-12'],
    setup: simple({}),
    request: request('GET /b'),
    backend: `HTTP/1.1 302 Found\r\nLocation: http://${BACKEND}/elsewhere\r\nContent-Length: 0\r\n\r\n`,
    sent: { line: 'GET /b' },
    got: { status: 302, headers: [`Location: http://${BACKEND}/elsewhere`], body: '' },
  },
  {
    name: 'backends are spoken to in HTTP/1.1',
    statements: ['§3.3-1'],
    setup: simple({}),
    request: `GET /b HTTP/1.0\r\nHost: ${API_HOST}\r\n\r\n`,
    sent: { line: 'GET /b' },
  },
];

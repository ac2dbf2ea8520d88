// The reply of an HTTP_PROXY integration to the client: spec/http-api.md §3.4, and the envelope of §0.5.
import {
  answer,
  type CallCase,
  type ExpectedReply,
  gatewayError,
  REQUEST_ID,
  request,
  simple,
} from './case.ts';

const SETUP = simple({});

function reply(
  name: string,
  statements: readonly string[],
  backend: CallCase['backend'],
  got: ExpectedReply,
  method = 'GET',
): CallCase {
  return { name, statements, setup: SETUP, request: request(`${method} /r`), backend: backend!, got };
}

export const proxyResponseCases: readonly CallCase[] = [
  reply(
    'status, headers and body pass, with a request id',
    ['§3.4-1'],
    answer('418 Teapot', ['X-A: 1', 'Content-Type: a/b', 'Server: s'], 'tea'),
    {
      status: 418,
      headers: [
        'X-A: 1',
        'Content-Type: a/b',
        'Server: s',
        `Apigw-Requestid: ${REQUEST_ID}`,
        'Content-Length: 3',
      ],
      body: 'tea',
    },
  ),
  reply(
    'the backend’s own request id is not passed',
    ['§3.4-1'],
    answer('200 OK', ['apigw-requestid: theirs'], 'x'),
    { status: 200, headers: [`Apigw-Requestid: ${REQUEST_ID}`], body: 'x' },
  ),
  reply(
    'reply: hop-by-hop headers stop',
    ['§3.4-1'],
    answer(
      '200 OK',
      [
        'Connection: X-Named',
        'X-Named: 1',
        'Keep-Alive: timeout=1',
        'Proxy-Authenticate: a',
        'Trailer: T',
        'Upgrade: h2c',
        'X-Stays: 1',
      ],
      'x',
    ),
    { status: 200, headers: ['X-Stays: 1'], body: 'x' },
  ),
  reply(
    'a chunked reply gets a length',
    ['§3.4-2'],
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n',
    {
      status: 200,
      headers: ['Content-Length: 5'],
      body: 'abcde',
    },
  ),
  reply(
    'trailers are dropped',
    ['§3.4-2'],
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-T: 1\r\n\r\n',
    { status: 200, absent: ['x-t'], body: 'a' },
  ),
  reply(
    'a reply that ends with its connection',
    ['§3.4-2'],
    { send: 'HTTP/1.1 200 OK\r\nX-A: 1\r\n\r\nrest', thenEnd: true },
    { status: 200, headers: ['X-A: 1', 'Transfer-Encoding: chunked'], body: 'rest' },
  ),
  reply(
    'an HTTP/1.0 reply',
    ['§3.4-1'],
    { send: 'HTTP/1.0 200 OK\r\nX-A: 1\r\n\r\nold', thenEnd: true },
    { status: 200, headers: ['X-A: 1', 'Transfer-Encoding: chunked'], body: 'old' },
  ),
  reply(
    'reply: repeated lines stay apart',
    ['§3.4-3'],
    answer('200 OK', ['Set-Cookie: a=1', 'X-A: 1', 'Set-Cookie: b=2', 'X-A: 1'], 'x'),
    {
      status: 200,
      headers: ['Set-Cookie: a=1', 'Set-Cookie: b=2', 'X-A: 1', 'X-A: 1'],
      body: 'x',
    },
  ),
  reply(
    'names are spelled canonically',
    ['§3.4-4'],
    answer('200 OK', ['myheader: 1', 'x-ERR-2a: 2', 'ETAG: "x"', 'www-authenticate: B'], 'x'),
    {
      status: 200,
      headers: ['Myheader: 1', 'X-Err-2a: 2', 'Etag: "x"', 'Www-Authenticate: B'],
      body: 'x',
    },
  ),
  reply(
    'interim replies are skipped',
    ['§3.4-1'],
    `HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n${answer('200 OK', [], 'x')}`,
    { status: 200, body: 'x' },
  ),
  reply('204 has no body', ['§3.4-6'], 'HTTP/1.1 204 No Content\r\nX-A: 1\r\n\r\n', {
    status: 204,
    headers: ['X-A: 1'],
    absent: ['content-length', 'transfer-encoding'],
    body: '',
  }),
  reply('reply: 304 has no body', ['§3.4-6'], 'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n', {
    status: 304,
    headers: ['Etag: "a"'],
    body: '',
  }),
  reply(
    'HEAD has no body',
    ['§3.4-6'],
    'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n',
    { status: 200, headers: ['Content-Length: 99'], body: '' },
    'HEAD',
  ),
  reply('an empty body has a length', ['§3.4-2'], 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', {
    status: 200,
    headers: ['Content-Length: 0'],
    body: '',
  }),
  reply(
    'compressed bodies pass untouched',
    ['§3.4-1'],
    answer('200 OK', ['Content-Encoding: gzip'], '\u001f\u008b\u0000'),
    { status: 200, headers: ['Content-Encoding: gzip'], body: '\u001f\u008b\u0000' },
  ),
  reply('reply: a body of a megabyte', ['§3.4-1'], answer('200 OK', [], 'm'.repeat(1_000_000)), {
    status: 200,
    headers: ['Content-Length: 1000000'],
    body: 'm'.repeat(1_000_000),
  }),
  reply(
    'the backend’s date stays',
    ['§3.4-1'],
    answer('200 OK', ['Date: Sat, 01 Jan 2000 00:00:00 GMT'], 'x'),
    { status: 200, headers: ['Date: Sat, 01 Jan 2000 00:00:00 GMT'], body: 'x' },
  ),
  ...['600', '099', '1000', 'abc'].map((status) =>
    reply(
      `a status ${status} is a failure`,
      ['§3.4-5', '§3.8 event: malformed', '§14 status: 500'],
      answer(`${status} Odd`, [], 'x'),
      gatewayError(500),
    ),
  ),
  ...['400', '401', '404', '405', '429', '500', '502', '503', '504'].map((status) =>
    reply(
      `the backend’s own ${status} passes`,
      ['§3.4-1', '§14-1'],
      answer(`${status} Theirs`, ['X-A: 1'], 'their text'),
      { status: Number(status), headers: ['X-A: 1'], body: 'their text' },
    ),
  ),
];

// Backends that fail (spec/http-api.md §3.8), and requests that the gateway refuses (§3.9, §14).
import {
  API_HOST,
  answer,
  BACKEND,
  type CallCase,
  gatewayError,
  type Integration,
  NOBODY,
  request,
  simple,
} from './case.ts';

function failure(
  name: string,
  statements: readonly string[],
  backend: CallCase['backend'],
  status: number,
  integration: Integration = {},
): CallCase {
  return {
    name,
    statements: ['§14-1', `§14 status: ${status}`, ...statements],
    setup: simple(integration),
    request: request('POST /f', [], 'x'),
    ...(backend === undefined ? {} : { backend }),
    got: gatewayError(status),
  };
}

const malformed = (name: string, text: string): CallCase =>
  failure(
    `malformed reply: ${name}`,
    ['§3.8 event: malformed', '§3.4-5'],
    { send: text, thenEnd: true },
    500,
  );

const refused = (
  name: string,
  status: number,
  text: string,
  statements: readonly string[] = [],
): CallCase => ({
  name: `${name}: ${status}`,
  statements: [`§14 status: ${status}`, ...statements],
  setup: simple({}),
  request: text,
  sent: null,
  got: gatewayError(status),
});

const HEAD = `POST /f HTTP/1.1\r\nHost: ${API_HOST}\r\n`;

export const failureCases: readonly CallCase[] = [
  failure('a slow backend', ['§3.8 event: timeout', '§3.8-1'], 'silent', 503, { TimeoutInMillis: 60 }),
  failure(
    'a backend slow in the middle of its head',
    ['§3.8 event: timeout', '§3.8-1'],
    'HTTP/1.1 200 OK\r\nX-A',
    503,
    { TimeoutInMillis: 60 },
  ),
  failure(
    'a backend slow in a body that a mapping reads',
    ['§3.8 event: timeout', '§3.8-1'],
    'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab',
    503,
    {
      TimeoutInMillis: 60,
      ResponseParameters: { '200': { 'overwrite:header.x': '$response.body.a' } },
    },
  ),
  {
    ...failure('nobody listens', ['§3.8 event: unreachable'], undefined, 503, {
      IntegrationUri: `http://${NOBODY}/`,
    }),
    sent: null,
  },
  {
    ...failure('a host without address', ['§3.8 event: unreachable'], undefined, 503, {
      IntegrationUri: 'http://postern-test.invalid/',
      TimeoutInMillis: 5_000,
    }),
    sent: null,
  },
  failure('the connection is reset', ['§3.8 event: unreachable'], 'reset', 503),
  failure('a backend that does not speak TLS', ['§3.8 event: unreachable'], undefined, 503, {
    IntegrationUri: `https://${BACKEND}/`,
  }),
  failure('closed without an answer', ['§3.8 event: closed'], 'end', 503),
  failure('closed inside the head', ['§3.8 event: closed'], { send: 'HTTP/1.1 200 O', thenEnd: true }, 503),
  {
    ...failure(
      'a POST on a fresh connection is not sent twice',
      ['§3.8-2'],
      ['end', answer('200 OK', [], 'again')],
      503,
    ),
    sentTimes: 1,
  },
  malformed('not HTTP', 'SSH-2.0-OpenSSH\r\n\r\n'),
  malformed('two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'),
  malformed(
    'length and chunks',
    'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  ),
  malformed('a folded line', 'HTTP/1.1 200 OK\r\nX-A: 1\r\n 2\r\nContent-Length: 0\r\n\r\n'),
  malformed('a blank before the colon', 'HTTP/1.1 200 OK\r\nX-A : 1\r\nContent-Length: 0\r\n\r\n'),
  malformed('a length that is none', 'HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\na'),
  malformed('an unknown coding', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\na'),
  malformed('bare line feeds', 'HTTP/1.1 200 OK\nContent-Length: 1\n\na'),
  failure(
    'a reply that declares more than 10 MB',
    ['§3.8 event: oversize'],
    'HTTP/1.1 200 OK\r\nContent-Length: 10485761\r\n\r\n',
    500,
  ),
  {
    ...failure('an undefined stage variable in the URI', ['§8-11', '§3.2(1)'], undefined, 500, {
      IntegrationUri: `http://${BACKEND}/\${stageVariables.nope}`,
    }),
    sent: null,
  },
  ...[
    'http://${stageVariables.nope}/x',
    'http://${stageVariables.nope}.example.com/x?y=1',
    '${stageVariables.nope}/x',
  ].map(
    (IntegrationUri): CallCase => ({
      ...failure(`an undefined stage variable in ${IntegrationUri}`, ['§3.2#14', '§8-11'], undefined, 500, {
        IntegrationUri,
      }),
      sent: null,
    }),
  ),
  // Requests
  refused(
    'length and chunks',
    400,
    `${HEAD}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  ),
  refused('two lengths', 400, `${HEAD}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`),
  refused('a list of lengths', 400, `${HEAD}Content-Length: 1, 1\r\n\r\na`),
  refused('a signed length', 400, `${HEAD}Content-Length: +1\r\n\r\na`),
  refused('a folded line', 400, `${HEAD}X-A: 1\r\n 2\r\n\r\n`),
  refused('a blank before the colon', 400, `${HEAD}X-A : 1\r\n\r\n`),
  refused('bare line feeds', 400, `GET /f HTTP/1.1\nHost: ${API_HOST}\n\n`),
  refused('a bare carriage return in a value', 400, `${HEAD}X-A: 1\r2\r\n\r\n`),
  refused('a NUL in a value', 400, `${HEAD}X-A: 1\u00002\r\n\r\n`),
  refused('no Host', 400, 'GET /f HTTP/1.1\r\n\r\n'),
  refused('two Hosts', 400, `GET /f HTTP/1.1\r\nHost: ${API_HOST}\r\nHost: ${API_HOST}\r\n\r\n`),
  refused('an unknown coding', 400, `${HEAD}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`),
  refused('a bad chunk size', 400, `${HEAD}Transfer-Encoding: chunked\r\n\r\nxyz\r\n\r\n`),
  refused('a declared body over 10 MB', 413, `${HEAD}Content-Length: 10485761\r\n\r\n`),
  refused(
    'a head over 10,240 bytes',
    431,
    `GET /f HTTP/1.1\r\nHost: ${API_HOST}\r\nX-A: ${'a'.repeat(10_240)}\r\n\r\n`,
  ),
  {
    name: 'a head just under the limit passes',
    statements: ['§14 status: 431', '§4.12-1'],
    setup: simple({ RequestParameters: { 'append:header.x-copy': '$request.header.x-a' } }),
    request: request('GET /f', [`X-A: ${'a'.repeat(10_000)}`]),
    sent: { line: 'GET /f', headers: [`X-A: ${'a'.repeat(10_000)}`, `x-copy: ${'a'.repeat(10_000)}`] },
  },
];

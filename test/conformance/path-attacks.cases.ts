// What values cannot make of a backend's path: dot segments and another authority (spec/http-api.md §4.7, §1.9). Every
// spelling that some backend reads as a dot segment, from each source and in each place of a path.
import { BACKEND, type CallCase, gatewayError, lambdaIntegration, request, simple } from './case.ts';

const STATEMENT = '§4.7-9';

type Mappings = Readonly<Record<string, string>>;

/** Rows with a header `X-P` and a parameter `p` of the same text, on an integration with a base path. */
function call(name: string, mappings: Mappings, value: string, sent: string | null): CallCase {
  const target = `/t?p=${encodeURIComponent(value)}`;
  return {
    name: `${name}: ${JSON.stringify(mappings)}, ${value}`,
    statements: [STATEMENT],
    setup: simple({ IntegrationUri: `http://${BACKEND}/base`, RequestParameters: mappings }, 'GET /t'),
    request: request(`GET ${target}`, [`X-P: ${value}`]),
    ...(sent === null
      ? { sent: null, got: gatewayError(400) }
      : { sent: { line: `GET ${sent}?p=${encodeURIComponent(value)}`, headers: [`X-P: ${value}`] } }),
  };
}

const refused = (path: string, value: string) =>
  call('a dot segment of data is refused', { 'overwrite:path': path }, value, null);

const passes = (path: string, value: string, sent: string) =>
  call('not a dot segment', { 'overwrite:path': path }, value, sent);

/** Through the integration URI. */
const byUri = (uri: string, route: string, target: string, sent: string | null): CallCase => ({
  name: `a path variable in ${uri}: ${target}`,
  statements: [STATEMENT],
  setup: simple({ IntegrationUri: `http://${BACKEND}${uri}` }, route),
  request: request(`GET ${target}`),
  ...(sent === null ? { sent: null, got: gatewayError(400) } : { sent: { line: `GET ${sent}` } }),
});

const SPELLINGS = [
  '../admin',
  '..',
  '.',
  './admin',
  'a/../../admin',
  'a/..',
  'a/./b',
  '%2e%2e/admin',
  '%2E./admin',
  '.%2e',
  '%252e%252e/admin',
  '..%2fadmin',
  'a%2F..%2Fadmin',
  '..\\admin',
  'a\\..\\admin',
  'a%5c..%5Cadmin',
  '..;/admin',
  '..;a=b/admin',
  '..%3b/admin',
  '/../admin',
  '//../admin',
];

export const pathAttackCases: readonly CallCase[] = [
  ...SPELLINGS.flatMap((value) => [
    refused('/base/$request.header.x-p', value),
    refused('$request.querystring.p', value),
    refused('/x/${request.querystring.p}/y?z=1', value),
  ]),
  // Text and data together
  refused('/base/.$request.header.x-p', '.'),
  refused('/base/.$request.header.x-p', './admin'),
  refused('/base/.$request.header.x-absent', 'x'),
  refused('/base/%2e${request.header.x-p}', '.'),
  refused('/base/${request.header.x-p}/../x', '..'),
  refused('/base/${request.header.x-p}${request.querystring.p}/x', '.'),
  refused('/base/${request.header.x-p}../x', 'x/'),
  // What only looks like one
  passes('/base/$request.header.x-p', '...', '/base/...'),
  passes('/base/$request.header.x-p', '..a', '/base/..a'),
  passes('/base/$request.header.x-p', 'a..', '/base/a..'),
  passes('/base/$request.header.x-p', '.well-known/x', '/base/.well-known/x'),
  passes('/base/$request.header.x-p', 'a/.b/..c', '/base/a/.b/..c'),
  passes('/base/$request.header.x-p', '50%', '/base/50%25'),
  passes('/base/a$request.header.x-p', '..', '/base/a..'),
  passes('/base/../x/$request.header.x-p', 'b', '/base/../x/b'),
  passes('/base/./$request.header.x-p', 'b/', '/base/./b/'),
  // Another authority
  passes('$request.header.x-p', '//evil.example/x', '/evil.example/x'),
  passes('/$request.header.x-p', '/evil.example/x', '/evil.example/x'),
  passes('$request.header.x-p', 'http://evil.example/x', '/http://evil.example/x'),
  passes('$request.header.x-p', '@evil.example/x', '/@evil.example/x'),
  passes('$request.header.x-p', ':81/x', '/:81/x'),
  passes('$request.header.x-p', '\\\\evil.example\\x', '/%5C%5Cevil.example%5Cx'),
  passes('$request.header.x-p', 'x?y#z', '/x%3Fy%23z'),
  // Path variables
  byUri('/files/{proxy}', 'GET /p/{proxy+}', '/p/a/b.c', '/files/a/b.c'),
  byUri('/files/{proxy}', 'GET /p/{proxy+}', '/p/..%5Cadmin', null),
  byUri('/files/{proxy}', 'GET /p/{proxy+}', '/p/a/%252e%252e/admin', null),
  byUri('/files/.{name}', 'GET /p/{name}', '/p/%252e', null),
  byUri('/files/.{name}', 'GET /p/{name}', '/p/;x', null),
  byUri('/files/.{name}', 'GET /p/{name}', '/p/x', '/files/.x'),
  byUri('/{name}.', 'GET /p/{name}', '/p/%252e', null),
  byUri('/files/../{name}', 'GET /p/{name}', '/p/x', '/files/../x'),
  byUri('/{proxy}', 'GET /p/{proxy+}', '/p//evil.example/x', '/evil.example/x'),
  {
    ...call('a path variable in a mapping', { 'overwrite:path': '/a/.$request.path.proxy' }, 'x', null),
    setup: simple(
      {
        IntegrationUri: `http://${BACKEND}`,
        RequestParameters: { 'overwrite:path': '/a/.$request.path.proxy' },
      },
      'GET /t/{proxy+}',
    ),
    request: request('GET /t/%252e/admin'),
  },
  // Events of functions
  ...(['1.0', '2.0'] as const).flatMap((format) =>
    ['../admin', '%2e%2e', '..\\x'].map(
      (value): CallCase => ({
        name: `a dot segment in an event of format ${format}: ${value}`,
        statements: [STATEMENT],
        setup: simple(
          lambdaIntegration(format, { RequestParameters: { 'overwrite:path': '/a/$request.header.x-p' } }),
          'GET /t',
        ),
        request: request('GET /t', [`X-P: ${value}`]),
        lambda: { called: null },
        got: gatewayError(400),
      }),
    ),
  ),
  // The Host header is a header: it leads nowhere else.
  {
    name: 'a Host of data changes no connection',
    statements: ['§4.7-5', STATEMENT],
    setup: simple(
      {
        IntegrationUri: `http://${BACKEND}/base`,
        RequestParameters: { 'overwrite:header.host': '$request.header.x-p' },
      },
      'GET /t',
    ),
    request: request('GET /t', ['X-P: evil.example']),
    sent: { line: 'GET /base', headers: ['Host: evil.example', 'X-P: evil.example'] },
  },
];

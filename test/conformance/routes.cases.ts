// Route selection: the worked examples of spec/http-api.md §2.5, and rows for §2.1 to §2.4 and §2.6.
import {
  answer,
  BACKEND,
  type CallCase,
  type CreationCase,
  gatewayError,
  request,
  type Setup,
} from './case.ts';

/** Routes whose backend sees which of them answered, and the greedy value. */
function routes(keys: readonly string[]): Setup {
  return {
    integrations: {
      it: {
        IntegrationUri: `http://${BACKEND}/b`,
        RequestParameters: {
          'overwrite:header.x-route': '$context.routeKey',
          'overwrite:header.x-var':
            '[${request.path.proxy}${request.path.id}${request.path.p}${request.path.x}${request.path.y}]',
        },
      },
    },
    routes: keys.map((key) => ({ key, to: 'it' })),
  };
}

const R1 = routes([
  'GET /pets/dog/1',
  'GET /pets/dog/{id}',
  'GET /pets/{proxy+}',
  'ANY /{proxy+}',
  '$default',
]);
const R2 = routes(['GET /a/{x}/c', 'GET /a/b/{y}', 'ANY /a/b/c', 'POST /a/{x}/c', 'ANY /a/{p+}']);
const R3 = routes(['GET /only']);

function takes(
  name: string,
  statements: readonly string[],
  setup: Setup,
  line: string,
  route: string,
  values = '',
): CallCase {
  const [method, target] = line.split(' ') as [string, string];
  const query = target.includes('?') ? target.slice(target.indexOf('?')) : '';
  // $default appends the path, so only its own line tells of it.
  const path = route === '$default' ? `/b${target}` : `/b${query}`;
  return {
    name: `${name}: ${line} takes ${route}`,
    statements,
    setup,
    request: request(line, method === 'POST' || method === 'PUT' ? ['X-A: b'] : []),
    sent: {
      line: `${method} ${path}`,
      headers: [
        ...(method === 'POST' || method === 'PUT' ? ['X-A: b'] : []),
        `x-route: ${route}`,
        `x-var: [${values}]`,
      ],
    },
    ...(method === 'HEAD' ? { got: { status: 200, headers: ['Content-Length: 2'], body: '' } } : {}),
  };
}

const misses = (name: string, statements: readonly string[], setup: Setup, line: string): CallCase => ({
  name: `${name}: ${line} is not found`,
  statements: ['§2.2(4)', '§14 status: 404', ...statements],
  setup,
  request: request(line),
  sent: null,
  got: gatewayError(404),
});

const example = (
  number: number,
  setup: Setup,
  line: string,
  route: string,
  values = '',
  alsoStates: readonly string[] = [],
) => takes(`§2.5#${number}`, [`§2.5#${number}`, ...alsoStates], setup, line, route, values);

const ORDER = routes([
  'ANY /o/{proxy+}',
  'ANY /o/deep/{proxy+}',
  'ANY /o/deep/x',
  'GET /o/deep/x',
  'ANY /o/{id}/{proxy+}',
  'GET /o/{id}',
]);

const FAST_ONLY = { only: { codec: 'fast', because: 'node:http takes only the methods it knows' } } as const;

export const routeCases: readonly CallCase[] = [
  example(1, R1, 'GET /pets/dog/1', 'GET /pets/dog/1', '', ['§2.2(1)', '§2.3(2)']),
  example(2, R1, 'GET /pets/dog/2', 'GET /pets/dog/{id}', '2', ['§2.2(1)']),
  example(3, R1, 'GET /pets/cat/1', 'GET /pets/{proxy+}', 'cat/1', ['§2.2(2)', '§2.4-2']),
  example(4, R1, 'POST /test/5', 'ANY /{proxy+}', 'test/5', ['§2.2(2)', '§2.3(1)']),
  example(5, R1, 'POST /pets/dog/1', 'ANY /{proxy+}', 'pets/dog/1', ['§2.3-1']),
  example(6, R1, 'DELETE /', 'ANY /{proxy+}', '', ['§2.3-2']),
  example(7, R1, 'GET /pets', 'ANY /{proxy+}', 'pets'),
  example(8, R1, 'GET /pets/dog/1/', 'GET /pets/{proxy+}', 'dog/1/', ['§1.9(8)']),
  example(9, R1, 'GET /Pets/dog/1', 'ANY /{proxy+}', 'Pets/dog/1', ['§1.9(7)']),
  example(10, R1, 'GET /pets//dog/1', 'GET /pets/dog/1', '', ['§1.9(4)']),
  example(11, R2, 'GET /a/b/c', 'ANY /a/b/c', '', ['§2.3(2)']),
  example(12, R2, 'GET /a/b/d', 'GET /a/b/{y}', 'd', ['§2.3(2)']),
  example(13, R2, 'GET /a/z/c', 'GET /a/{x}/c', 'z'),
  example(14, R2, 'POST /a/z/c', 'POST /a/{x}/c', 'z'),
  example(15, R2, 'PUT /a/z/c', 'ANY /a/{p+}', 'z/c', ['§2.2(2)']),
  misses('§2.5#16', ['§2.5#16', '§2.3-2'], R2, 'GET /a'),
  example(17, R2, 'GET /a/', 'ANY /a/{p+}', '', ['§2.3-2']),
  example(18, R2, 'HEAD /a/z/c', 'ANY /a/{p+}', 'z/c', ['§2.6-1']),
  example(19, R2, 'OPTIONS /a/z/c', 'ANY /a/{p+}', 'z/c', ['§2.6-2']),
  misses('§2.5#20', ['§2.5#20', '§14-1'], R3, 'POST /only'),
  example(21, R3, 'GET /only?x=1', 'GET /only'),
  misses('§2.5#22', ['§2.5#22'], R3, 'GET /only%20'),
  example(23, R3, 'GET /%6Fnly', 'GET /only', '', ['§1.9(1)']),
  misses('§2.5#24', ['§2.5#24', '§1.9(8)'], R3, 'GET /only/'),
  // §2.3
  takes('the longer greedy prefix', ['§2.3(3)'], ORDER, 'PUT /o/deep/y/z', 'ANY /o/deep/{proxy+}', 'y/z'),
  takes(
    'a parameter before a greedy variable',
    ['§2.3(2)'],
    ORDER,
    'PUT /o/other/y',
    'ANY /o/{id}/{proxy+}',
    'yother',
  ),
  takes('non-greedy before greedy', ['§2.3(1)'], ORDER, 'GET /o/deep', 'GET /o/{id}', 'deep'),
  takes('exact method before ANY', ['§2.3(4)', '§2.2-1'], ORDER, 'GET /o/deep/x', 'GET /o/deep/x'),
  takes('ANY for the other methods', ['§2.2-1'], ORDER, 'PATCH /o/deep/x', 'ANY /o/deep/x'),
  takes('greedy before $default', ['§2.3(1)', '§2.2(2)'], R1, 'PATCH /anything', 'ANY /{proxy+}', 'anything'),
  takes('an encoded slash makes two segments', ['§1.9(2)'], R1, 'GET /pets%2Fdog%2F1', 'GET /pets/dog/1'),
  takes('a value is decoded', ['§2.4-2'], R1, 'GET /pets/dog/a%20b%2Bc', 'GET /pets/dog/{id}', 'a b+c'),
  takes(
    '$default takes what no other route does',
    ['§2.2(3)', '§2.4-3'],
    routes(['GET /x', '$default']),
    'GET /y/z',
    '$default',
  ),
  // §2.6
  { ...misses('HEAD is not GET', ['§2.6-1'], R3, 'HEAD /only'), got: { ...gatewayError(404), body: '' } },
  takes('a HEAD route', ['§2.6-1'], routes(['HEAD /h', 'GET /h']), 'HEAD /h', 'HEAD /h'),
  takes('$default takes HEAD', ['§2.6-1'], routes(['$default']), 'HEAD /h', '$default'),
  {
    ...misses('methods are case-sensitive', ['§2.6-3'], routes(['ANY /x', '$default']), 'get /x'),
    ...FAST_ONLY,
  },
  { ...misses('a method nobody knows', ['§2.6-3'], routes(['ANY /x', '$default']), 'BREW /x'), ...FAST_ONLY },
  ...['TRACE', 'PROPFIND', 'LINK'].map((method) =>
    misses('other methods match nothing', ['§2.6-3'], routes(['ANY /{proxy+}', '$default']), `${method} /x`),
  ),
  {
    ...takes(
      'a method override is just a header',
      ['§2.6-4'],
      routes(['GET /m', 'DELETE /m']),
      'GET /m',
      'GET /m',
    ),
    request: request('GET /m', ['X-HTTP-Method-Override: DELETE']),
    sent: { line: 'GET /b', headers: ['X-HTTP-Method-Override: DELETE', 'x-route: GET /m', 'x-var: []'] },
  },
  {
    ...takes('an upgrade is served as plain HTTP', ['§2.6-5', '§3.3-6'], R3, 'GET /only', 'GET /only'),
    request: request('GET /only', [
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ]),
    sent: {
      line: 'GET /b',
      headers: [
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
        'x-route: GET /only',
        'x-var: []',
      ],
    },
  },
  {
    name: 'a reply to HEAD keeps its length and has no body',
    statements: ['§2.6-1', '§3.4-6'],
    setup: R2,
    request: request('HEAD /a/z/c'),
    backend: 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 1234\r\n\r\n',
    got: { status: 200, headers: ['Content-Type: text/plain', 'Content-Length: 1234'], body: '' },
  },
  {
    name: 'a gateway error to HEAD keeps its length and has no body',
    statements: ['§2.6-1'],
    setup: R3,
    request: request('HEAD /elsewhere'),
    sent: null,
    got: { status: 404, headers: ['Content-Type: application/json', 'Content-Length: 23'], body: '' },
  },
  {
    name: 'a route without target answers 500',
    statements: ['§2.1-7', '§14 status: 500'],
    setup: { integrations: { it: {} }, routes: [{ key: 'GET /n' }, { key: 'GET /other', to: 'it' }] },
    request: request('GET /n'),
    sent: null,
    got: gatewayError(500),
  },
  {
    name: 'a literal segment of every allowed character',
    statements: ['§2.1-3'],
    setup: routes(["GET /aZ09._~:,@!$&'()*+=;-/x"]),
    request: request("GET /aZ09._~:,@!$&'()*+=;-/x"),
    backend: answer('200 OK', [], 'y'),
    got: { status: 200, body: 'y' },
  },
];

const KEY_TEXT =
  'The provided route key is not formatted properly for HTTP protocol. Format should be "[HTTP METHOD] /[RESOURCE PATH]" or "$default"';
const route = (RouteKey: string, more: Readonly<Record<string, unknown>> = {}) =>
  ({ create: 'route', with: { RouteKey, ...more } }) as const;

const badKey = (RouteKey: string, statements: readonly string[] = []): CreationCase => ({
  name: `route key ${JSON.stringify(RouteKey)} is refused`,
  statements: ['§2.1-2', ...statements],
  creation: route(RouteKey),
  refused: { name: 'BadRequestException', message: KEY_TEXT },
});

export const routeCreationCases: readonly CreationCase[] = [
  ...[
    'GET /a',
    '$default',
    'ANY /',
    'OPTIONS /{proxy+}',
    'HEAD /a/{b}/c',
    'PATCH /a',
    'DELETE /a',
    'PUT /a',
    'POST /a',
  ].map(
    (key): CreationCase => ({
      name: `route key ${key}`,
      statements: ['§2.1-1', '§2.1-3'],
      creation: route(key),
    }),
  ),
  ...[
    'TRACE /a',
    'CONNECT /a',
    'get /a',
    'FOO /a',
    '/a',
    'GET',
    'GET  /a',
    'GET a',
    '$other',
    'GET /a b',
  ].map((key) => badKey(key, ['§2.1-1'])),
  ...['GET /a{b}', 'GET /{a+}/b', 'GET /a?b', 'GET /a#b', 'GET /{a}{b}', 'GET /{}'].map((key) =>
    badKey(key, ['§2.1-3']),
  ),
  badKey('GET /a/', ['§2.1-4']),
  {
    name: 'the same key twice is a conflict',
    statements: ['§2.1-5'],
    before: [route('GET /pets')],
    creation: route('GET /pets'),
    refused: { name: 'ConflictException', message: 'Route with key GET /pets already exists for this API' },
  },
  {
    name: 'keys that differ in variable names alone are a conflict',
    statements: ['§2.1-6'],
    before: [route('GET /a/{x}')],
    creation: route('GET /a/{y}'),
    refused: {
      name: 'ConflictException',
      message:
        'The provided route key "GET /a/{y}" has a conflicting variable on the same hierarchical level as "GET /a/{x}"',
    },
  },
  {
    name: 'a target has a form',
    statements: ['§2.1-7'],
    creation: route('GET /t', { Target: 'nonsense' }),
    refused: {
      name: 'BadRequestException',
      message:
        'Unexpected or malformed target in route. Correct format should be integrations/<integration_id>.',
    },
  },
  {
    name: 'API keys are not for HTTP APIs',
    statements: ['§2.1-8'],
    creation: route('GET /k', { ApiKeyRequired: true }),
    refused: {
      name: 'BadRequestException',
      message: 'ApiKeyRequired is not currently supported for HTTP APIs.',
    },
  },
  {
    name: 'models are not for HTTP APIs',
    statements: ['§2.1-8'],
    creation: route('GET /k', { RequestModels: { 'application/json': 'm' } }),
    refused: {
      name: 'BadRequestException',
      message: 'Currently, Models are not permitted for APIs with a protocol type of HTTP',
    },
  },
  {
    name: 'the route selection expression is fixed',
    statements: ['§2.1-9'],
    creation: { create: 'api', with: { RouteSelectionExpression: '$request.body.action' } },
    refused: {
      name: 'BadRequestException',
      message: 'Route selection expression is currently limited to "${request.method} ${request.path}"',
    },
  },
  {
    name: 'its two spellings',
    statements: ['§2.1-9'],
    before: [{ create: 'api', with: { RouteSelectionExpression: '${request.method} ${request.path}' } }],
    creation: { create: 'api', with: { RouteSelectionExpression: '$request.method $request.path' } },
  },
];

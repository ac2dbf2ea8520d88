// Hosts, stages, paths: spec/http-api.md §1.1 to §1.3, §1.8 for the default host, §1.9.
import { API_HOST, API_ID, BACKEND, type CallCase, gatewayError, request, type Setup } from './case.ts';

/** The values that say where a request was taken to be. */
const WHERE = {
  'overwrite:header.x-stage': '$context.stage',
  'overwrite:header.x-route': '$context.routeKey',
  'overwrite:header.x-path': '$request.path',
  'overwrite:header.x-context-path': '$context.path',
};

const where = (stage: string, route: string, path: string, contextPath = path): readonly string[] => [
  `x-stage: ${stage}`,
  `x-route: ${route}`,
  `x-path: ${path}`,
  `x-context-path: ${contextPath}`,
];

function setup(routes: readonly string[], stages: readonly string[], api: Setup['api'] = {}): Setup {
  return {
    api,
    integrations: { it: { IntegrationUri: `http://${BACKEND}/b`, RequestParameters: WHERE } },
    routes: routes.map((key) => ({ key, to: 'it' })),
    stages: stages.map((StageName) => ({ StageName })),
  };
}

const STAGES = setup(
  ['GET /hello', 'GET /', 'GET /v1/x', 'GET /orders/{id}'],
  ['$default', 'prod', 'v1', 'Prod2'],
);
const NAMED_ONLY = setup(['GET /hello', '$default'], ['prod']);
const DEFAULT_ONLY = setup(['GET /hello', 'GET /prod/hello'], ['$default']);
const PATHS = setup(['GET /a/{x}', 'GET /a/{x}/{y}', 'ANY /g/{p+}', 'GET /'], ['$default']);

function found(
  name: string,
  statements: readonly string[],
  of: Setup,
  target: string,
  place: readonly string[],
  query = '',
): CallCase {
  return {
    name,
    statements,
    setup: of,
    request: request(`GET ${target}`),
    sent: { line: `GET /b${query}`, headers: place },
  };
}

const missed = (
  name: string,
  statements: readonly string[],
  of: Setup,
  target: string,
  status = 404,
  host = API_HOST,
): CallCase => ({
  name,
  statements: [...statements, `§14 status: ${status}`],
  setup: of,
  request: request(`GET ${target}`, [], undefined, host),
  sent: null,
  got: gatewayError(status),
});

/** Through another spelling of the host. */
const byHost = (
  name: string,
  statements: readonly string[],
  host: string,
  domain: string,
  prefix: string,
): CallCase => ({
  name,
  statements,
  setup: {
    integrations: {
      it: {
        IntegrationUri: `http://${BACKEND}/b`,
        RequestParameters: { 'overwrite:header.x-domain': '${context.domainName} ${context.domainPrefix}' },
      },
    },
    routes: [{ key: '$default', to: 'it' }],
  },
  request: request('GET /', [], undefined, host),
  sent: { line: 'GET /b/', headers: [`x-domain: ${domain} ${prefix}`, FORWARDED_OF(host)] },
});

/** `/_aws/execute-api/{apiId}/{stage}/…`, for where host names cannot be used. */
const byPath = (name: string, path: string, place: readonly string[]): CallCase => ({
  name,
  statements: ['§1.1-1'],
  setup: STAGES,
  request: request(`GET /_aws/execute-api/${API_ID}${path}`, [], undefined, '127.0.0.1'),
  sent: { line: 'GET /b', headers: [...place, FORWARDED_OF('127.0.0.1')] },
});

function FORWARDED_OF(host: string): string {
  const value = host.includes(':') ? `"${host}"` : host;
  return `Forwarded: by=127.0.0.1;for=127.0.0.1;host=${value};proto=http`;
}

export const addressingCases: readonly CallCase[] = [
  found(
    'the base is the $default stage',
    ['§1.1-1', '§1.2(2)'],
    STAGES,
    '/hello',
    where('$default', 'GET /hello', '/hello'),
  ),
  found(
    'a stage in the first segment',
    ['§1.1-1', '§1.2(1)'],
    STAGES,
    '/prod/hello',
    where('prod', 'GET /hello', '/hello', '/prod/hello'),
  ),
  found(
    '§1.8#1 path values at $default',
    ['§1.8#1', '§1.8-1'],
    STAGES,
    '/orders/5',
    where('$default', 'GET /orders/{id}', '/orders/5'),
  ),
  found(
    '§1.8#2 path values at a named stage',
    ['§1.8#2', '§1.8-1'],
    STAGES,
    '/prod/orders/5',
    where('prod', 'GET /orders/{id}', '/orders/5', '/prod/orders/5'),
  ),
  found(
    'the whole path is $default’s where no stage is named',
    ['§1.2(2)'],
    DEFAULT_ONLY,
    '/prod/hello',
    where('$default', 'GET /prod/hello', '/prod/hello'),
  ),
  missed('no $default stage, no answer', ['§1.2(3)'], NAMED_ONLY, '/hello'),
  missed('not even for the root', ['§1.2(3)'], NAMED_ONLY, '/'),
  missed('stage names are case-sensitive', ['§1.2-1', '§1.9(7)'], NAMED_ONLY, '/PROD/hello'),
  missed('a stage beats a $default route, and does not fall back', ['§1.2-2'], STAGES, '/v1/x'),
  found(
    'a route below the stage of that name',
    ['§1.2-2'],
    STAGES,
    '/v1/v1/x',
    where('v1', 'GET /v1/x', '/v1/x', '/v1/v1/x'),
  ),
  found('exactly the stage', ['§1.2-3'], STAGES, '/prod', where('prod', 'GET /', '/', '/prod')),
  found('the stage and a slash', ['§1.2-3'], STAGES, '/prod/', where('prod', 'GET /', '/', '/prod/')),
  missed('$default is not spelled', ['§1.2-4'], STAGES, '/$default/hello'),
  missed('nor encoded', ['§1.2-4'], STAGES, '/%24default/hello'),
  byHost('domain name and prefix', ['§1.1-5'], API_HOST, API_HOST, API_ID),
  byHost('the port is no part of the domain name', ['§1.1-5'], `${API_HOST}:443`, API_HOST, API_ID),
  byHost(
    'hosts compare without case',
    ['§1.4-3'],
    `${API_ID}.EXECUTE-API.us-east-1.amazonaws.com`,
    `${API_ID}.EXECUTE-API.us-east-1.amazonaws.com`,
    API_ID,
  ),
  byHost(
    'the local host names',
    ['§1.1-1'],
    `${API_ID}.execute-api.localhost`,
    `${API_ID}.execute-api.localhost`,
    API_ID,
  ),
  byHost(
    'the local host names with region',
    ['§1.1-1'],
    `${API_ID}.execute-api.us-east-1.localhost`,
    `${API_ID}.execute-api.us-east-1.localhost`,
    API_ID,
  ),
  missed(
    'an unknown API',
    ['§1.4-5'],
    STAGES,
    '/hello',
    403,
    'zzzzzzzzzz.execute-api.us-east-1.amazonaws.com',
  ),
  missed('an unknown host', ['§1.4-5'], STAGES, '/hello', 403, 'api.example.com'),
  missed(
    'the API in another region',
    ['§1.4-5'],
    STAGES,
    '/hello',
    403,
    `${API_ID}.execute-api.eu-west-1.amazonaws.com`,
  ),
  missed(
    'a disabled endpoint answers for no stage',
    ['§1.3-1', '§1.3-3'],
    setup(['$default'], ['$default', 'prod'], { DisableExecuteApiEndpoint: true }),
    '/prod/hello',
  ),
  missed(
    'nor for $default',
    ['§1.3-1', '§1.3-3'],
    setup(['$default'], ['$default'], { DisableExecuteApiEndpoint: true }),
    '/',
  ),
  {
    ...found(
      'disabling waits for a deployment',
      ['§1.3-2'],
      setup(['GET /hello'], ['prod']),
      '/prod/hello',
      where('prod', 'GET /hello', '/hello', '/prod/hello'),
    ),
    setup: {
      ...setup(['GET /hello'], ['prod']),
      afterwards: [{ do: 'updateApi', with: { DisableExecuteApiEndpoint: true } }],
    },
  },
  {
    ...missed('and takes effect with it', ['§1.3-2'], NAMED_ONLY, '/prod/hello'),
    setup: {
      ...setup(['GET /hello'], ['prod']),
      afterwards: [
        { do: 'updateApi', with: { DisableExecuteApiEndpoint: true } },
        { do: 'deploy', stage: 'prod' },
      ],
    },
  },
  {
    ...found('with auto-deploy disabling needs no more', ['§1.3-2'], NAMED_ONLY, '/', []),
    setup: {
      ...setup(['GET /hello'], []),
      stages: [{ StageName: 'prod', AutoDeploy: true }],
      afterwards: [{ do: 'updateApi', with: { DisableExecuteApiEndpoint: true } }],
    },
    request: request('GET /prod/hello'),
    sent: null,
    got: gatewayError(404),
  },
  byPath('the path form', '/prod/hello', where('prod', 'GET /hello', '/hello', '/prod/hello')),
  byPath(
    'the path form names $default',
    '/$default/orders/5',
    where('$default', 'GET /orders/{id}', '/orders/5'),
  ),
  // §1.9
  found(
    'the path is decoded once',
    ['§1.9(1)'],
    PATHS,
    '/a/%2525',
    where('$default', 'GET /a/{x}', '/a/%25'),
  ),
  found(
    'UTF-8 sequences are characters',
    ['§1.9(1)'],
    PATHS,
    '/a/%E2%98%95',
    where('$default', 'GET /a/{x}', '/a/\u00e2\u0098\u0095'),
  ),
  found('%2F separates', ['§1.9(2)'], PATHS, '/a/b%2Fc', where('$default', 'GET /a/{x}/{y}', '/a/b/c')),
  found(
    'an encoded question mark stays in the path',
    ['§1.9(3)'],
    PATHS,
    '/a/b%3Fc',
    where('$default', 'GET /a/{x}', '/a/b?c'),
  ),
  found(
    'slashes collapse',
    ['§1.9(4)'],
    PATHS,
    '/g/https://x',
    where('$default', 'ANY /g/{p+}', '/g/https:/x'),
  ),
  found(
    'encoded slashes collapse',
    ['§1.9(4)'],
    PATHS,
    '/g/a%2F%2Fb',
    where('$default', 'ANY /g/{p+}', '/g/a/b'),
  ),
  found('dot segments go', ['§1.9(5)'], PATHS, '/a/./b', where('$default', 'GET /a/{x}', '/a/b')),
  missed('a .. segment is refused', ['§1.9(5)'], PATHS, '/a/../b', 400),
  missed('an encoded one too', ['§1.9(5)'], PATHS, '/g/%2e%2E/b', 400),
  missed('and behind an encoded slash', ['§1.9(5)'], PATHS, '/g/x%2F..%2Fb', 400),
  missed('and behind a backslash', ['§1.9(5)'], PATHS, '/g/x%5C..%5cb', 400),
  missed('and behind a backslash as it is', ['§1.9(5)'], PATHS, '/g/x\\..\\b', 400),
  missed('and with a parameter', ['§1.9(5)'], PATHS, '/g/..;a=1/b', 400),
  missed('and encoded twice', ['§1.9(5)'], PATHS, '/g/%252e%252E/b', 400),
  missed('and behind a slash that is encoded twice', ['§1.9(5)'], PATHS, '/g/x%252F..', 400),
  found('three dots are a name', ['§1.9(5)'], PATHS, '/g/...', where('$default', 'ANY /g/{p+}', '/g/...')),
  found('dots in a name', ['§1.9(5)'], PATHS, '/g/..a/b..', where('$default', 'ANY /g/{p+}', '/g/..a/b..')),
  missed('a percent sign alone', ['§1.9(6)'], PATHS, '/a/%', 400),
  missed('no hexadecimal digits', ['§1.9(6)'], PATHS, '/a/%zz', 400),
  missed('bytes that are no UTF-8', ['§1.9(6)'], PATHS, '/a/%ff', 400),
  missed('routes are case-sensitive', ['§1.9(7)'], PATHS, '/A/b'),
  missed('a trailing slash counts', ['§1.9(8)'], PATHS, '/a/b/'),
  found('a greedy route keeps it', ['§1.9(8)'], PATHS, '/g/b/', where('$default', 'ANY /g/{p+}', '/g/b/')),
  found(
    'the query is forwarded as sent',
    ['§1.9(9)', '§3.2(6)'],
    PATHS,
    '/a/b?q=a+b%2Fc&&x=%zz&=&?/',
    where('$default', 'GET /a/{x}', '/a/b'),
    '?q=a+b%2Fc&&x=%zz&=&?/',
  ),
];

// CORS: the worked examples of spec/http-api.md §5.5 with its configuration K, and rows for §5.1 to §5.4.
import type { Cors } from '@aws-sdk/client-apigatewayv2';
import {
  answer,
  type CallCase,
  type CreationCase,
  type ExpectedReply,
  gatewayError,
  request,
  type Setup,
} from './case.ts';

const K: Cors = {
  AllowOrigins: ['https://a.com', 'http://*'],
  AllowMethods: ['GET', 'POST'],
  AllowHeaders: ['Authorization', 'x-k'],
  ExposeHeaders: ['date'],
  MaxAge: 300,
  AllowCredentials: true,
};

function cors(CorsConfiguration: Cors | undefined, routes: readonly string[] = ['GET /x']): Setup {
  return {
    ...(CorsConfiguration === undefined ? {} : { api: { CorsConfiguration } }),
    integrations: { it: {} },
    routes: routes.map((key) => ({ key, to: 'it' })),
  };
}

const WITH_K = cors(K);

const preflight = (origin: string, method = 'GET', more: readonly string[] = []) =>
  request('OPTIONS /x', [`Origin: ${origin}`, `Access-Control-Request-Method: ${method}`, ...more]);

/** The answer to an allowed preflight under K. */
const allowed = (origin: string): ExpectedReply => ({
  status: 204,
  headers: [
    `Access-Control-Allow-Origin: ${origin}`,
    'Access-Control-Allow-Methods: GET,POST',
    'Access-Control-Allow-Headers: authorization,x-k',
    'Access-Control-Max-Age: 300',
    'Access-Control-Allow-Credentials: true',
  ],
  absent: ['vary', 'access-control-expose-headers'],
  body: '',
});

const FOREIGN: ExpectedReply = { status: 204, headers: [], body: '' };

function answered(
  name: string,
  statements: readonly string[],
  setup: Setup,
  text: string,
  got: ExpectedReply,
): CallCase {
  return {
    name,
    statements: ['§5.3 answer: status', '§14 status: 204', ...statements],
    setup,
    request: text,
    sent: null,
    got,
  };
}

/** Lines of an allowed reply under K. */
const actual = (origin: string): readonly string[] => [
  `Access-Control-Allow-Origin: ${origin}`,
  'Access-Control-Allow-Credentials: true',
  'Access-Control-Expose-Headers: date',
];

const BACKENDS_OWN = answer(
  '200 OK',
  ['Access-Control-Allow-Origin: *', 'access-control-max-age: 1', 'X-A: b'],
  'ok',
);
const STAR: Cors = { AllowOrigins: ['*'], AllowMethods: ['*'], AllowHeaders: ['*'], ExposeHeaders: ['*'] };
const HTTPS: Cors = { AllowOrigins: ['https://*'], AllowCredentials: true };
const PORTS: Cors = { AllowOrigins: ['https://a.com:8443', 'https://Mixed.COM'] };

export const corsCases: readonly CallCase[] = [
  answered(
    '§5.5#1',
    [
      '§5.5#1',
      '§5.3-1',
      '§5.3(1)',
      '§5.2-1',
      '§5.3 answer: access-control-allow-origin',
      '§5.3 answer: access-control-allow-methods',
      '§5.3 answer: access-control-allow-headers',
      '§5.3 answer: access-control-max-age',
      '§5.3 answer: access-control-allow-credentials',
      '§5.3 answer: access-control-expose-headers',
      '§5.3 answer: vary',
      '§5.1 property: AllowMethods',
      '§5.1 property: AllowHeaders',
    ],
    WITH_K,
    preflight('https://a.com'),
    allowed('https://a.com'),
  ),
  answered(
    '§5.5#2',
    ['§5.5#2', '§5.1 property: AllowOrigins', '§5.3-5'],
    WITH_K,
    preflight('http://b.org'),
    allowed('http://b.org'),
  ),
  answered('§5.5#3', ['§5.5#3', '§5.3-2'], WITH_K, preflight('https://b.org'), FOREIGN),
  {
    name: '§5.5#4 OPTIONS without a requested method is ordinary',
    statements: ['§5.5#4', '§5.3-1', '§14 status: 404'],
    setup: WITH_K,
    request: request('OPTIONS /x', ['Origin: https://a.com']),
    sent: null,
    got: gatewayError(404, actual('https://a.com')),
  },
  {
    name: '§5.5#5 the backend’s headers give way',
    statements: ['§5.5#5', '§5.2-1', '§5.2-2', '§5.4-1', '§5.1 property: ExposeHeaders'],
    setup: WITH_K,
    request: request('GET /x', ['Origin: https://a.com']),
    backend: BACKENDS_OWN,
    got: { status: 200, headers: ['X-A: b', ...actual('https://a.com')], body: 'ok' },
  },
  {
    name: '§5.5#6 without Origin',
    statements: ['§5.5#6', '§5.2-3', '§5.2-2'],
    setup: WITH_K,
    request: request('GET /x'),
    backend: BACKENDS_OWN,
    got: { status: 200, headers: ['X-A: b'], body: 'ok' },
  },
  // Beyond the examples.
  answered(
    'a route of another method or none has no say',
    ['§5.3(1)', '§5.3(3)'],
    cors(K, ['PUT /y']),
    preflight('https://a.com'),
    allowed('https://a.com'),
  ),
  answered(
    'an open route that matches OPTIONS is not called',
    ['§5.3(2)'],
    cors(K, ['ANY /{proxy+}']),
    preflight('https://a.com'),
    allowed('https://a.com'),
  ),
  answered(
    'nor an OPTIONS route',
    ['§5.3(2)'],
    cors(K, ['OPTIONS /x']),
    preflight('https://a.com'),
    allowed('https://a.com'),
  ),
  answered(
    'nor $default',
    ['§5.3(2)'],
    cors(K, ['$default']),
    preflight('https://a.com'),
    allowed('https://a.com'),
  ),
  answered(
    'methods and headers outside the lists change nothing',
    ['§5.3-3', '§5.3(3)'],
    WITH_K,
    preflight('https://a.com', 'DELETE', ['Access-Control-Request-Headers: x-other']),
    allowed('https://a.com'),
  ),
  answered(
    'scheme and host compare without case',
    ['§5.3-4'],
    WITH_K,
    preflight('HTTPS://A.com'),
    allowed('HTTPS://A.com'),
  ),
  answered('and configured ones too', ['§5.3-4'], cors(PORTS), preflight('https://mixed.com'), {
    status: 204,
    headers: ['Access-Control-Allow-Origin: https://mixed.com'],
    body: '',
  }),
  answered('the port is exact', ['§5.3-4'], cors(PORTS), preflight('https://a.com'), FOREIGN),
  answered('the configured port', ['§5.3-4'], cors(PORTS), preflight('https://a.com:8443'), {
    status: 204,
    headers: ['Access-Control-Allow-Origin: https://a.com:8443'],
    body: '',
  }),
  answered(
    'any https origin',
    ['§5.3-4', '§5.1 property: AllowOrigins', '§5.1 property: AllowCredentials'],
    cors(HTTPS),
    preflight('https://any.example:1'),
    {
      status: 204,
      headers: [
        'Access-Control-Allow-Origin: https://any.example:1',
        'Access-Control-Allow-Credentials: true',
      ],
      body: '',
    },
  ),
  answered('but no http one', ['§5.3-4'], cors(HTTPS), preflight('http://any.example'), FOREIGN),
  answered(
    'asterisks stay asterisks',
    [
      '§5.3 answer: access-control-allow-origin',
      '§5.3 answer: access-control-allow-methods',
      '§5.1 property: AllowOrigins',
      '§5.1 property: AllowMethods',
      '§5.1 property: AllowHeaders',
    ],
    cors(STAR),
    preflight('https://a.com'),
    {
      status: 204,
      headers: [
        'Access-Control-Allow-Origin: *',
        'Access-Control-Allow-Methods: *',
        'Access-Control-Allow-Headers: *',
      ],
      body: '',
    },
  ),
  {
    name: 'asterisks on actual replies',
    statements: ['§5.4-1', '§5.1 property: ExposeHeaders'],
    setup: cors(STAR),
    request: request('GET /x', ['Origin: https://a.com']),
    got: {
      status: 200,
      headers: ['Access-Control-Allow-Origin: *', 'Access-Control-Expose-Headers: *'],
      body: 'ok',
    },
  },
  {
    name: 'header names of an actual reply are in lower case, whatever was configured',
    statements: ['§5.4-1', '§5.1 property: ExposeHeaders'],
    setup: cors({ AllowOrigins: ['*'], ExposeHeaders: ['ETag', 'X-Page'] }),
    request: request('GET /x', ['Origin: https://a.com']),
    got: {
      status: 200,
      headers: ['Access-Control-Allow-Origin: *', 'Access-Control-Expose-Headers: etag,x-page'],
      body: 'ok',
    },
  },
  answered(
    'and of a preflight, methods as they were sent',
    ['§5.3 answer: access-control-allow-headers', '§5.1 property: AllowHeaders'],
    cors({
      AllowOrigins: ['*'],
      AllowMethods: ['GET', 'put'],
      AllowHeaders: ['X-Tenant', 'Accept-Language'],
    }),
    preflight('https://a.com'),
    {
      status: 204,
      headers: [
        'Access-Control-Allow-Origin: *',
        'Access-Control-Allow-Methods: GET,put',
        'Access-Control-Allow-Headers: x-tenant,accept-language',
      ],
      body: '',
    },
  ),
  {
    name: 'a foreign origin gets the reply alone',
    statements: ['§5.4-3'],
    setup: WITH_K,
    request: request('GET /x', ['Origin: https://b.org']),
    backend: BACKENDS_OWN,
    got: { status: 200, headers: ['X-A: b'], body: 'ok' },
  },
  {
    name: 'gateway errors have the headers',
    statements: ['§5.4-2'],
    setup: WITH_K,
    request: request('GET /elsewhere', ['Origin: http://b.org']),
    sent: null,
    got: gatewayError(404, actual('http://b.org')),
  },
  {
    name: 'failures of the backend too',
    statements: ['§5.4-2', '§3.8 event: closed'],
    setup: WITH_K,
    request: request('GET /x', ['Origin: https://a.com']),
    backend: 'end',
    got: gatewayError(503, actual('https://a.com')),
  },
  {
    name: 'without configuration the backend’s headers pass',
    statements: ['§5.2-2'],
    setup: cors(undefined),
    request: request('GET /x', ['Origin: https://a.com']),
    backend: BACKENDS_OWN,
    got: {
      status: 200,
      headers: ['Access-Control-Allow-Origin: *', 'Access-Control-Max-Age: 1', 'X-A: b'],
      body: 'ok',
    },
  },
  {
    name: 'without configuration a preflight is an ordinary request',
    statements: ['§5.2-1', '§2.6-2'],
    setup: cors(undefined, ['ANY /x']),
    request: preflight('https://a.com'),
    sent: { line: 'OPTIONS /', headers: ['Origin: https://a.com', 'Access-Control-Request-Method: GET'] },
  },
  {
    name: 'OPTIONS without Origin reaches the route',
    statements: ['§5.3-1'],
    setup: cors(K, ['OPTIONS /x']),
    request: request('OPTIONS /x', ['Access-Control-Request-Method: GET']),
    sent: { line: 'OPTIONS /', headers: ['Access-Control-Request-Method: GET'] },
  },
  {
    name: 'a route with authorization decides first',
    statements: ['§5.3(2)', '§14 status: 403'],
    setup: {
      api: { CorsConfiguration: K },
      integrations: { it: {} },
      routes: [{ key: 'ANY /{proxy+}', to: 'it', authorizationType: 'AWS_IAM' }],
    },
    request: preflight('https://a.com'),
    sent: null,
    got: gatewayError(403, actual('https://a.com')),
  },
  {
    ...answered(
      'unless an open OPTIONS route stands before it',
      ['§5.3(2)'],
      WITH_K,
      preflight('https://a.com'),
      allowed('https://a.com'),
    ),
    setup: {
      api: { CorsConfiguration: K },
      integrations: { it: {} },
      routes: [
        { key: '$default', to: 'it', authorizationType: 'AWS_IAM' },
        { key: 'OPTIONS /{proxy+}', to: 'it' },
      ],
    },
  },
];

const create = (CorsConfiguration: Cors) => ({ create: 'api', with: { CorsConfiguration } }) as const;

export const corsCreationCases: readonly CreationCase[] = [
  ...['a.com', 'capacitor://localhost', 'https://a.com/path', 'https://a.com/'].map(
    (origin): CreationCase => ({
      name: `no origin: ${origin}`,
      statements: ['§5.1-2', '§5.1 property: AllowOrigins'],
      creation: create({ AllowOrigins: [origin] }),
      refused: { name: 'BadRequestException', message: `Invalid format for origin ${origin}` },
    }),
  ),
  ...[-2, 86_401].map(
    (MaxAge): CreationCase => ({
      name: `no MaxAge: ${MaxAge}`,
      statements: ['§5.1 property: MaxAge'],
      creation: create({ AllowOrigins: ['*'], MaxAge }),
      refused: { name: 'BadRequestException', message: /86400/ },
    }),
  ),
  {
    name: 'credentials are not for every origin',
    statements: ['§5.1 property: AllowCredentials'],
    creation: create({ AllowOrigins: ['*'], AllowCredentials: true }),
    refused: {
      name: 'BadRequestException',
      message: "allow-credentials is not supported if 'allow-origin' is *",
    },
  },
  {
    name: 'they are for every https origin',
    statements: ['§5.1 property: AllowCredentials'],
    creation: create({ AllowOrigins: ['https://*'], AllowCredentials: true }),
  },
  ...[-1, 0, 86_400].map(
    (MaxAge): CreationCase => ({
      name: `MaxAge ${MaxAge}`,
      statements: ['§5.1 property: MaxAge'],
      creation: create({ AllowOrigins: ['*'], MaxAge }),
    }),
  ),
];

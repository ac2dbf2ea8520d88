// Throttling as far as one request shows it: spec/http-api.md §7.1, §7.2. Buckets that run empty are in
// test/end-to-end/http/throttling.test.ts.
import { type CallCase, type CreationCase, gatewayError, request, type Setup, type Stage } from './case.ts';

const CLOSED = { ThrottlingBurstLimit: 0 };
const OPEN = { ThrottlingBurstLimit: 5, ThrottlingRateLimit: 5 };

const setup = (stage: Stage, further: Partial<Setup> = {}): Setup => ({
  integrations: { it: {} },
  routes: [
    { key: 'GET /a', to: 'it' },
    { key: 'GET /b', to: 'it' },
  ],
  stages: [stage],
  ...further,
});

const throttled = (
  name: string,
  statements: readonly string[],
  from: Setup,
  text = request('GET /a'),
): CallCase => ({
  name,
  statements: ['§7.2-1', '§14 status: 429', ...statements],
  setup: from,
  request: text,
  sent: null,
  got: { ...gatewayError(429), absent: ['Retry-After'] },
});

const passes = (name: string, statements: readonly string[], from: Setup, line = 'GET /a'): CallCase => ({
  name,
  statements,
  setup: from,
  request: request(line),
  sent: { line: 'GET /' },
});

const DEFAULT_CLOSED = setup({ StageName: '$default', DefaultRouteSettings: CLOSED });
const A_CLOSED = setup({ StageName: '$default', RouteSettings: { 'GET /a': CLOSED } });
const A_OPEN = setup({
  StageName: '$default',
  DefaultRouteSettings: CLOSED,
  RouteSettings: { 'GET /a': OPEN },
});
const CORS: Setup = setup(
  { StageName: '$default', DefaultRouteSettings: CLOSED, RouteSettings: { 'GET /b': OPEN } },
  { api: { CorsConfiguration: { AllowOrigins: ['https://a.com'], AllowMethods: ['GET'] } } },
);
const preflight = (target: string): string =>
  request(`OPTIONS ${target}`, ['Origin: https://a.com', 'Access-Control-Request-Method: GET']);

export const throttlingCases: readonly CallCase[] = [
  throttled('a burst of 0 throttles every request', ['§7.1-5', '§7.2-2'], DEFAULT_CLOSED),
  throttled(
    'a rate of 0 throttles every request',
    ['§7.1-5'],
    setup({ StageName: '$default', DefaultRouteSettings: { ThrottlingRateLimit: 0 } }),
  ),
  throttled('the settings of a route throttle it', ['§7.1-2'], A_CLOSED),
  passes('the settings of a route say nothing about another', ['§7.1-2'], A_CLOSED, 'GET /b'),
  passes('the settings of a route override the default', ['§7.1-2'], A_OPEN),
  throttled('a route without settings has the default', ['§7.1-2'], A_OPEN, request('GET /b')),
  throttled(
    'what a route’s settings leave open is the default’s to say',
    ['§7.1-2'],
    setup({
      StageName: '$default',
      DefaultRouteSettings: CLOSED,
      RouteSettings: { 'GET /a': { ThrottlingRateLimit: 100 } },
    }),
  ),
  passes('without settings nothing is throttled', ['§7.1-4'], setup({ StageName: '$default' })),
  throttled(
    'who is throttled is not asked for an authorization',
    ['§7.2-3'],
    setup(
      { StageName: '$default', DefaultRouteSettings: CLOSED },
      { routes: [{ key: 'GET /a', to: 'it', authorizationType: 'AWS_IAM' }] },
    ),
  ),
  {
    ...throttled('a preflight without a route counts', ['§7.2-4'], CORS, preflight('/a')),
    got: gatewayError(429, ['Access-Control-Allow-Origin: https://a.com']),
  },
  {
    name: 'a request without a route is not found, throttled or not',
    statements: ['§7.1-3'],
    setup: DEFAULT_CLOSED,
    request: request('GET /nowhere'),
    sent: null,
    got: gatewayError(404),
  },
  throttled(
    'settings of a stage throttle from their update on, without a deployment',
    ['§8-7'],
    setup(
      { StageName: '$default' },
      { afterwards: [{ do: 'updateStage', stage: '$default', with: { DefaultRouteSettings: CLOSED } }] },
    ),
  ),
];

export const throttlingCreationCases: readonly CreationCase[] = [
  {
    name: 'settings of a route that is not there are refused',
    statements: ['§7.1-6'],
    creation: { create: 'stage', with: { StageName: 'prod', RouteSettings: { 'GET /nowhere': OPEN } } },
    refused: {
      name: 'BadRequestException',
      message: 'Unable to find Route by key GET /nowhere within the provided RouteSettings',
    },
  },
  ...[{ DataTraceEnabled: true }, { LoggingLevel: 'INFO' as const }].map(
    (settings): CreationCase => ({
      name: `${Object.keys(settings)[0]} is refused: HTTP APIs have no execution logs`,
      statements: ['§7.4-1', '§7.4-2'],
      creation: { create: 'stage', with: { StageName: 'prod', DefaultRouteSettings: settings } },
      refused: {
        name: 'BadRequestException',
        message: 'Execution logs are not supported on protocolType HTTP',
      },
    }),
  ),
];

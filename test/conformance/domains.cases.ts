// Custom domains: spec/http-api.md §1.4 to §1.8.
import type { RoutingMode } from '@aws-sdk/client-apigatewayv2';
import {
  API_HOST,
  BACKEND,
  type CallCase,
  type DomainRule,
  type ExpectedReply,
  gatewayError,
  lambdaIntegration,
  request,
  type Setup,
} from './case.ts';

const WHERE = {
  'overwrite:header.x-stage': '$context.stage',
  'overwrite:header.x-path': '$request.path',
  'overwrite:header.x-context-path': '$context.path',
  'overwrite:header.x-base': '$context.customDomain.basePathMatched',
  'overwrite:header.x-domain': '${context.domainName} ${context.domainPrefix}',
};

interface Domain {
  readonly name: string;
  readonly mode?: RoutingMode;
  /** Stages by key. */
  readonly mappings?: Readonly<Record<string, string>>;
  readonly rules?: readonly DomainRule[];
}

function setup(domains: readonly Domain[], extra: Partial<Setup> = {}): Setup {
  const stages = domains.flatMap(({ mappings = {}, rules = [] }) => [
    ...Object.values(mappings),
    ...rules.map(({ stage }) => stage),
  ]);
  return {
    integrations: { it: { IntegrationUri: `http://${BACKEND}/b`, RequestParameters: WHERE } },
    routes: [
      { key: 'ANY /{p+}', to: 'it' },
      { key: 'ANY /', to: 'it' },
    ],
    stages: [...new Set(stages)].map((StageName) => ({ StageName })),
    ...extra,
    afterwards: [
      ...(extra.afterwards ?? []),
      ...domains.map(({ name, mode, mappings = {}, rules = [] }) => ({
        do: 'createDomain' as const,
        name,
        ...(mode === undefined ? {} : { mode }),
        mappings,
        rules,
      })),
    ],
  };
}

interface Place {
  readonly stage: string;
  readonly path: string;
  readonly contextPath?: string;
  readonly base?: string;
}

function found(
  name: string,
  statements: readonly string[],
  of: Setup,
  [host, target]: readonly [string, string],
  { stage, path, contextPath = `/${stage}${path}`, base }: Place,
  lines: readonly string[] = [],
): CallCase {
  return {
    name: `domains: ${name}`,
    statements,
    setup: of,
    request: request(`GET ${target}`, lines, undefined, host),
    sent: {
      line: 'GET /b',
      headers: [
        ...lines,
        `x-stage: ${stage}`,
        `x-path: ${path}`,
        `x-context-path: ${contextPath}`,
        ...(base === undefined ? [] : [`x-base: ${base}`]),
        `x-domain: ${host.split(':')[0]} ${host.split('.')[0]}`,
        `Forwarded: by=127.0.0.1;for=127.0.0.1;host=${host.includes(':') ? `"${host}"` : host};proto=http`,
      ],
    },
  };
}

function missed(
  name: string,
  statements: readonly string[],
  of: Setup,
  [host, target]: readonly [string, string],
  status = 404,
  lines: readonly string[] = [],
): CallCase {
  return {
    name: `domains: ${name}`,
    statements: [...statements, `§14 status: ${status}`],
    setup: of,
    request: request(`GET ${target}`, lines, undefined, host),
    sent: null,
    got: gatewayError(status),
  };
}

// §1.5's own table.
const MULTI = 'multi.example.net';
const MULTI_LEVEL = setup([
  {
    name: MULTI,
    mappings: {
      '': 'A1',
      orders: 'A2',
      'orders/v1/items': 'A3',
      'orders/v2/items': 'A4',
      'orders/v2/items/categories': 'A5',
    },
  },
]);
const TABLE: readonly (readonly [target: string, stage: string, base: string | undefined, path: string])[] = [
  ['/orders', 'A2', 'orders', '/'],
  ['/orders/v1/items', 'A3', 'orders/v1/items', '/'],
  ['/orders/v2/items', 'A4', 'orders/v2/items', '/'],
  ['/orders/v1/items/123', 'A3', 'orders/v1/items', '/123'],
  ['/orders/v2/items/categories/5', 'A5', 'orders/v2/items/categories', '/5'],
  ['/customers', 'A1', undefined, '/customers'],
  ['/ordersandmore', 'A2', 'orders', '/andmore'],
];

const SINGLE = 'single.example.net';
const SINGLE_LEVEL = setup([{ name: SINGLE, mappings: { '': 'root', orders: 'orders' } }]);

const KEYED = 'keyed.example.net';
const NO_ROOT = setup([{ name: KEYED, mappings: { shop: '$default', 'shop-prod': 'prod' } }], {
  routes: [
    { key: 'GET /orders/{id}', to: 'it' },
    { key: 'GET /', to: 'it' },
  ],
});

const WILD = setup([
  { name: '*.wild.example.net', mappings: { '': 'wild' } },
  { name: 'own.wild.example.net', mappings: { '': 'own' } },
]);

const DISABLED = setup([{ name: 'only.example.net', mappings: { '': 'prod' } }], {
  api: { DisableExecuteApiEndpoint: true },
});

const withHeader = (header: string, glob: string): DomainRule['conditions'][number] => ({
  MatchHeaders: { AnyOf: [{ Header: header, ValueGlob: glob }] },
});
const withBase = (basePath: string): DomainRule['conditions'][number] => ({
  MatchBasePaths: { AnyOf: [basePath] },
});

const rulesOf = (name: string, mode: RoutingMode, rules: readonly DomainRule[]): Setup =>
  setup([{ name, mode, mappings: { '': 'mapped' }, rules }]);

const RULES: readonly DomainRule[] = [
  { priority: 50, conditions: [withHeader('x-any', '*')], stage: 'any' },
  { priority: 10, conditions: [withHeader('X-Version', 'beta')], stage: 'exact' },
  { priority: 20, conditions: [withHeader('x-version', 'v1*')], stage: 'prefix' },
  { priority: 30, conditions: [withHeader('x-version', '*-rc')], stage: 'suffix' },
  { priority: 40, conditions: [withHeader('x-version', '*mid*')], stage: 'within' },
  { priority: 60, conditions: [withBase('kept')], stage: 'kept' },
  { priority: 70, conditions: [withBase('cut/off')], stage: 'cut', strip: true },
  {
    priority: 80,
    conditions: [withHeader('x-a', '1'), withHeader('x-b', '2'), withBase('both')],
    stage: 'all',
    strip: true,
  },
];
const FIRST_RULES = 'rules-first.example.net';
const THEN_MAPPINGS = rulesOf(FIRST_RULES, 'ROUTING_RULE_THEN_API_MAPPING', RULES);
const ONLY_RULES = 'rules-only.example.net';
const RULES_ONLY = rulesOf(ONLY_RULES, 'ROUTING_RULE_ONLY', RULES);
const CATCH_ALL = 'rules-all.example.net';
const CATCHING = rulesOf(CATCH_ALL, 'ROUTING_RULE_ONLY', [
  { priority: 2, conditions: [], stage: 'all' },
  { priority: 1, conditions: [withBase('first')], stage: 'first' },
  { priority: 3, conditions: [withBase('never')], stage: 'never' },
]);
const UNUSED_RULES = 'mappings-only.example.net';
const MAPPINGS_ONLY = rulesOf(UNUSED_RULES, 'API_MAPPING_ONLY', RULES);

const ruled = (name: string, statements: readonly string[], line: string, stage: string): CallCase =>
  found(name, statements, THEN_MAPPINGS, [FIRST_RULES, '/x'], { stage, path: '/x' }, [line]);

/** What functions see: §1.8, columns of both formats. */
const LAMBDA_OK: ExpectedReply = {
  status: 200,
  headers: ['Content-Type: text/plain; charset=utf-8'],
  body: 'ok',
};
function lambdaSetup(format: '1.0' | '2.0', name: string): Setup {
  return setup([{ name, mappings: { '': '$default', shop: '$default', 'shop-prod': 'prod' } }], {
    integrations: { it: lambdaIntegration(format) },
    routes: [{ key: 'GET /orders/{id}', to: 'it' }],
  });
}
const V1_HOST = 'format1.example.net';
const V2_HOST = 'format2.example.net';
const V1 = lambdaSetup('1.0', V1_HOST);
const V2 = lambdaSetup('2.0', V2_HOST);

const event = (
  name: string,
  statements: readonly string[],
  of: Setup,
  [host, target]: readonly [string, string],
  has: Readonly<Record<string, unknown>>,
): CallCase => ({
  name: `domains: ${name}`,
  statements,
  setup: of,
  request: request(`GET ${target}`, [], undefined, host),
  lambda: { has },
  got: LAMBDA_OK,
});

const pathsV2 = (path: string): Readonly<Record<string, unknown>> => ({
  rawPath: path,
  'requestContext/http/path': path,
});
const pathsV1 = (path: string, contextPath: string): Readonly<Record<string, unknown>> => ({
  path,
  'requestContext/path': contextPath,
  'requestContext/resourcePath': '/orders/{id}',
  resource: '/orders/{id}',
});

export const domainCases: readonly CallCase[] = [
  // §1.4
  found('a wildcard domain', ['§1.4-2', '§1.7-1'], WILD, ['a.wild.example.net', '/x'], {
    stage: 'wild',
    path: '/x',
  }),
  found('a more specific domain wins', ['§1.4-2', '§1.7-1'], WILD, ['own.wild.example.net', '/x'], {
    stage: 'own',
    path: '/x',
  }),
  missed('a wildcard is one label', ['§1.4-2'], WILD, ['a.b.wild.example.net', '/x'], 403),
  missed('nor none', ['§1.4-2'], WILD, ['wild.example.net', '/x'], 403),
  found('hosts compare without case, ports aside', ['§1.4-3'], WILD, ['OWN.Wild.example.net:8443', '/x'], {
    stage: 'own',
    path: '/x',
  }),
  found('a disabled default endpoint keeps domains', ['§1.3-1'], DISABLED, ['only.example.net', '/x'], {
    stage: 'prod',
    path: '/x',
  }),
  missed('which is disabled nevertheless', ['§1.3-1'], DISABLED, [API_HOST, '/prod/x']),
  missed('management paths on a domain are the API’s', ['§1.5-5'], NO_ROOT, [KEYED, '/v2/apis']),
  missed('so is the path form', ['§1.5-5'], NO_ROOT, [KEYED, '/_aws/execute-api/a1b2c3d4e5/prod/orders/5']),
  // §1.5
  ...TABLE.map(([target, stage, base, path], i) =>
    found(
      `§1.5#${i + 1} ${target}`,
      [`§1.5#${i + 1}`, '§1.5-3', '§1.5-6', ...(base === undefined ? ['§1.5-2'] : ['§1.5-7'])],
      MULTI_LEVEL,
      [MULTI, target],
      { stage, path, ...(base === undefined ? {} : { base }) },
    ),
  ),
  found(
    'prefixes of segments do not count among single-level keys',
    ['§1.5-4'],
    SINGLE_LEVEL,
    [SINGLE, '/ordersandmore'],
    {
      stage: 'root',
      path: '/ordersandmore',
    },
  ),
  found('whole segments do', ['§1.5-4'], SINGLE_LEVEL, [SINGLE, '/orders/more'], {
    stage: 'orders',
    path: '/more',
    base: 'orders',
  }),
  found('keys compare with case', ['§1.5-3'], SINGLE_LEVEL, [SINGLE, '/Orders/more'], {
    stage: 'root',
    path: '/Orders/more',
  }),
  found('an encoded key is the key', ['§1.5-3', '§1.9(1)'], SINGLE_LEVEL, [SINGLE, '/%6Frders%2Fmore'], {
    stage: 'orders',
    path: '/more',
    base: 'orders',
  }),
  found('the root of the domain', ['§1.5-2'], SINGLE_LEVEL, [SINGLE, '/'], { stage: 'root', path: '/' }),
  found('a slash behind the key', ['§1.5-6'], NO_ROOT, [KEYED, '/shop/'], {
    stage: '$default',
    path: '/',
    contextPath: '/',
    base: 'shop',
  }),
  missed('no key matches and none is empty', ['§1.5-5'], NO_ROOT, [KEYED, '/other']),
  missed('routes have no say', ['§1.5-3'], NO_ROOT, [KEYED, '/shop/unknown']),
  missed('no stage in the path', ['§1.7-1'], NO_ROOT, [KEYED, '/shop-prod/prod/orders/5']),
  // §1.6
  ruled('a header with another letter case', ['§1.6-4', '§1.6-2', '§1.6-8'], 'x-VERSION: beta', 'exact'),
  ruled('header values compare with case', ['§1.6-4'], 'x-version: Beta', 'mapped'),
  ruled('an exact glob is the whole value', ['§1.6-4'], 'x-version: beta2', 'mapped'),
  ruled('a star at the end', ['§1.6-4'], 'x-version: v1.9', 'prefix'),
  ruled('a star at the start', ['§1.6-4'], 'x-version: 2-rc', 'suffix'),
  ruled('a star at both ends', ['§1.6-4'], 'x-version: amidst', 'within'),
  ruled('the lowest number wins', ['§1.6-2', '§1.6-3'], 'x-version: v1-rc', 'prefix'),
  ruled('a star alone asks for the header', ['§1.6-4'], 'x-any: thing', 'any'),
  found('without a rule the mapping', ['§1.6-9', '§1.6-1'], THEN_MAPPINGS, [FIRST_RULES, '/x'], {
    stage: 'mapped',
    path: '/x',
  }),
  found('a base path stays', ['§1.6-7'], THEN_MAPPINGS, [FIRST_RULES, '/kept/x'], {
    stage: 'kept',
    path: '/kept/x',
    base: 'kept',
  }),
  found('StripBasePath takes it off', ['§1.6-7'], THEN_MAPPINGS, [FIRST_RULES, '/cut/off/x'], {
    stage: 'cut',
    path: '/x',
    base: 'cut/off',
  }),
  found('exactly the base path', ['§1.6-7'], THEN_MAPPINGS, [FIRST_RULES, '/cut/off'], {
    stage: 'cut',
    path: '/',
    base: 'cut/off',
  }),
  found('base paths compare with case', ['§1.6-4'], THEN_MAPPINGS, [FIRST_RULES, '/Kept/x'], {
    stage: 'mapped',
    path: '/Kept/x',
  }),
  found('base paths are whole segments', ['§1.6-2'], THEN_MAPPINGS, [FIRST_RULES, '/keptandmore'], {
    stage: 'mapped',
    path: '/keptandmore',
  }),
  found(
    'all conditions hold',
    ['§1.6-2'],
    THEN_MAPPINGS,
    [FIRST_RULES, '/both/x'],
    { stage: 'all', path: '/x', base: 'both' },
    ['x-a: 1', 'x-b: 2'],
  ),
  found(
    'all but one do not',
    ['§1.6-2'],
    THEN_MAPPINGS,
    [FIRST_RULES, '/both/x'],
    { stage: 'mapped', path: '/both/x' },
    ['x-a: 1', 'x-b: 3'],
  ),
  missed('rules only: no rule, no answer', ['§1.6-1'], RULES_ONLY, [ONLY_RULES, '/x']),
  found('rules only: a rule', ['§1.6-1'], RULES_ONLY, [ONLY_RULES, '/kept'], {
    stage: 'kept',
    path: '/kept',
    base: 'kept',
  }),
  found('a rule before the catch-all', ['§1.6-3'], CATCHING, [CATCH_ALL, '/first'], {
    stage: 'first',
    path: '/first',
    base: 'first',
  }),
  found('the catch-all before later rules', ['§1.6-3'], CATCHING, [CATCH_ALL, '/never'], {
    stage: 'all',
    path: '/never',
  }),
  found('mappings only: rules are not used', ['§1.6-1'], MAPPINGS_ONLY, [UNUSED_RULES, '/kept'], {
    stage: 'mapped',
    path: '/kept',
  }),
  // §1.8
  event('§1.8#3 path values of 2.0', ['§1.8#3', '§1.8-2'], V2, [V2_HOST, '/orders/5'], pathsV2('/orders/5')),
  event(
    '§1.8#3 path values of 1.0',
    ['§1.8#3', '§1.8-3'],
    V1,
    [V1_HOST, '/orders/5'],
    pathsV1('/orders/5', '/orders/5'),
  ),
  event('§1.8#4 path values of 2.0', ['§1.8#4'], V2, [V2_HOST, '/shop/orders/5'], pathsV2('/orders/5')),
  event(
    '§1.8#4 path values of 1.0',
    ['§1.8#4', '§1.8-3', '§1.8-4'],
    V1,
    [V1_HOST, '/shop/orders/5'],
    pathsV1('/shop/orders/5', '/orders/5'),
  ),
  event(
    '§1.8#5 path values of 2.0',
    ['§1.8#5', '§1.8-2'],
    V2,
    [V2_HOST, '/shop-prod/orders/5'],
    pathsV2('/prod/orders/5'),
  ),
  event(
    '§1.8#5 path values of 1.0',
    ['§1.8#5', '§1.8-3'],
    V1,
    [V1_HOST, '/shop-prod/orders/5'],
    pathsV1('/shop-prod/orders/5', '/prod/orders/5'),
  ),
  event(
    'the 1.0 path stays encoded',
    ['§1.8-3', '§1.9(1)'],
    V1,
    [V1_HOST, '/shop/orders/a%20b'],
    pathsV1('/shop/orders/a%20b', '/orders/a b'),
  ),
  found('§1.8#4 $request.path and $context.path', ['§1.8#4', '§1.8-1'], NO_ROOT, [KEYED, '/shop/orders/5'], {
    stage: '$default',
    path: '/orders/5',
    contextPath: '/orders/5',
    base: 'shop',
  }),
  found(
    '§1.8#5 $request.path and $context.path',
    ['§1.8#5', '§1.8-1'],
    NO_ROOT,
    [KEYED, '/shop-prod/orders/5'],
    {
      stage: 'prod',
      path: '/orders/5',
      base: 'shop-prod',
    },
  ),
];

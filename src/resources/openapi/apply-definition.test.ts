// What becomes of a definition in the store: what is made, what is left out and what is said of it (spec/openapi.md §3 to §7).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contextOf, openTestStore } from '../../../test/support/test-store.ts';
import type { Definition } from '../../openapi/definition.ts';
import type { Document } from '../../store/store.ts';
import { applyDefinition } from './apply-definition.ts';
import {
  authorizer,
  by,
  definition,
  HTTP,
  inline,
  JWT,
  LAMBDA,
  operation,
  REQUEST,
  routesIn,
  stateOf,
  tag,
} from './definitions.test.support.ts';

const ONLY_PROXIES =
  'Currently, an API with a protocol type of HTTP may only be associated with proxy integrations (AWS_PROXY, HTTP_PROXY)';
const BAD_KEY =
  'The provided route key is not formatted properly for HTTP protocol. Format should be "[HTTP METHOD] /[RESOURCE PATH]" or ' +
  '"$default"';
const noIntegration = (key: string, text: string) =>
  `Unable to create integration for resource at path '${key}': ${text}. Ignoring.`;
const noRoute = (key: string, text: string) =>
  `Unable to create route for resource at path '${key}': ${text}. Ignoring.`;

const operations: readonly (readonly [
  name: string,
  parts: Partial<Definition>,
  routes: readonly string[],
  integrations: number,
  warnings: readonly string[],
])[] = [
  [
    '§6.1: a route for each operation',
    { operations: [operation('GET /a'), operation('ANY /a')] },
    ['GET /a', 'ANY /a'],
    2,
    [],
  ],
  [
    '§6.1(4): operationName',
    { operations: [operation('GET /a', inline(LAMBDA), { kind: 'none' }, { operationName: 'GET HTTP' })] },
    ['GET /a (GET HTTP)'],
    1,
    [],
  ],
  [
    '§5.6: no integration',
    { operations: [{ ...operation('GET /a'), integration: undefined }] },
    ['GET /a → –'],
    0,
    [],
  ],
  [
    '§5.6: a refused integration leaves its route without target',
    { operations: [operation('GET /a', inline({ ...LAMBDA, IntegrationType: 'AWS' }))] },
    ['GET /a → –'],
    0,
    [noIntegration('GET /a', ONLY_PROXIES)],
  ],
  [
    '§5.4(2): the text of CreateIntegration',
    { operations: [operation('GET /a', inline({ ...HTTP, IntegrationUri: 'not a url' }))] },
    ['GET /a → –'],
    0,
    [noIntegration('GET /a', 'Invalid HTTP endpoint specified for URI')],
  ],
  [
    'O38: a value of another kind',
    { operations: [operation('GET /a', inline({ ...HTTP, TimeoutInMillis: 'soon' }))] },
    ['GET /a → –'],
    0,
    [noIntegration('GET /a', 'Invalid timeoutInMillis specified')],
  ],
  [
    '§7.3: one integration for a name, a line for each route without',
    {
      operations: [
        operation('GET /a', inline(HTTP, 'good')),
        operation('GET /b', inline(HTTP, 'good')),
        operation('GET /c', inline({ refusal: '#/components/x is missing' }, 'gone')),
        operation('GET /d', inline({ refusal: '#/components/x is missing' }, 'gone')),
      ],
    },
    ['GET /a', 'GET /b', 'GET /c → –', 'GET /d → –'],
    1,
    [
      noIntegration('GET /c', '#/components/x is missing'),
      noIntegration('GET /d', '#/components/x is missing'),
    ],
  ],
  [
    '§5.6: a refused route leaves its integration',
    { operations: [operation('GET /events/'), operation('TRACE /a')] },
    [],
    2,
    [noRoute('GET /events/', BAD_KEY), noRoute('TRACE /a', BAD_KEY)],
  ],
  [
    '§5.6: the first of two keys in conflict',
    { operations: [operation('GET /a/{x}'), operation('GET /a/{y}')] },
    ['GET /a/{x}'],
    2,
    [
      noRoute(
        'GET /a/{y}',
        'The provided route key "GET /a/{y}" has a conflicting variable on the same hierarchical level as "GET /a/{x}"',
      ),
    ],
  ],
  [
    '§4.3: the scheme decides the type',
    {
      authorizers: [authorizer('jwt', JWT), authorizer('lam', REQUEST)],
      operations: [
        operation('GET /a', inline(LAMBDA), by('jwt', 'email', 'profile')),
        operation('GET /b', inline(LAMBDA), by('jwt')),
        operation('GET /c', inline(LAMBDA), by('lam')),
        operation('GET /d', inline(LAMBDA), { kind: 'iam', scopes: [] }),
      ],
    },
    ['GET /a JWT jwt email profile', 'GET /b JWT jwt', 'GET /c CUSTOM lam', 'GET /d AWS_IAM'],
    4,
    [],
  ],
  [
    'O23: scopes on CUSTOM and IAM',
    {
      authorizers: [authorizer('lam', REQUEST)],
      operations: [
        operation('GET /a', inline(LAMBDA), by('lam', 's')),
        operation('GET /b', inline(LAMBDA), { kind: 'iam', scopes: ['s'] }),
      ],
    },
    [],
    2,
    ['GET /a', 'GET /b'].map((key) =>
      noRoute(
        key,
        'Invalid Route authorization type specified. Authorization Scopes are only valid for COGNITO_USER_POOLS and JWT ' +
          'authorization types',
      ),
    ),
  ],
  [
    '§4.1(8): a refused authorizer takes its routes along, without their lines',
    {
      authorizers: [
        authorizer('lam', { ...REQUEST, AuthorizerPayloadFormatVersion: undefined }),
        authorizer('tok', { refusal: 'Unsupported authorizer type: token' }),
        authorizer('good', JWT),
      ],
      operations: [
        operation('GET /a', inline(LAMBDA), by('lam')),
        operation('GET /b', inline(LAMBDA), by('tok')),
        operation('GET /c', inline(LAMBDA), by('good')),
      ],
    },
    ['GET /c JWT good'],
    3,
    [
      "Unable to create Authorizer 'lam': AuthorizerPayloadFormatVersion is a required parameter for REQUEST authorizer",
      "Unable to create Authorizer 'tok': Unsupported authorizer type: token",
    ],
  ],
  [
    'O29: an authorizer keeps its full stop',
    {
      authorizers: [
        authorizer('lam', { ...REQUEST, AuthorizerPayloadFormatVersion: '1.0', EnableSimpleResponses: true }),
      ],
    },
    [],
    0,
    [
      `Unable to create Authorizer 'lam': EnableSimpleResponses can only be set for AuthorizerPayloadFormatVersion "2.0".`,
    ],
  ],
  [
    'O25: security that no route can have',
    {
      operations: [
        operation('GET /a', inline(LAMBDA), {
          kind: 'refused',
          refusal: 'Security scheme nope is not defined',
        }),
      ],
    },
    [],
    1,
    [noRoute('GET /a', 'Security scheme nope is not defined')],
  ],
  [
    '§13(13): the order of warnings',
    {
      warnings: [{ text: 'first', offset: 0 }],
      cors: { given: { AllowOrigins: ['*'], AllowCredentials: true }, offset: 4 },
      tags: [tag('aws:x', 'y'), { key: 'list', value: ['x'], offset: 2 }, tag('team', 'red')],
      authorizers: [authorizer('tok', { refusal: 'Unsupported authorizer type: token' })],
      operations: [
        operation('GET /who', inline({ ...LAMBDA, TimeoutInMillis: 40_000 }), {
          kind: 'refused',
          refusal: 'No',
        }),
      ],
    },
    [],
    0,
    [
      'first',
      "Unable to set CORS configuration: allow-credentials is not supported if 'allow-origin' is *. Ignoring.",
      "Unable to create tag 'aws:x': Tag keys that begin with aws: are reserved: aws:x. Ignoring.",
      "Unable to create tag 'list': Invalid value specified for tag list. Ignoring.",
      "Unable to create Authorizer 'tok': Unsupported authorizer type: token",
      noIntegration('GET /who', 'Timeout should be between 50 ms and 30000 ms'),
      noRoute('GET /who', 'No'),
    ],
  ],
];

for (const [name, parts, expectedRoutes, integrationCount, warnings] of operations) {
  test(`${name} (spec/openapi.md)`, async (t) => {
    const store = await openTestStore(t);
    await store.transact(async (tx) => {
      const applied = await applyDefinition(contextOf(tx), definition(parts));
      const state = await stateOf(tx, applied.apiId);
      assert.deepEqual(
        applied.warnings.map(({ text }) => text),
        warnings,
      );
      assert.deepEqual(routesIn(state), expectedRoutes);
      assert.equal(state.integrations.length, integrationCount);
    });
  });
}

const apiRows: readonly (readonly [
  name: string,
  parts: Partial<Definition>,
  /** Of the Api; a text is an error. */
  expected: Document | string,
])[] = [
  [
    '§3: members',
    {
      api: {
        Name: 'Shop',
        Description: 'd',
        Version: 'v9',
        DisableExecuteApiEndpoint: true,
        IpAddressType: 'dualstack',
      },
    },
    {
      Name: 'Shop',
      Description: 'd',
      Version: 'v9',
      DisableExecuteApiEndpoint: true,
      IpAddressType: 'dualstack',
    },
  ],
  [
    '§3.2(4): defaults',
    {},
    { DisableExecuteApiEndpoint: false, IpAddressType: 'ipv4', ProtocolType: 'HTTP', Tags: {} },
  ],
  ['O11: no name', { api: {} }, 'Invalid API name specified'],
  ['O11: a name of another kind', { api: { Name: [] } }, 'Invalid API name specified'],
  ['O11: a name too long', { api: { Name: 'n'.repeat(129) } }, 'name must have length between 1 and 128'],
  [
    'O11: a version too long',
    { api: { Name: 'n', Version: 'v'.repeat(65) } },
    'version must have length between 1 and 64',
  ],
  [
    '§3.3: tags',
    { tags: [tag('Owner', 'x'), tag('pets'), tag('Owner', 'Admin')] },
    { Tags: { Owner: 'Admin', pets: '' } },
  ],
  [
    '§3.4(2): CORS has the members of the document',
    {
      cors: {
        given: { AllowOrigins: ['*'], AllowMethods: ['GET'], AllowHeaders: [], ExposeHeaders: ['X-A'] },
        offset: 4,
      },
    },
    { CorsConfiguration: { AllowOrigins: ['*'], AllowMethods: ['GET'], ExposeHeaders: ['x-a'] } },
  ],
  [
    'O38: CORS of other kinds is none',
    { cors: { given: { AllowOrigins: 'https://a.com' }, offset: 4 } },
    { CorsConfiguration: undefined },
  ],
  [
    'O16: CORS that is no object is none',
    { cors: { given: '*', offset: 4 } },
    { CorsConfiguration: undefined },
  ],
];

for (const [name, parts, expected] of apiRows) {
  test(`${name} (spec/openapi.md)`, async (t) => {
    const store = await openTestStore(t);
    const applied = store.transact(async (tx) => {
      const { apiId } = await applyDefinition(contextOf(tx), definition(parts));
      return (await stateOf(tx, apiId)).api;
    });
    if (typeof expected === 'string') {
      await assert.rejects(applied, { message: expected, offset: 1 });
      assert.equal(await store.latestChange(), 0);
      return;
    }
    const api = await applied;
    assert.deepEqual(
      Object.fromEntries(Object.keys(expected).map((member) => [member, api[member]])),
      expected,
    );
  });
}

test('what is left out is said in a megabyte of lines, however often a long value is refused', async (t) => {
  const store = await openTestStore(t);
  const bad = inline(
    { ...HTTP, RequestParameters: { 'append:header.x': `$request.${'y'.repeat(100_000)}` } },
    'a',
  );
  const { warnings } = await store.transact((tx) => {
    const many = Array.from({ length: 2_000 }, (_, i) => operation(`GET /${i}`, bad));
    return applyDefinition(contextOf(tx), definition({ operations: many }));
  });
  assert.ok(warnings.reduce((sum, { text }) => sum + text.length, 0) < 2 ** 20 + 100);
  const said = warnings.length - 1;
  assert.ok(said > 0);
  assert.equal(warnings.at(-1)!.text, `${2_000 - said} more warnings of what is left out are not listed`);
});

test('many tags are judged with pauses', async (t) => {
  const store = await openTestStore(t);
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  const tags = Array.from({ length: 5_000 }, (_, i) => tag(`t${i}`));
  const { warnings } = await store.transact((tx) => applyDefinition(contextOf(tx), definition({ tags })));
  clearInterval(timer);
  assert.equal(warnings.length, 4_950);
  assert.ok(turns > 10, `${turns} turns`);
});

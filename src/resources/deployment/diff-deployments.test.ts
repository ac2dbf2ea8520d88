import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { FrozenApi } from '../../config/frozen.ts';
import { diffDeployments } from './diff-deployments.ts';

const ROUTE = { RouteId: 'r1', RouteKey: 'GET /pets', AuthorizationType: 'NONE', Target: 'integrations/i1' };
const INTEGRATION = {
  IntegrationId: 'i1',
  IntegrationType: 'HTTP_PROXY',
  IntegrationUri: 'http://127.0.0.1:1/',
  ConnectionType: 'INTERNET',
  PayloadFormatVersion: '1.0',
  TimeoutInMillis: 30_000,
};
const AUTHORIZER = { AuthorizerId: 'a1', Name: 'jwt', AuthorizerType: 'JWT' };
const API: FrozenApi = {
  Api: { ApiId: 'x', ProtocolType: 'HTTP', Name: 'pets' },
  Routes: [ROUTE],
  Integrations: [INTEGRATION],
  Authorizers: [AUTHORIZER],
};
const CHAT: FrozenApi = {
  Api: { ApiId: 'x', ProtocolType: 'WEBSOCKET', RouteSelectionExpression: '$request.body.action' },
  Routes: [{ ...ROUTE, RouteKey: 'join' }],
  Integrations: [{ ...INTEGRATION, IntegrationType: 'HTTP' }],
  IntegrationResponses: [
    { IntegrationId: 'i1', IntegrationResponseId: 'ir1', IntegrationResponseKey: '$default' },
  ],
  RouteResponses: [{ RouteId: 'r1', RouteResponseId: 'rr1', RouteResponseKey: '$default' }],
  Models: [{ ModelId: 'm1', Name: 'Join', Schema: '{}' }],
};

type Row = [name: string, from: FrozenApi, to: FrozenApi, expected: readonly string[]];

describe('what is different between deployments', () => {
  const other = { ...ROUTE, RouteId: 'r2', RouteKey: 'GET /cats' };
  const remade: FrozenApi = {
    ...API,
    Routes: [{ ...ROUTE, RouteId: 'r9', Target: 'integrations/i9', AuthorizerId: 'a9' }],
    Integrations: [{ ...INTEGRATION, IntegrationId: 'i9' }],
    Authorizers: [{ ...AUTHORIZER, AuthorizerId: 'a9' }],
  };
  const rows: Row[] = [
    ['nothing', API, structuredClone(API), []],
    ['what only the API’s own document says', API, { ...API, Api: { ...API.Api, Name: 'cats' } }, []],
    ['a route that comes', API, { ...API, Routes: [ROUTE, other] }, ['added route GET /cats']],
    ['a route that goes', { ...API, Routes: [ROUTE, other] }, API, ['removed route GET /cats']],
    [
      'a route with another authorizer, and one with another key',
      { ...API, Routes: [ROUTE, other] },
      {
        ...API,
        Routes: [
          { ...ROUTE, AuthorizerId: 'a1' },
          { ...other, RouteKey: 'GET /dogs' },
        ],
      },
      ['changed route GET /dogs', 'changed route GET /pets'],
    ],
    [
      'an integration, with the routes that lead to it',
      { ...API, Routes: [ROUTE, other] },
      { ...API, Routes: [ROUTE, other], Integrations: [{ ...INTEGRATION, IntegrationUri: 'http://b/' }] },
      ['changed integration i1 of GET /pets, GET /cats'],
    ],
    [
      'everything made anew with other ids: nothing',
      { ...API, Routes: [{ ...ROUTE, AuthorizerId: 'a1' }] },
      remade,
      [],
    ],
    [
      'made anew, with another URI',
      { ...API, Routes: [{ ...ROUTE, AuthorizerId: 'a1' }] },
      { ...remade, Integrations: [{ ...INTEGRATION, IntegrationId: 'i9', IntegrationUri: 'http://b/' }] },
      ['changed integration i9 of GET /pets'],
    ],
    [
      'an authorizer',
      API,
      { ...API, Authorizers: [{ ...AUTHORIZER, Name: 'other' }] },
      ['changed authorizer other'],
    ],
    [
      'what was frozen before there were authorizers',
      { ...API, Authorizers: [] },
      API,
      ['added authorizer jwt'],
    ],
    [
      'CORS and a setting, behind the parts',
      API,
      {
        ...API,
        Api: { ...API.Api, CorsConfiguration: { AllowOrigins: ['*'] }, DisableExecuteApiEndpoint: true },
        Routes: [],
      },
      ['removed route GET /pets', 'added cors CorsConfiguration', 'added setting DisableExecuteApiEndpoint'],
    ],
    [
      'a WebSocket API, part by part',
      CHAT,
      {
        ...CHAT,
        Api: { ...CHAT.Api, RouteSelectionExpression: '$request.body.kind' },
        IntegrationResponses: [{ ...CHAT.IntegrationResponses![0]!, ResponseTemplates: { $default: 'x' } }],
        RouteResponses: [],
        Models: [{ ...CHAT.Models![0]!, Schema: '{"type":"object"}' }],
      },
      [
        'changed integrationResponse $default of i1 of join',
        'removed routeResponse $default of join',
        'changed model Join',
        'changed selectionExpression RouteSelectionExpression',
      ],
    ],
    [
      'a WebSocket API made anew with other ids: nothing',
      CHAT,
      {
        ...CHAT,
        Routes: [{ ...CHAT.Routes[0]!, RouteId: 'r9', Target: 'integrations/i9' }],
        Integrations: [{ ...CHAT.Integrations[0]!, IntegrationId: 'i9' }],
        IntegrationResponses: [
          { ...CHAT.IntegrationResponses![0]!, IntegrationResponseId: 'x', IntegrationId: 'i9' },
        ],
        RouteResponses: [{ ...CHAT.RouteResponses![0]!, RouteResponseId: 'y', RouteId: 'r9' }],
      },
      [],
    ],
  ];
  for (const [name, from, to, expected] of rows) {
    test(name, () => {
      const found = diffDeployments(from, to);
      assert.deepEqual(
        found.map(({ kind, name: part, change }) => `${change} ${kind} ${part}`),
        expected,
      );
    });
  }

  test('has what was and what is, without ids of their own', () => {
    const to = { ...API, Routes: [{ ...ROUTE, AuthorizationType: 'AWS_IAM' }] };
    assert.deepEqual(diffDeployments(API, to), [
      {
        kind: 'route',
        name: 'GET /pets',
        change: 'changed',
        before: { RouteKey: 'GET /pets', AuthorizationType: 'NONE', Target: 'integrations/i1' },
        after: { RouteKey: 'GET /pets', AuthorizationType: 'AWS_IAM', Target: 'integrations/i1' },
      },
    ]);
  });
});

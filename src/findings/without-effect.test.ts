import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { API_INDEX, apiKeyOf, authorizersOf, integrationsOf, routesOf, stagesOf } from '../config/keys.ts';
import { parseConfig } from '../settings/config-file.ts';
import { NO_SECTIONS } from '../settings/sections.ts';
import { openSqliteStore } from '../store/sqlite/sqlite-store.ts';
import type { Document } from '../store/store.ts';
import { readApis, type StoredApi, withoutEffect } from './without-effect.ts';

const LISTENER = 'arn:aws:elasticloadbalancing:us-east-1:000000000000:listener/app/orders/1/2';

const LAMBDA = {
  IntegrationId: 'i1',
  IntegrationType: 'AWS_PROXY',
  IntegrationUri: 'arn:aws:lambda:us-east-1:000000000000:function:hello',
};

const AUTHORIZER = {
  AuthorizerId: 'a2',
  Name: 'who',
  AuthorizerType: 'REQUEST',
  AuthorizerUri: `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${LAMBDA.IntegrationUri}/invocations`,
};

const HTTP_API: StoredApi = {
  account: '000000000000',
  region: 'us-east-1',
  api: {
    ApiId: 'a1',
    Name: 'pets',
    ProtocolType: 'HTTP',
    IpAddressType: 'ipv4',
    DisableExecuteApiEndpoint: true,
  },
  routes: [
    { RouteKey: 'GET /pets', AuthorizationType: 'NONE', ApiKeyRequired: false },
    { RouteKey: 'GET /cats', AuthorizationType: 'JWT', AuthorizerId: 'a1' },
  ],
  integrations: [
    {
      IntegrationId: 'i1',
      IntegrationType: 'HTTP_PROXY',
      ConnectionType: 'INTERNET',
      RequestParameters: { 'append:header.a': 'b' },
    },
  ],
  authorizers: [{ AuthorizerId: 'a1', Name: 'jwt', AuthorizerType: 'JWT' }],
  stages: [
    {
      StageName: '$default',
      AccessLogSettings: { DestinationArn: 'arn:x', Format: '$context.requestId' },
      DefaultRouteSettings: { DetailedMetricsEnabled: true, ThrottlingRateLimit: 0 },
      RouteSettings: { 'GET /pets': { ThrottlingBurstLimit: 5 } },
      StageVariables: { a: 'b' },
    },
  ],
};

const WEB_SOCKET: Partial<StoredApi> = {
  api: { ...HTTP_API.api, ProtocolType: 'WEBSOCKET' },
  routes: [{ RouteKey: '$connect', AuthorizationType: 'NONE', ApiKeyRequired: false }],
  integrations: [
    { IntegrationId: 'i1', IntegrationType: 'MOCK' },
    { IntegrationId: 'i2', IntegrationType: 'HTTP', ConnectionType: 'VPC_LINK', IntegrationUri: LISTENER },
    { IntegrationId: 'i3', IntegrationType: 'AWS', IntegrationUri: 'arn:x' },
  ],
  stages: [{ StageName: 'prod' }],
};

function findings(change: Partial<StoredApi>): string[] {
  return withoutEffect([{ ...HTTP_API, ...change }], NO_SECTIONS, []).map(
    ({ where, what }) => `${where}: ${what}`,
  );
}

describe('what is configured without effect', () => {
  test('nothing of an API that this release runs', () => assert.deepEqual(findings({}), []));

  test('nothing of a WebSocket API that this release runs', () => assert.deepEqual(findings(WEB_SOCKET), []));

  test('an API key is good for the API', () => {
    const key = { id: 'k', value: 'v', isEnabled: true, throttle: undefined, quota: undefined };
    const routes = [{ RouteKey: '$connect', ApiKeyRequired: true }];
    const found = (stages: string[], isEnabled = true): number =>
      withoutEffect(
        [{ ...HTTP_API, ...WEB_SOCKET, routes }],
        { ...NO_SECTIONS, apiKeys: [{ ...key, isEnabled, stages }] },
        [],
      ).length;
    assert.deepEqual(
      [found(['*']), found(['a1:prod']), found(['a2:prod']), found(['*'], false)],
      [0, 0, 1, 1],
    );
  });

  const PLACE = 'API pets (a1)';
  const rows: [string, Partial<StoredApi>, string][] = [
    [
      'models that are not to be checked',
      { ...WEB_SOCKET, api: { ...WEB_SOCKET.api, DisableSchemaValidation: true } },
      `${PLACE}: DisableSchemaValidation`,
    ],
    [
      'an API key that nobody has',
      { ...WEB_SOCKET, routes: [{ RouteKey: '$connect', ApiKeyRequired: true }] },
      `${PLACE}, route $connect: ApiKeyRequired`,
    ],
    [
      'an API key that is not asked for',
      { ...WEB_SOCKET, routes: [{ RouteKey: '$default', ApiKeyRequired: true }] },
      `${PLACE}, route $default: ApiKeyRequired`,
    ],
    [
      'AWS_IAM on $connect without credentials',
      { ...WEB_SOCKET, routes: [{ RouteKey: '$connect', AuthorizationType: 'AWS_IAM' }] },
      `${PLACE}, route $connect: AuthorizationType AWS_IAM`,
    ],
    [
      'the role of a service of a WebSocket API',
      {
        ...WEB_SOCKET,
        integrations: [
          { IntegrationId: 'i1', IntegrationType: 'AWS', IntegrationUri: 'arn:x', CredentialsArn: 'arn:r' },
        ],
      },
      `${PLACE}, integration i1: CredentialsArn arn:r`,
    ],
    ['IPv6', { api: { ...HTTP_API.api, IpAddressType: 'dualstack' } }, `${PLACE}: IpAddressType dualstack`],
    [
      'AWS_IAM without credentials',
      { routes: [{ RouteKey: 'GET /pets', AuthorizationType: 'AWS_IAM' }] },
      `${PLACE}, route GET /pets: AuthorizationType AWS_IAM`,
    ],
    [
      'the role of a Lambda authorizer',
      { authorizers: [{ ...AUTHORIZER, AuthorizerCredentialsArn: 'arn:aws:iam::000000000000:role/r' }] },
      `${PLACE}, authorizer who: AuthorizerCredentialsArn arn:aws:iam::000000000000:role/r`,
    ],
    [
      'a validation expression',
      { authorizers: [{ ...AUTHORIZER, IdentityValidationExpression: '.*' }] },
      `${PLACE}, authorizer who: IdentityValidationExpression`,
    ],
    [
      'the role of a Lambda integration',
      { integrations: [{ ...LAMBDA, CredentialsArn: 'arn:aws:iam::000000000000:role/r' }] },
      `${PLACE}, integration i1: CredentialsArn arn:aws:iam::000000000000:role/r`,
    ],
    [
      'a function called as the client',
      { integrations: [{ ...LAMBDA, CredentialsArn: 'arn:aws:iam::*:user/*' }] },
      `${PLACE}, integration i1: CredentialsArn arn:aws:iam::*:user/*`,
    ],
    [
      'the role of a service',
      {
        integrations: [
          {
            IntegrationId: 'i1',
            IntegrationType: 'AWS_PROXY',
            IntegrationSubtype: 'SQS-SendMessage',
            CredentialsArn: 'arn:aws:iam::000000000000:role/r',
          },
        ],
      },
      `${PLACE}, integration i1: CredentialsArn arn:aws:iam::000000000000:role/r`,
    ],
    [
      'a VPC link',
      {
        integrations: [
          {
            IntegrationId: 'i1',
            IntegrationType: 'HTTP_PROXY',
            ConnectionType: 'VPC_LINK',
            IntegrationUri: LISTENER,
          },
        ],
      },
      `${PLACE}, integration i1: IntegrationUri ${LISTENER}`,
    ],
    ...(
      [
        [{ ClientCertificateId: 'c1' }, 'ClientCertificateId'],
        [{ RouteSettings: { 'GET /gone': {} } }, 'RouteSettings of GET /gone'],
      ] satisfies [Document, string][]
    ).map(([member, what]): [string, Partial<StoredApi>, string] => [
      what,
      { stages: [{ StageName: 'prod', ...member }] },
      `${PLACE}, stage prod: ${what}`,
    ]),
  ];
  for (const [name, change, expected] of rows) {
    test(name, () => assert.deepEqual(findings(change), [expected]));
  }

  test('account and region are named where there are several', () => {
    const found = withoutEffect(
      [
        { ...HTTP_API, api: { ...HTTP_API.api, IpAddressType: 'dualstack' } },
        { ...HTTP_API, region: 'eu-west-1', api: { ...HTTP_API.api, IpAddressType: 'dualstack' } },
      ],
      NO_SECTIONS,
      [],
    );
    assert.deepEqual(
      found.map((each) => each.where),
      ['000000000000 us-east-1, API pets (a1)', '000000000000 eu-west-1, API pets (a1)'],
    );
  });

  test('the APIs of all accounts and regions are read from the store', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'postern-apis-'));
    const store = await openSqliteStore({ directory });
    await store.transact(async (tx) => {
      for (const [account, region, id] of [
        ['1', 'r1', 'a'],
        ['2', 'r2', 'b'],
      ] as const) {
        const api = apiKeyOf({ account, region }, id);
        await tx.put([...API_INDEX, id], { Account: account, Region: region });
        await tx.put(api, { ApiId: id });
        await tx.put([...routesOf(api), 'r'], { RouteId: 'r' });
        await tx.put([...integrationsOf(api), 'i'], { IntegrationId: 'i' });
        await tx.put([...authorizersOf(api), 'x'], { AuthorizerId: 'x' });
        await tx.put([...stagesOf(api), 's'], { StageName: 's' });
      }
    });
    const apis = await store.read(readApis);
    await store.close();
    await rm(directory, { recursive: true });
    assert.deepEqual(apis[1], {
      account: '2',
      region: 'r2',
      api: { ApiId: 'b' },
      routes: [{ RouteId: 'r' }],
      integrations: [{ IntegrationId: 'i' }],
      authorizers: [{ AuthorizerId: 'x' }],
      stages: [{ StageName: 's' }],
    });
    assert.equal(apis.length, 2);
  });
});

test('a function of the configuration file asks nobody for credentials', () => {
  const functions = parseConfig('functions: { hello: { file: x.js } }\n', 'postern.yaml', '/').sections
    .functions;
  const stored = { ...HTTP_API, integrations: [{ ...LAMBDA, CredentialsArn: 'arn:aws:iam::*:user/*' }] };
  assert.deepEqual(withoutEffect([stored], { ...NO_SECTIONS, functions }, []), []);
});

test('credentials of the API’s account may call its AWS_IAM routes', () => {
  const routes = [{ RouteKey: 'GET /', AuthorizationType: 'AWS_IAM' }];
  const stored = { ...HTTP_API, routes, stages: [] };
  const found = (accountId: string) => withoutEffect([stored], NO_SECTIONS, [{ accountId }]).length;
  assert.deepEqual([found('000000000000'), found('111111111111')], [0, 1]);
});

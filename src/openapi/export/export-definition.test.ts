// What an API is as a definition (spec/openapi.md §10): document D6 of §15, and what D6 has not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exportedDefinition } from './export-definition.ts';
import type {
  ExportedApi,
  ExportedAuthorizer,
  ExportedIntegration,
  ExportedRoute,
  ExportOptions,
} from './exported-api.ts';
import { printDefinitionJson } from './print-json.ts';
import { printDefinitionYaml } from './print-yaml.ts';

const functionUri = (name: string): string =>
  `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:${name}/invocations`;
const STAMP = new Date('2026-01-11T06:08:40Z');
const URL = 'https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com';
const CURRENT: ExportOptions = { includeExtensions: true, stamp: STAMP, server: undefined };

const lambda = (IntegrationId: string, more: Partial<ExportedIntegration> = {}): ExportedIntegration => ({
  IntegrationId,
  IntegrationType: 'AWS_PROXY',
  IntegrationMethod: 'POST',
  IntegrationUri: functionUri('f'),
  ConnectionType: 'INTERNET',
  PayloadFormatVersion: '2.0',
  TimeoutInMillis: 30_000,
  ...more,
});
const route = (RouteKey: string, more: Partial<ExportedRoute> = {}): ExportedRoute => ({
  RouteKey,
  AuthorizationType: 'NONE',
  ApiKeyRequired: false,
  ...more,
});
const api = (more: Partial<ExportedApi>): ExportedApi => ({
  api: { Name: 'T', Version: '1' },
  routes: [],
  integrations: [],
  authorizers: [],
  ...more,
});

const SHOP: ExportedApi = {
  api: {
    Name: 'Shop',
    Description: 'Shop API',
    Version: '1.0',
    Tags: { team: 'shop' },
    DisableExecuteApiEndpoint: false,
    IpAddressType: 'ipv4',
    CorsConfiguration: {
      AllowCredentials: false,
      AllowOrigins: ['https://shop.example.com'],
      AllowMethods: ['GET', 'POST'],
      AllowHeaders: ['authorization'],
      MaxAge: 300,
    },
  },
  authorizers: [
    {
      AuthorizerId: 'aaa',
      Name: 'Jwt',
      AuthorizerType: 'JWT',
      IdentitySource: ['$request.header.Authorization'],
      JwtConfiguration: { Issuer: 'https://issuer.example.com', Audience: ['shop'] },
    },
  ],
  integrations: [
    lambda('one'),
    {
      ...lambda('two'),
      IntegrationType: 'HTTP_PROXY',
      IntegrationMethod: 'GET',
      IntegrationUri: 'https://be.example.com/items/{id}',
      PayloadFormatVersion: '1.0',
      TimeoutInMillis: 12_000,
      ResponseParameters: { 200: { 'overwrite:header.Cache-Control': 'no-store' } },
    },
    lambda('three', {
      IntegrationUri: functionUri('files'),
      CredentialsArn: 'arn:aws:iam::123456789012:role/files',
    }),
  ],
  routes: [
    route('GET /items', {
      OperationName: 'listItems',
      AuthorizationType: 'JWT',
      AuthorizerId: 'aaa',
      AuthorizationScopes: ['shop/read'],
      Target: 'integrations/one',
    }),
    route('POST /items', { Target: 'integrations/one' }),
    route('GET /items/{id}', { Target: 'integrations/two' }),
    route('ANY /files/{proxy+}', { AuthorizationType: 'AWS_IAM', Target: 'integrations/three' }),
    route('$default'),
  ],
};

/** D6 of §15, with its members in their order. */
const D6 = {
  openapi: '3.0.1',
  info: { title: 'Shop', description: 'Shop API', version: '1.0' },
  servers: [{ url: `${URL}/{basePath}`, variables: { basePath: { default: 'prod' } } }],
  tags: [{ name: 'team', 'x-amazon-apigateway-tag-value': 'shop' }],
  paths: {
    '/$default': {
      'x-amazon-apigateway-any-method': {
        isDefaultRoute: true,
        responses: { default: { description: 'Default response for $default' } },
      },
    },
    '/files/{proxy+}': {
      parameters: [
        {
          name: 'proxy+',
          in: 'path',
          description: 'Generated path parameter for proxy+',
          required: true,
          schema: { type: 'string' },
        },
      ],
      'x-amazon-apigateway-any-method': {
        responses: { default: { description: 'Default response for ANY /files/{proxy+}' } },
        'x-amazon-apigateway-auth': { type: 'AWS_IAM' },
        'x-amazon-apigateway-integration': {
          payloadFormatVersion: '2.0',
          credentials: 'arn:aws:iam::123456789012:role/files',
          type: 'aws_proxy',
          httpMethod: 'POST',
          uri: functionUri('files'),
          connectionType: 'INTERNET',
        },
      },
    },
    '/items': {
      get: {
        operationId: 'listItems',
        responses: { default: { description: 'Default response for GET /items' } },
        security: [{ Jwt: ['shop/read'] }],
        'x-amazon-apigateway-integration': {
          payloadFormatVersion: '2.0',
          type: 'aws_proxy',
          httpMethod: 'POST',
          uri: functionUri('f'),
          connectionType: 'INTERNET',
        },
      },
      post: {
        responses: { default: { description: 'Default response for POST /items' } },
        'x-amazon-apigateway-integration': {
          payloadFormatVersion: '2.0',
          type: 'aws_proxy',
          httpMethod: 'POST',
          uri: functionUri('f'),
          connectionType: 'INTERNET',
        },
      },
    },
    '/items/{id}': {
      get: {
        responses: { default: { description: 'Default response for GET /items/{id}' } },
        'x-amazon-apigateway-integration': {
          responseParameters: { 200: { 'overwrite:header.Cache-Control': 'no-store' } },
          payloadFormatVersion: '1.0',
          type: 'http_proxy',
          httpMethod: 'GET',
          uri: 'https://be.example.com/items/{id}',
          connectionType: 'INTERNET',
          timeoutInMillis: 12_000,
        },
      },
      parameters: [
        {
          name: 'id',
          in: 'path',
          description: 'Generated path parameter for id',
          required: true,
          schema: { type: 'string' },
        },
      ],
    },
  },
  components: {
    securitySchemes: {
      Jwt: {
        type: 'oauth2',
        flows: {},
        'x-amazon-apigateway-authorizer': {
          identitySource: '$request.header.Authorization',
          jwtConfiguration: { audience: ['shop'], issuer: 'https://issuer.example.com' },
          type: 'jwt',
        },
      },
    },
  },
  'x-amazon-apigateway-cors': {
    allowMethods: ['GET', 'POST'],
    allowHeaders: ['authorization'],
    maxAge: 300,
    allowCredentials: false,
    allowOrigins: ['https://shop.example.com'],
  },
  'x-amazon-apigateway-importexport-version': '1.0',
};

/** The document as JSON has it, compacted: members count with their order. */
const compact = (exported: ExportedApi, options: Partial<ExportOptions> = {}): string =>
  JSON.stringify(
    JSON.parse([...printDefinitionJson(exportedDefinition(exported, { ...CURRENT, ...options }))].join('')),
  );
const documentOf = (exported: ExportedApi, options: Partial<ExportOptions> = {}) =>
  JSON.parse(compact(exported, options));

test('D6: an API of a stage, member by member', () => {
  const server = { url: URL, basePath: 'prod' };
  assert.equal(compact(SHOP, { server }), JSON.stringify(D6));
});

test('D6 without a stage has no servers', () => {
  const { servers, ...rest } = D6;
  assert.equal(compact(SHOP), JSON.stringify(rest));
});

test('D6 without extensions is what OpenAPI alone can say (Choice O49)', () => {
  const { openapi, info } = D6;
  const { get, post } = D6.paths['/items'];
  const withoutIntegration = ({ 'x-amazon-apigateway-integration': _, ...rest }: typeof post) => rest;
  const { parameters, get: item } = D6.paths['/items/{id}'];
  assert.equal(
    compact(SHOP, { includeExtensions: false }),
    JSON.stringify({
      openapi,
      info,
      tags: [{ name: 'team' }],
      paths: {
        '/items': { get: withoutIntegration(get), post: withoutIntegration(post) },
        '/items/{id}': { get: { responses: item.responses }, parameters },
      },
      components: { securitySchemes: { Jwt: { type: 'oauth2', flows: {} } } },
    }),
  );
});

test('D6 as YAML begins and ends as AWS’s do', () => {
  const text = [
    ...printDefinitionYaml(exportedDefinition(SHOP, { ...CURRENT, server: { url: URL, basePath: 'prod' } })),
  ].join('');
  assert.ok(text.startsWith(`openapi: "3.0.1"\ninfo:\n  title: "Shop"\n  description: "Shop API"\n`));
  assert.ok(text.includes(`\nservers:\n- url: "${URL}/{basePath}"\n  variables:\n    basePath:\n`));
  assert.ok(text.includes('\n      isDefaultRoute: true\n'));
  assert.ok(text.includes('\n      flows: {}\n'));
  assert.ok(text.endsWith('\nx-amazon-apigateway-importexport-version: "1.0"\n'));
});

test('an API without version has the time of what is exported (Choice O44)', () => {
  const { info } = documentOf(api({ api: { Name: 'T' } }));
  assert.deepEqual(info, { title: 'T', version: '2026-01-11 06:08:40UTC' });
});

test('a document without extensions may have no path', () => {
  assert.deepEqual(documentOf(api({ routes: [route('ANY /a')] }), { includeExtensions: false }).paths, {});
});

const ENDPOINT = 'x-amazon-apigateway-endpoint-configuration';
const SERVER = { url: 'https://api.example.com', basePath: 'v1' };
const ENTRY = { url: 'https://api.example.com/{basePath}', variables: { basePath: { default: 'v1' } } };
const SERVERS: readonly (readonly [ExportedApi['api'], Partial<ExportOptions>, unknown])[] = [
  [{}, {}, undefined],
  [{}, { server: SERVER }, [ENTRY]],
  [{ DisableExecuteApiEndpoint: true }, {}, [{ [ENDPOINT]: { disableExecuteApiEndpoint: true } }]],
  [{ IpAddressType: 'dualstack' }, {}, [{ [ENDPOINT]: { ipAddressType: 'dualstack' } }]],
  [
    { DisableExecuteApiEndpoint: true, IpAddressType: 'dualstack' },
    { server: SERVER },
    [{ ...ENTRY, [ENDPOINT]: { disableExecuteApiEndpoint: true, ipAddressType: 'dualstack' } }],
  ],
  [{ DisableExecuteApiEndpoint: true }, { server: SERVER, includeExtensions: false }, [ENTRY]],
  [{ DisableExecuteApiEndpoint: true }, { includeExtensions: false }, undefined],
];
for (const [given, options, servers] of SERVERS) {
  test(`servers of ${JSON.stringify([given, options])} (Choice O46)`, () => {
    assert.equal(
      JSON.stringify(documentOf(api({ api: { Name: 'T', ...given } }), options).servers),
      JSON.stringify(servers),
    );
  });
}

test('tags are in order of their keys, without those of AWS (Choices O45, O48)', () => {
  const Tags = { b: '', 'aws:cloudformation:stack-name': 's', 'httpapi:createdBy': 'SAM', B: '2', AWS: '3' };
  assert.deepEqual(
    documentOf(api({ api: { Name: 'T', Tags } })).tags,
    [
      ['AWS', '3'],
      ['B', '2'],
      ['b', ''],
      ['httpapi:createdBy', 'SAM'],
    ].map(([name, value]) => ({ name, 'x-amazon-apigateway-tag-value': value })),
  );
});

test('only the members of CORS that are set are told', () => {
  const CorsConfiguration = { AllowOrigins: ['*'], ExposeHeaders: ['Date'] };
  assert.equal(
    JSON.stringify(documentOf(api({ api: { Name: 'T', CorsConfiguration } }))['x-amazon-apigateway-cors']),
    JSON.stringify({ exposeHeaders: ['Date'], allowOrigins: ['*'] }),
  );
});

test('paths and methods have an order of their own (Choice O45)', () => {
  const keys = ['PATCH', 'HEAD', 'ANY', 'OPTIONS', 'DELETE', 'POST', 'PUT', 'GET'].map(
    (each) => `${each} /{id}/b`,
  );
  const routes = [...keys, 'GET /b', 'GET /a', 'GET /$default', '$default', 'GET /'].map((key) => route(key));
  const { paths } = documentOf(api({ routes }));
  assert.deepEqual(Object.keys(paths), ['/', '/$default', '/a', '/b', '/{id}/b']);
  assert.deepEqual(Object.keys(paths['/{id}/b']), [
    'get',
    'put',
    'post',
    'delete',
    'options',
    'head',
    'patch',
    'parameters',
    'x-amazon-apigateway-any-method',
  ]);
  assert.deepEqual(Object.keys(paths['/$default']), ['get', 'x-amazon-apigateway-any-method']);
});

test('of $default and ANY /$default the first alone is told (Choice O34)', () => {
  const any = (...keys: string[]) =>
    documentOf(api({ routes: keys.map((key) => route(key)) })).paths['/$default'][
      'x-amazon-apigateway-any-method'
    ];
  assert.equal(any('ANY /$default', '$default').isDefaultRoute, true);
  assert.equal(any('$default', 'ANY /$default').isDefaultRoute, true);
  assert.equal('isDefaultRoute' in any('ANY /$default'), false);
});

const INTEGRATIONS: readonly (readonly [string, Partial<ExportedIntegration>, readonly string[]])[] = [
  [
    'a service',
    {
      IntegrationType: 'AWS_PROXY',
      IntegrationSubtype: 'SQS-SendMessage',
      CredentialsArn: 'arn:aws:iam::123456789012:role/queue',
      Description: 'd',
      PayloadFormatVersion: '1.0',
      RequestParameters: { QueueUrl: 'u', MessageBody: '$request.body' },
      ResponseParameters: { 500: { 'overwrite:statuscode': '502' } },
      ConnectionType: 'INTERNET',
      TimeoutInMillis: 29_000,
    },
    [
      'description',
      'integrationSubtype',
      'responseParameters',
      'credentials',
      'requestParameters',
      'payloadFormatVersion',
      'type',
      'connectionType',
      'timeoutInMillis',
    ],
  ],
  [
    'a private target',
    {
      IntegrationType: 'HTTP_PROXY',
      IntegrationMethod: 'ANY',
      IntegrationUri: 'arn:aws:servicediscovery:us-east-1:123456789012:service/srv-1',
      ConnectionType: 'VPC_LINK',
      ConnectionId: 'link',
      CredentialsArn: 'arn:aws:iam::*:user/*',
      PayloadFormatVersion: '1.0',
      RequestParameters: { 'overwrite:path': '$request.path' },
      TimeoutInMillis: 50,
      TlsConfig: { ServerNameToVerify: 'inner.example.com' },
    },
    [
      'requestParameters',
      'payloadFormatVersion',
      'connectionId',
      'credentials',
      'type',
      'httpMethod',
      'uri',
      'connectionType',
      'timeoutInMillis',
      'tlsConfig',
    ],
  ],
];
for (const [name, integration, members] of INTEGRATIONS) {
  test(`members of ${name} (§10.6, Choice O45)`, () => {
    const { paths } = documentOf(
      api({
        routes: [route('GET /a', { Target: 'integrations/i' })],
        integrations: [{ IntegrationId: 'i', ...integration } as ExportedIntegration],
      }),
    );
    assert.deepEqual(Object.keys(paths['/a'].get['x-amazon-apigateway-integration']), members);
  });
}

const lambdaAuthorizer = (...IdentitySource: string[]): ExportedAuthorizer => ({
  AuthorizerId: 'x',
  Name: 'x',
  AuthorizerType: 'REQUEST',
  AuthorizerUri: functionUri('auth'),
  AuthorizerPayloadFormatVersion: '2.0',
  EnableSimpleResponses: false,
  ...(IdentitySource.length === 0 ? {} : { IdentitySource }),
});
const SOURCES: readonly (readonly [readonly string[], string, string, unknown])[] = [
  [['$request.header.Authorization'], 'Authorization', 'header', '$request.header.Authorization'],
  [['$request.querystring.t'], 't', 'query', '$request.querystring.t'],
  [['$context.routeKey'], 'Unused', 'header', '$context.routeKey'],
  [
    ['$request.header.A', '$request.querystring.q'],
    'Unused',
    'header',
    '$request.header.A, $request.querystring.q',
  ],
  [['$request.querystring.a,b'], 'a,b', 'query', ['$request.querystring.a,b']],
  [[], 'Unused', 'header', undefined],
];
for (const [sources, name, place, identitySource] of SOURCES) {
  test(`the scheme of a Lambda authorizer with the sources ${JSON.stringify(sources)} (§10.5)`, () => {
    const authorizer = {
      ...lambdaAuthorizer(...sources),
      AuthorizerCredentialsArn: 'arn:aws:iam::123456789012:role/auth',
      AuthorizerResultTtlInSeconds: 0,
    };
    assert.equal(
      JSON.stringify(documentOf(api({ authorizers: [authorizer] })).components.securitySchemes.x),
      JSON.stringify({
        type: 'apiKey',
        name,
        in: place,
        'x-amazon-apigateway-authorizer': {
          identitySource,
          authorizerUri: functionUri('auth'),
          authorizerCredentials: 'arn:aws:iam::123456789012:role/auth',
          authorizerPayloadFormatVersion: '2.0',
          authorizerResultTtlInSeconds: 0,
          type: 'request',
          enableSimpleResponses: false,
        },
      }),
    );
  });
}

test('a route of an authorizer without scopes has an empty list (§10.5)', () => {
  const { paths } = documentOf(
    api({
      routes: [route('GET /a', { AuthorizationType: 'CUSTOM', AuthorizerId: 'x' })],
      authorizers: [lambdaAuthorizer()],
    }),
  );
  assert.deepEqual(paths['/a'].get.security, [{ x: [] }]);
});

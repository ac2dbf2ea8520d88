// What the whole documents of spec/openapi.md §15 define, before anything asks a store: those in JSON.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { invocationUri, read } from './documents.test.support.ts';
import { INT, ignored, inShort, lambda, X } from './whole-documents.test.support.ts';

const functionOf = (name: string, more: object = {}): object => ({
  httpMethod: 'POST',
  type: 'aws_proxy',
  uri: invocationUri(name),
  payloadFormatVersion: '2.0',
  ...more,
});

test('D2: what SAM sends', async () => {
  const operation = (scheme: string, scopes: readonly string[], integration: object, more: object = {}) => ({
    responses: {},
    ...more,
    security: [{ [scheme]: scopes }],
    [INT]: integration,
  });
  const definition = await read(
    JSON.stringify({
      openapi: '3.0.1',
      info: { title: 'my-stack', version: '1.0' },
      tags: [
        { name: 'httpapi:createdBy', [`${X}tag-value`]: 'SAM' },
        { name: 'team', [`${X}tag-value`]: 'blue' },
      ],
      servers: [{ [`${X}endpoint-configuration`]: { disableExecuteApiEndpoint: true } }],
      paths: {
        '/orders': {
          get: operation('Jwt', ['orders/read'], functionOf('list')),
          post: operation('Lam', [], functionOf('make', { timeoutInMillis: 15000 })),
        },
        '/orders/{id}': {
          get: operation('Jwt', [], functionOf('get'), {
            parameters: [{ name: 'id', in: 'path', required: true }],
          }),
        },
        '/admin': { [`${X}any-method`]: operation('AWS_IAM', [], functionOf('admin')) },
        '/health': { get: operation('NONE', [], functionOf('health', { payloadFormatVersion: '1.0' })) },
        $default: { [`${X}any-method`]: operation('Jwt', [], functionOf('rest'), { isDefaultRoute: true }) },
      },
      components: {
        securitySchemes: {
          Jwt: {
            type: 'oauth2',
            [`${X}authorizer`]: {
              type: 'jwt',
              identitySource: '$request.header.Authorization',
              jwtConfiguration: { issuer: 'https://issuer.example.com', audience: ['c1', 'c2'] },
            },
          },
          Lam: {
            type: 'apiKey',
            name: 'Unused',
            in: 'header',
            [`${X}authorizer`]: {
              type: 'request',
              authorizerUri: invocationUri('auth'),
              authorizerPayloadFormatVersion: 2.0,
              enableSimpleResponses: true,
              authorizerResultTtlInSeconds: 30,
              identitySource: ['$request.header.Authorization', '$context.routeKey'],
            },
          },
          AWS_IAM: { type: 'apiKey', name: 'Authorization', in: 'header', [`${X}authtype`]: 'awsSigv4' },
        },
      },
    }),
  );
  assert.deepEqual(inShort(definition), {
    api: { Name: 'my-stack', Version: '1.0', DisableExecuteApiEndpoint: true },
    cors: undefined,
    tags: { 'httpapi:createdBy': 'SAM', team: 'blue' },
    authorizers: [
      {
        AuthorizerType: 'JWT',
        Name: 'Jwt',
        IdentitySource: ['$request.header.Authorization'],
        JwtConfiguration: { Audience: ['c1', 'c2'], Issuer: 'https://issuer.example.com' },
      },
      {
        AuthorizerType: 'REQUEST',
        Name: 'Lam',
        AuthorizerUri: invocationUri('auth'),
        AuthorizerPayloadFormatVersion: '2.0',
        EnableSimpleResponses: true,
        AuthorizerResultTtlInSeconds: 30,
        IdentitySource: ['$request.header.Authorization', '$context.routeKey'],
      },
    ],
    operations: [
      ['GET /orders', undefined, 'Jwt orders/read', lambda('list')],
      ['POST /orders', undefined, 'Lam', lambda('make', { TimeoutInMillis: 15_000 })],
      ['GET /orders/{id}', undefined, 'Jwt', lambda('get')],
      ['ANY /admin', undefined, 'AWS_IAM', lambda('admin')],
      ['GET /health', undefined, 'NONE', lambda('health', { PayloadFormatVersion: '1.0' })],
      ['$default', undefined, 'Jwt', lambda('rest')],
    ],
    info: [
      ...ignored('responses', 'paths./orders.post', 'paths./orders.get', 'paths./orders/{id}.get'),
      ...ignored('parameters', 'paths./orders/{id}.get'),
      ...ignored(
        'responses',
        `paths./admin.${X}any-method`,
        'paths./health.get',
        `paths.$default.${X}any-method`,
      ),
    ],
    warnings: ['Parse issue: attribute paths. Resource $default should start with /'],
    schemas: [],
  });
});

test('D4: a REST API export, imported as HTTP API', async () => {
  const responses = { 200: { description: '200 response', content: {} } };
  const rest = {
    type: 'aws_proxy',
    httpMethod: 'POST',
    uri: invocationUri('todos'),
    passthroughBehavior: 'when_no_match',
  };
  const ofSchema = { 'application/json': { schema: { $ref: '#/components/schemas/Empty' } } };
  const text = JSON.stringify({
    openapi: '3.0.1',
    info: { title: 'legacy', version: '2019-05-01T10:00:00Z' },
    servers: [
      {
        url: 'https://r1.execute-api.us-east-1.amazonaws.com/{basePath}',
        variables: { basePath: { default: '/dev' } },
      },
    ],
    paths: {
      '/todos': {
        get: {
          responses,
          [`${X}request-validator`]: 'all',
          [INT]: {
            ...rest,
            contentHandling: 'CONVERT_TO_TEXT',
            responses: { default: { statusCode: '200' } },
          },
        },
        post: { responses, security: [{ api_key: [] }], [INT]: rest },
        options: {
          responses: { 200: { description: '200 response', content: ofSchema } },
          [INT]: {
            type: 'mock',
            requestTemplates: { 'application/json': '{"statusCode": 200}' },
            responses: { default: { statusCode: '200' } },
          },
        },
      },
    },
    components: {
      schemas: { Empty: { title: 'Empty Schema', type: 'object' } },
      securitySchemes: { api_key: { type: 'apiKey', name: 'x-api-key', in: 'header' } },
    },
    [`${X}gateway-responses`]: { DEFAULT_5XX: { responseTemplates: { 'application/json': '{}' } } },
    [`${X}request-validators`]: { all: { validateRequestBody: true } },
  });
  const given = {
    IntegrationType: 'AWS_PROXY',
    IntegrationMethod: 'POST',
    IntegrationUri: invocationUri('todos'),
  };
  const operations = (before: string) => [
    [`GET ${before}/todos`, undefined, 'NONE', given],
    [`POST ${before}/todos`, undefined, 'Security scheme api_key has no authorizer', given],
    [`OPTIONS ${before}/todos`, undefined, 'NONE', { IntegrationType: 'MOCK' }],
  ];
  const common = {
    api: { Name: 'legacy', Version: '2019-05-01T10:00:00Z' },
    cors: undefined,
    tags: {},
    authorizers: [],
    info: [
      ...ignored('schemas', 'components'),
      ...ignored('responses', 'paths./todos.post', 'paths./todos.get', 'paths./todos.options'),
    ],
    warnings: [],
    schemas: ['Empty'],
  };
  assert.deepEqual(inShort(await read(text)), { ...common, operations: operations('') });
  assert.deepEqual(inShort(await read(text, 'prepend')), { ...common, operations: operations('/dev') });
});

test('D6: what an export says is read back', async () => {
  const definition = await read(
    JSON.stringify({
      openapi: '3.0.1',
      info: { title: 'Shop', description: 'Shop API', version: '1.0' },
      servers: [
        {
          url: 'https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com/{basePath}',
          variables: { basePath: { default: 'prod' } },
        },
      ],
      tags: [{ name: 'team', [`${X}tag-value`]: 'shop' }],
      paths: {
        '/$default': {
          [`${X}any-method`]: { isDefaultRoute: true, responses: { default: { description: 'd' } } },
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
          [`${X}any-method`]: {
            responses: {},
            [`${X}auth`]: { type: 'AWS_IAM' },
            [INT]: functionOf('files', { connectionType: 'INTERNET', credentials: 'ROLE' }),
          },
        },
        '/items': {
          get: {
            operationId: 'listItems',
            responses: {},
            security: [{ Jwt: ['shop/read'] }],
            [INT]: functionOf('f', { connectionType: 'INTERNET' }),
          },
        },
      },
      components: {
        securitySchemes: {
          Jwt: {
            type: 'oauth2',
            flows: {},
            [`${X}authorizer`]: {
              identitySource: '$request.header.Authorization',
              jwtConfiguration: { audience: ['shop'], issuer: 'https://issuer.example.com' },
              type: 'jwt',
            },
          },
        },
      },
      [`${X}cors`]: {
        allowMethods: ['GET', 'POST'],
        allowHeaders: ['authorization'],
        maxAge: 300,
        allowCredentials: false,
        allowOrigins: ['https://shop.example.com'],
      },
      [`${X}importexport-version`]: '1.0',
    }),
  );
  assert.deepEqual(inShort(definition), {
    api: { Name: 'Shop', Description: 'Shop API', Version: '1.0' },
    cors: {
      AllowCredentials: false,
      AllowHeaders: ['authorization'],
      AllowMethods: ['GET', 'POST'],
      AllowOrigins: ['https://shop.example.com'],
      MaxAge: 300,
    },
    tags: { team: 'shop' },
    authorizers: [
      {
        AuthorizerType: 'JWT',
        Name: 'Jwt',
        IdentitySource: ['$request.header.Authorization'],
        JwtConfiguration: { Audience: ['shop'], Issuer: 'https://issuer.example.com' },
      },
    ],
    operations: [
      ['$default', undefined, 'NONE', undefined],
      [
        'ANY /files/{proxy+}',
        undefined,
        'AWS_IAM',
        lambda('files', { ConnectionType: 'INTERNET', CredentialsArn: 'ROLE' }),
      ],
      ['GET /items', 'listItems', 'Jwt shop/read', lambda('f', { ConnectionType: 'INTERNET' })],
    ],
    info: [
      ...ignored('responses', `paths./$default.${X}any-method`),
      ...ignored('parameters', 'paths./files/{proxy+}'),
      ...ignored('responses', `paths./files/{proxy+}.${X}any-method`, 'paths./items.get'),
    ],
    warnings: [],
    schemas: [],
  });
});

// What an export has (spec/openapi.md §14.8). APIs are made by single operations, and named `Pets`.
import assert from 'node:assert/strict';
import type { StoryCase } from './openapi-case.ts';
import { type Document, F, FI, ISSUER, L, type Members } from './openapi-language.ts';
import { deployed, type Pets, pets, type Route } from './openapi-pets.ts';
import type { OpenApiStand } from './openapi-stand.ts';

/** A member by its path: `paths`, `/pets`, `get`. */
const at = (document: unknown, ...names: readonly string[]): unknown =>
  names.reduce((value, name) => (value as Members | undefined)?.[name], document);

const INTEGRATION = 'x-amazon-apigateway-integration';
const ANY_METHOD = 'x-amazon-apigateway-any-method';
const AUTHORIZER = 'x-amazon-apigateway-authorizer';
const EXPORTED_L: Members = {
  payloadFormatVersion: '2.0',
  type: 'aws_proxy',
  httpMethod: 'POST',
  uri: FI,
  connectionType: 'INTERNET',
};
const STAMP = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dUTC$/;
/** Compares members and their order. */
const same = (actual: unknown, expected: unknown): void =>
  assert.equal(JSON.stringify(actual, null, 1), JSON.stringify(expected, null, 1));

function describedAs(document: Document, path: string, method: string): unknown {
  return at(document, 'paths', path, method, 'responses', 'default', 'description');
}

/** A story of one API and its export. */
const exporting = (
  row: number,
  name: string,
  api: Pets,
  expect: (document: Document) => void,
  choices: readonly string[] = [],
): StoryCase => ({
  row,
  name,
  choices,
  run: async (stand) => expect(await stand.exported(await pets(stand, api))),
});

/** An API whose `GET /pets` has an authorizer. */
async function guarded(
  stand: OpenApiStand,
  authorizer: Members,
  route: Omit<Route, 'RouteKey'>,
): Promise<Document> {
  const ApiId = await pets(stand, { routes: [] });
  const { AuthorizerId } = await stand.client.createAuthorizer({
    ApiId,
    Name: 'Auth',
    AuthorizerType: 'JWT',
    IdentitySource: ['$request.header.Authorization'],
    ...authorizer,
  });
  await stand.client.createRoute({ ApiId, RouteKey: 'GET /pets', AuthorizerId, ...route });
  return stand.exported(ApiId);
}

export const openApiExportCases: readonly StoryCase[] = [
  exporting(117, 'a version', { api: { Version: '1.2' } }, ({ info }) =>
    same(info, { title: 'Pets', version: '1.2' }),
  ),
  exporting(
    117,
    'a stamp in place of a version',
    {},
    ({ info }) => assert.match(String(at(info, 'version')), STAMP),
    ['O44'],
  ),
  {
    row: 117,
    name: 'exports of a stage have one stamp, and without version it is that of the deployment',
    choices: ['O44'],
    run: async (stand) => {
      const apiId = await pets(stand);
      await deployed(stand, apiId, 'prod');
      const { Items } = await stand.client.getDeployments({ ApiId: apiId });
      const { info } = await stand.exported(apiId, { StageName: 'prod' });
      const [day, time] = Items![0]!.CreatedDate!.toISOString().split(/[T.]/);
      same(info, { title: 'Pets', version: `${day} ${time!.replace('Z', '')}UTC` });
    },
  },
  ...['$default', 'prod'].map(
    (StageName): StoryCase => ({
      row: 118,
      name: `servers of the stage ${StageName}`,
      run: async (stand) => {
        const apiId = await pets(stand);
        await deployed(stand, apiId, StageName);
        const { servers } = await stand.exported(apiId, { StageName });
        same(servers, [
          {
            url: 'https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com/{basePath}',
            variables: { basePath: { default: StageName === '$default' ? '' : StageName } },
          },
        ]);
      },
    }),
  ),
  exporting(119, 'no servers without stage', {}, ({ servers }) => assert.equal(servers, undefined), ['O46']),
  exporting(
    119,
    'an endpoint that is configured otherwise',
    { api: { DisableExecuteApiEndpoint: true, IpAddressType: 'dualstack' } },
    ({ servers }) =>
      same(servers, [
        {
          'x-amazon-apigateway-endpoint-configuration': {
            disableExecuteApiEndpoint: true,
            ipAddressType: 'dualstack',
          },
        },
      ]),
    ['O46'],
  ),
  {
    row: 119,
    name: 'the first mapping of a stage whose endpoint is disabled',
    choices: ['O46'],
    run: async (stand) => {
      const apiId = await pets(stand, { api: { DisableExecuteApiEndpoint: true } });
      await deployed(stand, apiId, 'prod');
      const CertificateArn = 'arn:aws:acm:us-east-1:123456789012:certificate/c';
      for (const [DomainName, ApiMappingKey] of [
        ['b.example.com', 'a'],
        ['a.example.com', 'z'],
        ['a.example.com', 'y'],
      ] as const) {
        await stand.client
          .createDomainName({ DomainName, DomainNameConfigurations: [{ CertificateArn }] })
          .catch(() => {});
        await stand.client.createApiMapping({ DomainName, ApiMappingKey, ApiId: apiId, Stage: 'prod' });
      }
      const { servers } = await stand.exported(apiId, { StageName: 'prod' });
      same(servers, [
        {
          url: 'https://a.example.com/{basePath}',
          variables: { basePath: { default: 'y' } },
          'x-amazon-apigateway-endpoint-configuration': { disableExecuteApiEndpoint: true },
        },
      ]);
    },
  },
  exporting(
    120,
    'descriptions of responses',
    {
      routes: [
        { RouteKey: 'GET /pets', to: 0 },
        { RouteKey: 'ANY /x', to: 0 },
      ],
    },
    (document) => {
      same(at(document, 'paths', '/pets', 'get', 'responses'), {
        default: { description: 'Default response for GET /pets' },
      });
      assert.equal(describedAs(document, '/x', ANY_METHOD), 'Default response for ANY /x');
    },
  ),
  exporting(121, 'the default route', { routes: [{ RouteKey: '$default', to: 0 }] }, (document) =>
    assert.equal(at(document, 'paths', '/$default', ANY_METHOD, 'isDefaultRoute'), true),
  ),
  exporting(
    121,
    'the default route and ANY /$default',
    { routes: [{ RouteKey: 'ANY /$default' }, { RouteKey: '$default', to: 0 }] },
    (document) => {
      assert.deepEqual(Object.keys(document.paths!), ['/$default']);
      assert.equal(at(document, 'paths', '/$default', ANY_METHOD, 'isDefaultRoute'), true);
    },
    ['O34'],
  ),
  exporting(122, 'generated path parameters', { routes: [{ RouteKey: 'GET /f/{p+}', to: 0 }] }, (document) =>
    same(at(document, 'paths', '/f/{p+}', 'parameters'), [
      {
        name: 'p+',
        in: 'path',
        description: 'Generated path parameter for p+',
        required: true,
        schema: { type: 'string' },
      },
    ]),
  ),
  exporting(123, 'an integration', {}, (document) =>
    same(at(document, 'paths', '/pets', 'get', INTEGRATION), EXPORTED_L),
  ),
  exporting(
    123,
    'a time limit of its own',
    { integrations: [{ ...L, timeoutInMillis: 12000 }] },
    (document) =>
      same(at(document, 'paths', '/pets', 'get', INTEGRATION), { ...EXPORTED_L, timeoutInMillis: 12000 }),
  ),
  exporting(
    123,
    'the ARN of a function',
    { integrations: [{ ...L, uri: F, description: 'd' }] },
    (document) =>
      same(at(document, 'paths', '/pets', 'get', INTEGRATION), {
        description: 'd',
        ...EXPORTED_L,
        uri: F,
      }),
    ['O37', 'O45', 'O47'],
  ),
  exporting(
    124,
    'a shared integration',
    {
      routes: [
        { RouteKey: 'GET /a', to: 0 },
        { RouteKey: 'GET /b', to: 0 },
      ],
    },
    (document) => {
      same(at(document, 'paths', '/a', 'get', INTEGRATION), EXPORTED_L);
      same(at(document, 'paths', '/b', 'get', INTEGRATION), EXPORTED_L);
    },
  ),
  exporting(125, 'a route without target', { routes: [{ RouteKey: 'GET /pets' }] }, (document) =>
    same(at(document, 'paths', '/pets', 'get'), {
      responses: { default: { description: 'Default response for GET /pets' } },
    }),
  ),
  {
    row: 126,
    name: 'a JWT route',
    run: async (stand) => {
      const document = await guarded(
        stand,
        { JwtConfiguration: { Issuer: ISSUER, Audience: ['pets'] } },
        { AuthorizationType: 'JWT', AuthorizationScopes: ['email'] },
      );
      same(at(document, 'paths', '/pets', 'get', 'security'), [{ Auth: ['email'] }]);
      same(at(document, 'components', 'securitySchemes', 'Auth'), {
        type: 'oauth2',
        flows: {},
        [AUTHORIZER]: {
          identitySource: '$request.header.Authorization',
          jwtConfiguration: { audience: ['pets'], issuer: ISSUER },
          type: 'jwt',
        },
      });
    },
  },
  {
    row: 127,
    name: 'a CUSTOM route',
    run: async (stand) => {
      const document = await guarded(
        stand,
        {
          AuthorizerType: 'REQUEST',
          AuthorizerUri: FI,
          AuthorizerPayloadFormatVersion: '2.0',
          AuthorizerResultTtlInSeconds: 0,
          EnableSimpleResponses: false,
        },
        { AuthorizationType: 'CUSTOM' },
      );
      same(at(document, 'paths', '/pets', 'get', 'security'), [{ Auth: [] }]);
      same(at(document, 'components', 'securitySchemes', 'Auth'), {
        type: 'apiKey',
        name: 'Authorization',
        in: 'header',
        [AUTHORIZER]: {
          identitySource: '$request.header.Authorization',
          authorizerUri: FI,
          authorizerPayloadFormatVersion: '2.0',
          authorizerResultTtlInSeconds: 0,
          type: 'request',
          enableSimpleResponses: false,
        },
      });
    },
  },
  exporting(
    128,
    'an AWS_IAM route',
    { routes: [{ RouteKey: 'GET /pets', AuthorizationType: 'AWS_IAM', to: 0 }] },
    (document) => {
      same(at(document, 'paths', '/pets', 'get', 'x-amazon-apigateway-auth'), { type: 'AWS_IAM' });
      assert.equal(at(document, 'paths', '/pets', 'get', 'security'), undefined);
    },
  ),
  exporting(
    129,
    'CORS',
    {
      api: {
        CorsConfiguration: {
          AllowOrigins: ['https://a.com'],
          AllowCredentials: true,
          MaxAge: 300,
          ExposeHeaders: ['date'],
          AllowHeaders: ['*'],
          AllowMethods: ['GET'],
        },
      },
    },
    (document) =>
      same(document['x-amazon-apigateway-cors'], {
        allowMethods: ['GET'],
        allowHeaders: ['*'],
        exposeHeaders: ['date'],
        maxAge: 300,
        allowCredentials: true,
        allowOrigins: ['https://a.com'],
      }),
  ),
  exporting(
    130,
    'tags',
    { api: { Tags: { Owner: 'Admin', Area: '' } } },
    ({ tags }) =>
      same(tags, [
        { name: 'Area', 'x-amazon-apigateway-tag-value': '' },
        { name: 'Owner', 'x-amazon-apigateway-tag-value': 'Admin' },
      ]),
    ['O45', 'O48'],
  ),
  {
    row: 131,
    name: 'without extensions',
    choices: ['O49'],
    run: async (stand) => {
      const apiId = await pets(stand, {
        api: { Tags: { a: 'b' }, CorsConfiguration: { AllowOrigins: ['*'] } },
        routes: [
          { RouteKey: 'GET /pets', to: 0, OperationName: 'pets' },
          { RouteKey: 'ANY /x', to: 0 },
          { RouteKey: '$default', to: 0 },
        ],
      });
      const { text } = await stand.exportText(apiId, { IncludeExtensions: false });
      assert.equal(text.includes('x-amazon-apigateway'), false);
      const document: Document = JSON.parse(text);
      same(Object.keys(document), ['openapi', 'info', 'tags', 'paths']);
      same(document.paths, {
        '/pets': {
          get: {
            operationId: 'pets',
            responses: { default: { description: 'Default response for GET /pets' } },
          },
        },
      });
    },
  },
  {
    row: 132,
    name: 'a stage, and what is there now',
    choices: ['O50'],
    run: async (stand) => {
      const { client } = stand;
      const apiId = await pets(stand, { routes: [{ RouteKey: 'GET /old', to: 0 }] });
      await deployed(stand, apiId, 'prod');
      const { Items } = await client.getRoutes({ ApiId: apiId });
      await client.updateRoute({ ApiId: apiId, RouteId: Items![0]!.RouteId, RouteKey: 'GET /new' });
      await client.updateApi({ ApiId: apiId, Name: 'Renamed' });
      const ofStage = await stand.exported(apiId, { StageName: 'prod' });
      assert.deepEqual([Object.keys(ofStage.paths!), at(ofStage, 'info', 'title')], [['/old'], 'Renamed']);
      assert.deepEqual(Object.keys((await stand.exported(apiId)).paths!), ['/new']);
    },
  },
];

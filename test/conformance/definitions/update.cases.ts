// spec/definitions.md §14.2: what a second deploy of the same stack changes.
import assert from 'node:assert/strict';
import type { UpdateCase } from './case.ts';

const ROUTE = "R: Route {ApiId: !Ref Api, RouteKey: 'GET /p', Target: !Sub 'integrations/${Int}'}";
const HTTP_INT =
  "Int: Integration {ApiId: !Ref Api, IntegrationType: HTTP_PROXY, IntegrationMethod: GET, IntegrationUri: 'https://a.example', PayloadFormatVersion: '1.0'";
const PROD = 'S: Stage {ApiId: !Ref Api, StageName: prod, AutoDeploy: true}';
const DOMAIN =
  "Dn: DomainName {DomainName: api.example.com, DomainNameConfigurations: [{CertificateArn: 'arn:aws:acm:us-east-1:000000000000:certificate/c', EndpointType: REGIONAL}]}";
const body = (path: string): string =>
  `Api: Api {Body: {openapi: '3.0.1', info: {title: pets, version: '1'}, paths: {${path}: {get: {x-amazon-apigateway-integration: {type: http_proxy, httpMethod: GET, payloadFormatVersion: '1.0', uri: 'https://b.example'}}}}}}`;
const source = (text: string): string =>
  `Fn: AWS::Lambda::Function {Handler: index.handler, Runtime: nodejs22.x, Role: r, Code: {ZipFile: 'exports.handler = async () => ({ statusCode: 200, body: JSON.stringify("${text}") })'}}`;

/** Who has which id now, for what must stay. */
const ids = new Map<string, string>();

export const updateCases: readonly UpdateCase[] = [
  {
    row: 37,
    name: 'nothing',
    resources: [ROUTE, PROD],
    second: { outcome: 'unchanged', changes: [] },
  },
  {
    row: 37,
    name: 'the keys of properties in another order',
    resources: [ROUTE, PROD],
    second: {
      resources: ["R: Route {Target: !Sub 'integrations/${Int}', RouteKey: 'GET /p', ApiId: !Ref Api}", PROD],
      outcome: 'unchanged',
      changes: [],
    },
  },
  {
    row: 37,
    name: 'Join in place of Sub, and GetAtt in place of Ref',
    resources: [ROUTE, PROD],
    second: {
      resources: [
        "R: Route {ApiId: !GetAtt Api.ApiId, RouteKey: 'GET /p', Target: !Join ['/', [integrations, !Ref Int]]}",
        PROD,
      ],
      outcome: 'unchanged',
      changes: [],
    },
  },
  {
    row: 38,
    name: 'a route key',
    resources: [ROUTE],
    meanwhile: async (stand) => void ids.set('R', await stand.idOf('R')),
    second: {
      resources: [ROUTE.replace('GET /p', 'GET /q')],
      changes: ['~ R RouteKey'],
      made: { R: { RouteKey: 'GET /q' } },
      sees: async (stand) => assert.equal(await stand.idOf('R'), ids.get('R')),
    },
  },
  {
    row: 39,
    name: 'an authorizer that is removed from a route',
    resources: [
      "Au: Authorizer {ApiId: !Ref Api, AuthorizerType: JWT, Name: j, IdentitySource: [$request.header.Authorization], JwtConfiguration: {Audience: [a], Issuer: 'https://issuer.example'}}",
      "R: Route {ApiId: !Ref Api, RouteKey: 'GET /p', AuthorizationType: JWT, AuthorizerId: !Ref Au}",
    ],
    second: {
      resources: [
        "Au: Authorizer {ApiId: !Ref Api, AuthorizerType: JWT, Name: j, IdentitySource: [$request.header.Authorization], JwtConfiguration: {Audience: [a], Issuer: 'https://issuer.example'}}",
        "R: Route {ApiId: !Ref Api, RouteKey: 'GET /p'}",
      ],
      made: { R: { AuthorizationType: 'NONE', AuthorizerId: undefined } },
    },
  },
  {
    row: 40,
    name: 'a request parameter that is removed',
    resources: [`${HTTP_INT}, RequestParameters: {append:header.a: '1', append:header.b: '2'}}`],
    second: {
      resources: [`${HTTP_INT}, RequestParameters: {append:header.b: '2'}}`],
      made: { Int: { RequestParameters: { 'append:header.b': '2' } } },
    },
  },
  {
    row: 41,
    name: 'a description that is removed',
    resources: ['Api: Api {Name: pets, ProtocolType: HTTP, Description: d}'],
    second: {
      resources: ['Api: Api {Name: pets, ProtocolType: HTTP}'],
      changes: ['~ Api Description'],
      made: { Api: { Description: undefined } },
    },
  },
  {
    row: 42,
    name: 'the protocol',
    isAlone: true,
    resources: ['Api: Api {Name: pets, ProtocolType: HTTP}', 'S: Stage {ApiId: !Ref Api, StageName: prod}'],
    meanwhile: async (stand) => void ids.set('Api', await stand.idOf('Api')),
    second: {
      resources: [
        'Api: Api {Name: pets, ProtocolType: WEBSOCKET, RouteSelectionExpression: $request.body.action}',
        'S: Stage {ApiId: !Ref Api, StageName: prod}',
      ],
      changes: ['-/+ Api ProtocolType', '-/+ S ApiId'],
      made: { Api: { ProtocolType: 'WEBSOCKET' } },
      async sees(stand) {
        const { Items } = await stand.client.getApis({});
        assert.equal(Items!.length, 1);
        assert.notEqual(Items![0]!.ApiId, ids.get('Api'));
      },
    },
  },
  {
    row: 43,
    name: 'the name of a stage that a mapping leads to',
    resources: [DOMAIN, PROD, 'Mp: ApiMapping {DomainName: !Ref Dn, ApiId: !Ref Api, Stage: !Ref S}'],
    second: {
      resources: [
        DOMAIN,
        PROD.replace('prod', 'live'),
        'Mp: ApiMapping {DomainName: !Ref Dn, ApiId: !Ref Api, Stage: !Ref S}',
      ],
      changes: ['-/+ S StageName', '~ Mp Stage'],
      made: { Mp: { Stage: 'live' } },
      async sees(stand) {
        const { Items } = await stand.client.getStages({ ApiId: await stand.idOf('Api') });
        assert.deepEqual(
          Items!.map(({ StageName }) => StageName),
          ['live'],
        );
      },
    },
  },
  {
    row: 44,
    name: 'another logical id for a route key',
    resources: [ROUTE],
    second: {
      resources: [ROUTE.replace('R:', 'R2:')],
      changes: ['- R', '+ R2'],
      findings: [/^note on AWS this deploy would fail: Route with key GET \/p already exists for this API$/],
      made: { R2: { RouteKey: 'GET /p' } },
    },
  },
  {
    row: 45,
    name: 'a route, and not the deployment',
    resources: [
      ROUTE,
      'D: Deployment {ApiId: !Ref Api}',
      'S: Stage {ApiId: !Ref Api, StageName: prod, DeploymentId: !Ref D}',
    ],
    second: {
      resources: [
        ROUTE.replace('GET /p', 'GET /q'),
        'D: Deployment {ApiId: !Ref Api}',
        'S: Stage {ApiId: !Ref Api, StageName: prod, DeploymentId: !Ref D}',
      ],
      changes: ['~ R RouteKey'],
      findings: [
        /^warning Deployment D is unchanged while R changed: stage prod keeps serving what it had, as on AWS\. Rename it, or use AutoDeploy\.$/,
      ],
      async sees(stand, report) {
        assert.deepEqual(
          [await stand.statusOf(report, '/p'), await stand.statusOf(report, '/q')],
          [200, 404],
          'the stage serves the old routes',
        );
      },
    },
  },
  {
    row: 46,
    name: 'the logical id of a deployment',
    resources: [
      ROUTE,
      'D1: Deployment {ApiId: !Ref Api}',
      'S: Stage {ApiId: !Ref Api, StageName: prod, DeploymentId: !Ref D1}',
    ],
    second: {
      resources: [
        ROUTE,
        'D2: Deployment {ApiId: !Ref Api}',
        'S: Stage {ApiId: !Ref Api, StageName: prod, DeploymentId: !Ref D2}',
      ],
      changes: ['+ D2', '~ S DeploymentId', '- D1'],
      made: { S: { DeploymentId: 'D2' } },
      async sees(stand) {
        const { Items } = await stand.client.getDeployments({ ApiId: await stand.idOf('Api') });
        assert.equal(Items!.length, 1);
      },
    },
  },
  {
    row: 47,
    name: 'a body, beside which a route stands',
    resources: [body('/a'), ROUTE],
    meanwhile: async (stand) => void ids.set('R', await stand.idOf('R')),
    second: {
      resources: [body('/b'), ROUTE],
      async sees(stand) {
        const { Items } = await stand.client.getRoutes({ ApiId: await stand.idOf('Api') });
        assert.deepEqual(Items!.map(({ RouteKey }) => RouteKey).sort(), ['GET /b', 'GET /p']);
        assert.equal(await stand.idOf('R'), ids.get('R'));
        assert.deepEqual((await stand.look('R')).Target, 'integrations/Int');
      },
    },
  },
  {
    row: 48,
    name: 'nothing, but somebody set a description',
    resources: [ROUTE],
    meanwhile: async (stand) =>
      void (await stand.client.updateApi({ ApiId: await stand.idOf('Api'), Description: 'mine' })),
    second: { changes: ['~ Api (changed outside) Description'], made: { Api: { Description: undefined } } },
  },
  {
    row: 49,
    name: 'nothing, but somebody made a route',
    resources: [ROUTE],
    meanwhile: async (stand) =>
      void (await stand.client.createRoute({ ApiId: await stand.idOf('Api'), RouteKey: 'GET /mine' })),
    second: {
      outcome: 'unchanged',
      findings: [/^note .*GET \/mine/],
      async sees(stand) {
        const { Items } = await stand.client.getRoutes({ ApiId: await stand.idOf('Api') });
        assert.equal(Items!.length, 2);
      },
    },
  },
  {
    row: 50,
    name: 'a route that is retained',
    resources: [
      "R: {Type: 'AWS::ApiGatewayV2::Route', DeletionPolicy: Retain, Properties: {ApiId: !Ref Api, RouteKey: 'GET /p'}}",
    ],
    second: {
      resources: [],
      changes: ['= R'],
      findings: [/^note R .* stays, and belongs to no stack any more$/],
      async sees(stand) {
        const { Items } = await stand.client.getRoutes({ ApiId: await stand.idOf('Api') });
        assert.equal(Items!.length, 1);
      },
    },
  },
  {
    row: 51,
    name: 'four, of which the third is refused',
    resources: [ROUTE, PROD],
    async meanwhile(stand) {
      const { DeploymentId } = await stand.client.getStage({
        ApiId: await stand.idOf('Api'),
        StageName: 'prod',
      });
      ids.set('deployment', DeploymentId!);
    },
    second: {
      resources: [
        "A: Route {ApiId: !Ref Api, RouteKey: 'GET /a'}",
        ROUTE.replace('GET /p', 'GET /q'),
        "B: Route {ApiId: !Ref Api, RouteKey: 'GET wrong'}",
        "C: Route {ApiId: !Ref Api, RouteKey: 'GET /c'}",
        PROD,
      ],
      refused:
        'The provided route key is not formatted properly for HTTP protocol. Format should be "[HTTP METHOD] /[RESOURCE PATH]" or "$default"',
      refusedAt: 'B',
      async sees(stand) {
        const ApiId = await stand.idOf('Api');
        const { Items } = await stand.client.getRoutes({ ApiId });
        assert.deepEqual(
          Items!.map(({ RouteKey }) => RouteKey),
          ['GET /p'],
        );
        const { DeploymentId } = await stand.client.getStage({ ApiId, StageName: 'prod' });
        assert.equal(DeploymentId, ids.get('deployment'));
      },
    },
  },
  {
    row: 52,
    name: 'the source of a function alone',
    resources: [source('one'), ROUTE, PROD],
    second: {
      resources: [source('two'), ROUTE, PROD],
      changes: ['~ Fn Code'],
      sees: async (stand, report) => assert.deepEqual(await stand.fetchJson(report, '/p'), 'two'),
    },
  },
  {
    row: 54,
    name: 'two routes that swap their keys',
    resources: [ROUTE, ROUTE.replace('R:', 'Q:').replace('GET /p', 'GET /q')],
    meanwhile: async (stand) => void ids.set('R', await stand.idOf('R')),
    second: {
      resources: [ROUTE.replace('GET /p', 'GET /q'), ROUTE.replace('R:', 'Q:')],
      changes: ['~ R RouteKey', '~ Q RouteKey'],
      made: { R: { RouteKey: 'GET /q' }, Q: { RouteKey: 'GET /p' } },
      sees: async (stand) => assert.equal(await stand.idOf('R'), ids.get('R')),
    },
  },
];

// spec/definitions.md §14.1: what the first deploy of a template makes.
import assert from 'node:assert/strict';
import type { CreateCase } from './case.ts';

const WS = 'Api: Api {Name: c, ProtocolType: WEBSOCKET, RouteSelectionExpression: $request.body.action}';
const HTTP_INT =
  "Int: Integration {ApiId: !Ref Api, IntegrationType: HTTP_PROXY, IntegrationMethod: GET, IntegrationUri: 'https://a.example', PayloadFormatVersion: '1.0'";
const POOLS = [
  'Pool: AWS::Cognito::UserPool',
  'Client: AWS::Cognito::UserPoolClient {UserPoolId: !Ref Pool}',
  "Au: Authorizer {ApiId: !Ref Api, AuthorizerType: JWT, Name: j, IdentitySource: [$request.header.Authorization], JwtConfiguration: {Audience: [!Ref Client], Issuer: !Sub 'https://cognito-idp.${AWS::Region}.amazonaws.com/${Pool}'}}",
];
const DOMAIN =
  "Dn: DomainName {DomainName: api.example.com, DomainNameConfigurations: [{CertificateArn: 'arn:aws:acm:us-east-1:000000000000:certificate/c', EndpointType: REGIONAL}]}";
const BODY =
  "{openapi: '3.0.1', info: {title: pets, version: '1'}, paths: {/p: {get: {x-amazon-apigateway-integration: {type: aws_proxy, httpMethod: POST, payloadFormatVersion: '2.0', uri: !Sub 'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations'}}}}}";
const ROUTE = "R: Route {ApiId: !Ref Api, RouteKey: 'GET /p', Target: !Sub 'integrations/${Int}'}";
const FN_ARN = /^arn:aws:lambda:us-east-1:000000000000:function:pets-Fn-[a-z0-9]{12}$/;

export const createCases: readonly CreateCase[] = [
  {
    row: 1,
    name: 'an integration on a function',
    resources: [],
    made: { Int: { IntegrationType: 'AWS_PROXY', PayloadFormatVersion: '2.0' } },
    async sees(stand) {
      assert.match(String((await stand.look('Int')).IntegrationUri), FN_ARN);
    },
  },
  {
    row: 2,
    name: 'a version that is written as a number',
    resources: [
      'Int: Integration {ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt Fn.Arn, PayloadFormatVersion: 2.0}',
    ],
    made: { Int: { PayloadFormatVersion: '2.0' } },
  },
  {
    row: 3,
    name: 'a target written by Join',
    resources: [
      "R: Route {ApiId: !Ref Api, RouteKey: 'GET /p', Target: !Join [/, [integrations, !Ref Int]]}",
    ],
    made: { R: { RouteKey: 'GET /p', Target: 'integrations/Int' } },
  },
  {
    row: 4,
    name: 'a target written by Sub',
    resources: [ROUTE],
    made: { R: { RouteKey: 'GET /p', Target: 'integrations/Int' } },
  },
  {
    row: 5,
    name: 'a stage that stands before the route',
    resources: ['S: Stage {ApiId: !Ref Api, StageName: $default, AutoDeploy: true}', ROUTE],
    changes: ['+ Api', '+ Fn', '+ Int', '+ R', '+ S'],
    made: { S: { StageName: '$default', AutoDeploy: true } },
  },
  {
    row: 6,
    name: 'response parameters',
    resources: [
      `${HTTP_INT}, ResponseParameters: {'500': {ResponseParameters: [{Destination: overwrite:statuscode, Source: '403'}, {Destination: 'append:header.e', Source: $context.requestId}]}}}`,
    ],
    made: {
      Int: {
        ResponseParameters: {
          500: { 'overwrite:statuscode': '403', 'append:header.e': '$context.requestId' },
        },
      },
    },
  },
  {
    row: 7,
    name: 'a destination that is there twice',
    resources: [
      `${HTTP_INT}, ResponseParameters: {'500': {ResponseParameters: [{Destination: 'append:header.e', Source: a}, {Destination: 'append:header.e', Source: b}]}}}`,
    ],
    refused: 'Destination append:header.e is there twice for status 500',
    refusedAt: 'Int',
  },
  {
    row: 8,
    name: 'a removal among the request parameters',
    resources: [
      `${HTTP_INT}, RequestParameters: {append:header.x: $request.header.y, 'remove:header.z': ''}}`,
    ],
    made: { Int: { RequestParameters: { 'append:header.x': '$request.header.y', 'remove:header.z': '' } } },
  },
  {
    row: 9,
    name: 'a number as a request parameter',
    resources: [`${HTTP_INT}, RequestParameters: {TimeoutInMillis: 5}}`],
    refused:
      'Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid Request Actioned Parameter destination specified: TimeoutInMillis]',
    refusedAt: 'Int',
  },
  {
    row: 10,
    name: 'a number written as text',
    resources: [`${HTTP_INT}, TimeoutInMillis: '3000'}`],
    made: { Int: { TimeoutInMillis: 3000 } },
  },
  {
    row: 11,
    name: 'a number that is none',
    resources: [`${HTTP_INT.replace('Int:', 'I:')}, TimeoutInMillis: soon}`],
    refused:
      'Properties validation failed for resource I with message:\n#/TimeoutInMillis: expected type: Integer, found: String',
    refusedAt: 'I',
  },
  {
    row: 12,
    name: 'a property of another name',
    resources: ["R: Route {ApiID: x, RouteKey: 'GET /p'}"],
    refused:
      'Properties validation failed for resource R with message:\n#: extraneous key [ApiID] is not permitted\n#: required key [ApiId] not found',
    refusedAt: 'R',
  },
  {
    row: 13,
    name: 'a member of another name',
    resources: ["Api: Api {Name: pets, ProtocolType: HTTP, CorsConfiguration: {AllowOrigin: ['*']}}"],
    refused:
      'Properties validation failed for resource Api with message:\n#/CorsConfiguration: extraneous key [AllowOrigin] is not permitted',
    refusedAt: 'Api',
  },
  {
    row: 14,
    name: 'credentials for every origin',
    resources: [
      "Api: Api {Name: pets, ProtocolType: HTTP, CorsConfiguration: {AllowOrigins: ['*'], AllowCredentials: 'true'}}",
    ],
    refused: "allow-credentials is not supported if 'allow-origin' is *",
    refusedAt: 'Api',
  },
  {
    row: 15,
    name: 'quick create',
    resources: ['Api: Api {Name: pets, ProtocolType: HTTP, Target: !GetAtt Fn.Arn}'],
    async sees(stand) {
      const ApiId = await stand.idOf('Api');
      const { Items: routes } = await stand.client.getRoutes({ ApiId });
      assert.deepEqual(
        routes!.map(({ RouteKey, ApiGatewayManaged }) => [RouteKey, ApiGatewayManaged]),
        [['$default', true]],
      );
      const { ApiGatewayManaged } = await stand.client.getStage({ ApiId, StageName: '$default' });
      assert.equal(ApiGatewayManaged, true);
    },
  },
  {
    row: 16,
    name: 'quick create of an invocation URI',
    resources: [
      "Api: Api {Name: pets, ProtocolType: HTTP, Target: !Sub 'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations'}",
    ],
    async sees(stand) {
      const { Items } = await stand.client.getIntegrations({ ApiId: await stand.idOf('Api') });
      const managed = Items!.filter(({ ApiGatewayManaged }) => ApiGatewayManaged);
      assert.deepEqual(
        managed.map(({ IntegrationType, PayloadFormatVersion }) => [IntegrationType, PayloadFormatVersion]),
        [['AWS_PROXY', '2.0']],
      );
    },
  },
  {
    row: 17,
    name: 'overrides of what quick create makes',
    resources: [
      'Api: Api {Name: pets, ProtocolType: HTTP, Target: !GetAtt Fn.Arn}',
      'O: ApiGatewayManagedOverrides {ApiId: !Ref Api, Route: {AuthorizationType: AWS_IAM}, Integration: {PayloadFormatVersion: 1.0}}',
    ],
    async sees(stand) {
      const ApiId = await stand.idOf('Api');
      const { Items: routes } = await stand.client.getRoutes({ ApiId });
      assert.equal(routes![0]!.AuthorizationType, 'AWS_IAM');
      const { Items } = await stand.client.getIntegrations({ ApiId });
      const managed = Items!.find(({ ApiGatewayManaged }) => ApiGatewayManaged);
      assert.equal(managed!.PayloadFormatVersion, '1.0');
    },
  },
  {
    row: 18,
    name: 'a stage that quick create makes too',
    resources: [
      'Api: Api {Name: pets, ProtocolType: HTTP, Target: !GetAtt Fn.Arn}',
      'S: Stage {ApiId: !Ref Api, StageName: $default}',
    ],
    refused: 'Stage already exists',
    refusedAt: 'S',
  },
  {
    row: 19,
    name: 'an issuer that nobody stands for',
    resources: POOLS,
    findings: [/^warning .*trusts https:\/\/cognito-idp\.us-east-1\.amazonaws\.com\/us-east-1_\w{9}/],
    async sees(stand) {
      const { JwtConfiguration } = (await stand.look('Au')) as {
        JwtConfiguration: { Audience: string[]; Issuer: string };
      };
      assert.match(JwtConfiguration.Audience[0]!, /^[a-z0-9]{26}$/);
      assert.match(
        JwtConfiguration.Issuer,
        /^https:\/\/cognito-idp\.us-east-1\.amazonaws\.com\/us-east-1_\w{9}$/,
      );
    },
  },
  {
    row: 20,
    name: 'an issuer that the settings name',
    stackName: 'stand-ins',
    resources: POOLS,
    without: [/^warning .*trusts/],
    async sees(stand) {
      const { JwtConfiguration } = (await stand.look('Au', 'stand-ins')) as {
        JwtConfiguration: { Issuer: string };
      };
      assert.equal(
        JwtConfiguration.Issuer,
        'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEfGhI',
      );
    },
  },
  {
    row: 21,
    name: 'a model written as a mapping',
    isAlone: true,
    resources: [WS, 'M: Model {ApiId: !Ref Api, Name: order, Schema: {type: object}}'],
    made: { M: { Name: 'order', Schema: '{"type":"object"}' } },
  },
  {
    row: 22,
    name: 'a model written as text',
    isAlone: true,
    resources: [WS, 'M: Model {ApiId: !Ref Api, Name: order, Schema: \'{ "type": "object" }\'}'],
    made: { M: { Schema: '{ "type": "object" }' } },
  },
  {
    row: 23,
    name: 'request parameters of a WebSocket route',
    isAlone: true,
    resources: [
      WS,
      'R: Route {ApiId: !Ref Api, RouteKey: $connect, RequestParameters: {route.request.querystring.t: {Required: true}}}',
    ],
    made: { R: { RequestParameters: { 'route.request.querystring.t': { Required: true } } } },
  },
  {
    row: 24,
    name: 'a mock with an empty URI',
    isAlone: true,
    resources: [
      WS,
      "Int: Integration {ApiId: !Ref Api, IntegrationType: MOCK, IntegrationUri: '', RequestTemplates: {'200': '{\"statusCode\":200}'}, TemplateSelectionExpression: '200'}",
    ],
    made: {
      Int: {
        IntegrationType: 'MOCK',
        IntegrationUri: undefined,
        RequestTemplates: { 200: '{"statusCode":200}' },
      },
    },
  },
  {
    row: 25,
    name: 'a deployment without DependsOn',
    resources: [
      'D: Deployment {ApiId: !Ref Api}',
      'S: Stage {ApiId: !Ref Api, StageName: prod, DeploymentId: !Ref D}',
      ROUTE,
    ],
    changes: ['+ Api', '+ Fn', '+ Int', '+ R', '+ D', '+ S'],
    made: { S: { DeploymentId: 'D' } },
    findings: [/^note On AWS D needs DependsOn R/],
  },
  {
    row: 26,
    name: 'route settings and stage variables of any scalar',
    resources: [
      "S: Stage {ApiId: !Ref Api, StageName: prod, RouteSettings: {'GET /p': {ThrottlingRateLimit: 1}}, StageVariables: {n: 7, b: true}}",
      ROUTE,
    ],
    made: {
      S: { RouteSettings: { 'GET /p': { ThrottlingRateLimit: 1 } }, StageVariables: { n: '7', b: 'true' } },
    },
  },
  {
    row: 27,
    name: 'an access log in a log group',
    resources: [
      'Log: AWS::Logs::LogGroup',
      'S: Stage {ApiId: !Ref Api, StageName: prod, AccessLogSettings: {DestinationArn: !GetAtt Log.Arn, Format: $context.requestId}}',
    ],
    async sees(stand) {
      const { AccessLogSettings } = (await stand.look('S')) as {
        AccessLogSettings: { DestinationArn: string };
      };
      assert.match(
        AccessLogSettings.DestinationArn,
        /^arn:aws:logs:us-east-1:000000000000:log-group:pets-Log-[a-z0-9]{12}$/,
      );
    },
  },
  {
    row: 28,
    name: 'subnets of a parameter',
    isAlone: true,
    resources: ['V: VpcLink {Name: v, SubnetIds: !Ref Subnets, SecurityGroupIds: []}'],
    sections: "Parameters: {Subnets: {Type: 'List<AWS::EC2::Subnet::Id>'}}\n",
    parameters: { Subnets: 'subnet-a,subnet-b' },
    made: { V: { Name: 'v', SubnetIds: ['subnet-a', 'subnet-b'], SecurityGroupIds: [] } },
  },
  {
    row: 29,
    name: "a listener of the template's own",
    resources: [
      'Balancer: AWS::ElasticLoadBalancingV2::LoadBalancer {Type: application}',
      'Listener: AWS::ElasticLoadBalancingV2::Listener {LoadBalancerArn: !Ref Balancer, Port: 80, Protocol: HTTP}',
      'Link: VpcLink {Name: v, SubnetIds: [subnet-a]}',
      'Int: Integration {ApiId: !Ref Api, IntegrationType: HTTP_PROXY, IntegrationMethod: ANY, ConnectionType: VPC_LINK, ConnectionId: !Ref Link, IntegrationUri: !Ref Listener, PayloadFormatVersion: 1.0}',
    ],
    findings: [/^warning .*Listener.*privateTargets/],
    async sees(stand) {
      assert.match(
        String((await stand.look('Int')).IntegrationUri),
        /^arn:aws:elasticloadbalancing:us-east-1:000000000000:listener\/app\/[\w-]+\/[0-9a-f]{16}\/[0-9a-f]{16}$/,
      );
    },
  },
  {
    row: 30,
    name: 'an attribute that nobody knows',
    resources: [
      'Cluster: AWS::RDS::DBCluster',
      'Int: Integration {ApiId: !Ref Api, IntegrationType: HTTP_PROXY, IntegrationMethod: GET, IntegrationUri: !GetAtt Cluster.Endpoint.Address, PayloadFormatVersion: 1.0}',
    ],
    refused:
      'IntegrationUri needs Cluster.Endpoint.Address, which is not known here: AWS::RDS::DBCluster is not part of Postern. Say it under stacks.pets.resources.Cluster.attributes.Endpoint.Address of postern.yaml.',
    refusedAt: 'Int',
  },
  {
    row: 31,
    name: 'a mapping after its stage',
    resources: [
      DOMAIN,
      'Mp: ApiMapping {DomainName: !Ref Dn, ApiId: !Ref Api, Stage: !Ref S}',
      'S: Stage {ApiId: !Ref Api, StageName: prod}',
    ],
    changes: ['+ Api', '+ Fn', '+ Int', '+ Dn', '+ S', '+ Mp'],
    made: { Mp: { ApiId: 'Api', Stage: 'prod', ApiMappingKey: '' } },
  },
  {
    row: 32,
    name: 'a body with functions in it',
    resources: [`Api: Api {Body: ${BODY}}`, 'S: Stage {ApiId: !Ref Api, StageName: prod, AutoDeploy: true}'],
    made: { Api: { Name: 'pets' } },
    async sees(stand) {
      const { Items } = await stand.client.getRoutes({ ApiId: await stand.idOf('Api') });
      assert.deepEqual(
        Items!.map(({ RouteKey }) => RouteKey),
        ['GET /p'],
      );
    },
  },
  {
    row: 33,
    name: 'a body with a warning, and FailOnWarnings',
    resources: [
      "Api: Api {FailOnWarnings: true, Body: {openapi: '3.0.1', info: {title: pets, version: '1'}, paths: {/p: {$ref: '#/components/nowhere'}}}}",
    ],
    refused: 'Warnings found during import:\n\t',
    refusedAt: 'Api',
  },
  {
    row: 34,
    name: 'a type that CloudFormation does not have',
    resources: ['X: Portal'],
    refused: 'Template format error: Unrecognized resource types: [AWS::ApiGatewayV2::Portal]',
    refusedAt: 'X',
  },
  {
    row: 35,
    name: 'an unknown type that nobody refers to',
    resources: ['W: AWS::Foo::Bar'],
    outcome: 'deployed',
    findings: [/^note .*AWS::Foo::Bar/],
  },
  {
    row: 36,
    name: 'an unknown value in the environment of a function',
    resources: [
      'W: AWS::Foo::Bar',
      "Fn: AWS::Lambda::Function {Handler: index.handler, Runtime: nodejs22.x, Role: r, Environment: {Variables: {A: b, URL: !GetAtt W.Url}}, Code: {ZipFile: 'exports.handler = async () => ({ statusCode: 200, body: JSON.stringify([process.env.A, process.env.URL ?? null]) })'}}",
      ROUTE,
      'S: Stage {ApiId: !Ref Api, StageName: $default, AutoDeploy: true}',
    ],
    outcome: 'deployed',
    findings: [/^warning .*W\.Url/],
    async sees(stand, report) {
      assert.deepEqual(await stand.fetchJson(report, '/p'), ['b', null]);
    },
  },
];

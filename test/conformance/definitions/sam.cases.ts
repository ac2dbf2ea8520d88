// spec/definitions.md §14.4: what templates of AWS SAM lead to. What they become is compared in `test/suites/sam-pairs.test.ts`.
import assert from 'node:assert/strict';
import type { CreateCase } from './case.ts';

const sections = 'Transform: AWS::Serverless-2016-10-31\n';
const code = 'Runtime: nodejs20.x, Handler: index.handler, InlineCode: x';
const fn = (events: string): string => `F: AWS::Serverless::Function {${code}, Events: ${events}}`;
const event = (properties: string): string => fn(`{E: {Type: HttpApi, Properties: {${properties}}}}`);
const JWT =
  "{JwtConfiguration: {issuer: 'https://issuer.example', audience: [a]}, IdentitySource: $request.header.Authorization, AuthorizationScopes: [s]}";
const api = (properties: string): string => `A: AWS::Serverless::HttpApi {${properties}}`;
const socket = (routes: string, more = ''): string =>
  `A: AWS::Serverless::WebSocketApi {RouteSelectionExpression: $request.body.action, Routes: {${routes}}${more}}`;
const FN_ARN = 'arn:aws:lambda:us-east-1:000000000000:function:f';
const failed = (text: string): string =>
  `Transform AWS::Serverless-2016-10-31 failed with: Invalid Serverless Application Specification document. Number of errors found: 1. ${text}`;
const ofEvent = (text: string): string =>
  failed(`Resource with id [F] is invalid. Event with id [E] is invalid. ${text}`);

interface Row extends Omit<CreateCase, 'sections' | 'isAlone'> {
  readonly sections?: string;
}

const rows: readonly Row[] = [
  {
    row: 66,
    name: 'an authorizer, and no Authorizers',
    resources: [event('Path: /x, Method: get, Auth: {Authorizer: J}')],
    refused: ofEvent(
      'Unable to set Authorizer [J] on API method [get] for path [/x] because the related API does not define any Authorizers.',
    ),
    refusedAt: 'F',
  },
  {
    row: 67,
    name: 'an authorizer that is not defined',
    resources: [
      api(`Auth: {Authorizers: {J: ${JWT}}}`),
      event('ApiId: !Ref A, Path: /x, Method: get, Auth: {Authorizer: K}'),
    ],
    refused: ofEvent(
      "Unable to set Authorizer [K] on API method [get] for path [/x] because it wasn't defined in the API's Authorizers.",
    ),
    refusedAt: 'F',
  },
  {
    row: 67,
    name: 'an authorizer that a parameter names',
    sections: `${sections}Parameters: {Who: {Type: String, Default: J}}\n`,
    resources: [
      api(`Auth: {Authorizers: {J: ${JWT}}}`),
      event('ApiId: !Ref A, Path: /x, Method: get, Auth: {Authorizer: !Ref Who}'),
    ],
    findings: [/^note F\.E: on AWS this deploy would fail: Authorizer is a text there/],
    async sees(stand) {
      assert.deepEqual(await stand.routesOf('A'), { 'GET /x': 'JWT s' });
    },
  },
  {
    row: 68,
    name: 'NONE without a default authorizer',
    resources: [event('Path: /x, Method: get, Auth: {Authorizer: NONE}')],
    refused: ofEvent(
      "Unable to set Authorizer on API method [get] for path [/x] because 'NONE' is only a valid value when a DefaultAuthorizer on the API is specified.",
    ),
    refusedAt: 'F',
  },
  {
    row: 69,
    name: 'scopes without an authorizer',
    resources: [event('Path: /x, Method: get, Auth: {AuthorizationScopes: [a]}')],
    refused: ofEvent(
      "'Auth' section requires either an explicit 'Authorizer' set or a 'DefaultAuthorizer' configured on the HttpApi.",
    ),
    refusedAt: 'F',
  },
  {
    row: 70,
    name: 'AWS_IAM that is not enabled',
    resources: [event('Path: /x, Method: get, Auth: {Authorizer: AWS_IAM}')],
    refused: ofEvent(
      'Unable to set Authorizer [AWS_IAM] on API method [get] for path [/x] because the related API does not define any Authorizers.',
    ),
    refusedAt: 'F',
  },
  {
    row: 71,
    name: 'an event that says nothing',
    resources: [fn('{E: {Type: HttpApi}}')],
    made: {
      ServerlessHttpApi: { Name: 'pets' },
      ServerlessHttpApiApiGatewayDefaultStage: { StageName: '$default', AutoDeploy: true },
    },
    async sees(stand) {
      const { Tags } = await stand.look('ServerlessHttpApi');
      assert.equal((Tags as { readonly [key: string]: string })['httpapi:createdBy'], 'SAM');
      assert.deepEqual(await stand.routesOf('ServerlessHttpApi'), { $default: 'NONE' });
    },
  },
  {
    row: 72,
    name: 'a path with a name in it',
    resources: [event("Path: '/p/{id}', Method: get")],
    without: [/nothing permits/],
    async sees(stand) {
      assert.deepEqual(await stand.routesOf('ServerlessHttpApi'), { 'GET /p/{id}': 'NONE' });
    },
  },
  {
    row: 73,
    name: 'a default authorizer, but not for OPTIONS and NONE',
    resources: [
      api(`Auth: {DefaultAuthorizer: J, Authorizers: {J: ${JWT}}}`),
      fn(
        '{E: {Type: HttpApi, Properties: {ApiId: !Ref A, Path: /x, Method: ANY}}, O: {Type: HttpApi, Properties: {ApiId: !Ref A, Path: /x, Method: OPTIONS}}, N: {Type: HttpApi, Properties: {ApiId: !Ref A, Path: /y, Method: get, Auth: {Authorizer: NONE}}}}',
      ),
    ],
    async sees(stand) {
      assert.deepEqual(await stand.routesOf('A'), {
        'ANY /x': 'JWT s',
        'OPTIONS /x': 'NONE',
        'GET /y': 'NONE',
      });
    },
  },
  {
    row: 74,
    name: 'CorsConfiguration true',
    resources: [api('CorsConfiguration: true')],
    made: { A: { CorsConfiguration: { AllowOrigins: ['*'] } } },
  },
  {
    row: 75,
    name: 'CorsConfiguration of Globals and of the resource',
    sections: `${sections}Globals: {HttpApi: {CorsConfiguration: {AllowOrigins: ['https://a.example']}}}\n`,
    resources: [api("CorsConfiguration: {AllowOrigins: ['https://b.example'], MaxAge: 0}")],
    async sees(stand) {
      const { CorsConfiguration } = await stand.look('A');
      const { AllowOrigins, MaxAge } = CorsConfiguration as { AllowOrigins: string[]; MaxAge: number };
      assert.deepEqual([AllowOrigins, MaxAge], [['https://a.example', 'https://b.example'], 0]);
    },
  },
  {
    row: 76,
    name: 'a stage whose name is no id',
    sections: `${sections}Outputs: {O: {Value: !Ref A.Stage}}\n`,
    resources: [api('StageName: my-stage')],
    made: { AStagea9d64949ee: { StageName: 'my-stage' } },
    async sees(_, report) {
      assert.equal(report.outputs.O?.value, 'my-stage');
    },
  },
  {
    row: 77,
    name: 'settings of routes at events',
    resources: [
      fn(
        '{E: {Type: HttpApi, Properties: {Path: /a, Method: ANY, RouteSettings: {ThrottlingBurstLimit: 1, ThrottlingRateLimit: 1}}}, D: {Type: HttpApi, Properties: {RouteSettings: {ThrottlingBurstLimit: 2, ThrottlingRateLimit: 2}}}}',
      ),
    ],
    async sees(stand) {
      const { RouteSettings } = await stand.look('ServerlessHttpApiApiGatewayDefaultStage');
      assert.deepEqual(Object.keys(RouteSettings as object).sort(), ['$default', 'ANY /a']);
    },
  },
  {
    row: 79,
    name: 'an API without paths, with an integration and a route beside it',
    resources: [
      'A: AWS::Serverless::HttpApi',
      "I: Integration {ApiId: !Ref A, IntegrationType: HTTP_PROXY, IntegrationMethod: GET, IntegrationUri: 'https://a.example', PayloadFormatVersion: '1.0'}",
      "R: Route {ApiId: !Ref A, RouteKey: 'GET /p', Target: !Sub 'integrations/${I}'}",
    ],
    changes: ['+ A', '+ I', '+ R', '+ AApiGatewayDefaultStage'],
  },
  {
    row: 80,
    name: 'an event of an API that is not of SAM',
    resources: ['Raw: Api {Name: raw, ProtocolType: HTTP}', event('ApiId: !Ref Raw, Path: /x, Method: get')],
    findings: [
      /^warning F\.E: SAM adds no route to an AWS::ApiGatewayV2::Api; make Raw an AWS::Serverless::HttpApi, or add a Route$/,
    ],
    async sees(stand) {
      assert.deepEqual(await stand.routesOf('Raw'), {});
    },
  },
  {
    row: 81,
    name: 'a domain with two base paths',
    resources: [
      api(
        "Domain: {DomainName: api.example.com, CertificateArn: 'arn:aws:acm:us-east-1:000000000000:certificate/c', BasePath: [/v1/pets/, two]}",
      ),
    ],
    made: {
      ApiGatewayDomainNameV21bc412bb08: { DomainName: 'api.example.com' },
      Av1petsApiMapping: { ApiMappingKey: 'v1/pets' },
      AtwoApiMapping: { ApiMappingKey: 'two' },
    },
  },
  {
    row: 82,
    name: 'a WebSocket API with an authorizer',
    sections: `${sections}Parameters: {Name: {Type: String, Default: dev}}\n`,
    resources: [
      socket(
        `$connect: {FunctionArn: '${FN_ARN}'}, sendMessage: {FunctionArn: '${FN_ARN}', IntegrationTimeout: 1000}`,
        `, StageName: !Ref Name, Auth: {AuthType: CUSTOM, AuthArn: '${FN_ARN}', IdentitySource: [route.request.header.a]}`,
      ),
    ],
    made: {
      AConnectRoute: { RouteKey: '$connect', AuthorizationType: 'CUSTOM' },
      ASendmessageRoute: { RouteKey: 'sendMessage' },
      AConnectAuthorizer: { AuthorizerType: 'REQUEST', Name: 'AConnectAuthorizer' },
      AStage: { StageName: 'dev', AutoDeploy: true },
      AConnectIntegration: { IntegrationType: 'AWS_PROXY' },
      ASendmessageIntegration: { IntegrationType: 'AWS_PROXY', TimeoutInMillis: 1000 },
    },
  },
  {
    row: 83,
    name: 'two routes with the same id',
    resources: [socket(`default: {FunctionArn: '${FN_ARN}'}, $default: {FunctionArn: '${FN_ARN}'}`)],
    refused: failed(
      'Resource with id [A] is invalid. Routes default and $default get the same logical id ADefaultRoute',
    ),
    refusedAt: 'A',
  },
  {
    row: 84,
    name: 'AuthType in small letters',
    resources: [socket(`$connect: {FunctionArn: '${FN_ARN}'}`, ', Auth: {AuthType: aws_iam}')],
    made: { AConnectRoute: { AuthorizationType: 'AWS_IAM' } },
  },
  {
    row: 85,
    name: 'a global that is none',
    sections: `${sections}Globals: {HttpApi: {Name: x}}\n`,
    resources: [api('Description: d')],
    refused: failed(
      "'Globals' section is invalid. 'Name' is not a supported property of 'HttpApi'. Must be one of the following values - ['Auth', 'AccessLogSettings', 'StageVariables', 'Tags', 'CorsConfiguration', 'DefaultRouteSettings', 'Domain', 'RouteSettings', 'FailOnWarnings', 'PropagateTags']",
    ),
  },
  {
    row: 86,
    name: 'a property that there is not',
    resources: [api('Nam: x')],
    refused: failed(
      'Resource with id [A] is invalid. property Nam not defined for resource of type AWS::Serverless::HttpApi',
    ),
    refusedAt: 'A',
  },
];

export const samCases: readonly CreateCase[] = rows.map((row) => ({ sections, isAlone: true, ...row }));

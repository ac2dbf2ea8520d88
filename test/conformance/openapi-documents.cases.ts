// Whole documents and all that comes of them (spec/openapi.md §15). Their texts are beside, in `openapi-documents`.
import assert from 'node:assert/strict';
import type { ImportCase, Outcome, StoryCase } from './openapi-case.ts';
import { backend, lambda, lines, textOf } from './openapi-documents.ts';
import {
  FI,
  fi,
  ISSUER,
  LINK,
  LISTENER,
  type Members,
  noAuthorizer,
  noIntegration,
  noRoute,
  PROXIES_ONLY,
  parseIssue,
  ROUTE_KEY,
  SEVERAL_SERVERS,
  TARGETLESS,
  to,
} from './openapi-language.ts';

const stopped = (warnings: readonly string[]) => ({
  message: `Warnings found during import:${warnings.map((line) => `\n\t${line}`).join('')}`,
});

const D1: ImportCase = {
  row: 'D1',
  name: 'a proxy to a backend, with schemas and CORS',
  choices: ['O27', 'O36'],
  document: textOf('d1.yaml'),
  made: {
    routes: {
      'GET /orders': to(backend('GET', '/orders'), { name: 'listOrders' }),
      'POST /orders': to(backend('POST', '/orders', { timeoutInMillis: 5000 }), { name: 'createOrder' }),
      'GET /orders/{orderId}': to(backend('GET', '/orders/{orderId}')),
    },
    info: lines(
      ['components', 'schemas'],
      ['paths./orders.post', 'requestBody'],
      'paths./orders.post',
      'paths./orders.get',
      ['paths./orders.get', 'parameters'],
      ['paths./orders.get', 'tags'],
      ['paths./orders/{orderId}', 'parameters'],
      'paths./orders/{orderId}.get',
    ),
    inOrder: true,
  },
};

const jwtRoute = (scopes?: readonly string[]) => ({
  type: 'JWT' as const,
  authorizer: 'Jwt',
  ...(scopes === undefined ? {} : { scopes }),
});
const NO_SLASH = parseIssue('paths. Resource $default should start with /');
const SAM: Outcome = {
  api: {
    Name: 'my-stack',
    Version: '1.0',
    Description: undefined,
    CorsConfiguration: undefined,
    DisableExecuteApiEndpoint: true,
    Tags: { 'httpapi:createdBy': 'SAM', team: 'blue' },
  },
  routes: {
    'GET /orders': to(lambda('list'), jwtRoute(['orders/read'])),
    'POST /orders': to(lambda('make', { timeoutInMillis: 15000 }), { type: 'CUSTOM', authorizer: 'Lam' }),
    'GET /orders/{id}': to(lambda('get'), jwtRoute()),
    'ANY /admin': to(lambda('admin'), { type: 'AWS_IAM' }),
    'GET /health': to(lambda('health', { payloadFormatVersion: '1.0' })),
    $default: to(lambda('rest'), jwtRoute()),
  },
  authorizers: {
    Jwt: {
      AuthorizerType: 'JWT',
      IdentitySource: ['$request.header.Authorization'],
      JwtConfiguration: { Audience: ['c1', 'c2'], Issuer: ISSUER },
    },
    Lam: {
      AuthorizerType: 'REQUEST',
      AuthorizerUri: fi('auth'),
      AuthorizerPayloadFormatVersion: '2.0',
      AuthorizerResultTtlInSeconds: 30,
      EnableSimpleResponses: true,
      IdentitySource: ['$request.header.Authorization', '$context.routeKey'],
    },
  },
};
const samInfo = (defaultPath: string): readonly string[] =>
  lines(
    'paths./orders.post',
    'paths./orders.get',
    'paths./orders/{id}.get',
    ['paths./orders/{id}.get', 'parameters'],
    'paths./admin.x-amazon-apigateway-any-method',
    'paths./health.get',
    `paths.${defaultPath}.x-amazon-apigateway-any-method`,
  );
const D2_TEXT = textOf('d2.json');
const D2: readonly ImportCase[] = [
  {
    row: 'D2',
    name: 'what SAM sends',
    choices: ['O25'],
    document: D2_TEXT,
    made: { ...SAM, warnings: [NO_SLASH], info: samInfo('$default'), inOrder: true },
  },
  {
    row: 'D2',
    name: 'what SAM sends, with failOnWarnings',
    document: D2_TEXT,
    failOnWarnings: true,
    refused: stopped([NO_SLASH]),
  },
  {
    row: 'D2',
    name: 'what SAM sends when FailOnWarnings is on',
    document: D2_TEXT.replace('"$default"', '"/$default"'),
    failOnWarnings: true,
    made: { ...SAM, info: samInfo('/$default'), inOrder: true },
  },
];

const SHARED: Members = {
  type: 'http_proxy',
  httpMethod: 'ANY',
  connectionType: 'VPC_LINK',
  connectionId: LINK,
  uri: LISTENER,
  payloadFormatVersion: '1.0',
  tlsConfig: { serverNameToVerify: 'inner.example.com' },
  requestParameters: {
    'overwrite:path': '$request.path',
    'append:header.x-tenant': '${stageVariables.tenant}',
  },
  responseParameters: { 503: { 'overwrite:statuscode': '502', 'remove:header.server': '' } },
};
const D3: ImportCase = {
  row: 'D3',
  name: 'shared integrations, VPC link, mapping, stage variables',
  choices: ['O39'],
  document: textOf('d3.yaml'),
  made: {
    api: { Name: 'Inner', Version: '7' },
    routes: {
      'GET /items': to(SHARED),
      'ANY /items/{proxy+}': to(SHARED),
      'GET /report': to(
        lambda('f', {
          uri: FI.replace('function:f', 'function:${stageVariables.fn}'),
          credentials: 'arn:aws:iam::123456789012:role/invoke',
        }),
      ),
      'POST /report': TARGETLESS,
    },
    integrations: 2,
    warnings: [
      noIntegration('POST /report', '#/components/x-amazon-apigateway-integrations/gone is missing'),
    ],
    info: lines('paths./items.get', 'paths./report.post', 'paths./report.get'),
    inOrder: true,
  },
};

const NO_VERSION = 'PayloadFormatVersion is a required parameter for integration';
const legacy = (basepath: 'ignore' | 'prepend', prefix: string): ImportCase => ({
  row: 'D4',
  name: `an export of a REST API, ${basepath}`,
  choices: ['O18', 'O25', 'O36'],
  document: textOf('d4.json'),
  basepath,
  made: {
    api: { Name: 'legacy', Version: '2019-05-01T10:00:00Z' },
    routes: { [`GET ${prefix}/todos`]: TARGETLESS, [`OPTIONS ${prefix}/todos`]: TARGETLESS },
    warnings: [
      noIntegration(`GET ${prefix}/todos`, NO_VERSION),
      noIntegration(`POST ${prefix}/todos`, NO_VERSION),
      noRoute(`POST ${prefix}/todos`, 'Security scheme api_key has no authorizer'),
      noIntegration(`OPTIONS ${prefix}/todos`, PROXIES_ONLY),
    ],
    info: lines(['components', 'schemas'], 'paths./todos.post', 'paths./todos.get', 'paths./todos.options'),
    inOrder: true,
  },
});

const ROLE = 'arn:aws:iam::123456789012:role/intake';
const service = (integrationSubtype: string, requestParameters: Members, more: Members = {}): Members => ({
  type: 'aws_proxy',
  integrationSubtype,
  credentials: ROLE,
  payloadFormatVersion: '1.0',
  requestParameters,
  ...more,
});
const intake = (basepath: 'ignore' | 'prepend' | 'split', prefix: string): ImportCase => ({
  row: 'D5',
  name: `services, default route, openIdConnect, ${basepath}`,
  choices: ['O20', 'O35'],
  document: textOf('d5.yaml'),
  basepath,
  failOnWarnings: true,
  made: {
    api: {
      Name: 'Intake',
      Version: '3',
      DisableExecuteApiEndpoint: true,
      IpAddressType: 'dualstack',
      Tags: { Owner: 'intake', messages: '' },
    },
    routes: {
      [`POST ${prefix}/messages`]: to(
        service(
          'SQS-SendMessage',
          {
            QueueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/intake',
            MessageBody: '$request.body',
          },
          { timeoutInMillis: 5000 },
        ),
        { name: 'putMessage', type: 'JWT', authorizer: 'oidc', scopes: ['intake/write'] },
      ),
      [`POST ${prefix}/events`]: to(
        service('EventBridge-PutEvents', {
          Source: 'intake',
          DetailType: 'event',
          Detail: '$request.body',
        }),
        { type: 'JWT', authorizer: 'oidc' },
      ),
      $default: to(backend('ANY', '')),
    },
    authorizers: {
      oidc: {
        AuthorizerType: 'JWT',
        IdentitySource: ['$request.header.Authorization'],
        JwtConfiguration: { Audience: ['intake'], Issuer: ISSUER },
      },
    },
    info: lines('paths./messages.post', 'paths./events.post'),
    inOrder: true,
  },
});

const WRONG: readonly string[] = [
  parseIssue('info.version is missing'),
  parseIssue('paths. Resource bare should start with /'),
  'Root level security is not supported by API Gateway. Ignoring.',
  SEVERAL_SERVERS,
  "Unable to set CORS configuration: allow-credentials is not supported if 'allow-origin' is *. Ignoring.",
  "Unable to create tag 'aws:x': Tag keys that begin with aws: are reserved: aws:x. Ignoring.",
  noAuthorizer('tok', 'Unsupported authorizer type: token'),
  noIntegration('GET /aws', PROXIES_ONLY),
  noIntegration('GET /late', 'Timeout should be between 50 ms and 30000 ms'),
  noRoute('GET /slash/', ROUTE_KEY),
  noRoute('GET bare', ROUTE_KEY),
  noRoute('GET /who', 'Security scheme ghost is not defined'),
  noIntegration('ANY /old', NO_VERSION),
];
const D7: readonly ImportCase[] = [
  {
    row: 'D7',
    name: 'nearly everything wrong at once',
    document: textOf('d7.yaml'),
    made: {
      api: { Name: 'Bad', Version: undefined, CorsConfiguration: undefined, Tags: { team: 'red' } },
      routes: {
        'GET /ok': to(lambda('f')),
        'GET /aws': TARGETLESS,
        'GET /late': TARGETLESS,
        'ANY /old': TARGETLESS,
      },
      integrations: 5,
      warnings: WRONG,
      info: lines(
        'paths./ok.get',
        'paths./aws.get',
        'paths./late.get',
        'paths./slash/.get',
        'paths.bare.get',
        'paths./auth.get',
        'paths./who.get',
      ),
      inOrder: true,
    },
  },
  {
    row: 'D7',
    name: 'nearly everything wrong at once, with failOnWarnings',
    document: textOf('d7.yaml'),
    failOnWarnings: true,
    refused: stopped(WRONG),
  },
];

export const openApiDocumentCases: readonly ImportCase[] = [
  D1,
  ...D2,
  D3,
  legacy('ignore', ''),
  legacy('prepend', '/dev'),
  intake('split', '/v2'),
  intake('ignore', ''),
  intake('prepend', '/live/v2'),
  ...D7,
];

export const openApiDocumentStories: readonly StoryCase[] = [
  {
    row: 'D1',
    name: 'the whole answer of ImportApi',
    run: async (stand) => {
      const answer = await stand.import(D1);
      const { CreatedDate, ImportInfo: _, ...members } = stand.named(answer.ApiId!, answer);
      assert.match(String(CreatedDate), /^\d{4}-/);
      assert.deepEqual(members, {
        ApiEndpoint: 'https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com',
        ApiId: 'a1b2c3d4e5',
        ApiKeySelectionExpression: '$request.header.x-api-key',
        CorsConfiguration: {
          AllowHeaders: ['authorization', 'content-type'],
          AllowMethods: ['GET', 'POST', 'OPTIONS'],
          AllowOrigins: ['*'],
        },
        Description: 'Order service',
        DisableExecuteApiEndpoint: false,
        IpAddressType: 'ipv4',
        Name: 'Orders',
        ProtocolType: 'HTTP',
        RouteSelectionExpression: '$request.method $request.path',
        Tags: {},
        Version: '1.4.0',
      });
      assert.deepEqual((await stand.client.getStages({ ApiId: answer.ApiId })).Items, []);
    },
  },
];

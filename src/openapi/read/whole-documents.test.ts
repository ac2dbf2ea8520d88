// What the whole documents of spec/openapi.md §15 define, before anything asks a store: those in YAML.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flow, H, invocationUri, LAMBDA, read } from './documents.test.support.ts';
import { http, INT, ignored, inShort, lambda, X } from './whole-documents.test.support.ts';

test('D1: a proxy to a backend, with schemas and CORS', async () => {
  const definition = await read(`
openapi: 3.0.1
info: {title: Orders, description: Order service, version: 1.4.0}
paths:
  /orders:
    get:
      operationId: listOrders
      tags: [orders]
      parameters:
      - {name: limit, in: query, schema: {type: integer}}
      responses:
        200: {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/Orders"}}}}
      ${INT}: {type: HTTP_PROXY, httpMethod: GET, uri: "https://be.example.com/orders", payloadFormatVersion: "1.0"}
    post:
      operationId: createOrder
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}}
      responses: {201: {description: made}}
      ${INT}:
        {type: HTTP_PROXY, httpMethod: POST, uri: "https://be.example.com/orders", payloadFormatVersion: 1.0, timeoutInMillis: 5000}
  /orders/{orderId}:
    parameters:
    - {name: orderId, in: path, required: true, schema: {type: string}}
    get:
      responses: {200: {description: ok}}
      ${INT}: {type: HTTP_PROXY, httpMethod: GET, uri: "https://be.example.com/orders/{orderId}", payloadFormatVersion: "1.0"}
components:
  schemas:
    Orders: {type: array, items: {$ref: "#/components/schemas/Order"}}
    Order: {type: object, properties: {id: {type: string}, parent: {$ref: "#/components/schemas/Order"}}}
${X}cors:
  allowOrigins: ["*"]
  allowMethods: [GET, POST, OPTIONS]
  allowHeaders: [authorization, content-type]
`);
  const url = 'https://be.example.com/orders';
  assert.deepEqual(inShort(definition), {
    api: { Name: 'Orders', Description: 'Order service', Version: '1.4.0' },
    cors: {
      AllowHeaders: ['authorization', 'content-type'],
      AllowMethods: ['GET', 'POST', 'OPTIONS'],
      AllowOrigins: ['*'],
    },
    tags: {},
    authorizers: [],
    operations: [
      ['GET /orders', 'listOrders', 'NONE', http('GET', url)],
      ['POST /orders', 'createOrder', 'NONE', http('POST', url, { TimeoutInMillis: 5000 })],
      ['GET /orders/{orderId}', undefined, 'NONE', http('GET', `${url}/{orderId}`)],
    ],
    info: [
      'components: key [schemas]',
      'paths./orders.post: key [requestBody]',
      'paths./orders.post: key [responses]',
      'paths./orders.get: key [responses]',
      'paths./orders.get: key [parameters]',
      'paths./orders.get: key [tags]',
      'paths./orders/{orderId}: key [parameters]',
      'paths./orders/{orderId}.get: key [responses]',
    ],
    warnings: [],
    schemas: ['Orders', 'Order'],
  });
});

test('D3: shared integrations, VPC link, mapping, stage variables', async () => {
  const ref = (name: string): string => `{$ref: "#/components/${X}integrations/${name}"}`;
  const definition = await read(`
openapi: "3.0.3"
info: {title: Inner, version: "7"}
paths:
  /items:
    get: {responses: {200: {description: ok}}, ${INT}: ${ref('backend')}}
  /items/{proxy+}:
    ${X}any-method: {${INT}: ${ref('backend')}}
  /report:
    get: {responses: {200: {description: ok}}, ${INT}: ${ref('report')}}
    post: {responses: {200: {description: ok}}, ${INT}: ${ref('gone')}}
components:
  ${X}integrations:
    backend:
      type: http_proxy
      httpMethod: ANY
      connectionType: VPC_LINK
      connectionId: lnk123
      uri: arn:\${AWS::Partition}:elasticloadbalancing:\${AWS::Region}:\${AWS::AccountId}:listener/app/inner/50dc6c495c0c9188/0467ef3c8400ae65
      payloadFormatVersion: "1.0"
      tlsConfig: {serverNameToVerify: inner.example.com}
      requestParameters: {"overwrite:path": $request.path, "append:header.x-tenant": "\${stageVariables.tenant}"}
      responseParameters: {"503": {"overwrite:statuscode": "502", "remove:header.server": ""}}
    report:
      type: aws_proxy
      httpMethod: POST
      uri: ${invocationUri('${stageVariables.fn}')}
      credentials: arn:aws:iam::123456789012:role/invoke
      payloadFormatVersion: "2.0"
    spare: {type: http_proxy, httpMethod: GET, uri: "https://spare.example.com", payloadFormatVersion: "1.0"}
`);
  assert.deepEqual(inShort(definition), {
    api: { Name: 'Inner', Version: '7' },
    cors: undefined,
    tags: {},
    authorizers: [],
    operations: [
      ['GET /items', undefined, 'NONE', 'backend'],
      ['ANY /items/{proxy+}', undefined, 'NONE', 'backend'],
      ['GET /report', undefined, 'NONE', 'report'],
      ['POST /report', undefined, 'NONE', { refusal: `#/components/${X}integrations/gone is missing` }],
    ],
    info: ignored('responses', 'paths./items.get', 'paths./report.post', 'paths./report.get'),
    warnings: [],
    schemas: [],
  });
  const [backend, , report] = definition.operations.map(({ integration }) => integration!.given);
  const listener = 'listener/app/inner/50dc6c495c0c9188/0467ef3c8400ae65';
  assert.deepEqual(
    backend,
    http('ANY', `arn:aws:elasticloadbalancing:us-east-1:123456789012:${listener}`, {
      ConnectionType: 'VPC_LINK',
      ConnectionId: 'lnk123',
      TlsConfig: { ServerNameToVerify: 'inner.example.com' },
      RequestParameters: {
        'overwrite:path': '$request.path',
        'append:header.x-tenant': '${stageVariables.tenant}',
      },
      ResponseParameters: { 503: { 'overwrite:statuscode': '502', 'remove:header.server': '' } },
    }),
  );
  assert.deepEqual(
    report,
    lambda('${stageVariables.fn}', { CredentialsArn: 'arn:aws:iam::123456789012:role/invoke' }),
  );
});

test('D5: first-class services, default route, openIdConnect, split', async () => {
  const definition = await read(
    `
openapi: "3.0.3"
info: {title: Intake, version: "3"}
servers:
- url: https://api.example.com/{basePath}
  variables: {basePath: {default: live/v2}}
  ${X}endpoint-configuration: {disableExecuteApiEndpoint: true, ipAddressType: dualstack}
tags: [{name: Owner, ${X}tag-value: intake}, {name: messages, description: Grouping for a documentation tool}]
paths:
  /messages:
    post:
      operationId: putMessage
      security: [{oidc: [intake/write]}]
      responses: {202: {description: queued}}
      ${INT}:
        {type: aws_proxy, integrationSubtype: SQS-SendMessage, credentials: ROLE, payloadFormatVersion: "1.0", timeoutInMillis: 5000,
         requestParameters: {QueueUrl: "https://sqs.us-east-1.amazonaws.com/123456789012/intake", MessageBody: $request.body}}
  /events:
    post:
      security: [{oidc: []}]
      responses: {200: {description: sent}}
      ${INT}:
        {type: aws_proxy, integrationSubtype: EventBridge-PutEvents, credentials: ROLE, payloadFormatVersion: "1.0",
         requestParameters: {Source: intake, DetailType: event, Detail: $request.body}}
  /$default:
    ${X}any-method:
      isDefaultRoute: true
      ${INT}: ${flow({ ...H, httpMethod: 'ANY', uri: '"https://be.example.com"' })}
components:
  securitySchemes:
    oidc:
      type: openIdConnect
      openIdConnectUrl: https://issuer.example.com/.well-known/openid-configuration
      ${X}authorizer: {type: jwt, identitySource: $request.header.Authorization, jwtConfiguration: {audience: [intake]}}
${X}importexport-version: "1.0"
`,
    'split',
  );
  const service = (IntegrationSubtype: string, RequestParameters: object, more: object = {}) => ({
    IntegrationType: 'AWS_PROXY',
    IntegrationSubtype,
    CredentialsArn: 'ROLE',
    PayloadFormatVersion: '1.0',
    RequestParameters,
    ...more,
  });
  const queue = {
    QueueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/intake',
    MessageBody: '$request.body',
  };
  const event = { Source: 'intake', DetailType: 'event', Detail: '$request.body' };
  assert.deepEqual(inShort(definition), {
    api: { Name: 'Intake', Version: '3', DisableExecuteApiEndpoint: true, IpAddressType: 'dualstack' },
    cors: undefined,
    tags: { Owner: 'intake', messages: '' },
    authorizers: [
      {
        AuthorizerType: 'JWT',
        Name: 'oidc',
        IdentitySource: ['$request.header.Authorization'],
        JwtConfiguration: { Audience: ['intake'], Issuer: 'https://issuer.example.com' },
      },
    ],
    operations: [
      [
        'POST /v2/messages',
        'putMessage',
        'oidc intake/write',
        service('SQS-SendMessage', queue, { TimeoutInMillis: 5000 }),
      ],
      ['POST /v2/events', undefined, 'oidc', service('EventBridge-PutEvents', event)],
      ['$default', undefined, 'NONE', http('ANY', 'https://be.example.com')],
    ],
    info: ignored('responses', 'paths./messages.post', 'paths./events.post'),
    warnings: [],
    schemas: [],
  });
});

test('D7: nearly everything wrong at once', async () => {
  const int = `${INT}: {type: aws_proxy, httpMethod: POST, uri: ${invocationUri()}, payloadFormatVersion: "2.0"}`;
  const backend = 'type: http_proxy, uri: "https://be.example.com"';
  const definition = await read(`
openapi: 3.0.1
info: {title: Bad}
servers: [{url: "https://a.example.com"}, {url: "https://b.example.com"}]
security: [{tok: []}]
tags: [{name: "aws:x", ${X}tag-value: y}, {name: team, ${X}tag-value: red}]
${X}cors: {allowOrigins: ["*"], allowCredentials: true}
paths:
  /ok:     {get: {responses: {}, ${int}}}
  /aws:    {get: {responses: {}, ${int.replace('aws_proxy', 'aws')}}}
  /late:   {get: {responses: {}, ${INT}: {${backend}, httpMethod: GET, payloadFormatVersion: "1.0", timeoutInMillis: 40000}}}
  /slash/: {get: {responses: {}, ${int}}}
  bare:    {get: {responses: {}, ${int}}}
  /auth:   {get: {responses: {}, security: [{tok: []}], ${int}}}
  /who:    {get: {responses: {}, security: [{ghost: []}], ${int}}}
  /old:    {${X}any-method: {${INT}: {${backend}, httpMethod: ANY}}}
components:
  securitySchemes:
    tok: {type: apiKey, name: A, in: header, ${X}authorizer: {type: token, authorizerUri: FI}}
`);
  const places = ['/ok', '/aws', '/late', '/slash/', 'bare', '/auth', '/who'].map(
    (path) => `paths.${path}.get`,
  );
  const old = {
    IntegrationType: 'HTTP_PROXY',
    IntegrationMethod: 'ANY',
    IntegrationUri: 'https://be.example.com',
  };
  assert.deepEqual(inShort(definition), {
    api: { Name: 'Bad' },
    cors: { AllowCredentials: true, AllowOrigins: ['*'] },
    tags: { 'aws:x': 'y', team: 'red' },
    authorizers: [{ refusal: 'Unsupported authorizer type: token' }],
    operations: [
      ['GET /ok', undefined, 'NONE', LAMBDA],
      ['GET /aws', undefined, 'NONE', { ...LAMBDA, IntegrationType: 'AWS' }],
      ['GET /late', undefined, 'NONE', http('GET', 'https://be.example.com', { TimeoutInMillis: 40_000 })],
      ['GET /slash/', undefined, 'NONE', LAMBDA],
      ['GET bare', undefined, 'NONE', LAMBDA],
      ['GET /auth', undefined, 'tok', LAMBDA],
      ['GET /who', undefined, 'Security scheme ghost is not defined', LAMBDA],
      ['ANY /old', undefined, 'NONE', old],
    ],
    info: ignored('responses', ...places),
    warnings: [
      'Parse issue: attribute info.version is missing',
      'Parse issue: attribute paths. Resource bare should start with /',
      'Root level security is not supported by API Gateway. Ignoring.',
      'More than one server provided. Ignoring all but the first for defining endpoint configuration',
    ],
    schemas: [],
  });
});

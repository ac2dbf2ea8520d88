// Integrations as CreateIntegration takes them (spec/openapi.md §7, §14.4).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DefinitionError } from '../definition.ts';
import {
  flow,
  H,
  L,
  LAMBDA,
  read,
  readOperation,
  withIntegration,
  withPaths,
} from './documents.test.support.ts';

const HTTP = {
  IntegrationType: 'HTTP_PROXY',
  IntegrationMethod: 'GET',
  IntegrationUri: 'https://be.example.com/x',
  PayloadFormatVersion: '1.0',
};
const without = (members: { readonly [key: string]: string }, name: string): string =>
  flow(Object.fromEntries(Object.entries(members).filter(([key]) => key !== name)));
const omit = (given: object, name: string): object =>
  Object.fromEntries(Object.entries(given).filter(([key]) => key !== name));

const SERVICE = {
  type: 'aws_proxy',
  integrationSubtype: 'SQS-SendMessage',
  credentials: 'ROLE',
  payloadFormatVersion: '"1.0"',
  connectionType: 'INTERNET',
  requestParameters: '{QueueUrl: U, MessageBody: "$request.body"}',
};
const PRIVATE = {
  type: 'http_proxy',
  httpMethod: 'ANY',
  connectionType: 'VPC_LINK',
  connectionId: 'LINK',
  uri: 'LISTENER',
  payloadFormatVersion: '"1.0"',
  tlsConfig: '{serverNameToVerify: example.com, insecureSkipVerification: true}',
};
const IGNORED = {
  passthroughBehavior: 'when_no_match',
  contentHandling: 'CONVERT_TO_TEXT',
  cacheKeyParameters: '[]',
  responses: '{default: {statusCode: "200"}}',
  enableSimpleResponses: 'true',
};

const GIVEN: readonly (readonly [citation: string, integration: string, given: object])[] = [
  ['row 50', flow(L), LAMBDA],
  ['row 50', flow({ ...L, type: 'AWS_PROXY' }), LAMBDA],
  ['row 51', flow({ ...L, uri: 'F' }), { ...LAMBDA, IntegrationUri: 'F' }],
  ['row 52', flow({ ...L, type: 'aws' }), { ...LAMBDA, IntegrationType: 'AWS' }],
  ['row 53', '{type: mock, requestTemplates: {a: b}}', { IntegrationType: 'MOCK' }],
  ['row 54', flow({ ...H, uri: 'not a url' }), { ...HTTP, IntegrationUri: 'not a url' }],
  ['row 55', without(L, 'payloadFormatVersion'), omit(LAMBDA, 'PayloadFormatVersion')],
  ['row 56', flow({ ...L, payloadFormatVersion: '2.0' }), LAMBDA],
  ['row 56', flow({ ...L, payloadFormatVersion: '2' }), LAMBDA],
  ['row 56', flow({ ...H, payloadFormatVersion: '1' }), HTTP],
  ['row 56', flow({ ...H, payloadFormatVersion: '1.0' }), HTTP],
  ['row 57', flow({ ...L, payloadFormatVersion: '"3.0"' }), { ...LAMBDA, PayloadFormatVersion: '3.0' }],
  ['Choice O36', flow({ ...L, payloadFormatVersion: '3.0' }), { ...LAMBDA, PayloadFormatVersion: '3.0' }],
  ['Choice O36', flow({ ...L, payloadFormatVersion: '"2"' }), { ...LAMBDA, PayloadFormatVersion: '2' }],
  ['row 58', flow({ ...H, payloadFormatVersion: '"2.0"' }), { ...HTTP, PayloadFormatVersion: '2.0' }],
  ['row 59', without(H, 'httpMethod'), omit(HTTP, 'IntegrationMethod')],
  ['row 60', flow({ ...L, timeoutInMillis: '15000' }), { ...LAMBDA, TimeoutInMillis: 15_000 }],
  ['row 61', flow({ ...L, timeoutInMillis: '40000' }), { ...LAMBDA, TimeoutInMillis: 40_000 }],
  ['§7.1(7)', flow({ ...L, timeoutInMillis: '"29000"' }), { ...LAMBDA, TimeoutInMillis: 29_000 }],
  ['Choice O38', flow({ ...L, timeoutInMillis: '"29 s"' }), { ...LAMBDA, TimeoutInMillis: '29 s' }],
  ['Choice O38', flow({ ...L, timeoutInMillis: '1.5' }), { ...LAMBDA, TimeoutInMillis: 1.5 }],
  [
    'Choice O38',
    flow({ ...L, connectionId: '007', description: '[a]' }),
    { ...LAMBDA, ConnectionId: '007', Description: ['a'] },
  ],
  [
    'row 62',
    flow({ ...L, requestParameters: '{"overwrite:header.x-request-id": "$context.requestId"}' }),
    { ...LAMBDA, RequestParameters: { 'overwrite:header.x-request-id': '$context.requestId' } },
  ],
  [
    'row 63',
    flow({
      ...H,
      requestParameters: '{"overwrite:path": "$request.path"}',
      responseParameters: '{"200": {"overwrite:header.Cache-Control": "public, max-age=3"}}',
    }),
    {
      ...HTTP,
      RequestParameters: { 'overwrite:path': '$request.path' },
      ResponseParameters: { 200: { 'overwrite:header.Cache-Control': 'public, max-age=3' } },
    },
  ],
  [
    'Choice O38',
    flow({
      ...H,
      responseParameters: '{503: {"overwrite:statuscode": 502, "remove:header.a": "", b: null}}',
    }),
    { ...HTTP, ResponseParameters: { 503: { 'overwrite:statuscode': '502', 'remove:header.a': '' } } },
  ],
  ['row 65', flow({ ...L, ...IGNORED }), LAMBDA],
  ['§7.1(1)', flow({ ...L, integrationSubType: 'a', RequestParameters: '{a: b}' }), LAMBDA],
  [
    'row 66',
    flow(SERVICE),
    {
      IntegrationType: 'AWS_PROXY',
      IntegrationSubtype: 'SQS-SendMessage',
      CredentialsArn: 'ROLE',
      PayloadFormatVersion: '1.0',
      ConnectionType: 'INTERNET',
      RequestParameters: { QueueUrl: 'U', MessageBody: '$request.body' },
    },
  ],
  [
    'row 68',
    flow(PRIVATE),
    {
      IntegrationType: 'HTTP_PROXY',
      IntegrationMethod: 'ANY',
      ConnectionType: 'VPC_LINK',
      ConnectionId: 'LINK',
      IntegrationUri: 'LISTENER',
      PayloadFormatVersion: '1.0',
      TlsConfig: { ServerNameToVerify: 'example.com' },
    },
  ],
  ['Choice O37', flow({ ...L, description: 'd' }), { ...LAMBDA, Description: 'd' }],
  ['null is nothing', flow({ ...L, uri: 'null', requestParameters: '' }), omit(LAMBDA, 'IntegrationUri')],
  ['no members', '{}', {}],
];

test('members of an integration are those of CreateIntegration', async () => {
  for (const [citation, integration, given] of GIVEN) {
    const text = withIntegration(integration);
    const operation = await readOperation(text);
    const offset = text.indexOf(integration);
    assert.deepEqual(operation.integration, { shared: undefined, given, offset }, citation);
  }
});

const named = (members: string): string => `components: {x-amazon-apigateway-integrations: ${members}}`;
const ref = (name: string): string => `{$ref: "#/components/x-amazon-apigateway-integrations/${name}"}`;

test('row 71: references to one name give one integration, through other names too', async () => {
  const int = (name: string) => `{x-amazon-apigateway-integration: ${ref(name)}}`;
  const text = withPaths(
    `/a: {get: ${int('one')}}, /b: {get: ${int('other')}}, /c: {get: ${int('o~1n%65')}}`,
    named(`{one: ${flow(L)}, other: ${ref('one')}, o/ne: ${flow(H)}}`),
  );
  const [a, b, c] = (await read(text)).operations.map(({ integration }) => integration!);
  assert.equal(a, b);
  assert.deepEqual(a, { shared: 'one', given: LAMBDA, offset: text.indexOf(flow(L)) });
  assert.deepEqual([c!.shared, c!.given], ['o/ne', HTTP]);
});

test('row 72: integrations that are written out are as many as there are operations', async () => {
  const { operations } = await read(
    withPaths(
      `/a: {get: {x-amazon-apigateway-integration: ${flow(L)}}, put: {x-amazon-apigateway-integration: ${flow(L)}}}`,
    ),
  );
  assert.deepEqual(
    operations.map(({ integration }) => [integration!.shared, integration!.given]),
    [
      [undefined, LAMBDA],
      [undefined, LAMBDA],
    ],
  );
});

const NOWHERE: readonly (readonly [citation: string, integration: string, missing: string])[] = [
  ['row 73', ref('none'), '#/components/x-amazon-apigateway-integrations/none'],
  ['Choice O39, foreign', '{$ref: "#/components/schemas/one"}', '#/components/schemas/one'],
  ['Choice O39, foreign', '{$ref: "https://example.com/x.yaml#/one"}', 'https://example.com/x.yaml#/one'],
  ['Choice O39, too deep', ref('one/type'), '#/components/x-amazon-apigateway-integrations/one/type'],
  ['Choice O39, no text', '{$ref: "#/%zz"}', '#/%zz'],
  ['Choice O39, cyclic', ref('self'), '#/components/x-amazon-apigateway-integrations/self'],
  ['Choice O39, cyclic', ref('ping'), '#/components/x-amazon-apigateway-integrations/ping'],
  ['Choice O39, at the end', ref('gone'), '#/components/x-amazon-apigateway-integrations/gone'],
];

test('references to nowhere are refusals', async () => {
  const components = named(
    `{one: ${flow(L)}, self: ${ref('self')}, ping: ${ref('pong')}, pong: ${ref('ping')}, gone: ${ref('none')}}`,
  );
  for (const [citation, integration, missing] of NOWHERE) {
    const { integration: found } = await readOperation(withIntegration(integration, components));
    assert.deepEqual(
      [found!.shared, found!.given],
      [undefined, { refusal: `${missing} is missing` }],
      citation,
    );
  }
});

const MALFORMED: readonly (readonly [citation: string, integration: string, at: string])[] = [
  ['row 75', '"text"', '"text"'],
  ['row 75', flow({ ...L, uri: '{Fn::Sub: "u"}' }), '{Fn::Sub'],
  ['Choice O31', '[]', '[]'],
  ['Choice O31', 'true', 'true'],
  ['Choice O31', flow({ ...L, uri: '17' }), '17'],
  ['Choice O31', flow({ ...L, requestParameters: '[17]' }), '[17]'],
  ['Choice O31', flow({ ...H, responseParameters: '17' }), '17}'],
  ['Choice O31, named', ref('bad'), 'bad'],
];

test('row 75: a malformed integration is an error of the document', async () => {
  for (const [citation, integration, at] of MALFORMED) {
    const text = withIntegration(integration, named('{bad: [x]}'), 'servers: [{url: /base}]');
    await assert.rejects(read(text, 'prepend'), (error) => {
      assert.ok(error instanceof DefinitionError, citation);
      assert.equal(
        error.message,
        'Unable to parse API definition because of a malformed integration at path /a.',
      );
      const offset = at === 'bad' ? text.indexOf('[x]') : text.indexOf(at, text.indexOf('-integration: '));
      assert.equal(error.offset, offset, citation);
      return true;
    });
  }
});

test('row 74: names that nobody refers to make nothing, even malformed ones', async () => {
  const { operations } = await read(withPaths('/a: {get: {}}', named(`{one: ${flow(L)}, bad: [x]}`)));
  assert.deepEqual(
    operations.map(({ integration }) => integration),
    [undefined],
  );
});

// Properties of templates as data, and the texts of those that are none (spec/definitions.md §4.6, §5.1.4).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MapNode } from '../../tree/node.ts';
import { readText } from '../../tree/read-text.ts';
import { TemplateError } from '../finding.ts';
import { readTemplate } from '../read-template.ts';
import { Sources } from '../sources.ts';
import { type Converted, convert } from './convert.ts';

const LOGICAL_ID = 'R';

function converted(type: string, yaml: string): Converted {
  const properties = readTemplate({ name: 'template.yaml', text: yaml }, new Sources());
  return convert(properties, { type: `AWS::ApiGatewayV2::${type}`, logicalId: LOGICAL_ID })!;
}

const INTEGRATION = 'ApiId: a\nIntegrationType: AWS_PROXY\n';
const BASE = { ApiId: 'a', IntegrationType: 'AWS_PROXY' };

const CONVERTED: readonly (readonly [
  source: string,
  what: string,
  type: string,
  yaml: string,
  properties: object,
])[] = [
  [
    '2.1.3',
    'text keeps how a number was written',
    'Integration',
    `${INTEGRATION}PayloadFormatVersion: 2.0`,
    { ...BASE, PayloadFormatVersion: '2.0' },
  ],
  ['4.6.1', 'text of a boolean', 'Route', 'ApiId: a\nRouteKey: True', { ApiId: 'a', RouteKey: 'true' }],
  [
    '4.6.1',
    'a number in text',
    'Integration',
    `${INTEGRATION}TimeoutInMillis: '3000'`,
    { ...BASE, TimeoutInMillis: 3000 },
  ],
  [
    '4.6.1',
    'a number',
    'Integration',
    `${INTEGRATION}TimeoutInMillis: 3000`,
    { ...BASE, TimeoutInMillis: 3000 },
  ],
  [
    '4.6.1',
    'booleans in any case',
    'Stage',
    "ApiId: a\nStageName: s\nAutoDeploy: 'TRUE'",
    { ApiId: 'a', StageName: 's', AutoDeploy: true },
  ],
  [
    '2.1.2',
    'booleans of YAML 1.1, which keys and quoted text are none of',
    'Stage',
    "ApiId: a\nStageName: s\nAutoDeploy: Yes\nStageVariables: {on: off, No: 'no', y: n}",
    { ApiId: 'a', StageName: 's', AutoDeploy: true, StageVariables: { on: 'false', No: 'no', y: 'n' } },
  ],
  [
    '4.6.1',
    'a fraction',
    'Stage',
    'ApiId: a\nStageName: s\nDefaultRouteSettings: {ThrottlingRateLimit: ".5"}',
    { ApiId: 'a', StageName: 's', DefaultRouteSettings: { ThrottlingRateLimit: 0.5 } },
  ],
  [
    '4.6.2',
    'null removes',
    'Route',
    'ApiId: a\nRouteKey: k\nTarget: null\nAuthorizationScopes: [a, null]',
    { ApiId: 'a', RouteKey: 'k', AuthorizationScopes: ['a'] },
  ],
  [
    '5.8',
    'an empty text that is not there, and one that is',
    'Integration',
    `${INTEGRATION}IntegrationUri: ''\nRequestParameters: {'remove:header.z': ''}`,
    { ...BASE, RequestParameters: { 'remove:header.z': '' } },
  ],
  [
    '14 row 9',
    'values of a map',
    'Integration',
    `${INTEGRATION}RequestParameters: {TimeoutInMillis: 5}`,
    { ...BASE, RequestParameters: { TimeoutInMillis: '5' } },
  ],
  [
    '5.8.1',
    'response parameters',
    'Integration',
    `${INTEGRATION}ResponseParameters:\n  500: {ResponseParameters: [{Destination: 'overwrite:statuscode', Source: 403}, {Destination: 'append:header.e', Source: $context.requestId}]}\n  404: {ResponseParameters: []}`,
    {
      ...BASE,
      ResponseParameters: { 500: { 'overwrite:statuscode': '403', 'append:header.e': '$context.requestId' } },
    },
  ],
  [
    '14 row 26',
    'settings and variables',
    'Stage',
    "ApiId: a\nStageName: s\nRouteSettings: {'GET /p': {ThrottlingRateLimit: 1}}\nStageVariables: {n: 7, b: true}",
    {
      ApiId: 'a',
      StageName: 's',
      RouteSettings: { 'GET /p': { ThrottlingRateLimit: 1 } },
      StageVariables: { n: '7', b: 'true' },
    },
  ],
  [
    '5.1.7',
    'the same as text',
    'Stage',
    `ApiId: a\nStageName: s\nRouteSettings: '{"GET /p": {"ThrottlingRateLimit": "1"}}'\nStageVariables: '{"n": 1.50}'`,
    {
      ApiId: 'a',
      StageName: 's',
      RouteSettings: { 'GET /p': { ThrottlingRateLimit: 1 } },
      StageVariables: { n: '1.50' },
    },
  ],
  [
    '5.11',
    'parameters of a route, and plain booleans',
    'Route',
    'ApiId: a\nRouteKey: k\nRequestParameters: {a: {Required: "true"}, b: false}',
    { ApiId: 'a', RouteKey: 'k', RequestParameters: { a: { Required: true }, b: { Required: false } } },
  ],
  [
    '5.10',
    'a schema is printed in the order of its keys',
    'Model',
    'ApiId: a\nName: n\nSchema: {type: object, maxProperties: 1.0, "10": 1, "9": 2}',
    { ApiId: 'a', Name: 'n', Schema: '{"type":"object","maxProperties":1.0,"10":1,"9":2}' },
  ],
  [
    '5.10',
    'a schema in text is passed on',
    'Model',
    `ApiId: a\nName: n\nSchema: '{ "type": "object" }'`,
    { ApiId: 'a', Name: 'n', Schema: '{ "type": "object" }' },
  ],
  [
    '5.2',
    'where a body is',
    'Api',
    'BodyS3Location: {Bucket: b, Key: k}',
    { BodyS3Location: { Bucket: 'b', Key: 'k' } },
  ],
  ['2.4.1', 'a body in a file', 'Api', 'BodyS3Location: api.yaml', { BodyS3Location: { Path: 'api.yaml' } }],
  [
    '0.1',
    'a key that objects have is one like others',
    'Integration',
    `${INTEGRATION}RequestTemplates: {__proto__: x, constructor: y}`,
    {
      ...BASE,
      RequestTemplates: Object.fromEntries([
        ['__proto__', 'x'],
        ['constructor', 'y'],
      ]),
    },
  ],
];

for (const [source, what, type, yaml, properties] of CONVERTED) {
  test(`§${source}: ${what}`, () => assert.deepEqual(converted(type, yaml), { properties }));
}

test('§5.2.1: a body keeps its places, and one in text has that of the text', () => {
  const { body, properties } = converted('Api', 'FailOnWarnings: "true"\nBody: {openapi: 3.0.1}');
  assert.deepEqual(properties, { FailOnWarnings: true });
  assert.equal(body?.offset, 29);
  const { body: ofText } = converted('Api', `Body: '{"openapi": {"a": 1}}'`);
  assert.ok(ofText?.kind === 'map');
  assert.equal(ofText.members.get('openapi')?.value.offset, 6);
});

test('a type that is none of these', () => {
  assert.equal(convert(readText('A: 1') as MapNode, { type: 'AWS::SQS::Queue', logicalId: 'Q' }), undefined);
  assert.equal(convert(readText('A: 1') as MapNode, { type: 'toString', logicalId: 'Q' }), undefined);
});

const FAILED: readonly (readonly [
  source: string,
  what: string,
  type: string,
  yaml: string,
  /** Below AWS's first line, or the whole text. */
  lines: readonly string[] | string,
  at: { offset: number; path: string },
])[] = [
  [
    '14 row 11',
    'no number',
    'Integration',
    `${INTEGRATION}TimeoutInMillis: soon`,
    ['#/TimeoutInMillis: expected type: Integer, found: String'],
    { offset: 53, path: '.TimeoutInMillis' },
  ],
  [
    '14 row 12',
    'a wrong name and a missing one',
    'Route',
    'ApiID: x\nRouteKey: k',
    ['#: extraneous key [ApiID] is not permitted', '#: required key [ApiId] not found'],
    { offset: 0, path: '' },
  ],
  [
    '14 row 13',
    'inside a member',
    'Api',
    "Name: n\nProtocolType: HTTP\nCorsConfiguration: {AllowOrigin: ['*']}",
    ['#/CorsConfiguration: extraneous key [AllowOrigin] is not permitted'],
    { offset: 47, path: '.CorsConfiguration' },
  ],
  [
    '14 row 7',
    'a destination twice',
    'Integration',
    `${INTEGRATION}ResponseParameters: {'500': {ResponseParameters: [{Destination: 'append:header.e', Source: a}, {Destination: 'append:header.e', Source: b}]}}`,
    'Destination append:header.e is there twice for status 500',
    { offset: 131, path: '.ResponseParameters.500.ResponseParameters.1' },
  ],
  [
    '5.1.4',
    'values of all kinds',
    'Stage',
    'ApiId: [a]\nStageName: {a: 1}\nAutoDeploy: maybe\nTags: 1.5\nDefaultRouteSettings: {ThrottlingBurstLimit: 1.5, ThrottlingRateLimit: true}\nRouteSettings: [1]',
    [
      '#/ApiId: expected type: String, found: JSONArray',
      '#/StageName: expected type: String, found: JSONObject',
      '#/AutoDeploy: expected type: Boolean, found: String',
      '#/Tags: expected type: JSONObject, found: Double',
      '#/DefaultRouteSettings/ThrottlingBurstLimit: expected type: Integer, found: Double',
      '#/DefaultRouteSettings/ThrottlingRateLimit: expected type: Number, found: Boolean',
      '#/RouteSettings: expected type: JSONObject, found: JSONArray',
    ],
    { offset: 7, path: '.ApiId' },
  ],
  [
    '5.1.4',
    'a list is wanted',
    'Route',
    'ApiId: a\nRouteKey: k\nAuthorizationScopes: a',
    ['#/AuthorizationScopes: expected type: JSONArray, found: String'],
    { offset: 42, path: '.AuthorizationScopes' },
  ],
  [
    '5.1.4',
    'inside lists and keys with slashes',
    'Stage',
    "ApiId: a\nStageName: s\nRouteSettings: {'GET /a~b': {Burst: 1}}",
    ['#/RouteSettings/GET ~1a~0b: extraneous key [Burst] is not permitted'],
    { offset: 51, path: '.RouteSettings.GET /a~b' },
  ],
  [
    '5.1.4',
    'a range',
    'RoutingRule',
    'DomainNameArn: a\nPriority: 0\nConditions: []\nActions: [{InvokeApi: {ApiId: a}}]',
    [
      '#/Priority: failed validation constraint for keyword [minimum]',
      '#/Actions/0/InvokeApi: required key [Stage] not found',
    ],
    { offset: 27, path: '.Priority' },
  ],
  [
    '5.1.4',
    'a value that is none of some',
    'DomainName',
    'DomainName: a\nRoutingMode: ALL',
    ['#/RoutingMode: failed validation constraint for keyword [enum]'],
    { offset: 27, path: '.RoutingMode' },
  ],
  [
    '5.1.7',
    'text that is no JSON',
    'Model',
    'ApiId: a\nName: n\nSchema: "{a: 1}"',
    ['#/Schema: expected type: JSONObject, found: String'],
    { offset: 25, path: '.Schema' },
  ],
  [
    '5.2',
    'an API without a name',
    'Api',
    'ProtocolType: HTTP',
    ['#: required key [Name] not found'],
    { offset: 0, path: '' },
  ],
  [
    '5.2.1',
    'two bodies',
    'Api',
    'Body: {}\nBodyS3Location: a',
    'Specify either Body or BodyS3Location and not both.',
    { offset: 25, path: '' },
  ],
  [
    '5.2',
    'a body in no place',
    'Api',
    'BodyS3Location: {Bucket: b}',
    ['#/BodyS3Location: required key [Key] not found'],
    { offset: 16, path: '.BodyS3Location' },
  ],
  [
    '5.14',
    'what means nothing',
    'Stage',
    'ApiId: a\nStageName: s\nAccessPolicyId: p',
    'AccessPolicyId of a stage has no meaning that AWS documents: remove it',
    { offset: 38, path: '.AccessPolicyId' },
  ],
  [
    '5.12',
    'a response parameter without what it needs',
    'RouteResponse',
    'ApiId: a\nRouteId: r\nRouteResponseKey: $default\nResponseParameters: {a: {}}',
    ['#/ResponseParameters/a: required key [Required] not found'],
    { offset: 71, path: '.ResponseParameters.a' },
  ],
];

for (const [source, what, type, yaml, lines, { offset, path }] of FAILED) {
  test(`§${source}: refused: ${what}`, () => {
    const text =
      typeof lines === 'string'
        ? lines
        : `Properties validation failed for resource R with message:\n${lines.join('\n')}`;
    assert.throws(
      () => converted(type, yaml),
      (error) => {
        assert.ok(error instanceof TemplateError);
        assert.deepEqual(error.findings, [
          {
            severity: 'error',
            text,
            offset,
            logicalId: 'R',
            type: `AWS::ApiGatewayV2::${type}`,
            path: `Resources.R.Properties${path}`,
          },
        ]);
        return true;
      },
    );
  });
}

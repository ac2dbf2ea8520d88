// The integration on the bench in the words of other tools (console/src/workbench/copy).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { asAwsCli } from '../../console/src/workbench/copy/aws-cli.ts';
import { asCloudFormation, asOpenApi } from '../../console/src/workbench/copy/cloudformation.ts';
import { definitionOf } from '../../console/src/workbench/copy/definition.ts';
import { asTerraform } from '../../console/src/workbench/copy/terraform.ts';
import { asYaml } from '../../console/src/workbench/copy/yaml.ts';
import { readCommandLine } from '../../console/src/workbench/curl/shell-words.ts';
import { draftOf } from '../../console/src/workbench/draft/draft.ts';
import type { Subject } from '../../console/src/workbench/draft/stored.ts';

const PETS: Subject = {
  api: { apiId: 'a1', name: 'The pets!', protocolType: 'HTTP' },
  integration: {
    integrationId: 'i1',
    integrationType: 'HTTP_PROXY',
    integrationMethod: 'ANY',
    integrationUri: "http://${stageVariables.backend}/it's",
    timeoutInMillis: 500,
    payloadFormatVersion: '1.0',
    requestParameters: { 'append:header.a': '%{$request.header.b}', 'remove:header.c': "''" },
    responseParameters: { 500: { 'overwrite:statuscode': '403' } },
  },
  responses: [],
};
const CHAT: Subject = {
  api: {
    apiId: 'a2',
    name: 'chat',
    protocolType: 'WEBSOCKET',
    routeSelectionExpression: '$request.body.action',
  },
  integration: {
    integrationId: 'i2',
    integrationType: 'MOCK',
    timeoutInMillis: 29000,
    requestTemplates: { $default: '{"a": 1}\n' },
  },
  responses: [
    { integrationResponseId: 'r1', integrationResponseKey: '$default', responseTemplates: { $default: 'x' } },
  ],
};
const pets = definitionOf(PETS, draftOf(PETS));
const chat = definitionOf(CHAT, draftOf(CHAT));

test('as the AWS CLI it is commands whose words a shell reads back', () => {
  const { words } = readCommandLine(asAwsCli(pets));
  assert.deepEqual(words, [
    'aws',
    'apigatewayv2',
    'update-integration',
    ...[
      '--api-id',
      'a1',
      '--integration-id',
      'i1',
      '--integration-type',
      'HTTP_PROXY',
      '--integration-method',
      'ANY',
    ],
    ...['--integration-uri', "http://${stageVariables.backend}/it's", '--timeout-in-millis', '500'],
    ...['--payload-format-version', '1.0'],
    '--request-parameters',
    '{"append:header.a":"%{$request.header.b}","remove:header.c":"\'\'"}',
    '--response-parameters',
    '{"500":{"overwrite:statuscode":"403"}}',
  ]);
  const { words: first, rest } = readCommandLine(asAwsCli(chat));
  assert.deepEqual(JSON.parse(first.at(-1)!), { $default: '{"a": 1}\n' });
  assert.match(
    rest,
    /^aws apigatewayv2 create-integration-response \\\n {2}--api-id a2 \\\n {2}--integration-id i2 \\\n/,
  );
});

test('as Terraform what it would evaluate is text', () => {
  assert.equal(
    asTerraform(pets),
    `resource "aws_apigatewayv2_integration" "the_pets" {
  api_id                 = aws_apigatewayv2_api.the_pets.id
  integration_type       = "HTTP_PROXY"
  integration_method     = "ANY"
  integration_uri        = "http://$\${stageVariables.backend}/it's"
  timeout_milliseconds   = 500
  payload_format_version = "1.0"
  request_parameters = {
    "append:header.a" = "%%{$request.header.b}"
    "remove:header.c" = "''"
  }

  response_parameters {
    status_code = 500
    mappings = {
      "overwrite:statuscode" = "403"
    }
  }
}`,
  );
  assert.match(
    asTerraform(chat),
    /resource "aws_apigatewayv2_integration_response" "chat_1" \{\n {2}api_id {19}= aws_apigatewayv2_api\.chat\.id/,
  );
});

test('as CloudFormation responses are lists of destinations and sources', () => {
  assert.deepEqual(parse(asCloudFormation(pets)), {
    Integration: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        ApiId: { Ref: 'Api' },
        ...pets.integration,
        ResponseParameters: {
          500: { ResponseParameters: [{ Destination: 'overwrite:statuscode', Source: '403' }] },
        },
      },
    },
  });
  const { IntegrationResponse1 } = parse(asCloudFormation(chat));
  assert.deepEqual(IntegrationResponse1.Properties.ResponseTemplates, { $default: 'x' });
});

test('as OpenAPI it is the extension of an operation', () => {
  assert.deepEqual(parse(asOpenApi(pets)), {
    'x-amazon-apigateway-integration': {
      type: 'http_proxy',
      httpMethod: 'ANY',
      uri: "http://${stageVariables.backend}/it's",
      timeoutInMillis: 500,
      payloadFormatVersion: '1.0',
      requestParameters: pets.integration.RequestParameters,
      responseParameters: pets.integration.ResponseParameters,
    },
  });
});

const values: readonly unknown[] = [
  {
    yes: 'no',
    on: 'off',
    null: 'null',
    '': '',
    '1': '2',
    a: '1.0',
    b: '1e3',
    c: '- x',
    d: 'a: b',
    e: '#',
    f: ' x ',
    g: 'a\nb',
  },
  { a: [{ b: 'c', d: ['e', 'f'] }], g: {}, h: [], i: true, j: null, k: 1 },
  {
    u: 'http://a/b',
    v: 'arn:aws:iam::0:role/x',
    w: "''",
    x: '${a}',
    y: '*',
    z: '~',
    '&': '!',
    '012': '0x1F',
    t: '12:30:45',
  },
];
for (const value of values) {
  for (const version of ['1.1', '1.2'] as const) {
    test(`${JSON.stringify(value).slice(0, 40)} is the same in YAML ${version}`, () => {
      assert.deepEqual(parse(asYaml(value), { version }), value);
    });
  }
}

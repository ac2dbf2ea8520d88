import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NUM_RUNS } from '../../test/support/num-runs.ts';
import { ServiceError } from './errors.ts';
import type { OperationName } from './operation.ts';
import { operationNamed, operations } from './operation.ts';
import { parseInput } from './parse.ts';

interface Case {
  readonly name: string;
  readonly source: string;
  readonly operation: OperationName;
  readonly labels?: readonly string[];
  readonly query?: string;
  readonly body?: string;
  readonly input: Record<string, unknown>;
}

const cases: readonly Case[] = [
  {
    name: 'labels and body members get the SDK names',
    source: '§1.1',
    operation: 'CreateRoute',
    labels: ['a1'],
    body: '{"routeKey":"GET /pets","target":"integrations/i1","apiKeyRequired":false}',
    input: { ApiId: 'a1', RouteKey: 'GET /pets', Target: 'integrations/i1', ApiKeyRequired: false },
  },
  {
    name: 'a missing body is {}',
    source: '§1.3',
    operation: 'UpdateApi',
    labels: ['a1'],
    body: '',
    input: { ApiId: 'a1' },
  },
  {
    name: 'an empty object changes nothing',
    source: '§1.3',
    operation: 'UpdateApi',
    labels: ['a1'],
    body: ' {} ',
    input: { ApiId: 'a1' },
  },
  {
    name: 'a null member is absent, at every depth',
    source: '§1.3',
    operation: 'CreateApi',
    body: '{"name":"n","description":null,"corsConfiguration":{"maxAge":null,"allowOrigins":["*"]},"tags":{"a":null,"b":"c"}}',
    input: { Name: 'n', CorsConfiguration: { AllowOrigins: ['*'] }, Tags: { b: 'c' } },
  },
  {
    name: 'unknown members are ignored, names are case-sensitive',
    source: '§1.3',
    operation: 'CreateApi',
    body: '{"name":"n","Description":"x","__proto__":{"description":"y"},"what":[{}]}',
    input: { Name: 'n' },
  },
  {
    name: 'members of the path do not come from the body',
    source: '§1.2',
    operation: 'UpdateApi',
    labels: ['a1'],
    body: '{"apiId":"a2","name":"n"}',
    input: { ApiId: 'a1', Name: 'n' },
  },
  {
    name: 'maps of maps',
    source: '§2.3',
    operation: 'UpdateIntegration',
    labels: ['a1', 'i1'],
    body: '{"responseParameters":{"200":{"append:header.x":"v"},"500":{}},"timeoutInMillis":50}',
    input: {
      ApiId: 'a1',
      IntegrationId: 'i1',
      ResponseParameters: { 200: { 'append:header.x': 'v' }, 500: {} },
      TimeoutInMillis: 50,
    },
  },
  {
    name: 'doubles and integers',
    source: '§1.3',
    operation: 'CreateStage',
    labels: ['a1'],
    body: '{"stageName":"s","defaultRouteSettings":{"throttlingRateLimit":0.5,"throttlingBurstLimit":10.0}}',
    input: {
      ApiId: 'a1',
      StageName: 's',
      DefaultRouteSettings: { ThrottlingRateLimit: 0.5, ThrottlingBurstLimit: 10 },
    },
  },
  {
    name: 'the import envelope',
    source: '§3.1',
    operation: 'ImportApi',
    query: 'basepath=ignore&failOnWarnings=true',
    body: '{"body":"openapi: 3.0.1"}',
    input: { Basepath: 'ignore', FailOnWarnings: true, Body: 'openapi: 3.0.1' },
  },
  {
    name: 'failOnWarnings in any case, and what is none of its values',
    source: 'openapi.md Choice O28',
    operation: 'ReimportApi',
    labels: ['a1'],
    query: 'failOnWarnings=False',
    input: { ApiId: 'a1', FailOnWarnings: false },
  },
  {
    name: 'a text that is no boolean stays one, to be refused',
    source: 'openapi.md Choice O3',
    operation: 'ImportApi',
    query: 'failOnWarnings=yes',
    input: { FailOnWarnings: 'yes' },
  },
  {
    name: 'tagKeys repeats',
    source: '§1.3',
    operation: 'UntagResource',
    labels: ['arn'],
    query: 'tagKeys=a&tagKeys=b%20c&tagKeys=d+e',
    input: { ResourceArn: 'arn', TagKeys: ['a', 'b c', 'd e'] },
  },
  {
    name: 'maxResults is a string member',
    source: '§1.9',
    operation: 'GetApis',
    query: 'maxResults=10&nextToken=x%3D&other=1&X-Amz-Date=1',
    input: { MaxResults: '10', NextToken: 'x=' },
  },
  {
    name: 'maxResults of ListRoutingRules is an integer',
    source: '§1.3',
    operation: 'ListRoutingRules',
    labels: ['d'],
    query: 'maxResults=10',
    input: { DomainName: 'd', MaxResults: 10 },
  },
  {
    name: 'a body is ignored where the operation takes none',
    source: '§1.3',
    operation: 'DeleteApi',
    labels: ['a1'],
    body: 'no json',
    input: { ApiId: 'a1' },
  },
];
for (const { name, source, operation, labels, query, body, input } of cases) {
  test(`${name} (spec/management-api.md ${source})`, () => {
    assert.deepEqual(parseInput(operationNamed(operation), labels ?? [], query ?? '', body ?? ''), input);
  });
}

// spec/management-api.md §1.3: a JSON value of the wrong kind, or unparsable JSON
const refusals: readonly (readonly [OperationName, string])[] = [
  ['CreateApi', '{'],
  ['CreateApi', 'null'],
  ['CreateApi', '[]'],
  ['CreateApi', '"text"'],
  ['CreateApi', '{"name":1}'],
  ['CreateApi', '{"name":{}}'],
  ['CreateApi', '{"tags":[]}'],
  ['CreateApi', '{"tags":{"a":1}}'],
  ['CreateApi', '{"corsConfiguration":"*"}'],
  ['CreateApi', '{"corsConfiguration":{"allowOrigins":"*"}}'],
  ['CreateApi', '{"corsConfiguration":{"allowOrigins":[null]}}'],
  ['CreateApi', '{"corsConfiguration":{"maxAge":"5"}}'],
  ['CreateApi', '{"corsConfiguration":{"maxAge":1.5}}'],
  ['CreateApi', '{"corsConfiguration":{"maxAge":4294967296}}'],
  ['CreateApi', '{"disableExecuteApiEndpoint":"true"}'],
  ['CreateStage', '{"defaultRouteSettings":{"throttlingRateLimit":"1"}}'],
  ['CreateStage', '{"defaultRouteSettings":{"throttlingRateLimit":1e999}}'],
  ['CreateStage', '{"routeSettings":{"GET /":[]}}'],
  ['CreateDomainName', '{"domainNameConfigurations":[{"certificateUploadDate":1}]}'],
];
for (const [operation, body] of refusals) {
  test(`${operation} refuses ${body} with SerializationException (spec/management-api.md §1.3)`, () => {
    assert.throws(
      () => parseInput(operationNamed(operation), ['a'], '', body),
      (error: unknown) =>
        error instanceof ServiceError &&
        error.status === 400 &&
        error.code === 'SerializationException' &&
        error.message === 'Unable to parse request body',
    );
  });
}
for (const [operation, query] of [['ListRoutingRules', 'maxResults=ten']] as const) {
  test(`${operation} refuses ?${query} (spec/management-api.md §1.3)`, () => {
    assert.throws(() => parseInput(operationNamed(operation), [], query, ''), {
      code: 'SerializationException',
    });
  });
}

test('a map key __proto__ is a key like any other and changes no prototype', () => {
  const input = parseInput(operationNamed('CreateStage'), ['a'], '', '{"stageVariables":{"__proto__":"x"}}');
  const variables = input.StageVariables as object;
  assert.equal(Object.getPrototypeOf(variables), Object.prototype);
  assert.equal(Object.getOwnPropertyDescriptor(variables, '__proto__')?.value, 'x');
});

test('any JSON is parsed or refused with a service error', () => {
  fc.assert(
    fc.property(fc.constantFrom(...operations), fc.jsonValue({ maxDepth: 4 }), (operation, value) => {
      const named: Record<string, unknown> = {};
      for (const [index, member] of operation.body.entries()) {
        named[member.jsonName] = Array.isArray(value) ? value[index] : value;
      }
      for (const body of [value, named]) {
        try {
          parseInput(operation, [], '', JSON.stringify(body));
        } catch (error) {
          assert.ok(error instanceof ServiceError);
        }
      }
    }),
    { numRuns: NUM_RUNS },
  );
});

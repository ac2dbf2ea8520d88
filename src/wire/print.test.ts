import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NUM_RUNS } from '../../test/support/num-runs.ts';
import { unreachable } from '../defect.ts';
import { conflict, notFound, unknownOperation } from './errors.ts';
import type { OperationName } from './operation.ts';
import { operationNamed, operations } from './operation.ts';
import { parseInput } from './parse.ts';
import { printError, printOutput } from './print.ts';
import type { Member, Shape } from './shape.ts';

const cases: readonly (readonly [string, OperationName, unknown, string | undefined])[] = [
  [
    'absent and null members are omitted, §1.4',
    'GetRoute',
    { RouteId: 'r', Target: undefined, OperationName: null },
    '{"routeId":"r"}',
  ],
  [
    'members are those of the model, §1.1',
    'GetRoute',
    { RouteId: 'r', ApiId: 'a', '-secret': 1 },
    '{"routeId":"r"}',
  ],
  ['empty collections stay, §1.4', 'GetApi', { Tags: {}, Warnings: [] }, '{"tags":{},"warnings":[]}'],
  ['items is always there, §1.4', 'GetApis', { Items: [] }, '{"items":[]}'],
  [
    'pages carry a token, §1.4',
    'GetApis',
    { Items: [{ ApiId: 'a' }, { Name: 'b' }], NextToken: 't' },
    '{"items":[{"apiId":"a"},{"name":"b"}],"nextToken":"t"}',
  ],
  [
    'whole seconds, §1.7',
    'GetApi',
    { CreatedDate: '2025-01-27T19:14:25Z' },
    '{"createdDate":"2025-01-27T19:14:25Z"}',
  ],
  [
    'a Date, §1.7',
    'GetApi',
    { CreatedDate: new Date('2025-01-27T19:14:25.999Z') },
    '{"createdDate":"2025-01-27T19:14:25Z"}',
  ],
  [
    'an offset, §1.7',
    'GetApi',
    { CreatedDate: '2025-01-27T20:14:25+01:00' },
    '{"createdDate":"2025-01-27T19:14:25Z"}',
  ],
  [
    'doubles have a decimal point, integers none, §1.3',
    'GetStage',
    {
      DefaultRouteSettings: { ThrottlingRateLimit: 2000, ThrottlingBurstLimit: 500 },
      RouteSettings: {
        'GET /"x"': { ThrottlingRateLimit: 0.5 },
        b: { ThrottlingRateLimit: 0 },
        c: { ThrottlingRateLimit: 1e21 },
      },
    },
    '{"defaultRouteSettings":{"throttlingBurstLimit":500,"throttlingRateLimit":2000.0},' +
      '"routeSettings":{"GET /\\"x\\"":{"throttlingRateLimit":0.5},"b":{"throttlingRateLimit":0.0},"c":{"throttlingRateLimit":1e+21}}}',
  ],
  [
    'maps of maps, §2.3',
    'GetIntegration',
    { ResponseParameters: { 200: { 'append:header.x': 'a\nb' } }, TimeoutInMillis: 30000 },
    '{"responseParameters":{"200":{"append:header.x":"a\\nb"}},"timeoutInMillis":30000}',
  ],
  ['201 of TagResource has {}, §1.2', 'TagResource', undefined, '{}'],
  ['202 of DeleteVpcLink has {}, §1.2', 'DeleteVpcLink', undefined, '{}'],
  ['204 has no body, §1.2', 'DeleteApi', undefined, undefined],
  ['the export is its document, §3.5', 'ExportApi', { body: 'openapi: 3.0.1' }, 'openapi: 3.0.1'],
];
for (const [name, operation, output, text] of cases) {
  test(`${operation}: ${name} of spec/management-api.md`, () => {
    assert.equal(printOutput(operationNamed(operation), output), text);
  });
}

test('errors carry a lower-case message and nothing else (spec/management-api.md §1.5)', () => {
  assert.equal(printError(notFound('Invalid "x" é')), '{"message":"Invalid \\"x\\" é"}');
  assert.equal(printError(conflict('c')), '{"message":"c"}');
  assert.equal(printError(unknownOperation()), '{}');
});

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('"', '\\', '\n', '\ud800'),
);

function valuesOf(shape: Shape): fc.Arbitrary<unknown> {
  switch (shape.kind) {
    case 'string':
      return text;
    case 'blob':
      return text;
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.integer();
    case 'double':
      return fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0);
    case 'timestamp':
      return fc
        .date({ min: new Date(0), max: new Date('9999-01-01'), noInvalidDate: true })
        .map((date) => `${date.toISOString().slice(0, 19)}Z`);
    case 'list':
      return fc.array(valuesOf(shape.item), { maxLength: 3 });
    case 'map':
      return fc.dictionary(text, valuesOf(shape.value), { maxKeys: 3, noNullPrototype: true });
    case 'structure':
      return documentsOf(shape.members);
    default:
      unreachable(shape);
  }
}

function documentsOf(members: readonly Member[]): fc.Arbitrary<Record<string, unknown>> {
  return fc.record(Object.fromEntries(members.map(({ name, shape }) => [name, valuesOf(shape)])), {
    requiredKeys: [],
    noNullPrototype: true,
  });
}

test('what is printed is valid JSON that parses back to the same document, for every output', () => {
  const printed = operations.filter((operation) => operation.output.length > 0);
  // Each output read as if it were an input.
  const mirrors = printed.map((operation) => ({
    ...operation,
    body: operation.output,
    labels: [],
    query: [],
  }));
  const documents = printed.map((operation, index) =>
    documentsOf(operation.output).map((document) => ({ index, document })),
  );
  fc.assert(
    fc.property(fc.oneof(...documents), ({ index, document }) => {
      const body = String(printOutput(printed[index]!, document));
      assert.deepEqual(parseInput(mirrors[index]!, [], '', body), document);
    }),
    { numRuns: NUM_RUNS },
  );
});

// What is kept for portals (spec/openapi.md Choice O52).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flow, H, read, textsOf, withPaths } from './documents.test.support.ts';

const ref = (kind: string, name: string) => `{$ref: "#/components/${kind}/${name}"}`;
const schemaRef = (name: string) => ({ $ref: `#/components/schemas/${name}` });

const KEPT: readonly (readonly [what: string, path: string, kept: object | undefined])[] = [
  ['nothing', `/a: {get: {operationId: o, tags: [t], security: [], x-a: 1}}`, undefined],
  [
    'every part',
    '/a: {get: {deprecated: true, tags: [t], responses: {200: {description: ok}}, summary: s, requestBody: {content: {}}, callbacks: {}, description: d}}',
    {
      summary: 's',
      description: 'd',
      requestBody: { content: {} },
      responses: { 200: { description: 'ok' } },
      deprecated: true,
    },
  ],
  ['of an any-method', '/a: {x-amazon-apigateway-any-method: {summary: s}}', { summary: 's' }],
  [
    'parameters of the path',
    '/a: {parameters: [{name: p, in: path}], get: {}}',
    { parameters: [{ name: 'p', in: 'path' }] },
  ],
  [
    'parameters of both',
    '/a: {parameters: [{name: p, in: path}, {name: q, in: query}], get: {parameters: [{name: q, in: query, required: true}, {name: q, in: header}]}}',
    {
      parameters: [
        { name: 'p', in: 'path' },
        { name: 'q', in: 'query', required: true },
        { name: 'q', in: 'header' },
      ],
    },
  ],
  [
    'parameters that are none',
    '/a: {parameters: [null, 1], get: {parameters: {a: 1}}}',
    { parameters: { a: 1 } },
  ],
  [
    'references to components',
    `/a: {get: {parameters: [${ref('parameters', 'limit')}, ${ref('parameters', 'gone')}], responses: {200: ${ref('responses', 'ok')}}}}`,
    {
      parameters: [{ name: 'limit', in: 'query' }, { $ref: '#/components/parameters/gone' }],
      responses: {
        200: {
          description: 'ok',
          headers: { X: { description: 'x' } },
          content: { a: { schema: schemaRef('Order') } },
        },
      },
    },
  ],
  [
    'circles',
    `/a: {get: {responses: {200: ${ref('responses', 'self')}}}}`,
    { responses: { 200: { $ref: '#/components/responses/self' } } },
  ],
  [
    'references to elsewhere',
    '/a: {get: {parameters: [{$ref: "https://example.com/x.yaml"}, {$ref: 1}]}}',
    { parameters: [{ $ref: 'https://example.com/x.yaml' }, { $ref: 1 }] },
  ],
];

const COMPONENTS = `components:
  parameters: {limit: {name: limit, in: query}}
  headers: {X: {description: x}}
  responses: {ok: {description: ok, headers: {X: ${ref('headers', 'X')}}, content: {a: {schema: ${ref('schemas', 'Order')}}}}, self: ${ref('responses', 'self')}}
  schemas:
    Order: {type: object, properties: {parent: ${ref('schemas', 'Order')}, lines: {items: ${ref('schemas', 'a~1b/items')}}}}
    a/b: {discriminator: {mapping: {c: "#/components/schemas/C"}}, items: {}}
    C: {type: string, default: ${ref('schemas', 'Gone')}}
    Unused: {properties: {c: ${ref('schemas', 'C')}}}`;

test('the ignored parts of an operation are kept', async () => {
  for (const [what, path, kept] of KEPT) {
    const { operations } = await read(withPaths(path, COMPONENTS));
    assert.deepEqual(operations[0]!.documentation, kept, what);
  }
});

test('schemas that kept operations use are kept, and those that they use', async () => {
  const use = `/a: {get: {responses: {200: ${ref('responses', 'ok')}}}}`;
  assert.deepEqual((await read(withPaths(use, COMPONENTS))).schemas, {
    Order: {
      type: 'object',
      properties: { parent: schemaRef('Order'), lines: { items: schemaRef('a~1b/items') } },
    },
    'a/b': { discriminator: { mapping: { c: '#/components/schemas/C' } }, items: {} },
    C: { type: 'string', default: schemaRef('Gone') },
  });
  assert.deepEqual((await read(withPaths('/a: {get: {}}', COMPONENTS))).schemas, {});
});

const TOO_MUCH = 'The documentation of operations is not kept for portals: it is larger than 1048576 bytes';

test('a megabyte of JSON is kept, and of more nothing', async () => {
  const summary = (text: string) => withPaths(`/a: {get: {summary: ${text}}}`);
  // Two bytes each, and three for quotes and comma.
  const text = 'é'.repeat(524_286);
  const { operations, info } = await read(summary(`x${text}`));
  assert.notEqual(operations[0]!.documentation, undefined);
  assert.ok(!textsOf(info).includes(TOO_MUCH));
  const more = await read(summary(`xx${text}`));
  assert.deepEqual([more.operations[0]!.documentation, more.schemas], [undefined, {}]);
  assert.equal(more.info.at(-1)!.text, TOO_MUCH);
});

test('what references would make larger is not kept', async () => {
  const paths = Array.from(
    { length: 300 },
    (_, i) =>
      `/p${i}: {get: {responses: {200: ${ref('responses', 'big')}}, x-amazon-apigateway-integration: ${flow(H)}}}`,
  );
  const { operations, info } = await read(
    withPaths(paths.join(', '), `components: {responses: {big: {description: ${'x'.repeat(50_000)}}}}`),
  );
  assert.equal(operations.filter(({ documentation }) => documentation !== undefined).length, 0);
  assert.equal(info.at(-1)!.text, TOO_MUCH);
});

test('chains of references end', async () => {
  const chain = Array.from({ length: 5_000 }, (_, i) => `r${i}: ${ref('responses', `r${i + 1}`)}`);
  const { operations } = await read(
    withPaths(
      `/a: {get: {responses: {200: ${ref('responses', 'r0')}}}}`,
      `components: {responses: {${chain.join(', ')}}}`,
    ),
  );
  assert.deepEqual(operations[0]!.documentation, {
    responses: { 200: { $ref: '#/components/responses/r16' } },
  });
});

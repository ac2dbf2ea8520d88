// Reading throws DefinitionError or nothing, whatever the document is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Node } from '../tree/node.ts';
import { DefinitionError } from './definition.ts';
import { readDefinition } from './read-definition.ts';

type Json = null | boolean | number | string | Json[] | { readonly [key: string]: Json };

/** A value as the tree of a document. Offsets only have to be there. */
function treeOf(value: Json, offset = 0): Node {
  if (typeof value !== 'object' || value === null)
    return { kind: 'scalar', offset, value, text: String(value) };
  if (Array.isArray(value))
    return { kind: 'list', offset, items: value.map((item, i) => treeOf(item, offset + i)) };
  const members = Object.entries(value).map(
    ([key, each], i) => [key, { keyOffset: offset + i, value: treeOf(each, offset + i) }] as const,
  );
  return { kind: 'map', offset, members: new Map(members) };
}

const X = 'x-amazon-apigateway-';
const word = fc.constantFrom(
  '',
  '/',
  'a',
  '1.0',
  'true',
  'jwt',
  'request',
  'aws_proxy',
  '$default',
  '/a/{b}',
  'NONE',
  '${AWS::Region}',
  '__proto__',
  '#/components/schemas/a',
  '#/components/parameters/a',
  `#/components/${X}integrations/a`,
  '#/%zz',
  '{basePath}',
);
const scalar: fc.Arbitrary<Json> = fc.oneof(
  word,
  fc.boolean(),
  fc.constantFrom(null, 1, 2, 1.5, -3),
  fc.string({ maxLength: 4 }),
);
const garbage: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(
      fc.oneof(word, fc.constantFrom('$ref', 'type', 'name', 'in', 'schema', 'security')),
      tie('value'),
      { maxKeys: 4 },
    ),
  ),
})).value;

/** Now and then garbage in the place of what is meant. */
const or = (meant: fc.Arbitrary<Json>): fc.Arbitrary<Json> =>
  fc.oneof({ weight: 5, arbitrary: meant }, { weight: 1, arbitrary: garbage });
const record = (members: { readonly [key: string]: fc.Arbitrary<Json> }): fc.Arbitrary<Json> =>
  or(fc.record({ ...members }, { requiredKeys: [] }) as fc.Arbitrary<Json>);
const list = (item: fc.Arbitrary<Json>): fc.Arbitrary<Json> => or(fc.array(item, { maxLength: 3 }));
const named = (value: fc.Arbitrary<Json>): fc.Arbitrary<Json> =>
  or(fc.dictionary(word, value, { maxKeys: 3 }));

const reference = record({ $ref: or(word) });
const authorizer = record({
  type: or(word),
  identitySource: or(word),
  jwtConfiguration: record({ issuer: scalar, audience: list(scalar) }),
  authorizerPayloadFormatVersion: scalar,
});
const scheme = record({
  type: scalar,
  openIdConnectUrl: scalar,
  [`${X}authorizer`]: authorizer,
  [`${X}authtype`]: scalar,
});
const integration = fc.oneof(
  reference,
  record({
    type: scalar,
    uri: or(word),
    payloadFormatVersion: scalar,
    timeoutInMillis: scalar,
    requestParameters: named(scalar),
    responseParameters: named(named(scalar)),
    tlsConfig: record({ serverNameToVerify: scalar }),
  }),
);
const parameter = fc.oneof(reference, record({ name: scalar, in: scalar, schema: reference }));
const operation = record({
  operationId: scalar,
  responses: named(
    fc.oneof(reference, record({ description: scalar, content: named(record({ schema: reference })) })),
  ),
  parameters: list(parameter),
  requestBody: reference,
  security: list(record({ a: list(scalar), NONE: list(scalar) })),
  isDefaultRoute: scalar,
  [`${X}integration`]: integration,
  [`${X}auth`]: record({ type: scalar }),
});
const pathItem = record({
  get: operation,
  trace: operation,
  GET: operation,
  [`${X}any-method`]: operation,
  parameters: list(parameter),
  $ref: word,
});
const server = record({
  url: scalar,
  variables: record({ basePath: record({ default: scalar }) }),
  [`${X}endpoint-configuration`]: record({ disableExecuteApiEndpoint: scalar }),
});
const members = record({
  info: record({ title: scalar, description: scalar, version: scalar }),
  servers: list(server),
  tags: list(record({ name: scalar, [`${X}tag-value`]: scalar })),
  security: list(record({ a: list(scalar) })),
  paths: named(pathItem),
  components: record({
    securitySchemes: named(scheme),
    schemas: named(garbage),
    parameters: named(parameter),
    [`${X}integrations`]: named(integration),
  }),
  [`${X}cors`]: record({ allowOrigins: list(scalar), maxAge: scalar }),
  [`${X}importexport-version`]: fc.constantFrom('1.0', 1),
});
/** Most are of OpenAPI 3.0, so that all of them is read. */
const document = or(members.map((value) => ({ openapi: '3.0.1', ...Object(value) })));

test('reading never throws anything but DefinitionError', () => {
  let read = 0;
  const basePath = fc.constantFrom('ignore' as const, 'prepend' as const, 'split' as const);
  fc.assert(
    fc.property(document, basePath, (value, mode) => {
      try {
        const definition = readDefinition(treeOf(value), {
          account: '1',
          region: 'r',
          partition: 'p',
          basePath: mode,
        });
        JSON.stringify(definition);
        read++;
      } catch (error) {
        if (!(error instanceof DefinitionError)) throw error;
      }
    }),
    { numRuns: 2_000 },
  );
  assert.ok(read > 1_000, `${read} of them could be read`);
});

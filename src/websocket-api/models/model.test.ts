import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SchemaError } from './json-schema/schema-error.ts';
import { compileModel } from './model.ts';

/** spec/websocket-api.md §2.5.3. Schema, message, what is wrong with it. */
const cases: readonly (readonly [schema: string, message: string, wrong?: string])[] = [
  ['{"type": "object", "required": ["a"]}', '{"a": 1}'],
  ['{"type": "object", "required": ["a"]}', '{}', "body must have required property 'a'"],
  ['{"$schema": "http://json-schema.org/draft-04/schema#", "type": "string"}', '1', 'body must be string'],
  ['{"minimum": 1, "exclusiveMinimum": true}', '1', 'body must be > 1'],
  ['{"minimum": 1, "exclusiveMinimum": false}', '1'],
  ['{"id": "http://schemas.example/a", "type": "integer"}', '1.5', 'body must be integer'],
  ['{"type": ["string", "null"]}', 'null'],
  [
    '{"properties": {"a": {"$ref": "#/definitions/b"}}, "definitions": {"b": {"type": "string"}}}',
    '{"a": 1}',
    'body/a must be string',
  ],
  ['{"dependencies": {"a": ["b"]}}', '{"a": 1}', 'body must have property b when property a is present'],
  ['{"items": [{}], "additionalItems": false}', '[1, 2]', 'body must NOT have more than 1 items'],
  [
    '{"patternProperties": {"^x": {"type": "string"}}, "additionalProperties": false}',
    '{"xa": "", "y": 1}',
    'body must NOT have additional properties',
  ],
  ['{"pattern": "b+"}', '"abc"'],
  ['{"pattern": "^b+"}', '"abc"', 'body must match pattern "^b+"'],
  ['{"maxLength": 1}', '"😀"'],
  // Keywords of later drafts and of others.
  ['{"const": 1}', '2'],
  ['{"if": {"type": "string"}, "then": {"maxLength": 1}, "else": {"minimum": 9}}', '"abc"'],
  ['{"contains": {"type": "string"}}', '[1]'],
  ['{"propertyNames": {"maxLength": 1}}', '{"ab": 1}'],
  ['{"type": "string", "nullable": true}', 'null', 'body must be string'],
  ['{"nullable": true}', 'null'],
  ['{"$async": true, "type": "string"}', '"a"'],
  [
    '{"$anchor": 1, "$id": "a", "$comment": 1, "examples": 1, "discriminator": {}, "unevaluatedProperties": false}',
    '{"a": 1}',
  ],
  [
    '{"properties": {"const": {"type": "string"}, "if": {"nullable": true}}}',
    '{"const": 1}',
    'body/const must be string',
  ],
  ['{"enum": [{"const": 1}]}', '{"const": 1}'],
  ['{"enum": [{"const": 1}]}', '{}', 'body must be equal to one of the allowed values'],
  [
    '{"properties": {"a": {"$ref": "#/$defs/b"}}, "$defs": {"b": {"type": "string"}}}',
    '{"a": 1}',
    'body/a must be string',
  ],
  // Draft 4: what stands beside a reference is ignored.
  [
    '{"properties": {"a": {"$ref": "#/definitions/b", "maxLength": 1}}, "definitions": {"b": {"type": "string"}}}',
    '{"a": "abc"}',
  ],
  ['{"format": "date-time"}', '"soon"'],
  ['{"format": "unheard-of"}', '"a"'],
  // Members are those of the message alone.
  ['{"required": ["toString"]}', '{}', "body must have required property 'toString'"],
  ['{"properties": {"constructor": {"type": "string"}}}', '{}'],
  // Numbers are decimals.
  ['{"multipleOf": 0.01}', '0.07'],
  ['{"multipleOf": 0.01}', '-19.99'],
  ['{"multipleOf": 0.01}', '0.075', 'body must be multiple of 0.01'],
  ['{"multipleOf": 1e-7}', '3e-7'],
  ['{"multipleOf": 3}', '9'],
  ['{"multipleOf": 3}', '10', 'body must be multiple of 3'],
  ['{"multipleOf": 7}', '1e300', 'body must be multiple of 7'],
  ['{"uniqueItems": true}', '[1, "1", [1], {"a": 1}, {"a": "1"}, null, "null", true]'],
  ['{"uniqueItems": true}', '[1, 1.0]', 'body must NOT have duplicate items'],
  ['{"uniqueItems": true}', '["a", "a"]', 'body must NOT have duplicate items'],
  [
    '{"uniqueItems": true}',
    '[{"a": [1], "b": null}, {"b": null, "a": [1]}]',
    'body must NOT have duplicate items',
  ],
  ['{"uniqueItems": false}', '[1, 1]'],
  // The first of many.
  ['{"items": {"type": "string"}}', '[1, 1, 1]', 'body/0 must be string'],
];
for (const [schema, message, wrong] of cases) {
  test(`websocket-api §2.5.3: ${schema} and ${message}: ${wrong ?? 'fits'}`, () => {
    assert.equal(compileModel(schema)(JSON.parse(message)), wrong);
  });
}

test('a message nested as deep as a schema that refers to itself fails', () => {
  const deep: unknown = JSON.parse('['.repeat(60_000) + ']'.repeat(60_000));
  for (const schema of ['{"items": {"$ref": "#"}}', '{"uniqueItems": true}']) {
    assert.equal(compileModel(schema)(schema.includes('uni') ? [deep] : deep), 'body is nested too deeply');
  }
});

const refused: readonly string[] = [
  'no JSON',
  '[]',
  'true',
  '{"type": "text"}',
  '{"required": true}',
  '{"required": []}',
  '{"exclusiveMinimum": 5}',
  '{"multipleOf": 0}',
  '{"uniqueItems": 1}',
  '{"$schema": "https://json-schema.org/draft/2020-12/schema"}',
  '{"$ref": "#/definitions/none"}',
  '{"$ref": "http://schemas.example/none"}',
  '{"pattern": "["}',
  '{"pattern": "(?=a)"}',
  '{"$ref": 1}',
  '{"$ref": "#/%"}',
  '{"id": "#a", "not": {"id": "#a"}}',
];
for (const schema of refused) {
  test(`websocket-api §2.5.3: ${schema} is no model`, () => {
    assert.throws(() => compileModel(schema), SchemaError);
  });
}

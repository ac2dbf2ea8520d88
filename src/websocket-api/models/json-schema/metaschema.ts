// What a schema of draft 4 is, as a schema of draft 4 (json-schema.org/draft-04, §5).

export const DRAFT4 = 'http://json-schema.org/draft-04/schema';

const SELF = { $ref: '#' };
const BOOLEAN = { type: 'boolean' };
const NUMBER = { type: 'number' };
const STRING = { type: 'string' };
const COUNT = { $ref: '#/definitions/positiveInteger' };
const LEAST = { $ref: '#/definitions/positiveIntegerDefault0' };
const SCHEMAS = { $ref: '#/definitions/schemaArray' };
const BY_NAME = { type: 'object', additionalProperties: SELF };

export const METASCHEMA = {
  id: `${DRAFT4}#`,
  type: 'object',
  definitions: {
    positiveInteger: { minimum: 0, type: 'integer' },
    positiveIntegerDefault0: { allOf: [COUNT] },
    schemaArray: { type: 'array', minItems: 1, items: SELF },
    simpleTypes: { enum: ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'] },
    stringArray: { type: 'array', minItems: 1, items: STRING, uniqueItems: true },
  },
  properties: {
    id: STRING,
    $schema: STRING,
    title: STRING,
    description: STRING,
    multipleOf: { type: 'number', minimum: 0, exclusiveMinimum: true },
    maximum: NUMBER,
    exclusiveMaximum: BOOLEAN,
    minimum: NUMBER,
    exclusiveMinimum: BOOLEAN,
    maxLength: COUNT,
    minLength: LEAST,
    pattern: STRING,
    additionalItems: { anyOf: [BOOLEAN, SELF] },
    items: { anyOf: [SELF, SCHEMAS] },
    maxItems: COUNT,
    minItems: LEAST,
    uniqueItems: BOOLEAN,
    maxProperties: COUNT,
    minProperties: LEAST,
    required: { $ref: '#/definitions/stringArray' },
    additionalProperties: { anyOf: [BOOLEAN, SELF] },
    definitions: BY_NAME,
    properties: BY_NAME,
    patternProperties: BY_NAME,
    dependencies: {
      type: 'object',
      additionalProperties: { anyOf: [SELF, { $ref: '#/definitions/stringArray' }] },
    },
    enum: { type: 'array', minItems: 1, uniqueItems: true },
    type: {
      anyOf: [
        { $ref: '#/definitions/simpleTypes' },
        { type: 'array', minItems: 1, uniqueItems: true, items: { $ref: '#/definitions/simpleTypes' } },
      ],
    },
    format: STRING,
    allOf: SCHEMAS,
    anyOf: SCHEMAS,
    oneOf: SCHEMAS,
    not: SELF,
  },
  dependencies: { exclusiveMaximum: ['maximum'], exclusiveMinimum: ['minimum'] },
};

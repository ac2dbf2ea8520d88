// Schemas and messages that are made to be slow: what they cost is counted, and what costs too much is refused
// (spec/websocket-api.md §2.5.3, docs/reference/limits.md).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Budget } from '../../template/values.ts';
import { checkValue, MAX_STEPS } from './json-schema/check.ts';
import { compileSchema } from './json-schema/compile-schema.ts';
import { SchemaError } from './json-schema/schema-error.ts';
import { compileModel } from './model.ts';

const TOO_MANY = `body takes more than ${MAX_STEPS} steps to check`;
const REF = { $ref: '#' };

/** `{"a": {"a": … 1}}`, so deep. */
function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < depth; i++) value = { a: value };
  return value;
}

/** A schema that refers twice to the next one of a row, which ends with `last`. */
function doubling(count: number, keyword: string, last: object): object {
  const definitions: Record<string, unknown> = { d0: last };
  for (let i = 1; i <= count; i++) {
    const ref = { $ref: `#/definitions/d${i - 1}` };
    definitions[`d${i}`] = { [keyword]: [ref, ref] };
  }
  return { definitions, allOf: [{ $ref: `#/definitions/d${count}` }] };
}

function inEachOther(count: number, keyword: string, last: object): object {
  let schema = last;
  for (let i = 0; i < count; i++) schema = { [keyword]: [schema, schema] };
  return schema;
}

/** Schema, message, outcome, and the most steps it may take. */
const cases: readonly (readonly [
  name: string,
  schema: object,
  message: unknown,
  wrong: string | undefined,
  most?: number,
])[] = [
  [
    'a tree whose every node has two ways to fit',
    { anyOf: [{ properties: { a: REF }, required: ['b'] }, { properties: { a: REF } }] },
    nested(25),
    undefined,
    5_000,
  ],
  [
    'a tree whose every node fits exactly one of two that go all the way down',
    {
      oneOf: [
        { properties: { a: REF }, required: ['b'] },
        { properties: { a: REF }, not: { required: ['b'] } },
      ],
    },
    nested(150),
    undefined,
    50_000,
  ],
  [
    'anyOf that doubles 25 times',
    doubling(25, 'anyOf', { type: 'string' }),
    1,
    'body must match a schema in anyOf',
    5_000,
  ],
  ['allOf that doubles 25 times', doubling(25, 'allOf', { type: 'number' }), 1, undefined, 5_000],
  [
    'oneOf that doubles 60 times',
    doubling(60, 'oneOf', { type: 'number' }),
    1,
    'body must match exactly one schema in oneOf',
    5_000,
  ],
  ['anyOf in anyOf, as many as a schema can hold', inEachOther(10, 'anyOf', {}), 1, undefined, 5_000],
  ['multiples of the least number', { multipleOf: 5e-324 }, 1.7e308, undefined, 100],
  [
    'no multiple of what is larger than any number',
    { multipleOf: 3 },
    Number.POSITIVE_INFINITY,
    'body must be multiple of 3',
    100,
  ],
  [
    'many items that many schemas refuse',
    { items: { anyOf: [...Array<object>(300).fill({ type: 'string', maxLength: 2 }), {}] } },
    Array(20_000).fill('abc'),
    TOO_MANY,
  ],
  [
    'many members that many patterns look at',
    { patternProperties: Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`^x${i}$`, {}])) },
    Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`m${i}`, 1])),
    TOO_MANY,
  ],
  ['a large pattern and a long text', { pattern: '(?:a?){1000}[bc]$' }, 'a'.repeat(100_000), TOO_MANY],
  [
    'sets of sets, compared at every level',
    { uniqueItems: true, items: REF },
    Array.from({ length: 1 }, () => deepList(400, 200)),
    TOO_MANY,
  ],
  [
    'a large enumeration of objects and a large object',
    { items: { anyOf: [{ enum: [{}] }, {}] } },
    Array(200).fill(Array(20_000).fill(1)),
    TOO_MANY,
  ],
];

/** Lists in lists, each with so many items beside. */
function deepList(depth: number, beside: number): unknown {
  let list: unknown = 'x'.repeat(100);
  for (let i = 0; i < depth; i++) list = [list, ...Array.from({ length: beside }, (_, at) => `${i}:${at}`)];
  return list;
}

for (const [name, schema, message, wrong, most = MAX_STEPS] of cases) {
  test(`${name}: ${wrong ?? 'fits'}`, () => {
    assert.equal(compileModel(JSON.stringify(schema))(message), wrong);
    const given = JSON.parse(JSON.stringify(schema)) as { [keyword: string]: unknown };
    // The same within `most`; the text of a spent budget names the usual one.
    assert.equal(checkValue(compileSchema(given), message, 'body', new Budget(most)), wrong);
  });
}

/** What is refused when it is written, and what the text says. */
const refused: readonly (readonly [name: string, schema: object, why: RegExp])[] = [
  ['a reference to itself', REF, /leads back to itself/],
  ['a reference to itself in a combination', { anyOf: [{ type: 'string' }, REF] }, /leads back to itself/],
  ['a reference to itself in a dependency', { dependencies: { a: REF } }, /leads back to itself/],
  [
    'references in a circle',
    {
      properties: { a: { $ref: '#/definitions/b' } },
      definitions: { b: { allOf: [{ $ref: '#/definitions/c' }] }, c: { not: { $ref: '#/definitions/b' } } },
    },
    /leads back to itself/,
  ],
  [
    'combinations one in another',
    JSON.parse(`${'{"not":'.repeat(250)}{}${'}'.repeat(250)}`) as object,
    /more than 200 references and combinations/,
  ],
  [
    'schemas one in another',
    JSON.parse(`${'{"items":'.repeat(3_000)}{}${'}'.repeat(3_000)}`) as object,
    /schema is nested too deeply/,
  ],
  ['many classes of Unicode', { pattern: '\\pL'.repeat(500) }, /too many classes of Unicode/],
  [
    'many patterns',
    { allOf: Array.from({ length: 30 }, (_, i) => ({ pattern: `(?:a${i}){900}` })) },
    /patterns are too large together/,
  ],
  ['a pattern that is too long', { pattern: 'a'.repeat(5_000) }, /too long/],
];
for (const [name, schema, why] of refused) {
  test(`${name} is no model`, () => {
    assert.throws(
      () => compileModel(JSON.stringify(schema)),
      (error) => error instanceof SchemaError && why.test(error.message),
    );
  });
}

test('references to one another are well when a member or an item is between', () => {
  const check = compileModel(
    '{"properties": {"a": {"anyOf": [{"$ref": "#"}, {"type": "null"}]}}, "type": "object"}',
  );
  assert.equal(check({ a: { a: null } }), undefined);
  assert.equal(check({ a: { a: 1 } }), 'body/a must match a schema in anyOf');
});

// The two printers of definitions (spec/openapi.md §10.2): their form, and that what they print reads back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parse } from 'yaml';
import { printDefinitionJson } from './print-json.ts';
import { printDefinitionYaml } from './print-yaml.ts';
import { type Tree, type TreeMap, treeOf } from './tree.ts';

const whole = (pieces: Iterable<string>): string => [...pieces].join('');

const EXAMPLE: TreeMap = treeOf({
  openapi: '3.0.1',
  servers: [
    treeOf({ url: 'https://a/{basePath}', variables: treeOf({ basePath: treeOf({ default: '' }) }) }),
  ],
  paths: treeOf({
    '/pets/{petId}': treeOf({ get: treeOf({ security: [treeOf({ Jwt: [] })], isDefaultRoute: true }) }),
    '/a:': treeOf({}),
  }),
  flows: treeOf({}),
  allowMethods: ['GET', 'POST'],
  maxAge: 300,
});

test('JSON has the form of AWS’s exports', () => {
  assert.equal(
    whole(printDefinitionJson(EXAMPLE)),
    `{
  "openapi" : "3.0.1",
  "servers" : [ {
    "url" : "https://a/{basePath}",
    "variables" : {
      "basePath" : {
        "default" : ""
      }
    }
  } ],
  "paths" : {
    "/pets/{petId}" : {
      "get" : {
        "security" : [ {
          "Jwt" : [ ]
        } ],
        "isDefaultRoute" : true
      }
    },
    "/a:" : { }
  },
  "flows" : { },
  "allowMethods" : [ "GET", "POST" ],
  "maxAge" : 300
}`,
  );
});

test('YAML has the form of AWS’s exports', () => {
  assert.equal(
    whole(printDefinitionYaml(EXAMPLE)),
    `openapi: "3.0.1"
servers:
- url: "https://a/{basePath}"
  variables:
    basePath:
      default: ""
paths:
  /pets/{petId}:
    get:
      security:
      - Jwt: []
      isDefaultRoute: true
  "/a:": {}
flows: {}
allowMethods:
- "GET"
- "POST"
maxAge: 300
`,
  );
});

const KEYS: readonly (readonly [key: string, printed: string])[] = [
  ['overwrite:header.x-a', 'overwrite:header.x-a'],
  ['/$default', '/$default'],
  ['x-amazon-apigateway-cors', 'x-amazon-apigateway-cors'],
  ['My Authorizer', 'My Authorizer'],
  ['Zugänge', 'Zugänge'],
  ['200', '200'],
  ['007', '"007"'],
  ['1.0', '"1.0"'],
  ['12:30', '"12:30"'],
  ['2026-01-11', '"2026-01-11"'],
  ['true', '"true"'],
  ['No', '"No"'],
  ['null', '"null"'],
  ['~', '"~"'],
  ['', '""'],
  ['a: b', '"a: b"'],
  ['a #b', '"a #b"'],
  ['a ', '"a "'],
  ['- a', '"- a"'],
  ['*', '"*"'],
  ['<<', '"<<"'],
  ['a\nb', '"a\\nb"'],
];

test('a key of YAML is quoted where it would be another one without quotes', () => {
  for (const [key, printed] of KEYS) {
    const text = whole(printDefinitionYaml(new Map([[key, 1]])));
    assert.equal(text, `${printed}: 1\n`);
    assert.deepEqual(parse(text), { [key]: 1 });
    assert.deepEqual(parse(text, { version: '1.1' }), { [key]: 1 });
  }
});

test('a key that is too long for one line of YAML is asked for', () => {
  const long = `/${'a'.repeat(2_000)}`;
  const tree = treeOf({ [long]: treeOf({ [long]: [long], b: treeOf({ [`${long}b`]: 1 }) }), c: treeOf({}) });
  assert.deepEqual(parse(whole(printDefinitionYaml(tree))), plain(tree));
});

const text = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) },
  {
    weight: 2,
    arbitrary: fc
      .array(
        fc.constantFrom(
          ...' :#-?"\'\\{}[],&*!|>%@`~\n\r\t=<.0123xeE_ayn',
          '\u0085',
          '\u2028',
          '\ufeff',
          '\ud800',
        ),
        { maxLength: 6 },
      )
      .map((characters) => characters.join('')),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'true',
      'null',
      '~',
      '200',
      '1.0',
      '0x10',
      '1e3',
      'no',
      '---',
      '...',
      '<<',
      '=',
    ),
  },
);
const { tree } = fc.letrec<{ tree: Tree; map: TreeMap }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.oneof(text, fc.boolean(), fc.integer()),
    fc.array(tie('tree'), { maxLength: 3 }),
    tie('map'),
    tie('map').map((map) => () => map),
  ),
  map: fc.array(fc.tuple(text, tie('tree')), { maxLength: 4 }).map((entries) => new Map(entries)),
}));
const map = fc.array(fc.tuple(text, tree), { maxLength: 4 }).map((entries): TreeMap => new Map(entries));

function plain(value: Tree): unknown {
  if (typeof value === 'function') return plain(value());
  if (value instanceof Map) return Object.fromEntries(Array.from(value, ([key, item]) => [key, plain(item)]));
  return typeof value === 'object' ? value.map(plain) : value;
}

test('whatever is printed as JSON reads back', () => {
  fc.assert(
    fc.property(map, (printed) =>
      assert.deepEqual(JSON.parse(whole(printDefinitionJson(printed))), plain(printed)),
    ),
    { numRuns: 2_000 },
  );
});

test('whatever is printed as YAML reads back', () => {
  fc.assert(
    fc.property(map, (printed) =>
      assert.deepEqual(parse(whole(printDefinitionYaml(printed))), plain(printed)),
    ),
    { numRuns: 2_000 },
  );
});

// Models of WebSocket APIs by the draft 4 cases of json-schema-org/JSON-Schema-Test-Suite (spec/websocket-api.md §2.5.3).
import assert from 'node:assert/strict';
import { SchemaError } from '../../src/websocket-api/models/json-schema/schema-error.ts';
import { compileModel } from '../../src/websocket-api/models/model.ts';
import { suiteTest, Tally } from './corpus.ts';

interface Group {
  readonly description: string;
  readonly schema: unknown;
  readonly tests: readonly {
    readonly description: string;
    readonly data: unknown;
    readonly valid: boolean;
  }[];
}

/** Why what differs does. */
const REMOTE =
  'the schema is on another host: nothing is fetched, a model with such a $ref is refused when it is written';
const BLANKS =
  '\\s and \\S are about the blanks of ASCII but line tabulation, as in the linear-time pattern library';
const CLASSES =
  'classes of Unicode are known by their short names (\\pL) alone; a model with others is refused when it is written';
const FLOATS = 'optional in the suite: 1.0 is an integer, as for most readers of JSON';

const expected = (why: string, file: string, ...names: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(names.map((name) => [`${file}.json: ${name}`, why]));

const DIFFERENCES: Readonly<Record<string, string>> = {
  ...expected(
    REMOTE,
    'refRemote',
    'remote ref',
    'fragment within remote ref',
    'ref within remote ref',
    'base URI change',
    'base URI change - change folder',
    'base URI change - change folder in subschema',
    'root ref in remote ref',
    'Location-independent identifier in remote ref',
  ),
  ...expected(
    BLANKS,
    'optional/ecmascript-regex',
    'ECMA 262 \\s matches whitespace: Line tabulation matches',
    'ECMA 262 \\s matches whitespace: latin-1 non-breaking-space matches',
    'ECMA 262 \\s matches whitespace: zero-width whitespace matches',
    'ECMA 262 \\s matches whitespace: paragraph separator matches (line terminator)',
    'ECMA 262 \\s matches whitespace: EM SPACE matches (Space_Separator)',
  ),
  ...expected(
    BLANKS,
    'optional/ecmascript-regex',
    'ECMA 262 \\S matches everything but whitespace: Line tabulation does not match',
    'ECMA 262 \\S matches everything but whitespace: latin-1 non-breaking-space does not match',
    'ECMA 262 \\S matches everything but whitespace: zero-width whitespace does not match',
    'ECMA 262 \\S matches everything but whitespace: paragraph separator does not match (line terminator)',
    'ECMA 262 \\S matches everything but whitespace: EM SPACE does not match (Space_Separator)',
  ),
  ...expected(
    CLASSES,
    'optional/ecmascript-regex',
    'patterns always use unicode semantics with pattern',
    'pattern with non-ASCII digits',
    'patterns always use unicode semantics with patternProperties',
    'patternProperties with non-ASCII digits',
  ),
  ...expected(
    FLOATS,
    'optional/zeroTerminatedFloats',
    'some languages do not distinguish between different types of numeric value: a float is not an integer even without fractional part',
  ),
};

suiteTest('JSON Schema draft 4: the suite of json-schema-org', 'json-schema-draft4', (suite, t) => {
  const tally = new Tally();
  const files = [...suite.list(), ...suite.list('optional').map((name) => `optional/${name}`)];
  for (const file of files.filter((name) => name.endsWith('.json'))) {
    for (const { description, schema, tests } of suite.json<Group[]>(file)) {
      const check = compiled(schema);
      for (const { description: of, data, valid } of tests) {
        const name = `${file}: ${description}`;
        if (check === undefined) tally.case(name, false);
        else tally.case(`${name}: ${of}`, (check(data) === undefined) === valid);
        if (check === undefined) break;
      }
    }
  }
  assert.deepEqual(tally.surprises(t, DIFFERENCES), []);
});

function compiled(schema: unknown): ReturnType<typeof compileModel> | undefined {
  try {
    return compileModel(JSON.stringify(schema));
  } catch (error) {
    if (error instanceof SchemaError) return undefined;
    throw error;
  }
}

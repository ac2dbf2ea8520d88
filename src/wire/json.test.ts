import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NUM_RUNS } from '../../test/support/num-runs.ts';
import { parseJson } from './json.ts';

test('an escaped key keeps its name whatever keys came before it (nodejs/node issue 63785)', () => {
  const rows = [
    ['{"x":1,"\\\\":2}', '{"x":1,"\\n":2}', ['x', '\n']],
    ['{"\\\\":2}', '{"\\u00e9":2}', ['é']],
    ['{"GET \\\\/pet":1}', '{"GET \\/pets":1}', ['GET /pets']],
    ['{"\\\\$defaul":1}', '{"\\\\$default":1}', ['\\$default']],
  ] as const;
  for (const [before, text, keys] of rows) {
    parseJson(before);
    assert.deepEqual(Object.keys(parseJson(text) as object), keys);
  }
});

const texts: readonly (readonly [string, unknown])[] = [
  [
    ' { "a\\"b" : [ 1 , -2.5e3 , true , null , "\\\\" , { } , [ ] ] , "c" : { "\\/" : false } } ',
    { 'a"b': [1, -2500, true, null, '\\', {}, []], c: { '/': false } },
  ],
  ['{"\\u0061":1,"a":2}', { a: 2 }],
  ['"\\n"', '\n'],
  ['{"a":"\\":"}', { a: '":' }],
];
for (const [text, value] of texts) {
  test(`${text} is read as JSON.parse should`, () => {
    assert.deepEqual(parseJson(text), value);
  });
}

test('an escaped __proto__ is an own property', () => {
  const value = parseJson('{"__prot\\u006f__":{"a":1}}') as object;
  assert.deepEqual(Object.keys(value), ['__proto__']);
  assert.equal(Object.getPrototypeOf(value), Object.prototype);
});

test('what is no JSON is refused, and so is an escaped key in the depths', () => {
  for (const text of ['', '{', '{"\\n"}', '{"\\n":1,}', '{"\\x":1}', '"\\', '[1']) {
    assert.throws(() => parseJson(text), SyntaxError, text);
  }
  const deep = (key: string) => `${`{"${key}":`.repeat(600)}1${'}'.repeat(600)}`;
  assert.throws(() => parseJson(deep('\\n')), SyntaxError);
  assert.ok(parseJson(deep('n')));
});

test('any JSON survives printing and parsing', () => {
  const key = fc.oneof(
    fc.string(),
    fc.constantFrom('"', '\\', '\n', 'a', 'a\\', 'a\n', '\u0000', '', '__proto__'),
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 4 }, fc.jsonValue({ maxDepth: 0 }), tie('list'), tie('object')),
    list: fc.array(tie('value'), { maxLength: 3 }),
    object: fc
      .array(fc.tuple(key, tie('value')), { maxLength: 4 })
      .map((entries) => Object.fromEntries(entries)),
  }));
  fc.assert(
    fc.property(value, fc.constantFrom(undefined, 2), (each, indent) => {
      const text = JSON.stringify(each, null, indent);
      assert.equal(JSON.stringify(parseJson(text), null, indent), text);
    }),
    { numRuns: NUM_RUNS },
  );
});

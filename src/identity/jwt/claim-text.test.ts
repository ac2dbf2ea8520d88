// Claims as text (spec/http-api.md §6.2.6, Choice C53).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseWithNumbers } from '../../grammar/json-text.ts';
import { claimTexts } from './claim-text.ts';

/** JSON of the claim → its text; undefined where the claim is left out. */
const rows: readonly (readonly [json: string, text: string | undefined])[] = [
  ['"me"', 'me'],
  ['""', ''],
  ['"[a b]"', '[a b]'],
  ['1744668925', '1744668925'],
  ['9007199254740993', '9007199254740993'],
  ['123456789012345678901234567890', '123456789012345678901234567890'],
  ['-5', '-5'],
  ['0', '0'],
  ['1.5', '1.5'],
  ['1.744668925e9', '1744668925'],
  ['1.744668925E+09', '1744668925'],
  ['1e3', '1000'],
  ['12e-1', '1.2'],
  ['5e-3', '0.005'],
  ['-1.25e1', '-12.5'],
  ['0e5', '0'],
  ['1e9999', '1e9999'],
  ['true', 'true'],
  ['false', 'false'],
  ['null', undefined],
  ['["admin","poweruser"]', '[admin poweruser]'],
  ['[]', '[]'],
  ['[1,true,null,"x"]', '[1 true <nil> x]'],
  ['[["a","b"],["c"]]', '[[a b] [c]]'],
  ['{"k":"v"}', 'map[k:v]'],
  ['{"b":1,"a":[2,3]}', 'map[a:[2 3] b:1]'],
  ['{}', 'map[]'],
  ['{"a":{"b":null}}', 'map[a:map[b:<nil>]]'],
];

for (const [json, text] of rows) {
  test(`claim ${json} → ${text}`, () => {
    const claims = parseWithNumbers(`{"c":${json}}`);
    assert.ok(claims instanceof Map);
    assert.equal(claimTexts(claims).get('c'), text);
  });
}

test('a number in decimal is the number', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
      const json = Object.is(number, -0) ? '0' : number.toExponential();
      const claims = parseWithNumbers(`{"c":${json}}`);
      assert.ok(claims instanceof Map);
      const text = claimTexts(claims).get('c')!;
      assert.doesNotMatch(text, /e/i);
      assert.equal(Number(text), Number(json));
    }),
  );
});

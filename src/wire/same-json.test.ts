import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { isSameJson } from './same-json.ts';

const SAME: readonly (readonly [a: string, b: string, isSame: boolean])[] = [
  ['{"a":1,"b":[1,{"c":null}]}', '{"b":[1,{"c":null}],"a":1}', true],
  ['{"a":1}', '{"a":1,"b":1}', false],
  ['{"a":1,"b":1}', '{"a":1}', false],
  ['{"a":1,"b":1}', '{"a":1,"c":1}', false],
  ['[1,2]', '[2,1]', false],
  ['[]', '{}', false],
  ['{}', '[]', false],
  ['{"0":1}', '[1]', false],
  ['null', '{}', false],
  ['{"toString":1}', '{"valueOf":1}', false],
  ['{"__proto__":{"a":1}}', '{"__proto__":{"a":1}}', true],
  ['{"__proto__":{"a":1}}', '{"__proto__":{"a":2}}', false],
  ['{"__proto__":{}}', '{"a":{}}', false],
  ['"1"', '1', false],
];
for (const [a, b, isSame] of SAME) {
  test(`${a} and ${b} are ${isSame ? 'the same' : 'not the same'}`, () => {
    assert.equal(isSameJson(JSON.parse(a), JSON.parse(b)), isSame);
  });
}

test('it says what util.isDeepStrictEqual says', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 3 }), fc.json({ maxDepth: 3 }), (a, b) => {
      const [one, two] = [JSON.parse(a), JSON.parse(b)];
      assert.equal(isSameJson(one, two), isDeepStrictEqual(one, two));
      assert.ok(isSameJson(one, JSON.parse(a)));
    }),
  );
});

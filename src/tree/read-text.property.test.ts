import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { plainOf } from './node.ts';
import { readText } from './read-text.ts';

const value = fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' });
const map = fc.dictionary(fc.string({ unit: 'grapheme' }), value);
/** What JSON says of a value, member `__proto__` and all. */
const asJson = (plain: unknown): unknown => JSON.parse(JSON.stringify(plain));

test('the tree of JSON text is the value that was printed', () => {
  fc.assert(
    fc.property(map, fc.constantFrom(0, 2), (plain, indent) => {
      assert.deepEqual(asJson(plainOf(readText(JSON.stringify(plain, null, indent)))), asJson(plain));
    }),
    { numRuns: 300 },
  );
});

test('the tree of YAML text is the value that was printed', () => {
  fc.assert(
    fc.property(
      map,
      fc.constantFrom('block' as const, 'flow' as const, 'any' as const),
      (plain, collectionStyle) => {
        const text = stringify(plain, { collectionStyle, aliasDuplicateObjects: false });
        assert.deepEqual(asJson(plainOf(readText(text))), asJson(plain));
      },
    ),
    { numRuns: 300 },
  );
});

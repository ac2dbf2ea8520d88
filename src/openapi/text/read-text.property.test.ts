import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { plainOf } from '../node.ts';
import { readDocument } from './read-document.ts';

const value = fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' });
const map = fc.dictionary(fc.string({ unit: 'grapheme' }), value);
/** What JSON says of a value, member `__proto__` and all. */
const asJson = (plain: unknown): unknown => JSON.parse(JSON.stringify(plain));

test('the tree of JSON text is the value that was printed', async () => {
  await fc.assert(
    fc.asyncProperty(map, fc.constantFrom(0, 2), async (plain, indent) => {
      assert.deepEqual(
        asJson(plainOf(await readDocument(JSON.stringify(plain, null, indent)))),
        asJson(plain),
      );
    }),
    { numRuns: 300 },
  );
});

test('the tree of YAML text is the value that was printed', async () => {
  await fc.assert(
    fc.asyncProperty(
      map,
      fc.constantFrom('block' as const, 'flow' as const, 'any' as const),
      async (plain, collectionStyle) => {
        const text = stringify(plain, { collectionStyle, aliasDuplicateObjects: false });
        assert.deepEqual(asJson(plainOf(await readDocument(text))), asJson(plain));
      },
    ),
    { numRuns: 300 },
  );
});

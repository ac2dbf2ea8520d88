import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compileWildcard, compileWildcards } from './wildcard.ts';

const ROWS: readonly (readonly [pattern: string, text: string, matches: boolean])[] = [
  ['abc', 'abc', true],
  ['abc', 'ABC', false],
  ['abc', 'abcd', false],
  ['*', '', true],
  ['*', 'a/b:c\n', true],
  ['**', 'x', true],
  ['?', '', false],
  ['?', 'a', true],
  ['a?c', 'a/c', true],
  ['a*c', 'ac', true],
  ['a*c', 'abcbc', true],
  ['a*c', 'abcb', false],
  ['*b*', 'abc', true],
  ['*b*b*', 'abc', false],
  ['ab*ba', 'aba', false],
  ['a*?', 'a', false],
  ['a*?c*', 'abc', true],
  ['a.c', 'abc', false],
  ['arn:aws:execute-api:*:*:api/prod/GET/*', 'arn:aws:execute-api:eu-west-1:1:api/prod/GET/a/b', true],
  ['arn:aws:execute-api:*:*:api/prod/GET/*', 'arn:aws:execute-api:eu-west-1:1:api/prod/POST/a', false],
];
for (const [pattern, text, matches] of ROWS) {
  test(`${pattern} ${matches ? 'matches' : 'does not match'} ${JSON.stringify(text)} (spec/http-api.md §6.3.4)`, () => {
    assert.equal(compileWildcard(pattern)(text), matches);
  });
}

test('a pattern matches what the regular expression of its wildcards matches', () => {
  const short = fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 8 });
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '/', '*', '?'), maxLength: 8 });
  fc.assert(
    fc.property(pattern, short, (wildcards, text) => {
      const expression = wildcards.replaceAll('?', '[^]').replaceAll('*', '[^]*');
      assert.equal(compileWildcard(wildcards)(text), new RegExp(`^${expression}$`).test(text));
    }),
    { numRuns: 2_000 },
  );
});

test('no pattern reads a text over and over', () => {
  const pieces = compileWildcard(`${'*a'.repeat(1_000)}*b`);
  const unknowns = compileWildcard(`${'*a?'.repeat(600)}*b`);
  let compared = 0;
  const text = 'a'.repeat(20_000);
  const counting = new Proxy(new String(text), {
    get(target, name) {
      if (name !== 'charCodeAt') return Reflect.get(target, name).bind?.(text) ?? Reflect.get(target, name);
      return (at: number) => {
        compared++;
        return text.charCodeAt(at);
      };
    },
  }) as unknown as string;
  assert.equal(pieces(counting), false);
  assert.equal(unknowns(counting), false);
  assert.ok(compared < 2 * text.length, `${compared} characters were compared`);
});

test('patterns together match what one of them matches', () => {
  const patterns = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 5 }), {
    maxLength: 6,
  });
  fc.assert(
    fc.property(patterns, fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 6 }), (many, text) => {
      assert.equal(
        compileWildcards(many)(text),
        many.some((each) => compileWildcard(each)(text)),
      );
    }),
  );
});

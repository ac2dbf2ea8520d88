import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NUM_RUNS } from '../../test/support/num-runs.ts';
import {
  decodePercent,
  decodeQueryText,
  encodePathLiteral,
  encodePathSegment,
  encodePathText,
  encodeQueryLiteral,
  encodeQueryText,
} from './percent.ts';

const decoded: readonly [source: string, text: string, expected: string | undefined][] = [
  ['§1.9(1)', 'plain', 'plain'],
  ['§1.9(1)', 'Summer%20Sale%202023', 'Summer Sale 2023'],
  ['§1.9(1)', '%E2%98%95', '☕'],
  ['§1.9(1)', '%2541', '%41'],
  ['§1.9(2)', 'a%2Fb%2fc', 'a/b/c'],
  ['C6', 'a%3Fb', 'a?b'],
  ['§2.5#23', '/%6Fnly', '/only'],
  ['§1.9(1)', 'a+b', 'a+b'],
  ['C7', '%', undefined],
  ['C7', '%4', undefined],
  ['C7', '%zz', undefined],
  ['C7', '%u0041', undefined],
  ['C7', '%FF', undefined],
  ['C7', '%C0%AF', undefined],
  ['C7', '%ED%A0%80', undefined],
];
for (const [source, text, expected] of decoded) {
  test(`${source}: ${text} is decoded once, as UTF-8`, () => assert.equal(decodePercent(text), expected));
}

const query: readonly [text: string, expected: string | undefined][] = [
  ['a+b%2Bc', 'a b+c'],
  ['a%20b', 'a b'],
  ['+', ' '],
  ['%+', undefined],
];
for (const [text, expected] of query) {
  test(`§4.5: ${text} in a query`, () => assert.equal(decodeQueryText(text), expected));
}

type Encode = (text: string) => string;
const encoded: readonly [source: string, encode: Encode, text: string, expected: string][] = [
  ['C15', encodePathSegment, "Az09-._~!$&'()*+,;=:@", "Az09-._~!$&'()*+,;=:@"],
  ['C15', encodePathSegment, 'a/b', 'a%2Fb'],
  ['C15', encodePathText, 'cart/it ems', 'cart/it%20ems'],
  ['C15', encodePathText, 'ä☕', '%C3%A4%E2%98%95'],
  ['§4.7', encodePathText, '%?#', '%25%3F%23'],
  ['§4.7', encodePathText, '"<>\\^`{|}[]', '%22%3C%3E%5C%5E%60%7B%7C%7D%5B%5D'],
  ['§4.7', encodePathText, 'a\r\nb\u0000\u007f', 'a%0D%0Ab%00%7F'],
  ['§4.7', encodePathText, '\ud800', '%EF%BF%BD'],
  ['§4.7', encodePathLiteral, '/a?b=c', '/a%3Fb=c'],
  ['C38', encodePathLiteral, '/a%20b%2Fc', '/a%20b%2Fc'],
  ['C38', encodeQueryLiteral, "a=1&b=/?:@!$'()*+,;c", "a=1&b=/?:@!$'()*+,;c"],
  ['C38', encodeQueryLiteral, 'a=%41%zz b#é"', 'a=%41%25zz%20b%23%C3%A9%22'],
  ['C38', encodePathLiteral, '/a%zz%2', '/a%25zz%252'],
  ['§4.16#27', encodeQueryText, 'red,blue', 'red%2Cblue'],
  ['§4.16#28', encodeQueryText, 'a b&c', 'a%20b%26c'],
  ['§4.16#30', encodeQueryText, 'x y', 'x%20y'],
  ['C16', encodeQueryText, 'Az09-._~', 'Az09-._~'],
  ['C16', encodeQueryText, "!$&'()*+,;=:@/?", '%21%24%26%27%28%29%2A%2B%2C%3B%3D%3A%40%2F%3F'],
];
for (const [source, encode, text, expected] of encoded) {
  test(`${source}: ${encode.name} of ${JSON.stringify(text)}`, () => assert.equal(encode(text), expected));
}

const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.string({ unit: 'grapheme' }));
const wellFormed = anyText.map((text) => Buffer.from(text, 'utf8').toString('utf8'));

test('what is encoded is decoded into itself', () => {
  fc.assert(
    fc.property(wellFormed, (text) => {
      assert.equal(decodePercent(encodePathSegment(text)), text);
      assert.equal(decodePercent(encodePathText(text)), text);
      assert.equal(decodeQueryText(encodeQueryText(text)), text);
    }),
    { numRuns: NUM_RUNS },
  );
});

test('nothing comes out that ends a line, a path or a pair', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      assert.match(encodePathSegment(text), /^[A-Za-z0-9\-._~!$&'()*+,;=:@%]*$/);
      assert.match(encodePathText(text), /^[A-Za-z0-9\-._~!$&'()*+,;=:@%/]*$/);
      assert.match(encodePathLiteral(text), /^[A-Za-z0-9\-._~!$&'()*+,;=:@%/]*$/);
      assert.match(encodeQueryText(text), /^[A-Za-z0-9\-._~%]*$/);
      assert.doesNotMatch(encodePathLiteral(text), /%(?![0-9A-Fa-f]{2})/);
    }),
    { numRuns: NUM_RUNS },
  );
});

test('encoding literal text again changes nothing', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const once = encodePathLiteral(text);
      assert.equal(encodePathLiteral(once), once);
    }),
    { numRuns: NUM_RUNS },
  );
});

test('any text is decoded or refused, never thrown at', () => {
  const text = fc
    .array(fc.constantFrom('%', '2', 'F', 'C3', 'A4', '+', 'z', 'ä'))
    .map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(fc.oneof(text, anyText), (given) => {
      const plain = decodePercent(given);
      if (plain === undefined) assert.match(given, /%/);
      else assert.ok(Buffer.byteLength(plain) <= Buffer.byteLength(given));
    }),
    { numRuns: NUM_RUNS },
  );
});

// What is a token at all, before anybody asks who signed it (spec/http-api.md §6.2.2 (1), RFC 7515).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { segment } from '../../../test/support/token-issuer.ts';
import { parseCompactJws } from './compact-jws.ts';
import { MALFORMED, SEGMENTS, TokenProblem, UNKNOWN_CRITICAL } from './problems.ts';

const HEADER = segment({ alg: 'RS256', kid: 'k' });
const CLAIMS = segment({ sub: 'me' });

const refused: readonly (readonly [name: string, text: string, problem: TokenProblem])[] = [
  ['nothing', '', SEGMENTS],
  ['a word', 'abc', SEGMENTS],
  ['two segments', `${HEADER}.${CLAIMS}`, SEGMENTS],
  ['four segments', `${HEADER}.${CLAIMS}.AA.AA`, SEGMENTS],
  ['five segments, as JWE', 'a.b.c.d.e', SEGMENTS],
  ['two tokens joined', `${HEADER}.${CLAIMS}.AA,${HEADER}.${CLAIMS}.AA`, SEGMENTS],
  ['empty segments', '..', MALFORMED],
  ['an empty header', `.${CLAIMS}.AA`, MALFORMED],
  ['empty claims', `${HEADER}..AA`, MALFORMED],
  ['padding', `${Buffer.from('{"alg":"RS256"} ').toString('base64')}.${CLAIMS}.AA`, MALFORMED],
  ['base64 that is not base64url', `${HEADER}.${CLAIMS}.+/+/`, MALFORMED],
  ['stray bits', `${HEADER}.${CLAIMS}.AB`, MALFORMED],
  ['a single character', `${HEADER}.${CLAIMS}.A`, MALFORMED],
  ['a blank', `${HEADER}.${CLAIMS}.AA AA`, MALFORMED],
  ['a line break', `${HEADER}.${CLAIMS}.AA\n`, MALFORMED],
  ['a NUL', `${HEADER}.${CLAIMS}.AA\0`, MALFORMED],
  ['characters outside ASCII', `${HEADER}.${CLAIMS}.ÄÄ`, MALFORMED],
  ['fullwidth dots', `${HEADER}．${CLAIMS}．AA`, SEGMENTS],
  ['a header that is no JSON', `${segment('{alg:1}')}.${CLAIMS}.AA`, MALFORMED],
  ['a header that is an array', `${segment('["RS256"]')}.${CLAIMS}.AA`, MALFORMED],
  ['a header that is text', `${segment('"RS256"')}.${CLAIMS}.AA`, MALFORMED],
  ['a header with something behind it', `${segment('{"alg":"RS256"}{}')}.${CLAIMS}.AA`, MALFORMED],
  ['a header without alg', `${segment({ kid: 'k' })}.${CLAIMS}.AA`, MALFORMED],
  ['an alg that is no text', `${segment({ alg: ['RS256'] })}.${CLAIMS}.AA`, MALFORMED],
  ['two algs', `${segment('{"alg":"none","alg":"RS256"}')}.${CLAIMS}.AA`, MALFORMED],
  ['two algs, one escaped', `${segment('{"alg":"none","\\u0061lg":"RS256"}')}.${CLAIMS}.AA`, MALFORMED],
  ['two kids', `${segment('{"alg":"RS256","kid":"a","kid":"b"}')}.${CLAIMS}.AA`, MALFORMED],
  ['a byte order mark', `${segment('\ufeff{"alg":"RS256"}')}.${CLAIMS}.AA`, MALFORMED],
  ['crit', `${segment({ alg: 'RS256', crit: ['b64'], b64: false })}.${CLAIMS}.AA`, UNKNOWN_CRITICAL],
  ['an empty crit', `${segment({ alg: 'RS256', crit: [] })}.${CLAIMS}.AA`, UNKNOWN_CRITICAL],
  ['claims that are an array', `${HEADER}.${segment('[]')}.AA`, MALFORMED],
  ['claims that are null', `${HEADER}.${segment('null')}.AA`, MALFORMED],
  [
    'claims that are no UTF-8',
    `${HEADER}.${Buffer.from('{"a":"\xff"}', 'latin1').toString('base64url')}.AA`,
    MALFORMED,
  ],
  ['depth', `${HEADER}.${segment(`{"a":${'['.repeat(600)}${']'.repeat(600)}}`)}.AA`, MALFORMED],
  ['length', `${HEADER}.${segment({ a: 'x'.repeat(20_000) })}.AA`, MALFORMED],
];

for (const [name, text, problem] of refused) {
  test(`no token: ${name}`, () => assert.equal(parseCompactJws(text), problem));
}

test('a token: header, claims, signature', () => {
  const jws = parseCompactJws(`${HEADER}.${segment('{"a":1,"a":2}')}._-8`);
  assert.ok(!(jws instanceof TokenProblem));
  assert.equal(jws.algorithm, 'RS256');
  assert.equal(jws.keyId, 'k');
  assert.deepEqual([...jws.signature], [0xff, 0xef]);
  assert.equal(jws.claims.size, 1);
});

test('a kid that is no text is none', () => {
  for (const kid of [1, null, ['k'], { k: 1 }]) {
    const jws = parseCompactJws(`${segment({ alg: 'RS256', kid })}.${CLAIMS}.AA`);
    assert.ok(!(jws instanceof TokenProblem));
    assert.equal(jws.keyId, undefined);
  }
});

test('any text: a token or a problem, never a throw', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), fc.json().map(segment))), (segments) => {
      const jws = parseCompactJws(segments.join('.'));
      assert.ok(jws instanceof TokenProblem || jws.claims instanceof Map);
    }),
  );
});

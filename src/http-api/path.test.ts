import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NUM_RUNS } from '../../test/support/num-runs.ts';
import { normalisePath } from './path.ts';

const rows: readonly [source: string, raw: string, normal: string | undefined][] = [
  ['§1.9(1)', '/a%20b', '/a b'],
  ['§1.9(1)', '/%E2%98%95', '/☕'],
  ['§1.9(2)', '/a%2Fb', '/a/b'],
  ['§1.9(3), C6', '/a%3Fb', '/a?b'],
  ['§1.9(4)', '/proxy/https://x', '/proxy/https:/x'],
  ['§1.9(4)', '/a%2F%2Fb', '/a/b'],
  ['§1.9(4)', '//a', '/a'],
  ['§1.9(5), C7', '/a/../b', undefined],
  ['§1.9(5), C7', '/a/%2e%2e/b', undefined],
  ['§1.9(5), C7', '/a/./b', '/a/b'],
  ['§1.9(5), C7', '/.', '/'],
  ['§1.9(5)', '/..a/.b', '/..a/.b'],
  ['§1.9(6), C7', '/a%zz', undefined],
  ['§1.9(6), C7', '/a%', undefined],
  ['§1.9(6), C7', '/%ff', undefined],
  ['§1.9(8)', '/hello/', '/hello/'],
  ['§1.9(8)', '/hello//', '/hello/'],
  ['§1.2 note', '/', '/'],
  ['RFC 9112 §3.2.4', '*', undefined],
  ['§1.9(1): decoded once', '/%2541', '/%41'],
];

for (const [source, raw, normal] of rows) {
  test(`${source}: ${raw} → ${normal ?? '400'}`, () => assert.equal(normalisePath(raw), normal));
}

test('a normal path has no empty, `.` or `..` segment but a last empty one, and begins with a slash', () => {
  const piece = fc.constantFrom('a', '/', '.', '%2F', '%2e', '%41', '%C3%A9', '-', '//');
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const normal = normalisePath(`/${pieces.join('')}`);
      if (normal === undefined) return;
      const segments = normal.split('/');
      assert.equal(segments.shift(), '');
      assert.ok(
        segments.slice(0, -1).every((segment) => segment !== '' && segment !== '.' && segment !== '..'),
      );
      assert.ok(segments.at(-1) !== '..' && segments.at(-1) !== '.');
    }),
    { numRuns: NUM_RUNS },
  );
});

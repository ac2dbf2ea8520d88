import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NUM_RUNS } from '../../test/support/num-runs.ts';
import * as scan from './json-scan.ts';

type Key = string | number;

function findJson(text: string, path: readonly Key[]): string | undefined {
  const json = Buffer.from(text);
  const at = scan.findJson(
    json,
    path.map((key) => (typeof key === 'string' ? Buffer.from(key) : key)),
  );
  return at === undefined ? undefined : json.toString('utf8', ...at);
}

const isJson = (text: string) => scan.isJson(Buffer.from(text));
const compactJson = (text: string) => scan.compactJson(Buffer.from(text));

const found: readonly [text: string, path: readonly Key[], value: string | undefined][] = [
  ['{"a":1}', ['a'], '1'],
  ['{"a":1.50}', ['a'], '1.50'],
  [' { "a" : { "b" : [ 1 , 1e3 ] } } ', ['a', 'b', 1], '1e3'],
  ['{"a":1,"a":2}', ['a'], '2'],
  ['{"a":{"b":1},"a":{}}', ['a', 'b'], undefined],
  ['{"\\u0061":1}', ['a'], '1'],
  ['{"a":1}', ['b'], undefined],
  ['{"a":1}', ['__proto__'], undefined],
  ['{"__proto__":1}', ['__proto__'], '1'],
  ['[1,2]', ['length'], undefined],
  ['{"0":1}', [0], undefined],
  ['[1]', ['0'], undefined],
  ['"x"', [], '"x"'],
  ['{"a":1', ['a'], undefined],
  ['{"a":1}x', ['a'], undefined],
  ['{"a":01}', ['a'], undefined],
  ["{'a':1}", ['a'], undefined],
  ['{"a":1,}', ['a'], undefined],
  ['', [], undefined],
];
for (const [text, path, value] of found) {
  test(`§4.6: ${JSON.stringify(path)} in ${text}`, () => {
    assert.equal(findJson(text, path), value);
  });
}

test('what is JSON agrees with JSON.parse on mutilated documents', () => {
  const document = fc
    .json()
    .chain((text) =>
      fc
        .tuple(
          fc.nat(text.length),
          fc.nat(2),
          fc.constantFrom('', '"', '\\', ',', '0', '}', ' ', '\u0001', 'e', '.', '-'),
        )
        .map(([at, cut, insert]) => text.slice(0, at) + insert + text.slice(at + cut)),
    );
  fc.assert(
    fc.property(document, (text) => {
      assert.equal(isJson(text), parses(text));
    }),
    { numRuns: NUM_RUNS },
  );
});

test('what is found agrees with walking the parsed document', () => {
  const key = fc.oneof(fc.constantFrom('a', 'b', ''), fc.nat(2));
  const value = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.integer(),
      fc.string(),
      fc.constantFrom(true, null),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('a', 'b', ''), tie('value')),
    ),
  })).value;
  fc.assert(
    fc.property(value, fc.array(key, { maxLength: 4 }), fc.nat(2), (document, path, indent) => {
      const text = JSON.stringify(document, null, indent);
      const at = findJson(text, path);
      const walked = path.reduce<unknown>((inside, step) => {
        if (typeof step === 'number') return Array.isArray(inside) ? inside[step] : undefined;
        if (typeof inside !== 'object' || inside === null || Array.isArray(inside)) return undefined;
        return Object.hasOwn(inside, step) ? (inside as Record<string, unknown>)[step] : undefined;
      }, document);
      assert.equal(
        at === undefined ? undefined : compactJson(at),
        walked === undefined ? undefined : JSON.stringify(walked),
      );
    }),
    { numRuns: NUM_RUNS },
  );
});

test('nesting without end is no JSON and no crash', () => {
  assert.equal(isJson('['.repeat(50_000) + ']'.repeat(50_000)), false);
  assert.equal(findJson('{"a":'.repeat(50_000), ['a']), undefined);
});

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { joined, queryValue, withoutQueryName } from './query.ts';

const values: readonly [source: string, query: string, name: string, value: string | undefined][] = [
  ['§4.5 joined', 'color=red&color=blue', 'color', 'red,blue'],
  ['§4.5 case-sensitive', 'Size=L', 'size', undefined],
  ['§4.5 decoded', 'q=a%20b%26c', 'q', 'a b&c'],
  ['§3.6.2 plus is a blank', 'q=a+b%2B', 'q', 'a b+'],
  ['§3.6.2 bare name', 'flag&x=1', 'flag', ''],
  ['§4.13 empty is a value', 'x=', 'x', ''],
  ['§4.5 absent', 'x=1', 'y', undefined],
  ['§4.5 encoded name', 'a%20b=1', 'a b', '1'],
  ['§1.9(9) invalid encoding is text', 'x=%zz', 'x', '%zz'],
  ['§4.5 a prefix is another name', 'colors=1', 'color', undefined],
  ['§4.5 empty pairs', '&&x=1&', 'x', '1'],
  ['§4.5 equals in the value', 'x=a=b', 'x', 'a=b'],
];
for (const [source, query, name, value] of values) {
  test(`${source}: ${name} of ?${query}`, () => assert.equal(queryValue(query, name), value));
}

const changes: readonly [
  source: string,
  query: string,
  name: string,
  replacement: string | undefined,
  result: string,
][] = [
  ['§4.16#25', 'color=red&color=blue&Size=L', 'color', undefined, 'Size=L'],
  ['§4.16#24', 'color=red&color=blue&Size=L', 'color', 'color=green', 'color=green&Size=L'],
  ['C16 first place', 'a=1&x=1&b=2&x=2', 'x', 'x=9', 'a=1&x=9&b=2'],
  ['C16 at the end', 'a=1', 'x', 'x=9', 'a=1&x=9'],
  ['C16 bytes stay', 'a=%7e+&x=1&b', 'x', undefined, 'a=%7e+&b'],
  ['§4.16#32', 'x=1', 'x', undefined, ''],
  ['empty query', '', 'x', 'x=1', 'x=1'],
  ['encoded name', '%78=1&y=2', 'x', undefined, 'y=2'],
];
for (const [source, query, name, replacement, result] of changes) {
  test(`${source}: without ${name}, with ${replacement ?? 'nothing'}`, () => {
    assert.equal(withoutQueryName(query, name, replacement), result);
  });
}

test('joined: an empty side leaves no ampersand', () => {
  assert.deepEqual(
    [joined('', ''), joined('a', ''), joined('', 'b'), joined('a', 'b')],
    ['', 'a', 'b', 'a&b'],
  );
});

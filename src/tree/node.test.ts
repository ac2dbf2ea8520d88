import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type MapNode, memberOf, type Node, plainOf, positionsIn, textOf } from './node.ts';
import { TextError } from './text-error.ts';

const POSITIONS: readonly (readonly [text: string, offset: number, line: number, column: number])[] = [
  ['', 0, 1, 1],
  ['abc', 2, 1, 3],
  ['a\nbc', 1, 1, 2],
  ['a\nbc', 2, 2, 1],
  ['a\n\nbc', 4, 3, 2],
  ['a\r\nb', 3, 2, 1],
];

test('an offset has a line and a column from 1', () => {
  for (const [text, offset, line, column] of POSITIONS)
    assert.deepEqual(positionsIn(text)(offset), { line, column }, JSON.stringify([text, offset]));
});

const scalar = (value: string | number | boolean | null): Node => ({
  kind: 'scalar',
  offset: 0,
  value,
  text: String(value),
});
const tree: MapNode = {
  kind: 'map',
  offset: 0,
  members: new Map([
    ['a', { keyOffset: 0, value: { kind: 'list', offset: 0, items: [scalar(1), scalar('x')] } }],
    ['b', { keyOffset: 0, value: scalar(null) }],
  ]),
};

test('a tree has members, and is plain data when only its values count', () => {
  assert.equal(memberOf(tree, 'b'), tree.members.get('b')!.value);
  assert.equal(memberOf(tree, 'c'), undefined);
  assert.equal(memberOf(scalar('a'), 'a'), undefined);
  assert.equal(memberOf(undefined, 'a'), undefined);
  assert.deepEqual(plainOf(tree), { a: [1, 'x'], b: null });
});

test('a scalar has a text, and nothing else has', () => {
  const written: Node = { kind: 'scalar', offset: 0, value: 2, text: '2.0' };
  const texts = [written, scalar('a'), scalar(true), scalar(null), tree, undefined].map(textOf);
  assert.deepEqual(texts, ['2.0', 'a', 'true', undefined, undefined, undefined]);
});

test('an error of a text has its place and what is wrong', () => {
  const { message, offset, detail, isTooLarge } = new TextError(7, 'not a mapping');
  assert.deepEqual([message, offset, detail, isTooLarge], ['not a mapping', 7, 'not a mapping', false]);
});

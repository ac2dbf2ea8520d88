import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type FlatTree, flatTreeOf, treeOf } from './flat-tree.ts';
import { readText } from './read-text.ts';

/** As a message of a thread. */
const sent = (flat: FlatTree): FlatTree => structuredClone(flat, { transfer: [flat.marks.buffer] });

const TEXTS: readonly string[] = [
  '{}',
  '{"a":[],"b":{},"c":[[{}],"x"],"":"","d":1.50,"e":1e999,"f":null}',
  'a: [True, ~, 0x1F, .inf, yes]\nb: |\n  x\n  y\n200: \n',
  'a: 😀\nb: "\\ud800"\n',
  'm: &m {a: &b [1], c: *b}\nn: {<<: *m, d: *m}\n',
];

test('a tree is the same after it was flat', async () => {
  for (const text of TEXTS) {
    const root = readText(text);
    assert.deepEqual(await treeOf(sent(flatTreeOf(root))), root, text);
  }
});

test('any tree is', async () => {
  const map = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ stringUnit: 'binary' }));
  await fc.assert(
    fc.asyncProperty(map, async (value) => {
      const root = readText(JSON.stringify(value));
      assert.deepEqual(await treeOf(sent(flatTreeOf(root))), root);
    }),
    { numRuns: 200 },
  );
});

test('what an alias stands for is there once', async () => {
  const root = await treeOf(flatTreeOf(readText('a: &x {b: &y []}\nc: [*x, *y]\n')));
  assert.ok(root.kind === 'map');
  const [a, c] = [...root.members.values()].map(({ value }) => value);
  assert.ok(a?.kind === 'map' && c?.kind === 'list');
  assert.equal(c.items[0], a);
  assert.equal(c.items[1], a.members.get('b')!.value);
});

test('a tree of many slices is whole', async () => {
  const root = readText(JSON.stringify({ a: Array.from({ length: 20_000 }, (_, i) => i) }));
  assert.deepEqual(await treeOf(flatTreeOf(root)), root);
});

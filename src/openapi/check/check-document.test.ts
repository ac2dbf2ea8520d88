import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type MapNode, type Member, type Node, positionsIn } from '../../tree/node.ts';
import type { Line } from '../definition.ts';
import { checkDocument } from './check-document.ts';
import { fixture, get } from './fixture.test.support.ts';

const nope = { $ref: '#/components/schemas/Nope' };

/** What stands where the first issue of a document points: the offending key, or the value that is wrong or lacks something. */
const PLACES: readonly (readonly [members: object, begins: string])[] = [
  [{ swagger: '2.0' }, '"swagger": "2.0"'],
  [{ info: { title: 'Shop' } }, '{\n  "title": "Shop"'],
  [{ paths: { pets: {} } }, '"pets": {}'],
  [{ paths: { '/a': { POST: {} } } }, '"POST": {}'],
  [{ paths: { '/a': { get: { foo: 1 } } } }, '{\n    "foo": 1'],
  [{ paths: { '/a': get({ summary: [7] }) } }, '[\n     7'],
  [{ tags: [{ name: 'a' }, { name: 'a', description: 'b' }] }, '"a",\n   "description"'],
  [{ components: { schemas: { A: nope } } }, '"#/components/schemas/Nope"'],
];

test('a line has the place of what it is about', () => {
  for (const [members, begins] of PLACES) {
    const { text, root } = fixture(members);
    const { offset } = checkDocument(root).warnings[0]!;
    assert.equal(text.slice(offset, offset + begins.length), begins);
  }
  const { text, root } = fixture({ swagger: '2.0', paths: { '/a': { get: { responses: {} } } } });
  const { warnings, info } = checkDocument(root);
  const lines = [...warnings, ...info].map(({ offset }) => positionsIn(text)(offset));
  assert.deepEqual(lines, [
    { line: 7, column: 2 },
    { line: 11, column: 5 },
  ]);
});

const charactersOf = (lines: readonly Line[]): number =>
  lines.reduce((sum, { text }) => sum + text.length, 0);

test('many lines end with one that says how many more there are', () => {
  const foos = Object.fromEntries(Array.from({ length: 30_000 }, (_, index) => [`foo${index}`, 1]));
  const { warnings, info } = checkDocument(fixture({ ...foos, components: foos }).root);
  for (const [lines, last] of [
    [warnings, /^(\d+) more parse issues are not listed$/],
    [info, /^(\d+) more keys will be ignored by API Gateway$/],
  ] as const) {
    assert.ok(charactersOf(lines) < 2 ** 20 + 100);
    assert.equal(lines.length - 1 + Number(last.exec(lines.at(-1)!.text)![1]), 30_000);
  }
});

/** Each would take minutes, or gigabytes, for whoever follows, repeats or compares too much. */
const ATTACKS: readonly (readonly [name: string, members: object])[] = [
  ['a long path with many mistakes', { paths: { [`/${'a'.repeat(1_000_000)}`]: manyMethods(20_000) } }],
  ['many variables', { paths: { [manyVariables(60_000)]: get({ parameters: manyParameters(20_000) }) } }],
  ['a long pointer', { components: { schemas: { A: { $ref: `#${'/components'.repeat(400_000)}` } } } }],
  ['many references to one', { components: { schemas: manySchemas(30_000) } }],
  ['an open brace for ever', { paths: { ['/{'.repeat(1_000_000)]: get({}) } }],
];

function manyMethods(count: number): object {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`m${index}`, {}]));
}
function manyVariables(count: number): string {
  return Array.from({ length: count }, (_, index) => `/{v${index}}`).join('');
}
function manyParameters(count: number): readonly object[] {
  return Array.from({ length: count }, (_, index) => ({ name: `p${index}`, in: 'path' }));
}
function manySchemas(count: number): object {
  const $ref = '#/components/schemas/s0';
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`s${index}`, { $ref }]));
}

test('a hostile document is checked in time linear in it', () => {
  for (const [name, members] of ATTACKS) {
    const { root } = fixture(members);
    const before = process.cpuUsage();
    const { warnings, info } = checkDocument(root);
    const { user, system } = process.cpuUsage(before);
    assert.ok((user + system) / 1e6 < 5, `${name}: ${(user + system) / 1e6} s`);
    assert.ok(charactersOf(warnings) + charactersOf(info) < 2 ** 21 + 200, name);
  }
});

const mapOf = (members: { readonly [key: string]: Node }): MapNode => ({
  kind: 'map',
  offset: 0,
  members: new Map(
    Object.entries(members).map(([key, value]): [string, Member] => [key, { keyOffset: 0, value }]),
  ),
});

test('what aliases share is visited once, and a circle of aliases ends', () => {
  let shared: Node = fixture(nope).root;
  for (let depth = 0; depth < 60; depth++) shared = mapOf({ properties: mapOf({ a: shared, b: shared }) });
  const circle = mapOf({});
  (circle.members as Map<string, Member>).set('items', { keyOffset: 0, value: circle });
  const { root } = fixture({});
  const components = mapOf({ schemas: mapOf({ shared, circle }) });
  const members = new Map([...root.members, ['components', { keyOffset: 0, value: components }] as const]);
  assert.deepEqual(
    checkDocument({ ...root, members }).warnings.map(({ text }) => text),
    ['Parse issue: attribute components.schemas.shared.#/components/schemas/Nope is missing'],
  );
});

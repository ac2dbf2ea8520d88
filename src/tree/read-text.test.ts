import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Node, plainOf, positionsIn } from './node.ts';
import { readText } from './read-text.ts';
import { TextError } from './text-error.ts';

const READ: readonly (readonly [text: string, plain: unknown])[] = [
  // JSON
  ['{}', {}],
  [' \r\n\t{"a" : [ ] ,"b":{ }}\n', { a: [], b: {} }],
  ['{"a":[1,-2.5e+3,0,true,false,null,"x"]}', { a: [1, -2500, 0, true, false, null, 'x'] }],
  ['{"\\u0061\\n\\"":"\\ud83d\\ude00 \\ud800 \\/"}', { 'a\n"': '😀 \ud800 /' }],
  ['\ufeff{"a":1}', { a: 1 }],
  ['{"a":1e999,"b":-0}', { a: '1e999', b: -0 }],
  ['{"__proto__":1,"constructor":2}', JSON.parse('{"__proto__":1,"constructor":2}')],
  ['{"a":"\u007f\u2028"}', { a: '\u007f\u2028' }],
  // YAML that begins like JSON
  ['{a: 1, "b": [x, y]}', { a: 1, b: ['x', 'y'] }],
  ["{'a': 'b',}", { a: 'b' }],
  ['{"a": 1} # said of it', { a: 1 }],
  ['{"a": 012}', { a: 12 }],
  // YAML
  ['---\na: 1\n', { a: 1 }],
  ['\ufeff---\na: 1\n...\n', { a: 1 }],
  ['# about\n%YAML 1.1\n---\na: yes\n', { a: 'yes' }],
  ['a: 1\r\nb:\r\n  - x\r\n  - y: z\r\n', { a: 1, b: ['x', { y: 'z' }] }],
  ['a:\nb: ~\nc: null\nd: ""\n', { a: null, b: null, c: null, d: '' }],
  ['a: [yes, no, on, off, y, True, FALSE]', { a: ['yes', 'no', 'on', 'off', 'y', true, false] }],
  [
    'a: [2012-10-17, 2001-12-14t21:59:43Z, 12:30:45]',
    { a: ['2012-10-17', '2001-12-14t21:59:43Z', '12:30:45'] },
  ],
  ['a: [0x1F, 0o17, 017, 1_000, 1., +.5, 1e3]', { a: [31, 15, 17, '1_000', 1, 0.5, 1000] }],
  ['a: [.inf, -.INF, .nan, 1e999]', { a: ['.inf', '-.INF', '.nan', '1e999'] }],
  ['200: a\n4.50: b\ntrue: c\n~: d\n? \n: e\n', { '200': 'a', '4.50': 'b', true: 'c', '~': 'd', '': 'e' }],
  [
    "a: |\n  x\n  y\nb: >-\n  x\n  y\nc: \"x\\ty\"\nd: 'it''s'\n",
    { a: 'x\ny\n', b: 'x y', c: 'x\ty', d: "it's" },
  ],
  ['a: !!str 200\nb: !!int "3"\nc: ! 5\nd: !!map {}\n', { a: '200', b: 3, c: '5', d: {} }],
  [
    'a: ${AWS::Region}\nb: x:y#z\nc: {$ref: "#/d"}\n',
    { a: '${AWS::Region}', b: 'x:y#z', c: { $ref: '#/d' } },
  ],
  ['a: {b, c: }', { a: { b: null, c: null } }],
  ['a: [b: c]', { a: [{ b: 'c' }] }],
  // Aliases
  ['a: &x [1]\nb: *x\nc: {d: *x}\n', { a: [1], b: [1], c: { d: [1] } }],
  ['a: &x 1\nb: *x\nc: &x 2\nd: *x\n', { a: 1, b: 1, c: 2, d: 2 }],
  ['&x a: 1\nb: {*x : 2}\n', { a: 1, b: { a: 2 } }],
  ['&x a: *x\n', { a: 'a' }],
  // Merge keys
  ['m: &m {a: 1, b: 2}\nn: {<<: *m, b: 3, c: 4}\n', { m: { a: 1, b: 2 }, n: { a: 1, b: 3, c: 4 } }],
  ['m: &m {a: 1, b: 2}\nn: {b: 3, <<: *m}\n', { m: { a: 1, b: 2 }, n: { b: 3, a: 1 } }],
  [
    'm: &m {a: 1}\nn: &n {a: 2, b: 2}\no: {<<: [*m, *n]}\n',
    { m: { a: 1 }, n: { a: 2, b: 2 }, o: { a: 1, b: 2 } },
  ],
  ['n: {<<: {a: 1}, <<: {a: 2, b: 2}}\n', { n: { a: 1, b: 2 } }],
  ['n: {"<<": 1}\n', { n: { '<<': 1 } }],
];

const deep = (depth: number): string => `{"a":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;

/** The place is `line:column`. */
const REFUSED: readonly (readonly [text: string, place: string, detail: RegExp])[] = [
  ['', '1:1', /^the text is empty$/],
  [' \n\ufeff', '1:1', /^the text is empty$/],
  ['# nothing\n', '1:1', /^the text is empty$/],
  ['---\n', '1:4', /^one value and no map$/],
  ['[1]', '1:1', /^a list and no map$/],
  ['- a\n', '1:1', /^a list and no map$/],
  ['"a"', '1:1', /^one value and no map$/],
  ['hello', '1:1', /^one value and no map$/],
  // JSON
  ['{"openapi": "3.0.1",', '1:21', /^not JSON: where a key in double quotes should be, the text ends$/],
  ['{"a": {\n"b": 1', '2:7', /^not JSON: where "," or "}" should be, the text ends$/],
  ['{"a": "x', '1:9', /^not JSON: where the closing quote of a string should be, the text ends$/],
  ['{"a": [1 2]', '1:10', /^not JSON: where "," or "\]" should be, there is "2"$/],
  ['{"a": 1} x', '1:10', /^not JSON: where the end of the text should be, there is "x"$/],
  ['{"a": "\\x"}', '1:7', /^a string with an escape that JSON does not have$/],
  ['{\n  "paths": {"/a": 1, "/a": 2}\n}', '2:22', /^the key "\/a" is there twice, first in line 2$/],
  ['{"a":1,\n"\\u0061":2}', '2:1', /^the key "a" is there twice, first in line 1$/],
  [deep(101), '1:105', /^maps and lists are nested more than 100 deep$/],
  // YAML that begins like JSON
  ['{a: 1,\n b: [}', '2:6', /^not YAML: /],
  ['{', '1:2', /^not YAML: /],
  ['{a: 1, a: 2}', '1:8', /^the key "a" is there twice, first in line 1$/],
  // YAML
  ['a: 1\na: 2\n', '2:1', /^the key "a" is there twice, first in line 1$/],
  ['200: 1\n"200": 2\n', '2:1', /^the key "200" is there twice, first in line 1$/],
  ['a: 1\n---\nb: 2\n', '2:1', /^a second document begins here, of which there may be one$/],
  ['a: !Ref b\n', '1:9', /^the tag !Ref: tags of one's own mean nothing here$/],
  ['a: !!binary aGk=\n', '1:13', /^the tag tag:yaml.org,2002:binary: /],
  ['a: !!set {b}\n', '1:10', /^the tag tag:yaml.org,2002:set: /],
  ['a: b: c\n', '1:4', /^not YAML: Nested mappings are not allowed in compact mappings$/],
  ['a: "b\n', '2:1', /^not YAML: Missing closing "quote$/],
  ['a:\n\t- b\n', '2:1', /^not YAML: /],
  ['a: @b\n', '1:4', /^not YAML: /],
  ['a: *x\n', '1:4', /^the alias \*x stands for nothing: no anchor &x is before it$/],
  ['a: &x [*x]\n', '1:8', /^the alias \*x stands for something that it is part of$/],
  ['? [a]\n: b\n', '1:3', /^a key is a list and no text$/],
  ['{a: 1}: b\n', '1:1', /^a key is a map and no text$/],
  ['a: {<<: b}\n', '1:9', /^the value of the merge key << is no map and no list of maps$/],
  ['a: {<<: [{b: c}, d]}\n', '1:9', /^the value of the merge key << is no map and no list of maps$/],
  ['a: {<<: {b: 1}, b: 2, b: 3}\n', '1:23', /^the key "b" is there twice, first in line 1$/],
  ['a: \u0000\n', '1:4', /^the character "\\u0000" may not stand in YAML$/],
  ['a: \ud800\n', '1:4', /^the character "\\ud800" may not stand in YAML$/],
  [`a: ${'- '.repeat(200)}b`, '1:4', /^not YAML: /],
  [`a:\n${'- '.repeat(100)}b`, '2:202', /^maps and lists are nested more than 100 deep$/],
  [
    `a: &x ${'['.repeat(60)}${']'.repeat(60)}\nb: ${'['.repeat(40)}*x${']'.repeat(40)}\n`,
    '2:44',
    /100 deep$/,
  ],
];

test('texts that are read', () => {
  for (const [text, plain] of READ) assert.deepEqual(plainOf(readText(text)), plain, JSON.stringify(text));
});

function refusalOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}

test('texts that are refused, with the place and what is wrong', () => {
  for (const [text, place, detail] of REFUSED) {
    const error = refusalOf(() => readText(text));
    assert.ok(error instanceof TextError, JSON.stringify(text.slice(0, 80)));
    const { line, column } = positionsIn(text)(error.offset);
    assert.deepEqual(
      [error.isTooLarge, `${line}:${column}`],
      [false, place],
      JSON.stringify([text.slice(0, 80), error.detail]),
    );
    assert.match(error.detail, detail, JSON.stringify(text.slice(0, 80)));
  }
});

test('a hundred maps and lists in one another are read', () => {
  readText(deep(100));
  readText(`a:\n${'- '.repeat(99)}b`);
  readText(`a: &x ${'['.repeat(60)}${']'.repeat(60)}\nb: ${'['.repeat(39)}*x${']'.repeat(39)}\n`);
});

test('a text above 6 MB is too large', () => {
  const text = `{"a":"${'é'.repeat(3 * 1024 * 1024 - 4)}"}`;
  assert.equal(Buffer.byteLength(text), 6 * 1024 * 1024);
  assert.equal(readText(text).kind, 'map');
  assert.throws(() => readText(`${text} `), {
    isTooLarge: true,
    detail: '6291457 bytes of UTF-8; 6291456 may be',
  });
});

const scalarsOf = (node: Node): readonly string[] => {
  if (node.kind === 'scalar') return [`${node.text} ${node.offset}`];
  return node.kind === 'list'
    ? node.items.flatMap(scalarsOf)
    : [...node.members].flatMap(([key, { keyOffset, value }]) => [
        `${key} ${keyOffset}`,
        ...scalarsOf(value),
      ]);
};

test('scalars keep how they were written, and everything its place', () => {
  assert.deepEqual(scalarsOf(readText('{"a": 2.0, "b": [true, "x\\n", 1E2]}')), [
    'a 1',
    '2.0 6',
    'b 11',
    'true 17',
    'x\n 23',
    '1E2 30',
  ]);
  assert.deepEqual(scalarsOf(readText('a: 2.0\nb: [True, "x", ~]\n0200: 012\nc: # none\nd: &x 5\ne: *x\n')), [
    'a 0',
    '2.0 3',
    'b 7',
    'True 11',
    'x 17',
    '~ 22',
    '0200 25',
    '012 31',
    'c 35',
    ' 38',
    'd 45',
    '5 51',
    'e 53',
    '5 51',
  ]);
});

test('an alias is the value that it stands for', () => {
  const root = readText('a: &x {b: 1}\nc: *x\n');
  assert.ok(root.kind === 'map');
  assert.equal(root.members.get('a')!.value, root.members.get('c')!.value);
});

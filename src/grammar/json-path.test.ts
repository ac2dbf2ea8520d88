import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GrammarError } from './grammar-error.ts';
import {
  compileJsonPath,
  JsonBody,
  type JsonPath,
  type JsonStep,
  parseJsonPath,
  printJsonPath,
} from './json-path.ts';

const member = (name: string): JsonStep => ({ kind: 'member', name });
const index = (position: number): JsonStep => ({ kind: 'index', index: position });
const union = (...indexes: number[]): JsonStep => ({ kind: 'union', indexes });
const slice = (from: number | undefined, to: number | undefined): JsonStep => ({ kind: 'slice', from, to });
const all: JsonStep = { kind: 'all' };

const paths: readonly [source: string, text: string, path: JsonPath][] = [
  ['§4.6', '', []],
  ['§4.6', '.user.name', [member('user'), member('name')]],
  ['§4.6', ".user['first name']", [member('user'), member('first name')]],
  ['§4.6', ".items[1]['a'].b", [member('items'), index(1), member('a'), member('b')]],
  ['§4.6', '[*].sku', [all, member('sku')]],
  ['C34', '["n"]', [member('n')]],
  ['C34', '.*', [all]],
  ['C34', '[-1]', [index(-1)]],
  ['C34', '[0,2,-1]', [union(0, 2, -1)]],
  ['C34', '[1:3]', [slice(1, 3)]],
  ['C34', '[-2:]', [slice(-2, undefined)]],
  ['C34', '[:2]', [slice(undefined, 2)]],
  ['C34', '[-0]', [index(0)]],
  ['§4.19', '.a-b/c$d', [member('a-b/c$d')]],
  ['§4.19', '.*x', [member('*x')]],
  ['§4.19', "['*']", [member('*')]],
  ['§4.19', "['']", [member('')]],
  ['§4.19', "['a\"b']", [member('a"b')]],
  ['§4.19', '["it\'s"]', [member("it's")]],
  ['§4.19', "['a.b[0](1)?@']", [member('a.b[0](1)?@')]],
];
for (const [source, text, path] of paths) {
  test(`${source}: ${JSON.stringify(text)} is a path`, () => {
    assert.deepEqual(parseJsonPath(text), path);
    assert.deepEqual(parseJsonPath(printJsonPath(path)), path);
  });
}

const badPaths: readonly [source: string, text: string][] = [
  ['§4.6', '..sku'],
  ['§4.6', '.a..b'],
  ['§4.6', '.items[?(@.a)]'],
  ['§4.6', '[(@.length-1)]'],
  ['§4.19', '.'],
  ['§4.19', '.a.'],
  ['§4.19', 'a'],
  ['§4.19', '[]'],
  ['§4.19', '[a]'],
  ['§4.19', '[0'],
  ['§4.19', '[0, 1]'],
  ['§4.19', '[,]'],
  ['§4.19', '[1:2:3]'],
  ['§4.19', '[--1]'],
  ['§4.19', '[1.5]'],
  ['§4.19', "['a'"],
  ['§4.19', '[\'a"]'],
  ['§4.19', "['it's']"],
  ['§4.19', '.a b'],
  ['§4.19', '.a]'],
  ['§4.19', '.a(b)'],
];
for (const [source, text] of badPaths) {
  test(`${source}: ${JSON.stringify(text)} is none`, () => {
    assert.throws(() => parseJsonPath(text), GrammarError);
  });
}

const Q =
  '{"user":{"name":"Ann","age":41,"vip":true,"nick":null},"items":[{"sku":"A1"},{"sku":"B2"}],"note":"hi there"}';
const P = '{"code":"E42","retry":30,"status":"409","detail":{"why":"locked"}}';

const results: readonly [source: string, document: string, path: string, text: string | undefined][] = [
  ['§4.16#41', Q, '.user.name', 'Ann'],
  ['§4.16#42', Q, '.user.age', '41'],
  ['§4.16#43', Q, '.user.vip', 'true'],
  ['§4.16#44', Q, '.user.nick', undefined],
  ['§4.16#45', Q, '.user', '{"name":"Ann","age":41,"vip":true,"nick":null}'],
  ['§4.16#46', Q, '.items[1].sku', 'B2'],
  ['§4.16#47', Q, '.items[*].sku', '["A1","B2"]'],
  ['§4.16#48', Q, "['note']", 'hi there'],
  ['§4.16#54', 'no JSON', '.user.name', undefined],
  ['§4.17#10', P, '.code', 'E42'],
  ['§4.17#11', P, '.retry', '30'],
  ['§4.17#17', P, '.detail', '{"why":"locked"}'],
  ['§4.17#18', P, '.nope', undefined],
  ['§4.6 string', '{"a":"\\u00e4\\n\\"\\\\"}', '.a', 'ä\n"\\'],
  ['§4.6 string', '{"a":""}', '.a', ''],
  ['§4.6 number', '{"a":1.50}', '.a', '1.50'],
  ['§4.6 number', '{"a":1e3}', '.a', '1e3'],
  ['§4.6 number', '{"a":-0}', '.a', '-0'],
  ['§4.6 number', '{"a":12345678901234567890.10}', '.a', '12345678901234567890.10'],
  ['§4.6 number', '[1E+2]', '[-1]', '1E+2'],
  ['§4.6 true', '{"a":false}', '.a', 'false'],
  ['§4.6 null', '[null]', '[-1]', undefined],
  ['§4.6 null', 'null', '.a', undefined],
  ['§4.6 object', '{ "a" : { "b" : [ 1.0 , 2e5 ] , "c d" : " x " } }', '.a', '{"b":[1.0,2e5],"c d":" x "}'],
  ['§4.6 object', '{"a":{"2":1,"1":2,"__proto__":3}}', '.a', '{"2":1,"1":2,"__proto__":3}'],
  ['§4.6 object', '[{"2":1,"1":2,"__proto__":3}]', '[*]', '[{"2":1,"1":2,"__proto__":3}]'],
  ['§4.6 array', '{"a":[]}', '.a', '[]'],
  ['§4.6 matches', '{"a":[1.50,null,"x",{"b": 1}]}', '.a[*]', '[1.50,null,"x",{"b":1}]'],
  ['§4.6 matches', '{"a":{"x":1,"y":[2]}}', '.a.*', '[1,[2]]'],
  ['§4.6 matches', '[{"a":1},{"b":2},{"a":3}]', '[*].a', '[1,3]'],
  ['§4.6 no match', '{"a":[]}', '.a[*]', undefined],
  ['§4.6 no match', '{"a":1}', '.a[*]', undefined],
  ['§4.6 no match', '{"a":1}', '.a.b', undefined],
  ['§4.6 no match', '[1]', '[1]', undefined],
  ['§4.6 no match', '[1]', '[-2]', undefined],
  ['§4.6 no match', '{"0":1}', '[0]', undefined],
  ['§4.6 no match', '["a"]', "['0']", undefined],
  ['§4.6 empty', '', '.a', undefined],
  ['§4.6 not JSON', '{"a":1', '.a', undefined],
  ['§4.6 not JSON', '{"a":1}}', '.a', undefined],
  ['§4.6 not JSON', '{"a":1,}', '.a', undefined],
  ['§4.6 not JSON', "{'a':1}", '.a', undefined],
  ['§4.6 not JSON', '{"a":"\n"}', '.a', undefined],
  ['§4.6 not JSON', '\ufeff{"a":1}', '.a', undefined],
  ['§4.6 not JSON', '{"a":1} // b', '[-1]', undefined],
  ['C34', '[1,2,3,4]', '[1:3]', '[2,3]'],
  ['C34', '[1,2,3,4]', '[-2:]', '[3,4]'],
  ['C34', '[1,2,3,4]', '[:-3]', '[1]'],
  ['C34', '[1,2,3,4]', '[3:1]', undefined],
  ['C34', '[1,2,3,4]', '[2,0,9]', '[3,1]'],
  ['C34', '[1,2,3,4]', '[-1]', '4'],
  ['C34', '"text"', '[0:2]', undefined],
  ['no host access', '{}', '.__proto__', undefined],
  ['no host access', '{}', '.constructor', undefined],
  ['no host access', '{"a":"x"}', '.a.length', undefined],
  ['no host access', '[1]', '.length', undefined],
  ['no host access', '[1]', "[-1]['constructor']", undefined],
  ['no host access', '{"__proto__":{"x":1}}', '.x', undefined],
  ['no host access', '{"__proto__":{"x":1}}', '.__proto__.x', '1'],
  ['no host access', '[{"__proto__":{"x":1}}]', '[*].__proto__.x', '[1]'],
  ['no host access', '[{}]', '[*].toString', undefined],
  ['last member wins', '{"a":1,"a":2}', '.a', '2'],
  ['last member wins', '{"a":{"b":1},"a":{"c":2}}', '.a.b', undefined],
  ['last member wins', '{"a":1,"b":2,"a":3}', '.*', '[3,2]'],
  ['last member wins', '{"a":1,"\\u0061":2}', '.a', '2'],
  ['whole document', '"x"', '', 'x'],
];
for (const [source, document, path, text] of results) {
  test(`${source}: ${JSON.stringify(path)} in ${document}`, () => {
    assert.equal(compileJsonPath(parseJsonPath(path))(new JsonBody(document)), text);
  });
}

const find = (path: string, document: string) => compileJsonPath(parseJsonPath(path))(new JsonBody(document));

const LIMIT = 102_400;
const EVERY_KIND = ['.a', '[-1]', '.*'];

test('§4.6: a path sees 102,400 bytes', () => {
  const fill = (bytes: number) => `{"a":"x"${' '.repeat(bytes - 9)}}`;
  assert.equal(find('.a', fill(LIMIT)), 'x');
  assert.equal(find('.a', fill(LIMIT + 1)), undefined);
  assert.equal(find('.*', fill(LIMIT)), '["x"]');
  assert.equal(find('.*', fill(LIMIT + 1)), undefined);
});

test('§4.6: bytes, not characters', () => {
  const fill = (character: string, bytes: number) => `{"a":"${character.repeat(bytes)}"}`;
  assert.equal(find('.a', fill('ä', LIMIT / 2 - 4)), 'ä'.repeat(LIMIT / 2 - 4));
  assert.equal(find('.a', fill('ä', LIMIT / 2 - 3)), undefined);
  assert.equal(find('.a', fill('☕', LIMIT / 3)), undefined);
});

test('§4.6: what is cut may be blank', () => {
  assert.equal(find('.a', `{"a":"x"}${' '.repeat(2 * LIMIT)}`), 'x');
});

test('§4.16#53: a cut document is no JSON', () => {
  assert.equal(find('.user.name', `{"user":{"name":"Ann"},"more":"${'x'.repeat(150_000)}"}`), undefined);
});

test('§4.6: without a path nothing is cut', () => {
  assert.equal(new JsonBody('x'.repeat(LIMIT * 2)).text.length, LIMIT * 2);
});

test('documents nested without end, and long strings, crash nothing', () => {
  const documents = [
    '['.repeat(50_000) + ']'.repeat(50_000),
    `${'{"a":'.repeat(15_000)}1${'}'.repeat(15_000)}`,
    '['.repeat(102_400),
    `{"a":"${'\\n'.repeat(51_000)}"}`,
    `{"a":"${'x'.repeat(102_000)}"}`,
  ];
  for (const document of documents) for (const path of EVERY_KIND) find(path, document);
  assert.equal(find('.a', documents[1]!), undefined);
  assert.equal(find('.*', documents[3]!)?.length, 102_004);
});

test('a path that chooses items again and again finds each once', () => {
  const document = `${'['.repeat(60)}1,1${']'.repeat(60)}`;
  assert.equal(find('[0,0,-1,0]'.repeat(59), document), '[[1,1]]');
  assert.equal(find('[0,1,-1]'.repeat(60), document), '[1,1]');
});

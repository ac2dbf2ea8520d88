// Values of service parameters: braces of JSON are text there (spec/http-api.md §3.7, §4.4, §4.18, §4.19).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GrammarError } from './grammar-error.ts';
import type { Part } from './mapping-source.ts';
import { type MappingValue, printMappingValue } from './mapping-value.ts';
import { parseServiceValue } from './service-value.ts';

const text = (content: string): Part => ({ from: 'text', text: content });
const variable = (name: string): Part => ({ from: 'pathParameter', name });
const header = (name: string): Part => ({ from: 'header', name });
const fixed = (content: string): MappingValue => ({ kind: 'static', text: content });
const selector = (part: Part): MappingValue => ({ kind: 'selector', part });
const template = (...parts: Part[]): MappingValue => ({ kind: 'template', parts });

const values: readonly [source: string, text: string, value: MappingValue][] = [
  ['§4.18#6', '{"id":"${request.path.id}"}', template(text('{"id":"'), variable('id'), text('"}'))],
  ['§3.7', '{"k":{"StringValue":"v"}}', fixed('{"k":{"StringValue":"v"}}')],
  ['§3.7', 'US$50', fixed('US$50')],
  ['§3.7', '$request.header.x$y', selector(header('x$y'))],
  ['§3.7', "$request.body['}']", selector({ from: 'body', path: [{ kind: 'member', name: '}' }] })],
  ['§4.4(2)', 'com.mycompany.$request.path.source', template(text('com.mycompany.'), variable('source'))],
  ['§4.19', '${request.path.a} $request.header.b', template(variable('a'), text(' $request.header.b'))],
];
for (const [source, given, value] of values) {
  test(`${source}: ${given} is a value of a service parameter`, () => {
    assert.deepEqual(parseServiceValue(given), value);
    assert.deepEqual(parseServiceValue(printMappingValue(value, 'request')), value);
  });
}

for (const given of [
  '$request.nonsense',
  '$foo',
  '${',
  '${foo.bar}',
  '${request.header.a{b}',
  'x'.repeat(513),
]) {
  test(`§3.7: ${given.slice(0, 40)} is none`, () => {
    assert.throws(() => parseServiceValue(given), GrammarError);
  });
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeMappings, mergeResponseMappings } from './mapping-merge.ts';

type Map = Record<string, string>;
const merges: readonly [source: string, stored: Map, patch: Map, merged: Map][] = [
  ['§4.11', { 'append:header.a': '1' }, {}, { 'append:header.a': '1' }],
  [
    '§4.11',
    { 'append:header.a': '1' },
    { 'append:header.b': '2' },
    { 'append:header.a': '1', 'append:header.b': '2' },
  ],
  ['§4.11', { 'append:header.a': '1' }, { 'append:header.a': '2' }, { 'append:header.a': '2' }],
  [
    '§4.15(4)',
    { 'append:header.header1': '1', 'append:header.b': '2' },
    { 'append:header.header1': '' },
    { 'append:header.b': '2' },
  ],
  ['§4.11', {}, { 'append:header.a': '' }, {}],
  ['§4.11', { 'remove:querystring.qs1': "''" }, { 'remove:querystring.qs1': '' }, {}],
  ['C44', {}, { 'remove:querystring.qs1': '' }, { 'remove:querystring.qs1': '' }],
  ['C44', { 'remove:header.a': '' }, { 'remove:header.a': '' }, {}],
  ['§4.11', {}, { 'remove:querystring.qs1': "''" }, { 'remove:querystring.qs1': "''" }],
];
for (const [source, stored, patch, merged] of merges) {
  test(`${source}: ${JSON.stringify(patch)} into ${JSON.stringify(stored)}`, () => {
    assert.deepEqual(mergeMappings(stored, patch), merged);
  });
}

type Statuses = Record<string, Map>;
const statuses: readonly [source: string, stored: Statuses, patch: Statuses, merged: Statuses][] = [
  ['§4.11', { '500': { a: '1' } }, {}, { '500': { a: '1' } }],
  ['§4.11', { '500': { a: '1' } }, { '404': { b: '2' } }, { '404': { b: '2' }, '500': { a: '1' } }],
  ['§4.11', { '500': { a: '1', b: '2' } }, { '500': { a: '', c: '3' } }, { '500': { b: '2', c: '3' } }],
  ['§4.15(4)', { '200': { a: '1' }, '404': { b: '2' } }, { '200': {} }, { '404': { b: '2' } }],
  ['C74', { '500': { a: '1' } }, { '500': { a: '' } }, {}],
  ['§4.11', {}, { '500': {} }, {}],
  ['C44', {}, { '500': { 'remove:header.server': '' } }, { '500': { 'remove:header.server': '' } }],
];
for (const [source, stored, patch, merged] of statuses) {
  test(`${source}: statuses ${JSON.stringify(patch)} into ${JSON.stringify(stored)}`, () => {
    assert.deepEqual(mergeResponseMappings(stored, patch), merged);
  });
}

test('a key named __proto__ is a key, and nothing given is changed', () => {
  const stored = Object.freeze({ a: '1' });
  const patch = JSON.parse('{"__proto__":"x"}') as Map;
  assert.deepEqual(Object.keys(mergeMappings(stored, patch)), ['a', '__proto__']);
});

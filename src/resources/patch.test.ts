// What a member that an update gives makes of the stored one (spec/management-api.md §1.10).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  clearable,
  clearableList,
  keptWhenEmpty,
  mergedMap,
  mergedStructure,
  mergedTexts,
  type Patch,
  removableStructure,
  replacedMap,
} from './patch.ts';

const PATCHES = {
  clearable,
  keptWhenEmpty,
  clearableList,
  replacedMap,
  mergedMap,
  mergedStructure,
  removableStructure,
  mergedTexts,
} as const;

const rows: readonly (readonly [
  member: string,
  patch: keyof typeof PATCHES,
  stored: unknown,
  given: unknown,
  after: unknown,
])[] = [
  ['Api.description', 'clearable', undefined, 'a', 'a'],
  ['Api.description', 'clearable', 'a', 'b', 'b'],
  ['Api.description', 'clearable', 'a', '', undefined],
  ['Api.description', 'clearable', undefined, '', undefined],
  ['Stage.description', 'keptWhenEmpty', 'a', 'b', 'b'],
  ['Stage.description', 'keptWhenEmpty', 'a', '', 'a'],
  ['Stage.description', 'keptWhenEmpty', undefined, '', undefined],
  ['Route.authorizationScopes', 'clearableList', ['a'], ['b', 'c'], ['b', 'c']],
  ['Route.authorizationScopes', 'clearableList', ['a'], [], undefined],
  ['Integration.requestTemplates', 'replacedMap', { a: '1', b: '2' }, { b: '3' }, { b: '3' }],
  ['Integration.requestTemplates', 'replacedMap', { a: '1' }, { a: '' }, { a: '' }],
  ['Integration.requestTemplates', 'replacedMap', { a: '1' }, {}, undefined],
  ['Route.requestParameters', 'mergedMap', { a: 1, b: 2 }, { b: 3, c: 4 }, { a: 1, b: 3, c: 4 }],
  ['Route.requestParameters', 'mergedMap', { a: 1 }, {}, { a: 1 }],
  ['Route.requestParameters', 'mergedMap', undefined, {}, undefined],
  [
    'Stage.accessLogSettings',
    'mergedStructure',
    { Format: 'f' },
    { DestinationArn: 'd' },
    { Format: 'f', DestinationArn: 'd' },
  ],
  ['Stage.accessLogSettings', 'mergedStructure', { Format: 'f' }, { Format: 'g' }, { Format: 'g' }],
  ['Stage.accessLogSettings', 'mergedStructure', { Format: 'f' }, {}, { Format: 'f' }],
  ['Stage.accessLogSettings', 'mergedStructure', undefined, {}, undefined],
  [
    'Integration.tlsConfig',
    'removableStructure',
    { ServerNameToVerify: 'a' },
    { ServerNameToVerify: 'b' },
    { ServerNameToVerify: 'b' },
  ],
  ['Integration.tlsConfig', 'removableStructure', { ServerNameToVerify: 'a' }, {}, undefined],
  ['Stage.stageVariables', 'mergedTexts', { a: '1', b: '2' }, { b: '3', c: '4' }, { a: '1', b: '3', c: '4' }],
  ['Stage.stageVariables', 'mergedTexts', { a: '1', b: '2' }, { a: '' }, { b: '2' }],
  ['Stage.stageVariables', 'mergedTexts', { a: '1' }, { a: '' }, undefined],
  ['Stage.stageVariables', 'mergedTexts', { a: '1' }, {}, { a: '1' }],
];
for (const [member, patch, stored, given, after] of rows) {
  test(`§1.10 ${member}: ${patch} of ${JSON.stringify(given)} into ${JSON.stringify(stored)}`, () => {
    assert.deepEqual((PATCHES[patch] as Patch<unknown>)(stored, given, false), after);
  });
}

test('§1.10: nothing is deleted where nothing was stored yet, so Create keeps an empty text', () => {
  assert.deepEqual(mergedTexts(undefined, { a: '' }, true), { a: '' });
  assert.equal(mergedTexts(undefined, {}, true), undefined);
  assert.equal(mergedTexts(undefined, { a: '' }, false), undefined);
});

test('§1.10: what was stored stays as it was', () => {
  const stored = Object.freeze({ a: '1', b: '2' });
  mergedTexts(stored, { a: '' }, false);
  mergedMap(stored, { c: '3' });
  assert.deepEqual(stored, { a: '1', b: '2' });
});

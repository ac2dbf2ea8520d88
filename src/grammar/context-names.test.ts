import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contextNames, isContextName } from './context-names.ts';
import { parseMappingValue } from './mapping.ts';

const names: readonly [name: string, isKnown: boolean][] = [
  ['requestId', true],
  ['identity.clientCert.validity.notBefore', true],
  ['authorizer.claims.sub', true],
  ['authorizer.claims.a.b', true],
  ['authorizer.tenant', true],
  ['authorizer.principalId', true],
  ['authorizer.claims', false],
  ['authorizer', false],
  ['authorizer.a.b', false],
  ['authorizer.claims.custom:tenant', false],
  ['requestid', false],
  ['identity', false],
  ['toString', false],
  ['', false],
];
for (const [name, isKnown] of names) {
  test(`§9.3: $context.${name} is ${isKnown ? 'a' : 'no'} variable`, () =>
    assert.equal(isContextName(name), isKnown));
}

test('§4.5: every variable can be mapped', () => {
  for (const name of contextNames) {
    assert.deepEqual(parseMappingValue(`$context.${name}`, 'request'), {
      kind: 'selector',
      part: { from: 'context', name },
    });
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keepSigningKey, keptSigningKey, scopeText, signingKeyOf } from './signing-keys.ts';

const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const NOW = Date.parse('2026-11-22T23:45:00Z');

function scopeOf(date: string, region: string) {
  return { accessKeyId: 'AKID', date, region, service: 'apigateway', terminator: 'aws4_request' };
}

function credentials(secretAccessKey = SECRET) {
  return { accessKeyId: 'AKID', secretAccessKey };
}

function keep(of: ReturnType<typeof credentials>, date: string, region: string, now = NOW): string {
  const scope = scopeOf(date, region);
  keepSigningKey(of, scopeText(scope), signingKeyOf(of.secretAccessKey, scope), now);
  return scopeText(scope);
}

test('a signing key is the one of AWS’s example', () => {
  const scope = { ...scopeOf('20120215', 'us-east-1'), service: 'iam' };
  assert.equal(
    signingKeyOf(SECRET, scope).export().toString('hex'),
    'f4780e2d9f65fa895f9c67b32ce1baf0b0d8a43505a000a1a9e090d414db404d',
  );
});

test('keys are those of the credentials and the scope they were derived for', () => {
  const mine = credentials();
  const scope = keep(mine, '20261122', 'eu-west-1');
  assert.ok(keptSigningKey(mine, scope));
  assert.equal(keptSigningKey(mine, scope.replace('eu-west-1', 'eu-west-2')), undefined);
  // The same access key with another secret, as after a change of the configuration, has none.
  assert.equal(keptSigningKey(credentials('another'), scope), undefined);
});

test('keys of days that no signature can have any more are dropped', () => {
  const mine = credentials();
  const [old, week] = [keep(mine, '20261113', 'eu-west-1'), keep(mine, '20261114', 'eu-west-1')];
  assert.deepEqual(
    [keptSigningKey(mine, old) === undefined, keptSigningKey(mine, week) === undefined],
    [true, false],
  );
});

test('of 64 keys the oldest goes', () => {
  const mine = credentials();
  const scopes = Array.from({ length: 65 }, (_, i) => keep(mine, '20261122', `region-${i}`));
  const isKept = scopes.map((scope) => keptSigningKey(mine, scope) !== undefined);
  assert.deepEqual([isKept[0], isKept.filter(Boolean).length], [false, 64]);
});

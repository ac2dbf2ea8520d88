// Which key may verify what (spec/http-api.md §6.2.2 (2), (3); RFC 7517, RFC 7518, RFC 8725 §3.1).
import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { makeKey, type SigningKey, signatureOf } from '../../../test/support/token-issuer.ts';
import { isAlgorithm } from './algorithms.ts';
import { type KeySet, parseKeySet } from './key-set.ts';

const SIGNED = Buffer.from('header.claims');
const rsa = makeKey('RS256', 'rsa');
const p256 = makeKey('ES256', 'p256');
const p384 = makeKey('ES384', 'p384');
const p521 = makeKey('ES512', 'p521');
const ed25519 = makeKey('EdDSA', 'ed25519');
const ed448 = makeKey('Ed448', 'ed448');

function setOf(...jwks: readonly unknown[]): KeySet {
  return parseKeySet(JSON.stringify({ keys: jwks }))!;
}

const sign = (key: SigningKey, algorithm: string) =>
  signatureOf(algorithm, key.privateKey, SIGNED.toString());

/** Key → the algorithms that it may be used with. */
const legal: readonly (readonly [SigningKey, readonly string[]])[] = [
  [rsa, ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']],
  [p256, ['ES256']],
  [p384, ['ES384']],
  [p521, ['ES512']],
  [ed25519, ['EdDSA', 'Ed25519']],
  [ed448, ['EdDSA']],
];
const all = [...new Set(legal.flatMap(([, algorithms]) => algorithms))];

for (const [key, algorithms] of legal) {
  for (const algorithm of all) {
    if (algorithms.includes(algorithm)) {
      test(`${key.kid} verifies ${algorithm}`, () => {
        const set = setOf(key.jwk);
        const signature = sign(key, algorithm);
        assert.equal(set.verifies(key.kid, algorithm, SIGNED, signature), true);
        assert.equal(set.verifies(key.kid, algorithm, Buffer.from('header.other'), signature), false);
        signature[signature.length >> 1]! ^= 1;
        assert.equal(set.verifies(key.kid, algorithm, SIGNED, signature), false);
      });
    } else {
      test(`${key.kid} never verifies ${algorithm}`, () => {
        for (const made of algorithms) {
          assert.equal(setOf(key.jwk).verifies(key.kid, algorithm, SIGNED, sign(key, made)), false);
        }
      });
    }
  }
}

test('no other algorithm is one', () => {
  const others = [
    'none',
    'None',
    'NONE',
    '',
    'HS256',
    'HS384',
    'HS512',
    'rs256',
    'RS1',
    'ES256K',
    'RSA-OAEP',
  ];
  for (const name of [...others, 'constructor', '__proto__', 'RS256 ']) {
    assert.equal(isAlgorithm(name), false, name);
    assert.equal(setOf(rsa.jwk).verifies('rsa', name, SIGNED, sign(rsa, 'RS256')), false, name);
  }
});

test('a secret, or the public key as one, verifies nothing', () => {
  const pem = rsa.publicKey.export({ format: 'pem', type: 'spki' }).toString();
  const secret = { kty: 'oct', kid: 'rsa', k: Buffer.from(pem).toString('base64url') };
  const signature = createHmac('sha256', pem).update(SIGNED).digest();
  for (const set of [setOf(secret), setOf({ ...secret, alg: 'RS256' }), setOf(rsa.jwk, secret)]) {
    for (const algorithm of ['HS256', 'RS256', 'ES256', 'EdDSA']) {
      assert.equal(set.verifies('rsa', algorithm, SIGNED, signature), false);
    }
  }
});

const small = generateKeyPairSync('rsa', { modulusLength: 1_024 });
const x25519 = generateKeyPairSync('x25519').publicKey.export({ format: 'jwk' });
const k256 = generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey.export({ format: 'jwk' });

/** As chips made them (CVE-2017-15361): a power of 65537 modulo the product of the first primes, and odd. */
function guessableModulus(): string {
  const primes = Array.from({ length: 168 }, (_, n) => n).filter(
    (n) => n > 1 && !Array.from({ length: n - 2 }, (_, i) => i + 2).some((divisor) => n % divisor === 0),
  );
  const product = primes.reduce((made, prime) => made * BigInt(prime), 1n);
  const modulus = (65_537n ** 12_345n % product) + (2n ** 2_047n / product + 2n) * product;
  return Buffer.from(modulus.toString(16).padStart(512, '0'), 'hex').toString('base64url');
}

/** Keys that are left out. */
const useless: readonly (readonly [name: string, jwk: unknown])[] = [
  ['for encryption', { ...rsa.jwk, use: 'enc' }],
  ['of an unknown use', { ...rsa.jwk, use: 'SIG' }],
  ['not for verify', { ...rsa.jwk, key_ops: ['encrypt'] }],
  ['whose key_ops is no list', { ...rsa.jwk, key_ops: 'verify' }],
  ['for another algorithm of its kind', { ...rsa.jwk, alg: 'RS512' }],
  ['for an algorithm of another kind', { ...rsa.jwk, alg: 'HS256' }],
  ['whose alg is no text', { ...rsa.jwk, alg: ['RS256'] }],
  ['without kid', { ...rsa.jwk, kid: undefined }],
  ['with a number as kid', { ...rsa.jwk, kid: 1 }],
  ['without kty', { ...rsa.jwk, kty: undefined }],
  ['of another kty', { ...rsa.jwk, kty: 'EC' }],
  ['with its private half', { ...rsa.privateKey.export({ format: 'jwk' }), kid: 'rsa' }],
  ['of 1024 bits', { ...small.publicKey.export({ format: 'jwk' }), kid: 'rsa' }],
  ['with exponent 1', { ...rsa.jwk, e: 'AQ' }],
  ['with an exponent that takes long', { ...rsa.jwk, e: Buffer.alloc(250, 0xff).toString('base64url') }],
  ['of more than 8192 bits', { ...rsa.jwk, n: `_${'A'.repeat(1_400)}B` }],
  ['whose primes can be guessed', { ...rsa.jwk, n: guessableModulus() }],
  ['without modulus', { ...rsa.jwk, n: undefined }],
  ['whose modulus is rubbish', { ...rsa.jwk, n: '' }],
  ['for key agreement', { ...x25519, kid: 'rsa' }],
  ['on a curve that is not taken', { ...k256, kid: 'rsa' }],
  ['off its curve', { ...p256.jwk, kid: 'rsa', x: p256.jwk.y }],
  ['that is null', null],
  ['that is text', 'rsa'],
];

for (const [name, jwk] of useless) {
  test(`a key ${name} is left out, the others are not`, () => {
    assert.equal(setOf(jwk).verifies('rsa', 'RS256', SIGNED, sign(rsa, 'RS256')), false);
    assert.equal(setOf(jwk, rsa.jwk).verifies('rsa', 'RS256', SIGNED, sign(rsa, 'RS256')), true);
  });
}

test('keys with one id: each is tried', () => {
  const set = setOf({ ...p256.jwk, kid: 'k' }, { ...ed25519.jwk, kid: 'k' });
  assert.equal(set.verifies('k', 'ES256', SIGNED, sign(p256, 'ES256')), true);
  assert.equal(set.verifies('k', 'EdDSA', SIGNED, sign(ed25519, 'EdDSA')), true);
});

test('no more than ten keys with one id, and a thousand of a set, are looked at', () => {
  const others = (count: number, kid: string) => Array(count).fill({ ...p256.jwk, kid });
  const isTried = (jwks: readonly unknown[]) =>
    setOf(...jwks).verifies('k', 'EdDSA', SIGNED, sign(ed25519, 'EdDSA'));
  const key = { ...ed25519.jwk, kid: 'k' };
  assert.equal(isTried([...others(9, 'k'), key]), true);
  assert.equal(isTried([...others(10, 'k'), key]), false);
  assert.equal(isTried([...others(999, 'o'), key]), true);
  assert.equal(isTried([...others(1_000, 'o'), key]), false);
});

test('a kid is compared exactly', () => {
  const set = setOf({ ...p256.jwk, kid: 'Key' });
  for (const kid of ['key', 'Key ', ' Key', 'Key\0', '', '../Key', '__proto__', 'constructor']) {
    assert.equal(set.has(kid), false);
    assert.equal(set.verifies(kid, 'ES256', SIGNED, sign(p256, 'ES256')), false);
  }
});

test('ECDSA: signatures of zeros, of another length, in DER are none', () => {
  const set = setOf(p256.jwk);
  for (const length of [0, 1, 63, 64, 65, 96, 132]) {
    assert.equal(set.verifies('p256', 'ES256', SIGNED, Buffer.alloc(length)), false);
  }
  const long = Buffer.concat([sign(p256, 'ES256'), Buffer.alloc(1)]);
  assert.equal(set.verifies('p256', 'ES256', SIGNED, long), false);
});

test('no key set: what is no JSON object with keys', () => {
  for (const text of ['', '{', 'null', '[]', '{}', '{"keys":{}}', '{"keys":null}', '"keys"']) {
    assert.equal(parseKeySet(text), undefined);
  }
  assert.notEqual(parseKeySet('{"keys":[]}'), undefined);
});

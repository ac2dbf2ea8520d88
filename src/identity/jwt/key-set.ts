// An issuer's public keys (JWKS, RFC 7517): which key may verify which algorithm is decided here, by the key, never by
// the token. Keys that cannot be used are left out.
import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { isObject } from '../../grammar/json-object.ts';
import { parseJson } from '../../wire/json.ts';
import { isSignatureOf } from './algorithms.ts';
import { hasGuessablePrimes } from './guessable-primes.ts';

/** Keys of one set, and of one id in it: the others are left out. */
const MAX_KEYS = 1_000;
const MAX_SAME_ID = 10;

interface PublicKey {
  readonly key: KeyObject;
  readonly algorithms: readonly string[];
}

export class KeySet {
  readonly #keys: ReadonlyMap<string, readonly PublicKey[]>;

  constructor(keys: ReadonlyMap<string, readonly PublicKey[]>) {
    this.#keys = keys;
  }

  has(keyId: string): boolean {
    return this.#keys.has(keyId);
  }

  /** Whether a key of this id, one that may be used with the algorithm, made the signature. */
  verifies(keyId: string, algorithm: string, signed: Buffer, signature: Buffer): boolean {
    return (this.#keys.get(keyId) ?? []).some(
      ({ key, algorithms }) =>
        algorithms.includes(algorithm) && isSignatureOf(key, algorithm, signed, signature),
    );
  }
}

/** Undefined when the text is no key set. */
export function parseKeySet(text: string): KeySet | undefined {
  const jwks = listOf(text);
  if (jwks === undefined) return undefined;
  const keys = new Map<string, PublicKey[]>();
  for (const jwk of jwks.slice(0, MAX_KEYS)) {
    if (!isObject(jwk) || typeof jwk.kid !== 'string') continue;
    const key = readKey(jwk);
    if (key === undefined) continue;
    const sameId = keys.get(jwk.kid);
    if (sameId === undefined) keys.set(jwk.kid, [key]);
    else if (sameId.length < MAX_SAME_ID) sameId.push(key);
  }
  return new KeySet(keys);
}

type Jwk = Readonly<Record<string, unknown>>;

function listOf(text: string): readonly unknown[] | undefined {
  try {
    const document: unknown = parseJson(text);
    return isObject(document) && Array.isArray(document.keys) ? document.keys : undefined;
  } catch {
    return undefined;
  }
}

function readKey(jwk: Jwk): PublicKey | undefined {
  const algorithms = algorithmsOf(jwk);
  // A private key that everybody can read proves nothing.
  if (algorithms.length === 0 || jwk.d !== undefined) return undefined;
  if (jwk.use !== undefined && jwk.use !== 'sig') return undefined;
  if (jwk.key_ops !== undefined && !(Array.isArray(jwk.key_ops) && jwk.key_ops.includes('verify'))) {
    return undefined;
  }
  let key: KeyObject;
  try {
    key = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
  } catch {
    return undefined;
  }
  return isStrong(key) ? { key, algorithms } : undefined;
}

const OF_CURVE: Readonly<Record<string, readonly string[]>> = {
  'EC P-256': ['ES256'],
  'EC P-384': ['ES384'],
  'EC P-521': ['ES512'],
  'OKP Ed25519': ['EdDSA', 'Ed25519'],
  'OKP Ed448': ['EdDSA'],
};
const OF_RSA = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'];

/** What the kind of the key allows, or the one of it that `alg` names. */
function algorithmsOf({ kty, crv, alg }: Jwk): readonly string[] {
  const curve = `${String(kty)} ${String(crv)}`;
  const byKind = kty === 'RSA' ? OF_RSA : Object.hasOwn(OF_CURVE, curve) ? OF_CURVE[curve]! : [];
  return alg === undefined ? byKind : byKind.filter((name) => name === alg);
}

/** What verifying one signature takes is bounded by these. */
const MAX_MODULUS_BITS = 8_192;
const MAX_EXPONENT = 0xffff_ffffn;

/** RFC 7518 §3.3 asks for 2048 bits; with exponent 1 anybody signs. */
function isStrong(key: KeyObject): boolean {
  if (key.asymmetricKeyType !== 'rsa') return true;
  const { modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {};
  if (modulusLength > MAX_MODULUS_BITS || publicExponent > MAX_EXPONENT) return false;
  return modulusLength >= 2_048 && publicExponent >= 3n && !hasGuessablePrimes(key);
}

// The signature algorithms of tokens (RFC 7518 §3, RFC 8037, RFC 9864). Asymmetric ones alone: a secret in a public
// document is no secret. spec/http-api.md §6.2.2; API Gateway has the RS family only.
import { constants, type KeyObject, verify } from 'node:crypto';

interface Algorithm {
  /** Hash, or null where the algorithm brings its own. */
  readonly hash: string | null;
  readonly padding?: number;
  /** Exact length of a signature in bytes, where the algorithm and not the key decides it. */
  readonly length?: number;
}

const { RSA_PKCS1_PADDING, RSA_PKCS1_PSS_PADDING } = constants;

const ALGORITHMS: ReadonlyMap<string, Algorithm> = new Map(
  Object.entries({
    RS256: { hash: 'sha256', padding: RSA_PKCS1_PADDING },
    RS384: { hash: 'sha384', padding: RSA_PKCS1_PADDING },
    RS512: { hash: 'sha512', padding: RSA_PKCS1_PADDING },
    PS256: { hash: 'sha256', padding: RSA_PKCS1_PSS_PADDING },
    PS384: { hash: 'sha384', padding: RSA_PKCS1_PSS_PADDING },
    PS512: { hash: 'sha512', padding: RSA_PKCS1_PSS_PADDING },
    ES256: { hash: 'sha256', length: 64 },
    ES384: { hash: 'sha384', length: 96 },
    ES512: { hash: 'sha512', length: 132 },
    EdDSA: { hash: null },
    Ed25519: { hash: null, length: 64 },
  } satisfies Record<string, Algorithm>),
);

export function isAlgorithm(name: string): boolean {
  return ALGORITHMS.has(name);
}

/** Whether the signature is the key's. Whether the key may be used with the algorithm is asked before. */
export function isSignatureOf(key: KeyObject, algorithm: string, signed: Buffer, signature: Buffer): boolean {
  const { hash, padding, length } = ALGORITHMS.get(algorithm)!;
  if (length !== undefined && signature.length !== length) return false;
  if (padding === undefined) return verify(hash, signed, { key, dsaEncoding: 'ieee-p1363' }, signature);
  const saltLength = padding === RSA_PKCS1_PSS_PADDING ? constants.RSA_PSS_SALTLEN_DIGEST : undefined;
  return verify(
    hash,
    signed,
    saltLength === undefined ? { key, padding } : { key, padding, saltLength },
    signature,
  );
}

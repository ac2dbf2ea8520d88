// Tokens and key sets by Wycheproof's vectors for JWS and JWK (spec/http-api.md §6.2.2). Every vector that must be refused
// is; those that are valid and refused are named with the reason.
import assert from 'node:assert/strict';
import { isAlgorithm } from '../../src/identity/jwt/algorithms.ts';
import { parseSignedText } from '../../src/identity/jwt/compact-jws.ts';
import { type KeySet, parseKeySet } from '../../src/identity/jwt/key-set.ts';
import { suiteTest, Tally } from './corpus.ts';

interface Vectors {
  readonly testGroups: readonly {
    readonly comment: string;
    readonly private: object;
    readonly public?: object;
    readonly tests: readonly {
      readonly tcId: number;
      readonly comment: string;
      readonly jws: string;
      readonly result: 'valid' | 'invalid' | 'acceptable';
    }[];
  }[];
}

/** Whether a token's signature is by a key of the set, as an authorizer asks: with its `kid`, or `only` where it has none. */
function isSigned(token: string, keys: KeySet, only: string): boolean {
  const parsed = parseSignedText(token);
  if (!('payload' in parsed) || !isAlgorithm(parsed.algorithm)) return false;
  const { keyId = only, algorithm, signed, signature } = parsed;
  return keys.verifies(keyId, algorithm, signed, signature);
}

/** Valid, and refused all the same. */
const SECRET = 'a secret that an issuer publishes is none: HS256 and its like verify nothing here';
const OTHER_ALGORITHM = 'the key names another algorithm than the token';
const NO_ALGORITHM = 'the key names ES521, which is no algorithm';

const DIFFERENCES: Readonly<Record<string, string>> = {
  '1 hs256: acceptsValid': SECRET,
  '346 rfc7520: Figure20': OTHER_ALGORITHM,
  '347 rfc7520: Figure27': NO_ALGORITHM,
  '348 rfc7520: Figure35': SECRET,
  '350 rfc7520WithKeyOps: Figure20': OTHER_ALGORITHM,
  '351 rfc7520WithKeyOps: Figure27': NO_ALGORITHM,
  '352 rfc7520: Figure35': SECRET,
  '357 base64: ValidMac': SECRET,
  '358 base64: ValidEdgeCaseMac': SECRET,
  '359 base64: ValidEdgeCaseMac': SECRET,
  '372 base64: InvalidCharacterInsertedInHeader':
    'a character that is not of base64url spoils a token (RFC 7515 §2)',
  '373 base64: InvalidCharacterInsertedInPayload':
    'a character that is not of base64url spoils a token (RFC 7515 §2)',
  '376 base64: ValidSpacesInJsonHeader': SECRET,
  '377 base64: ValidWhiteSpaceInJsonHeader': SECRET,
};
const KEY_DIFFERENCES: Readonly<Record<string, string>> = {
  '2 jws_keyset: acceptsValid': SECRET,
  '13 HS256: long_key': SECRET,
  '14 HS384: long_key': SECRET,
  '15 HS512: long_key': SECRET,
};

suiteTest('JWS: the vectors of Wycheproof', 'jose', (suite, t) => {
  const tally = new Tally();
  for (const group of suite.json<Vectors>('json_web_signature_test.json').testGroups) {
    const key = group.public ?? group.private;
    for (const { tcId, comment, jws, result } of group.tests) {
      // Vectors without `kid`, or with another than the key's, are about one key.
      const parsed = parseSignedText(jws);
      const kid = ('payload' in parsed ? parsed.keyId : undefined) ?? 'only';
      const keys = parseKeySet(JSON.stringify({ keys: [{ ...key, kid }] }))!;
      const isAccepted = isSigned(jws, keys, 'only');
      if (result === 'invalid') assert.equal(isAccepted, false, `${tcId} ${comment} must be refused`);
      tally.case(`${tcId} ${group.comment}: ${comment}`, isAccepted === (result === 'valid'));
    }
  }
  assert.deepEqual(tally.surprises(t, DIFFERENCES), []);
});

suiteTest('JWK: the key sets of Wycheproof', 'jose', (suite, t) => {
  const tally = new Tally();
  for (const group of suite.json<Vectors>('json_web_key_test.json').testGroups) {
    const keys = parseKeySet(JSON.stringify(group.public ?? group.private))!;
    for (const { tcId, comment, jws, result } of group.tests) {
      const isAccepted = isSigned(jws, keys, 'only');
      if (result === 'invalid') assert.equal(isAccepted, false, `${tcId} ${comment} must be refused`);
      tally.case(`${tcId} ${group.comment}: ${comment}`, isAccepted === (result === 'valid'));
    }
  }
  assert.deepEqual(tally.surprises(t, KEY_DIFFERENCES), []);
});

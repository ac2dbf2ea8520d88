// Why a token is not taken: the `error_description` of the refusal (spec/http-api.md §6.2.4, Choice C52).

export class TokenProblem {
  readonly description: string;

  constructor(description: string) {
    this.description = description;
  }
}

export const SEGMENTS = new TokenProblem('token contains an invalid number of segments');
export const MALFORMED = new TokenProblem('token is malformed');
export const UNKNOWN_CRITICAL = new TokenProblem('token has unknown critical header parameters');
export const BAD_RSA_SIGNATURE = new TokenProblem('crypto/rsa: verification error');
export const BAD_SIGNATURE = new TokenProblem('signature is invalid');
export const UNKNOWN_KEY = new TokenProblem('unable to find a key with the specified kid');
export const DISCOVERY_FAILED = new TokenProblem('OIDC discovery endpoint communication error');
export const KEYS_FAILED = new TokenProblem('JWKS communication error');
export const WRONG_ISSUER = new TokenProblem('the token does not have a valid issuer');
export const WRONG_AUDIENCE = new TokenProblem('the token does not have a valid audience');
export const EXPIRED = new TokenProblem('the token has expired');
export const NOT_YET_VALID = new TokenProblem('the token is not valid yet');

/** The name stands in a header, so only what can be the name of an algorithm is repeated. */
export function unsupportedAlgorithm(name: string): TokenProblem {
  return new TokenProblem(
    /^[A-Za-z0-9+_-]{1,20}$/.test(name) ? `signing method ${name} is invalid` : 'signing method is invalid',
  );
}

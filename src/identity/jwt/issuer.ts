// An issuer whose tokens are verified: its keys, and the tokens that they have verified already.
import { type Clock, SYSTEM_CLOCK } from '../../clock.ts';
import { isAlgorithm } from './algorithms.ts';
import { parseCompactJws } from './compact-jws.ts';
import type { IssuerKeys } from './issuer-keys.ts';
import type { KeySet } from './key-set.ts';
import {
  BAD_RSA_SIGNATURE,
  BAD_SIGNATURE,
  TokenProblem,
  UNKNOWN_KEY,
  unsupportedAlgorithm,
} from './problems.ts';
import { TokenCache } from './token-cache.ts';
import { VerifiedToken } from './verified-token.ts';

export class Issuer {
  /** As authorizers name it. */
  readonly name: string;
  /** What the times of tokens are compared with. */
  readonly clock: Clock;
  readonly #keys: IssuerKeys;
  readonly #cache = new TokenCache();
  /** What verified the tokens of the cache. */
  #cachedBy: KeySet | undefined = undefined;

  constructor(name: string, keys: IssuerKeys, clock = SYSTEM_CLOCK) {
    this.name = name;
    this.clock = clock;
    this.#keys = keys;
  }

  /** The token of a text whose signature was found right, by keys that are still the issuer's. Its time may be over. */
  known(text: string): VerifiedToken | undefined {
    const keys = this.#keys.current();
    if (keys !== this.#cachedBy) {
      this.#cache.clear();
      this.#cachedBy = keys;
    }
    return this.#cache.get(text);
  }

  /** Takes a token apart and checks its signature: steps 1 to 3 of spec/http-api.md §6.2.2. A promise only when the
   *  issuer's keys must be fetched. */
  verify(text: string): VerifiedToken | TokenProblem | Promise<VerifiedToken | TokenProblem> {
    const jws = parseCompactJws(text);
    if (jws instanceof TokenProblem) return jws;
    const { algorithm, keyId, claims, signed, signature } = jws;
    if (!isAlgorithm(algorithm)) return unsupportedAlgorithm(algorithm);
    if (keyId === undefined) return UNKNOWN_KEY;
    const check = (keys: KeySet | TokenProblem): VerifiedToken | TokenProblem => {
      if (keys instanceof TokenProblem) return keys;
      if (!keys.verifies(keyId, algorithm, signed, signature)) {
        return /^[RP]S/.test(algorithm) ? BAD_RSA_SIGNATURE : BAD_SIGNATURE;
      }
      const token = new VerifiedToken(claims);
      if (this.known(text) === undefined && keys === this.#cachedBy && !token.isOver(this.clock.epoch())) {
        this.#cache.add(text, token);
      }
      return token;
    };
    const keys = this.#keys.with(keyId);
    return keys instanceof Promise ? keys.then(check) : check(keys);
  }

  /** Drops a token whose time is over. */
  forget(text: string): void {
    this.#cache.delete(text);
  }
}

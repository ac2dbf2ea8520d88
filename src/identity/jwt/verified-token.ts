// A token whose signature is right, with its claims read once. What depends on the time, the authorizer or the route
// is asked at every use (spec/http-api.md §6.2.2 (4) to (7)).
import { type JsonValue, WrittenNumber } from '../../grammar/json-text.ts';
import { claimTexts } from './claim-text.ts';
import { EXPIRED, NOT_YET_VALID, type TokenProblem, WRONG_AUDIENCE, WRONG_ISSUER } from './problems.ts';

type Claims = ReadonlyMap<string, JsonValue>;

export class VerifiedToken {
  /** Claims as text. */
  readonly claims: ReadonlyMap<string, string>;
  /** All of `scope` and `scp`. */
  readonly scopes: readonly string[];
  readonly #issuer: JsonValue | undefined;
  readonly #audiences: readonly string[];
  /** Seconds since 1970: not a number where the claim is no number, so that no comparison holds. */
  readonly #expiresAt: number;
  readonly #validFrom: number;

  constructor(claims: Claims) {
    this.claims = claimTexts(claims);
    this.scopes = Object.freeze([...new Set([...words(claims.get('scope')), ...words(claims.get('scp'))])]);
    this.#issuer = claims.get('iss');
    // `client_id` stands in only where there is no `aud` at all.
    this.#audiences = texts(claims.has('aud') ? claims.get('aud') : claims.get('client_id'));
    this.#expiresAt = seconds(claims.get('exp'));
    this.#validFrom = Math.max(startOf(claims, 'nbf'), startOf(claims, 'iat'));
  }

  /** What is wrong with it now, for an authorizer with this issuer and one of these audiences. No clock skew (Choice
   *  C50). */
  problem(issuer: string, audiences: readonly string[], epochMillis: number): TokenProblem | undefined {
    if (this.#issuer !== issuer) return WRONG_ISSUER;
    if (!this.#isFor(audiences)) return WRONG_AUDIENCE;
    // A missing time is not a number, and no number is less than that.
    if (!(epochMillis < this.#expiresAt * 1_000)) return EXPIRED;
    if (!(this.#validFrom * 1_000 <= epochMillis)) return NOT_YET_VALID;
    return undefined;
  }

  /** Whether it has passed its end. */
  isOver(epochMillis: number): boolean {
    return !(epochMillis < this.#expiresAt * 1_000);
  }

  /** Whether it has one of these scopes. */
  hasScope(scopes: readonly string[]): boolean {
    for (let i = 0; i < scopes.length; i++) if (this.scopes.includes(scopes[i]!)) return true;
    return false;
  }

  #isFor(audiences: readonly string[]): boolean {
    for (let i = 0; i < audiences.length; i++) if (this.#audiences.includes(audiences[i]!)) return true;
    return false;
  }
}

/** The time of a claim that need not be there; not a number when it is there and is no time. */
function startOf(claims: Claims, name: string): number {
  return claims.has(name) ? seconds(claims.get(name)) : Number.NEGATIVE_INFINITY;
}

function seconds(value: JsonValue | undefined): number {
  const number = value instanceof WrittenNumber ? Number(value.text) : Number.NaN;
  return Number.isFinite(number) ? number : Number.NaN;
}

function texts(value: JsonValue | undefined): readonly string[] {
  const values = Array.isArray(value) ? value : [value];
  return values.filter((each) => typeof each === 'string');
}

/** A text is a list separated by blanks, an array one of texts. */
function words(value: JsonValue | undefined): readonly string[] {
  return typeof value === 'string' ? value.split(' ').filter((word) => word !== '') : texts(value);
}

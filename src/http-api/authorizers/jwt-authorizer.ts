// Decides by a JWT (spec/http-api.md §6.2). With keys and token known it does so at once; nothing waits.
import type { Issuer } from '../../identity/jwt/issuer.ts';
import { TokenProblem } from '../../identity/jwt/problems.ts';
import type { VerifiedToken } from '../../identity/jwt/verified-token.ts';
import { FORBIDDEN, UNAUTHORIZED } from '../../net/refusals.ts';
import { headerValueOf } from '../../stage/header-value.ts';
import type { Decision, RouteAuthorizer } from '../authorization.ts';
import type { Call } from '../call.ts';
import type { JwtStory } from '../explain/trace.ts';

export interface JwtAuthorizerOptions {
  readonly issuer: Issuer;
  readonly audience: readonly string[];
  /** Of the route; a token needs one of them, when there are any. */
  readonly scopes: readonly string[];
  /** The identity source's value: a token, or `Bearer ` and a token. Several values are joined with `,`, which makes them
   *  no token. */
  readonly read: (call: Call) => string | undefined;
  /** For `explain` alone. */
  readonly configured: Pick<JwtStory, 'name' | 'identitySource'>;
}

export class JwtAuthorizer implements RouteAuthorizer {
  readonly #options: JwtAuthorizerOptions;
  readonly #quotedScopes: string;
  readonly #noToken: Decision;
  readonly #noScope: Decision;

  constructor(options: JwtAuthorizerOptions) {
    this.#options = options;
    this.#quotedScopes = quoted(options.scopes.join(' '));
    this.#noToken = Object.freeze({
      granted: false,
      refusal: UNAUTHORIZED,
      headerLines: 'www-authenticate: Bearer\r\n',
      error: 'no token',
    });
    const error = 'the token does not have a required scope';
    this.#noScope = Object.freeze({
      granted: false,
      refusal: FORBIDDEN,
      headerLines: this.#challenge('insufficient_scope', error),
      error,
    });
  }

  authorize(call: Call): Decision | Promise<Decision> {
    const { issuer, read } = this.#options;
    const token = tokenOf(read(call));
    if (token === '') return this.#noToken;
    const known = issuer.known(token);
    if (known !== undefined) {
      const decision = this.#decide(known);
      if (!decision.granted && known.isOver(issuer.clock.epoch())) issuer.forget(token);
      return decision;
    }
    const verified = issuer.verify(token);
    return verified instanceof Promise
      ? verified.then((result) => this.#decide(result))
      : this.#decide(verified);
  }

  explain(): JwtStory {
    const { issuer, audience, scopes, configured } = this.#options;
    return { kind: 'jwt', ...configured, issuer: issuer.name, audience, scopes };
  }

  #decide(token: VerifiedToken | TokenProblem): Decision {
    if (token instanceof TokenProblem) return this.#refusal(token);
    const { issuer, audience, scopes } = this.#options;
    const problem = token.problem(issuer.name, audience, issuer.clock.epoch());
    if (problem !== undefined) return this.#refusal(problem);
    if (scopes.length > 0 && !token.hasScope(scopes)) return this.#noScope;
    return {
      granted: true,
      authorization: { kind: 'jwt', claims: token.claims, scopes: scopes.length === 0 ? null : token.scopes },
    };
  }

  #refusal({ description }: TokenProblem): Decision {
    return {
      granted: false,
      refusal: UNAUTHORIZED,
      headerLines: this.#challenge('invalid_token', description),
      error: description,
    };
  }

  /** spec/http-api.md §6.2.4: a header line. */
  #challenge(error: string, description: string): string {
    return `www-authenticate: Bearer scope="${this.#quotedScopes}" error="${error}" error_description="${description}"\r\n`;
  }
}

const USUAL_SCHEME = 'Bearer ';
const SPACE = 0x20;
const SCHEME = /^bearer(?: +|$)/i;

/** The token in an identity source's value; empty for none (spec/http-api.md §6.2.1). */
function tokenOf(value: string | undefined): string {
  if (value === undefined) return '';
  if (value.startsWith(USUAL_SCHEME) && value.charCodeAt(USUAL_SCHEME.length) !== SPACE) {
    return value.substring(USUAL_SCHEME.length);
  }
  const scheme = SCHEME.exec(value);
  return scheme === null ? value : value.slice(scheme[0].length);
}

/** Inside a quoted string of a header line (RFC 9110 §5.6.4). */
function quoted(text: string): string {
  return headerValueOf(text.replace(/["\\]/g, '\\$&'));
}

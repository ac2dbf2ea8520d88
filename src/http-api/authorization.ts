// What authorizes a route's requests, and what it finds out about the caller (spec/http-api.md §6). Authorizers are
// compiled with the stage; whatever goes wrong in one, nobody gets in.
import type { Refusal } from '../net/refusals.ts';
import type { Call } from './call.ts';

/** What an authorizer found: events, `$context` and logs are made from it. */
export type Authorization = JwtAuthorization | LambdaAuthorization | IamAuthorization;

/** spec/http-api.md §6.2.6. */
export interface JwtAuthorization {
  readonly kind: 'jwt';
  /** Claims as text. */
  readonly claims: ReadonlyMap<string, string>;
  /** The token's scopes, when the route asks for any. */
  readonly scopes: readonly string[] | null;
}

/** spec/http-api.md §6.3.6. */
export interface LambdaAuthorization {
  readonly kind: 'lambda';
  readonly principalId: string | undefined;
  /** As the function returned it: JSON values. */
  readonly context: ReadonlyMap<string, unknown> | undefined;
}

/** spec/http-api.md §3.6.2, §6.4. */
export interface IamAuthorization {
  readonly kind: 'iam';
  readonly accessKey: string;
  readonly accountId: string;
  readonly callerId: string;
  readonly cognitoIdentity: {
    readonly amr: readonly string[];
    readonly identityId: string;
    readonly identityPoolId: string;
  } | null;
  readonly principalOrgId: string | null;
  readonly userArn: string;
  readonly userId: string;
}

export type Decision =
  | { readonly granted: true; readonly authorization: Authorization }
  | {
      readonly granted: false;
      readonly refusal: Refusal;
      /** Header lines of the refusal, each ended by CRLF: `www-authenticate: …`. */
      readonly headerLines: string;
      /** `$context.authorizer.error`. */
      readonly error: string;
    };

export interface RouteAuthorizer {
  /** Why it lets nobody in, when that is known since the deployment. */
  readonly problem?: string;
  /** Decides about a call whose route and path variables are known. A throw or rejection is a defect and counts as a
   *  refusal with 500. */
  authorize(call: Call): Decision | Promise<Decision>;
}

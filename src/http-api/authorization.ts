// What decides about the requests of a route (spec/http-api.md §6). Authorizers are compiled with the stage; whatever goes
// wrong in one, nobody gets in.
import type { Refusal } from '../net/refusals.ts';
import type { Authorization } from '../stage/authorization.ts';
import type { Callee } from '../stage/callee.ts';
import type { Call } from './call.ts';
import type { AuthorizerStory } from './explain/trace.ts';

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
  /** Whom it calls, where it calls anybody. */
  readonly callee?: Callee;
  /** Decides about a call whose route and path variables are known. A throw or rejection is a defect and counts as a
   *  refusal with 500. */
  authorize(call: Call): Decision | Promise<Decision>;
  /** What it asks of a call that is over. */
  explain(call: Call): AuthorizerStory;
}

// An authorizer that lets nobody in: what cannot be checked is refused.
import { FORBIDDEN, type Refusal } from '../../net/refusals.ts';
import type { Decision, RouteAuthorizer } from '../authorization.ts';
import type { DenyingStory } from '../explain/trace.ts';

export class Denying implements RouteAuthorizer {
  readonly problem: string;
  readonly #decision: Decision;

  /** `error` is `$context.authorizer.error`. */
  constructor(error: string, refusal: Refusal = FORBIDDEN) {
    this.problem = error;
    this.#decision = Object.freeze({ granted: false, refusal, headerLines: '', error });
  }

  authorize(): Decision {
    return this.#decision;
  }

  explain(): DenyingStory {
    return { kind: 'denying', problem: this.problem };
  }
}

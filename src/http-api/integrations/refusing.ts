// A route whose integration cannot run: every request gets the same refusal, and the reason goes to the log.
import type { Refusal } from '../../net/refusals.ts';
import type { Call } from '../call.ts';
import type { RouteIntegration } from '../stage.ts';

export class RefusingIntegration implements RouteIntegration {
  readonly refusal: Refusal;
  /** `$context.integrationErrorMessage`. */
  readonly message: string;
  /** RouteIntegration.problem. */
  readonly problem: string;
  readonly #onRefused: (call: Call, message: string) => void;

  constructor(refusal: Refusal, message: string, onRefused: (call: Call, message: string) => void) {
    this.refusal = refusal;
    this.message = message;
    this.problem = message;
    this.#onRefused = onRefused;
  }

  invoke(call: Call): void {
    call.integrationBegan = -1;
    call.failure = this.message;
    this.#onRefused(call, this.message);
    call.refuse(this.refusal);
  }
}

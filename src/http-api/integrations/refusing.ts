// A route whose integration cannot run: every request gets the same refusal, and the reason goes to the log.
import type { Refusal } from '../../net/refusals.ts';
import type { Call } from '../call.ts';
import { type IntegrationStory, NOTHING_DONE } from '../explain/trace.ts';
import type { RouteIntegration } from '../stage.ts';
import { decline, type OnFailed } from './ending.ts';

export class RefusingIntegration implements RouteIntegration {
  readonly problem: string;
  readonly #refusal: Refusal;
  readonly #onFailed: OnFailed;

  /** `problem`: see RouteIntegration; it is `$context.integrationErrorMessage` too. */
  constructor(refusal: Refusal, problem: string, onFailed: OnFailed) {
    this.#refusal = refusal;
    this.problem = problem;
    this.#onFailed = onFailed;
  }

  invoke(call: Call): void {
    decline(call, this.#onFailed, this.#refusal, this.problem);
  }

  calls(): undefined {
    return undefined;
  }

  explain(): IntegrationStory {
    return NOTHING_DONE;
  }
}

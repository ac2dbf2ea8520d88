// An integration that cannot run: every event fails with the same reason.
import type { IntegrationStory } from '../explain/trace.ts';
import type { SocketFailure } from '../failures.ts';
import type { SocketFailed, SocketIntegration } from '../stage.ts';
import { passOn } from './response-plan.ts';

export class RefusingIntegration implements SocketIntegration {
  readonly problem: string;
  readonly reply = passOn;
  readonly #failed: SocketFailed;

  /** `error` is `$context.integration.error`. */
  constructor(failure: SocketFailure, error: string) {
    this.problem = error;
    this.#failed = Object.freeze({ kind: 'failed', failure, error });
  }

  explain(): IntegrationStory {
    return {};
  }

  invoke(): SocketFailed {
    return this.#failed;
  }
}

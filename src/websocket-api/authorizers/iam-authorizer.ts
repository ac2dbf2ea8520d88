// AWS_IAM on `$connect` (spec/websocket-api.md §8.2).

import type { Identities } from '../../identity/identities.ts';
import { INVOKE } from '../../stage/policy-keys.ts';
import { routeArnStart } from '../../stage/route-arn.ts';
import type { StageIdentity } from '../../stage/stage-identity.ts';
import type { SocketEvent } from '../event.ts';
import type { SocketAuthorizerStory } from '../explain/trace.ts';
import type { SocketAuthorizer, SocketDecision } from '../stage.ts';
import { judgeCaller } from './caller.ts';

export class SocketIamAuthorizer implements SocketAuthorizer {
  readonly #identities: Identities;
  readonly #stage: StageIdentity;
  readonly #resource: string;

  constructor(identities: Identities, stage: StageIdentity) {
    this.#identities = identities;
    this.#stage = stage;
    this.#resource = `${routeArnStart(stage)}$connect`;
  }

  explain(): SocketAuthorizerStory {
    return { kind: 'iam', action: INVOKE, resource: this.#resource };
  }

  async authorize(event: SocketEvent): Promise<SocketDecision> {
    const decision = await judgeCaller(
      { ...event.request!, method: 'GET', whole: '', remoteAddress: event.connection.sourceIp },
      { action: INVOKE, resources: [this.#resource] },
      this.#stage,
      this.#identities,
    );
    if (decision.kind === 'denied') {
      return { granted: false, failure: decision.failure, error: decision.failure.message };
    }
    event.connection.authorization = decision.authorization;
    return { granted: true };
  }
}

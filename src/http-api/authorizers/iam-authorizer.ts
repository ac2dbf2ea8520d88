// AWS_IAM routes (spec/http-api.md §6.4): the caller's signature for execute-api in the API's region, then what the caller's
// policies say about the request's ARN. Every refusal is the same 403.
import { type Identities, type Identity, notAuthorized } from '../../identity/identities.ts';
import type { Verdict } from '../../identity/sigv4.ts';
import type { Bytes } from '../../net/bytes.ts';
import { FORBIDDEN } from '../../net/refusals.ts';
import { authorizationOf, claimOf, decisionAbout } from '../../stage/iam-caller.ts';
import { INVOKE, policyKeys } from '../../stage/policy-keys.ts';
import { routePath } from '../../stage/route-arn.ts';
import type { StageIdentity } from '../../stage/stage-identity.ts';
import type { Decision, RouteAuthorizer } from '../authorization.ts';
import type { Call } from '../call.ts';
import type { IamStory } from '../explain/trace.ts';

export interface IamAuthorizerOptions {
  readonly identities: Identities;
  /** The API's account and region. */
  readonly stage: StageIdentity;
  /** routeArnStart. */
  readonly arnStart: string;
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

export class IamAuthorizer implements RouteAuthorizer {
  readonly #options: IamAuthorizerOptions;

  constructor(options: IamAuthorizerOptions) {
    this.#options = options;
  }

  authorize(call: Call): Decision | Promise<Decision> {
    const { identities, stage, now = Date.now } = this.#options;
    const claimed = claimOf(call.exchange, { identities, stage, now: now() });
    if (claimed.kind === 'refused') return refused(claimed.message);
    const { claim, identity } = claimed;
    if (!claim.coversBody) return this.#decide(call, claim.verify(''), identity);
    return wholeBodyOf(call).then((body) => this.#decide(call, claim.verify(body), identity));
  }

  explain(call: Call): IamStory {
    return { kind: 'iam', action: INVOKE, resource: this.#resourceOf(call) };
  }

  #decide(call: Call, verdict: Verdict, identity: Identity): Decision {
    if (verdict.kind === 'refused') return refused(verdict.message);
    const { stage } = this.#options;
    const resource = this.#resourceOf(call);
    const keys = policyKeys(call.exchange);
    const decision = decisionAbout(identity, stage, { action: INVOKE, resource, keys });
    if (decision === 'allowed') return { granted: true, authorization: authorizationOf(identity) };
    const explicit = decision === 'denied' ? ' with an explicit deny' : '';
    return refused(notAuthorized(identity, INVOKE, resource) + explicit);
  }

  #resourceOf(call: Call): string {
    return this.#options.arnStart + routePath(call.exchange.method, call.path);
  }
}

/** Never settles when the body does not arrive. */
function wholeBodyOf(call: Call): Promise<Bytes> {
  return new Promise((resolve) => call.readRequest({ onRequest: (_call, bytes) => resolve(bytes) }));
}

function refused(error: string): Decision {
  return { granted: false, refusal: FORBIDDEN, headerLines: '', error };
}

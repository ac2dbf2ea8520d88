// AWS_IAM routes (spec/http-api.md §6.4): the caller's signature for execute-api in the API's region, then what the caller's
// policies say about the request's ARN. Every refusal is the same 403.
import { type Identities, type Identity, userArnOf } from '../identity/identities.ts';
import { decide } from '../identity/policy.ts';
import { readClaim } from '../identity/sigv4.ts';
import { FORBIDDEN } from '../net/refusals.ts';
import { WholeBody } from '../net/whole-body.ts';
import type { Decision, IamAuthorization, RouteAuthorizer } from './authorization.ts';
import { type Call, MAX_PAYLOAD_BYTES } from './call.ts';
import { policyKeys } from './policy-keys.ts';
import { routePath } from './route-arn.ts';
import type { StageIdentity } from './stage.ts';

export interface IamAuthorizerOptions {
  readonly identities: Identities;
  /** The API's account and region. */
  readonly stage: StageIdentity;
  /** routeArnStart. */
  readonly arnStart: string;
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

const SERVICE = 'execute-api';

/** Signing leaves these out of a path; the gateway reads them as the path's last slash. */
const DOT_SEGMENT = /(?:^|\/)\.\.?(?:[/?]|$)/;

export class IamAuthorizer implements RouteAuthorizer {
  readonly #options: IamAuthorizerOptions;

  constructor(options: IamAuthorizerOptions) {
    this.#options = options;
  }

  authorize(call: Call): Decision | Promise<Decision> {
    const { identities, stage, now = Date.now } = this.#options;
    const { method, target, host, headers } = call.exchange;
    if (DOT_SEGMENT.test(pathOf(target))) return refused('The path of a signed request has a dot segment');
    const claim = readClaim(
      { method, target, host, headers },
      { credentialsOf: (accessKeyId) => identities.find(accessKeyId), service: SERVICE, now: now() },
    );
    if (claim.kind === 'refused') return refused(claim.message);
    if (claim.region !== stage.region) {
      return refused(`Credential should be scoped to a valid region, not '${claim.region}'.`);
    }
    // credentialsOf finds identities alone.
    const identity = claim.credentials as Identity;
    const isSigned = claim.coversBody
      ? wholeBodyOf(call).then((body) => claim.verify(body))
      : claim.verify('');
    return isSigned.then((verdict) =>
      verdict.kind === 'refused' ? refused(verdict.message) : this.#judge(call, identity),
    );
  }

  #judge(call: Call, identity: Identity): Decision {
    const { stage, arnStart } = this.#options;
    const resource = arnStart + routePath(call);
    // There are no resource policies, so nobody is let in from another account.
    const decision =
      identity.accountId === stage.accountId ? decisionOf(identity, call, resource) : 'unmatched';
    if (decision === 'allowed') return { granted: true, authorization: authorizationOf(identity) };
    const explicit = decision === 'denied' ? ' with an explicit deny' : '';
    return refused(
      `User: ${userArnOf(identity)} is not authorized to perform: execute-api:Invoke on resource: ${resource}${explicit}`,
    );
  }
}

function decisionOf({ policies }: Identity, call: Call, resource: string): ReturnType<typeof decide> {
  if (policies === undefined) return 'allowed';
  return decide(policies, { action: 'execute-api:Invoke', resource, keys: policyKeys(call) });
}

/** What is known of a caller who signed. */
export function authorizationOf(identity: Identity): IamAuthorization {
  const userId = identity.userId ?? identity.accessKeyId;
  return {
    kind: 'iam',
    accessKey: identity.accessKeyId,
    accountId: identity.accountId,
    callerId: userId,
    cognitoIdentity: identity.cognitoIdentity ?? null,
    principalOrgId: identity.principalOrgId ?? null,
    userArn: userArnOf(identity),
    userId,
  };
}

/** The call's body, which stays there for the integration. Never settles when the body does not arrive: then the request
 *  is the codec's to refuse, or its client is gone. */
function wholeBodyOf(call: Call): Promise<Uint8Array | string> {
  const { body } = call.exchange;
  if (body.whole !== undefined) return Promise.resolve(body.whole);
  return new Promise((resolve) => {
    body.read(MAX_PAYLOAD_BYTES, (bytes) => {
      if (bytes === undefined) return;
      call.body = new WholeBody(bytes);
      resolve(bytes);
    });
  });
}

function pathOf(target: string): string {
  const mark = target.indexOf('?');
  return mark < 0 ? target : target.slice(0, mark);
}

function refused(error: string): Decision {
  return { granted: false, refusal: FORBIDDEN, headerLines: '', error };
}

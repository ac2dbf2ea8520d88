// The caller of a signed execute-api request: whose signature it has, and what the caller's policies say
// (spec/http-api.md §6.4; spec/websocket-api.md §6.4, §8.2).
import { type Identities, type Identity, userArnOf } from '../identity/identities.ts';
import { decide, type PolicyDecision, type PolicyRequest } from '../identity/policy.ts';
import { type Claim, type RefusalCode, readClaim } from '../identity/sigv4.ts';
import type { HeaderBlock } from '../net/header-block.ts';
import type { IamAuthorization } from './authorization.ts';
import type { StageIdentity } from './stage-identity.ts';

export interface SignedHead {
  readonly method: string;
  /** Path and query as sent. */
  readonly target: string;
  /** The Host value. */
  readonly host: string;
  readonly headers: HeaderBlock;
}

export interface CallerMeans {
  readonly identities: Identities;
  /** The API's account and region. */
  readonly stage: StageIdentity;
  /** Epoch milliseconds. */
  readonly now: number;
}

export type CallerClaim =
  | { readonly kind: 'claimed'; readonly claim: Claim; readonly identity: Identity }
  | { readonly kind: 'refused'; readonly code: RefusalCode; readonly message: string };

const SERVICE = 'execute-api';

/** Signing leaves these out of a path; the gateway reads them as the path's last slash. */
const DOT_SEGMENT = /(?:^|\/)\.\.?(?:[/?]|$)/;

/** Who a request says has signed it for the API's region; the signature is not verified. */
export function claimOf(head: SignedHead, { identities, stage, now }: CallerMeans): CallerClaim {
  if (DOT_SEGMENT.test(pathOf(head.target))) return invalid('The path of a signed request has a dot segment');
  const claim = readClaim(head, {
    credentialsOf: (accessKeyId) => identities.find(accessKeyId),
    service: SERVICE,
    now,
  });
  if (claim.kind === 'refused') return claim;
  if (claim.region !== stage.region) {
    return invalid(`Credential should be scoped to a valid region, not '${claim.region}'.`);
  }
  // credentialsOf finds identities alone.
  return { kind: 'claimed', claim, identity: claim.credentials as Identity };
}

/** There are no resource policies, so nobody is let in from another account. */
export function decisionAbout(
  identity: Identity,
  stage: StageIdentity,
  request: PolicyRequest,
): PolicyDecision {
  if (identity.accountId !== stage.accountId) return 'unmatched';
  return identity.policies === undefined ? 'allowed' : decide(identity.policies, request);
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

function pathOf(target: string): string {
  const mark = target.indexOf('?');
  return mark < 0 ? target : target.slice(0, mark);
}

function invalid(message: string): CallerClaim {
  return { kind: 'refused', code: 'InvalidSignatureException', message };
}

// Who signed a request to a WebSocket API: connect requests with AWS_IAM, and @connections calls
// (spec/websocket-api.md §6.4, §8.2).
import type { IamAuthorization } from '../http-api/authorization.ts';
import { authorizationOf } from '../http-api/iam-authorizer.ts';
import type { StageIdentity } from '../http-api/stage.ts';
import { type Identities, type Identity, userArnOf } from '../identity/identities.ts';
import { decide } from '../identity/policy.ts';
import { readClaim } from '../identity/sigv4.ts';
import { type Bytes, bufferOf } from '../net/bytes.ts';
import type { HeaderBlock } from '../net/header-block.ts';
import { denied, type SocketFailure } from './failures.ts';

export interface SignedCall {
  readonly method: string;
  readonly target: string;
  readonly host: string;
  readonly headers: HeaderBlock;
  readonly body: Bytes;
  readonly sourceIp: string;
}

export interface Permission {
  /** `execute-api:Invoke`. */
  readonly action: string;
  /** An ARN. */
  readonly resource: string;
}

export type CallerDecision =
  | { readonly kind: 'granted'; readonly authorization: IamAuthorization }
  | { readonly kind: 'denied'; readonly failure: SocketFailure };

const SERVICE = 'execute-api';
const DOT_SEGMENT = /(?:^|\/)\.\.?(?:[/?]|$)/;
const INVALID = 'InvalidSignatureException';

/** Verifies the signature, then asks the caller's policies; there are no resource policies, so only the account's own
 *  identities get in. */
export async function judgeCaller(
  call: SignedCall,
  permission: Permission,
  stage: StageIdentity,
  identities: Identities,
): Promise<CallerDecision> {
  const { method, target, host, headers, sourceIp } = call;
  if (DOT_SEGMENT.test(target.replace(/\?.*$/s, ''))) {
    return refused(INVALID, 'The path of a signed request has a dot segment');
  }
  const claim = readClaim(
    { method, target, host, headers },
    { credentialsOf: (accessKeyId) => identities.find(accessKeyId), service: SERVICE, now: Date.now() },
  );
  if (claim.kind === 'refused') return refused(claim.code, claim.message);
  if (claim.region !== stage.region) {
    return refused(INVALID, `Credential should be scoped to a valid region, not '${claim.region}'.`);
  }
  const verdict = await claim.verify(bufferOf(call.body));
  if (verdict.kind === 'refused') return refused(verdict.code, verdict.message);
  // credentialsOf finds identities alone.
  const identity = claim.credentials as Identity;
  const keys = new Map([['aws:sourceip', sourceIp]]);
  const isAllowed =
    identity.accountId === stage.accountId &&
    (identity.policies === undefined || decide(identity.policies, { ...permission, keys }) === 'allowed');
  if (isAllowed) return { kind: 'granted', authorization: authorizationOf(identity) };
  const resource = permission.resource.replace(
    stage.accountId,
    `${'*'.repeat(8)}${stage.accountId.slice(-4)}`,
  );
  const text = `User: ${userArnOf(identity)} is not authorized to perform: ${permission.action} on resource: ${resource}`;
  return refused('AccessDeniedException', text);
}

function refused(errorType: string, message: string): CallerDecision {
  return { kind: 'denied', failure: denied(errorType, message) };
}

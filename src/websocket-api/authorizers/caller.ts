// Who signed a request to a WebSocket API: connect requests with AWS_IAM, and @connections calls
// (spec/websocket-api.md §6.4, §8.2).

import type { Signable } from '../../identity/canonical-request.ts';
import { type Identities, notAuthorized } from '../../identity/identities.ts';
import { type Bytes, bufferOf } from '../../net/bytes.ts';
import type { IamAuthorization } from '../../stage/authorization.ts';
import { authorizationOf, claimOf, decisionAbout, type SignedHead } from '../../stage/iam-caller.ts';
import { type PolicySubject, policyKeys } from '../../stage/policy-keys.ts';
import type { StageIdentity } from '../../stage/stage-identity.ts';
import { denied, type SocketFailure } from '../failures.ts';

export interface SignedCall extends SignedHead, PolicySubject {
  readonly whole: Bytes;
}

export interface Permission {
  /** `execute-api:Invoke`. */
  readonly action: string;
  /** ARNs: a Deny of any refuses, else an Allow of any lets in. The last is told to those who are refused. */
  readonly resources: readonly string[];
}

export type CallerDecision =
  | { readonly kind: 'granted'; readonly authorization: IamAuthorization }
  | { readonly kind: 'denied'; readonly failure: SocketFailure };

/** Verifies the signature, then asks the caller's policies. */
export async function judgeCaller(
  call: SignedCall,
  { action, resources }: Permission,
  stage: StageIdentity,
  identities: Identities,
): Promise<CallerDecision> {
  const claimed = claimOf(call, { identities, stage, now: Date.now() });
  if (claimed.kind === 'refused') return refused(claimed.code, claimed.message);
  const verdict = claimed.claim.verify(bufferOf(call.whole));
  if (verdict.kind === 'refused') return refused(verdict.code, verdict.message + shown(verdict.expected));
  const { identity } = claimed;
  const keys = policyKeys(call);
  const decisions = resources.map((resource) => decisionAbout(identity, stage, { action, resource, keys }));
  if (!decisions.includes('denied') && decisions.includes('allowed')) {
    return { kind: 'granted', authorization: authorizationOf(identity) };
  }
  const { accountId } = stage;
  const told = resources.at(-1)!.replace(`:${accountId}:`, `:${'*'.repeat(8)}${accountId.slice(-4)}:`);
  return refused('AccessDeniedException', notAuthorized(identity, action, told));
}

/** §6.4.3. */
function shown(expected: Signable | undefined): string {
  if (expected === undefined) return '';
  return (
    `\n\nThe Canonical String for this request should have been\n'${expected.canonicalRequest}'` +
    `\n\nThe String-to-Sign should have been\n'${expected.stringToSign}'\n`
  );
}

function refused(errorType: string, message: string): CallerDecision {
  return { kind: 'denied', failure: denied(errorType, message) };
}

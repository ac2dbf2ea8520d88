// The identities that `credentials:` of the configuration file names: who may sign, and what they may do on AWS_IAM routes
// (spec/http-api.md §6.4).
import type { Policy } from './policy.ts';
import type { Credentials } from './sigv4.ts';

export interface Identity extends Credentials {
  readonly accountId: string;
  /** `arn:aws:iam::{account}:user/{accessKeyId}` when absent. */
  readonly userArn?: string;
  /** The access key id when absent. */
  readonly userId?: string;
  readonly principalOrgId?: string;
  readonly cognitoIdentity?: CognitoIdentity;
  /** What it may do; everything in its own account when absent. */
  readonly policies?: readonly Policy[];
}

export interface CognitoIdentity {
  /** `authenticated`, then who authenticated. */
  readonly amr: readonly string[];
  readonly identityId: string;
  readonly identityPoolId: string;
}

export interface Identities {
  /** Nobody is configured. */
  readonly isEmpty: boolean;
  /** Undefined for a key that is not configured. */
  find(accessKeyId: string): Identity | undefined;
}

/** Identities that may be replaced by others while they are in use. */
export interface ReplaceableIdentities extends Identities {
  replace(identities: readonly Identity[]): void;
}

export function createIdentities(identities: readonly Identity[]): ReplaceableIdentities {
  let byAccessKey = new Map<string, Identity>();
  const replace = (others: readonly Identity[]): void => {
    byAccessKey = new Map(others.map((each) => [each.accessKeyId, each]));
  };
  replace(identities);
  return {
    get isEmpty() {
      return byAccessKey.size === 0;
    },
    find: (accessKeyId) => byAccessKey.get(accessKeyId),
    replace,
  };
}

/** The ARN that an identity goes by. */
export function userArnOf({ userArn, accountId, accessKeyId }: Identity): string {
  return userArn ?? `arn:aws:iam::${accountId}:user/${accessKeyId}`;
}

/** What those are told whom their policies do not let do something: AWS's sentence. */
export function notAuthorized(identity: Identity, action: string, resource: string): string {
  return `User: ${userArnOf(identity)} is not authorized to perform: ${action} on resource: ${resource}`;
}

// Accounts are kept apart where credentials say who is of which: an API uses what ARNs of its own account name. Without
// credentials everybody may do everything, and the account of an ARN is one that was copied (docs/guide/production.md).
import type { StageIdentity } from '../stage/stage-identity.ts';
import type { StageMeans } from './stage-means.ts';

interface Scope {
  readonly identity: Pick<StageIdentity, 'accountId'>;
  readonly means: Pick<StageMeans, 'identities'>;
}

/** Whether what an ARN of the account names is not this API's to use. `*` and nothing name nobody's. */
export function isForeign(account: string, { identity, means }: Scope): boolean {
  return !means.identities.isEmpty && account !== identity.accountId && /^[0-9]{12}$/.test(account);
}

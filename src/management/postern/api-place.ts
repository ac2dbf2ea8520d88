// Where an API of a caller is: routes of the console take an API's id alone, which is unique in the installation.
import { API_INDEX, type ApiPlace } from '../../config/keys.ts';
import type { ReadTransaction } from '../../store/store.ts';
import { accountSeenBy, type Caller } from '../caller.ts';

/** In whatever region. One of another account, or of nobody, is where the caller would have it, and not there. */
export async function apiPlaceOf(tx: ReadTransaction, apiId: string, caller: Caller): Promise<ApiPlace> {
  const found = await tx.get([...API_INDEX, apiId]);
  const seen = accountSeenBy(caller);
  if (found === undefined || (seen !== undefined && found.Account !== seen)) {
    const { account, region } = caller;
    return { account, region, apiId };
  }
  return { account: String(found.Account), region: String(found.Region), apiId };
}

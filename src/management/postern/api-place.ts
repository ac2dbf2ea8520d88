// Where an API of a caller is: routes of the console take an API's id alone, which is unique in the installation.
import { API_INDEX, type ApiPlace } from '../../config/keys.ts';
import type { ReadTransaction } from '../../store/store.ts';
import type { Caller } from '../caller.ts';

/** In whatever region. One of another account, or of nobody, is where the caller would have it, and not there. */
export async function apiPlaceOf(
  tx: ReadTransaction,
  apiId: string,
  { account, region, identity }: Caller,
): Promise<ApiPlace> {
  const found = await tx.get([...API_INDEX, apiId]);
  if (found === undefined || (identity !== undefined && found.Account !== account)) {
    return { account, region, apiId };
  }
  return { account: String(found.Account), region: String(found.Region), apiId };
}

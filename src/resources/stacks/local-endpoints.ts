// Where the APIs are that a text has addresses of (spec/definitions.md §1.6).
import { API_INDEX, apiKeyOf } from '../../config/keys.ts';
import { apiIdsIn } from '../../definitions/local-addresses.ts';
import type { Deployment } from './deployment.ts';

/** For `withLocalAddresses` of that text. */
export async function localEndpoints(
  { context }: Pick<Deployment, 'context'>,
  text: string,
): Promise<(apiId: string) => string | undefined> {
  const endpoints = new Map<string, string>();
  for (const id of apiIdsIn(text)) {
    const place = (await context.tx.get([...API_INDEX, id])) as
      | { Account: string; Region: string }
      | undefined;
    if (place === undefined) continue;
    const api = await context.tx.get(apiKeyOf({ account: place.Account, region: place.Region }, id));
    if (api !== undefined) endpoints.set(id, context.endpoint(id, String(api.ProtocolType)));
  }
  return (id) => endpoints.get(id);
}

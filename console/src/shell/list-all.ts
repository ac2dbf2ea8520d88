import { call } from './client.ts';

/** All items of a list of the management API, page after page. Rejects with a CallError. */
export async function listAll<T>(path: string, region: string, signal?: AbortSignal): Promise<readonly T[]> {
  const items: T[] = [];
  let token: string | undefined;
  do {
    const query = token === undefined ? '' : `&nextToken=${encodeURIComponent(token)}`;
    const page = await call<{ items?: readonly T[]; nextToken?: string }>(
      'GET',
      `${path}?maxResults=500${query}`,
      undefined,
      { region, signal },
    );
    items.push(...(page.items ?? []));
    token = page.nextToken;
  } while (token !== undefined);
  return items;
}

// What a definition says of its operations and API Gateway ignores: kept beside the API, for portals, with what it says of
// schemas (spec/openapi.md Choice O52). No operation returns it.
import type { ApiDocumentation } from '../../config/frozen.ts';
import { documentationKey } from '../../config/keys.ts';
import type { Document, Key } from '../../store/store.ts';
import type { Context } from '../context.ts';

/** Replaces what is kept. */
export async function keepDocumentation(
  { tx }: Context,
  apiKey: Key,
  documentation: ApiDocumentation,
): Promise<void> {
  const key = documentationKey(apiKey);
  if (Object.keys(documentation.Routes).length === 0) await tx.delete(key);
  else await tx.put(key, documentation as unknown as Document);
}

// What a definition says of its operations and API Gateway ignores: kept beside the API, for portals, with what it says of
// schemas (spec/openapi.md Choice O52). No operation returns it.
import type { ApiDocumentation } from '../../config/frozen.ts';
import { documentationKey } from '../../config/keys.ts';
import type { Document, Key } from '../../store/store.ts';
import type { Context } from '../context.ts';

/** Of JSON: each deployment has a copy. */
export const MAX_DOCUMENTATION_BYTES = 1024 * 1024;

/** Replaces what is kept. False when it is too large, and nothing is kept. */
export async function keepDocumentation(
  { tx }: Context,
  apiKey: Key,
  documentation: ApiDocumentation,
): Promise<boolean> {
  const key = documentationKey(apiKey);
  const isEmpty = Object.keys(documentation.Routes).length === 0;
  const fits = isEmpty || Buffer.byteLength(JSON.stringify(documentation)) <= MAX_DOCUMENTATION_BYTES;
  if (isEmpty || !fits) await tx.delete(key);
  else await tx.put(key, documentation as unknown as Document);
  return fits;
}

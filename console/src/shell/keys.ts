// The keys that calls are signed with, in this tab's memory alone, and the headers that calls have because of them.
import type { Keys, SignedRequest } from './sign.ts';

let current: Keys | undefined;

/** Signs what is called from now on with these; nothing when undefined. */
export function setKeys(keys: Keys | undefined): void {
  current = keys;
}

/** The headers of a request: a signature, or, where anybody may call, the region alone. */
export async function requestHeaders(request: SignedRequest): Promise<Record<string, string>> {
  const json: Record<string, string> = request.body === '' ? {} : { 'content-type': 'application/json' };
  if (current !== undefined) {
    const keys = current;
    const { sign } = await import('./sign.ts');
    return sign(request, json, keys);
  }
  const { region } = request;
  if (region === undefined) return json;
  // Of a signature that nobody verifies the region is believed.
  const scope = `Credential=console/20000101/${region}/apigateway/aws4_request`;
  return { ...json, authorization: `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host, Signature=0` };
}

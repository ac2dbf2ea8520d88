// What a running server tells who looks at it, by a route of its management door.
import type { Credentials } from '../identity/sigv4.ts';
import { sign } from './management-call.ts';
import { sendRequest, textOf } from './send-request.ts';

const PATIENCE_IN_MILLIS = 5000;

/** Asks at an origin. Undefined when it does not tell: it wants other credentials, or is older. */
export async function lookAt<T>(
  origin: string,
  path: string,
  credentials: Credentials | undefined,
  region: string,
): Promise<T | undefined> {
  const url = new URL(path, origin);
  const headers = { host: url.host };
  const signed =
    credentials === undefined
      ? headers
      : await sign({ method: 'GET', url, body: '', headers, credentials, region });
  try {
    const response = await sendRequest(url, {
      method: 'GET',
      headers: signed,
      signal: AbortSignal.timeout(PATIENCE_IN_MILLIS),
    });
    const text = await textOf(response);
    return response.statusCode === 200 ? (JSON.parse(text) as T) : undefined;
  } catch {
    return undefined;
  }
}

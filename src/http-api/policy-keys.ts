// What conditions of policies can ask about a request (spec/http-api.md Choice C58).
import type { Call } from './call.ts';
import { textOfHeader } from './header-value.ts';

/** Condition keys, in lower case, with their values. */
export function policyKeys({ exchange }: Call): ReadonlyMap<string, string> {
  const keys = new Map([
    ['aws:sourceip', exchange.remoteAddress],
    ['aws:securetransport', String(exchange.scheme === 'https')],
  ]);
  const userAgent = exchange.headers.first('user-agent');
  if (userAgent !== undefined) keys.set('aws:useragent', textOfHeader(userAgent));
  const referer = exchange.headers.first('referer');
  if (referer !== undefined) keys.set('aws:referer', textOfHeader(referer));
  return keys;
}

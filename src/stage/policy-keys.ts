// What policies are asked about a request: the action, and what conditions can ask (spec/http-api.md Choice C58).
import type { HeaderBlock } from '../net/header-block.ts';
import { textOfHeader } from './header-value.ts';

/** The action of whoever calls a route. */
export const INVOKE = 'execute-api:Invoke';

export interface PolicySubject {
  readonly remoteAddress: string;
  readonly scheme: string;
  readonly headers: HeaderBlock;
}

/** Condition keys of a request, in lower case, with their values. */
export function policyKeys({ remoteAddress, scheme, headers }: PolicySubject): ReadonlyMap<string, string> {
  const keys = new Map([
    ['aws:sourceip', remoteAddress],
    ['aws:securetransport', String(scheme === 'https')],
  ]);
  const userAgent = headers.first('user-agent');
  if (userAgent !== undefined) keys.set('aws:useragent', textOfHeader(userAgent));
  const referer = headers.first('referer');
  if (referer !== undefined) keys.set('aws:referer', textOfHeader(referer));
  return keys;
}

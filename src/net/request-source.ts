// What a request tells about where it comes from, besides its peer's address: a page in a browser, or a proxy that passes on
// what others send. Who trusts the peers of this machine must ask: a browser here runs everybody's pages, and behind a
// reverse proxy every client has a loopback peer.
import type { HeaderBlock } from './header-block.ts';

/** Whether a page in a browser sent it. Browsers send Origin with everything that changes something, and Sec-Fetch-Site, which
 *  no script can set, with every request to this machine; `none` is what its user typed (Fetch Metadata §2.1; Fetch §3.2). */
export function isOfWebPage(headers: HeaderBlock): boolean {
  if (headers.first('origin') !== undefined) return true;
  return (headers.joined('sec-fetch-site') ?? 'none') !== 'none';
}

/** The first header that a proxy adds to what it passes on; undefined when there is none (RFC 7239; RFC 9110 §7.6.3). */
export function forwardingHeader(headers: HeaderBlock): string | undefined {
  for (let i = 0; i < headers.count; i++) {
    const name = headers.name(i);
    const lowerName = name.toLowerCase();
    if (FORWARDING.has(lowerName) || lowerName.startsWith('x-forwarded')) return name;
  }
  return undefined;
}

/** Lower-case names, besides all that begin with X-Forwarded. */
const FORWARDING: ReadonlySet<string> = new Set([
  'forwarded',
  'cdn-loop',
  'via',
  'x-real-ip',
  'x-real-port',
  'x-client-ip',
  'client-ip',
  'x-cluster-client-ip',
  'x-original-forwarded-for',
  'x-original-for',
  'x-original-host',
  'x-original-proto',
  'x-proxyuser-ip',
  'x-envoy-external-address',
  'x-azure-clientip',
  'true-client-ip',
  'cf-connecting-ip',
  'fastly-client-ip',
  'fly-client-ip',
]);

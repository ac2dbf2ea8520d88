// The Forwarded header towards backends (spec/http-api.md §3.3, Choice C17; RFC 7239).
import { TOKEN } from '../grammar/token.ts';

/** A node or host as a Forwarded value: a token stays, everything else is quoted; IPv6 goes in brackets. */
export function forwardedNode(node: string): string {
  if (TOKEN.test(node)) return node;
  const isBareIpv6 =
    node.includes(':') &&
    !node.includes('[') &&
    /^[0-9a-fA-F:.%]+$/.test(node) &&
    node.indexOf(':') !== node.lastIndexOf(':');
  const text = isBareIpv6 ? `[${node}]` : node;
  return `"${text.replace(/[\\"]/g, '\\$&')}"`;
}

/** The elements for the addresses of an incoming X-Forwarded-For value, each followed by `,`. */
export function forwardedElements(xForwardedFor: string): string {
  let elements = '';
  for (const address of xForwardedFor.split(',')) {
    const node = address.trim();
    if (node !== '') elements += `for=${forwardedNode(node)},`;
  }
  return elements;
}

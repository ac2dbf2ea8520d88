// AWS's host names of APIs, which templates write by hand, and where those APIs are on this machine (spec/definitions.md §1.6).

/** `https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com`, and the same without a scheme. Suffixes are those of partitions. */
const ADDRESS =
  /(?:\b(https?|wss?):\/\/)?\b([a-z0-9]{10})\.execute-api\.[a-z0-9-]{1,40}\.(?:amazonaws\.com(?:\.cn)?|amazonaws\.eu|c2s\.ic\.gov|sc2s\.sgov\.gov|cloud\.adc-e\.uk|csp\.hci\.ic\.gov)(?![\w.-]*\w)/g;

/** The ids of APIs that a text has the address of, whether there are such or not. */
export function apiIdsIn(text: string): ReadonlySet<string> {
  return new Set(Array.from(text.matchAll(ADDRESS), ([, , id]) => id!));
}

/** The text with the endpoints of APIs in place of AWS's host names. What is called by http stays so, and likewise ws: a
 *  WebSocket API has an address of each kind. `endpointOf` gives an ApiEndpoint, undefined for what is no API here. */
export function withLocalAddresses(text: string, endpointOf: (apiId: string) => string | undefined): string {
  return text.replaceAll(ADDRESS, (address, scheme: string | undefined, id: string) => {
    const endpoint = endpointOf(id);
    if (endpoint === undefined) return address;
    const { protocol, host, pathname } = new URL(endpoint);
    if (scheme === undefined) return host;
    const isSecure = protocol === 'https:' || protocol === 'wss:';
    const kind = scheme.startsWith('ws') ? 'ws' : 'http';
    return `${kind}${isSecure ? 's' : ''}://${host}${pathname.replace(/\/$/, '')}`;
  });
}

// Headers that belong to one connection, not to the message (RFC 9110 §7.6.1; spec/http-api.md §3.3, §3.4). Names are in lower
// case. What a Connection header names is of the connection too.

/** HTTP/2 has none of these (RFC 9113 §8.2.2). `te` is not among them: a request may have it, with `trailers`. */
export const CONNECTION_FIELDS: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
]);

/** Never passed on, in either direction, and never set by a mapping. */
export const HOP_BY_HOP: readonly string[] = [
  ...CONNECTION_FIELDS,
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'expect',
];

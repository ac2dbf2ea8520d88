// Fields of a connection, which HTTP/2 has none of (RFC 9113 §8.2.2).

/** Lower-case names. `te` is not among them: a request may have it, with `trailers`. */
export const CONNECTION_FIELDS: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
]);

// Headers that belong to one connection, or that the gateway writes itself (spec/http-api.md §3.3, §3.4).

/** Never passed on, in either direction, and never set by a mapping. */
export const HOP_BY_HOP: readonly string[] = [
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  'http2-settings',
];

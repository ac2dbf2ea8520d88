// What every gateway's line about a request has: the members of the format that API Gateway's console proposes.

/** Member → `$context` variable of Postern, and each peer's own word for it. */
export const ACCESS_LOG = {
  requestId: { postern: '$context.requestId', nginx: '$request_id' },
  ip: { postern: '$context.identity.sourceIp', nginx: '$remote_addr' },
  requestTime: { postern: '$context.requestTime', nginx: '$time_local' },
  httpMethod: { postern: '$context.httpMethod', nginx: '$request_method' },
  path: { postern: '$context.path', nginx: '$uri' },
  status: { postern: '$context.status', nginx: '$status' },
  protocol: { postern: '$context.protocol', nginx: '$server_protocol' },
  responseLength: { postern: '$context.responseLength', nginx: '$body_bytes_sent' },
} as const;

/** The line's format, a JSON object. */
export function accessLogFormat(of: 'postern' | 'nginx'): string {
  const members = Object.entries(ACCESS_LOG).map(([name, words]) => `"${name}":"${words[of]}"`);
  return `{${members.join(',')}}`;
}

// What a client sees when a backend call fails (spec/http-api.md §3.8, Choice C25). One table.
import {
  INTEGRATION_TIMEOUT,
  INTERNAL_SERVER_ERROR,
  type Refusal,
  SERVICE_UNAVAILABLE,
} from '../net/refusals.ts';
import type { FailureCause, Origin } from '../net/upstream/upstream.ts';

export interface Failure {
  readonly refusal: Refusal;
  /** `$context.integrationErrorMessage`. */
  readonly message: string;
}

export const failures: Readonly<Record<FailureCause, Failure>> = {
  dns: { refusal: SERVICE_UNAVAILABLE, message: 'Connection failed' },
  connect: { refusal: SERVICE_UNAVAILABLE, message: 'Connection failed' },
  tls: { refusal: SERVICE_UNAVAILABLE, message: 'Connection failed' },
  reset: { refusal: SERVICE_UNAVAILABLE, message: 'Connection failed' },
  timeout: { refusal: INTEGRATION_TIMEOUT, message: 'Endpoint request timed out' },
  malformed: { refusal: INTERNAL_SERVER_ERROR, message: 'The backend sent malformed HTTP' },
  oversize: { refusal: INTERNAL_SERVER_ERROR, message: 'The backend sent more than 10485760 bytes' },
  noTarget: { refusal: SERVICE_UNAVAILABLE, message: 'The VPC link leads to no healthy target' },
  aborted: { refusal: SERVICE_UNAVAILABLE, message: 'Request aborted' },
};

/** `$context.integrationErrorMessage` of a function or service that may not be called. */
export const NO_PERMISSION =
  "The IAM role configured on the integration or API Gateway doesn't have permissions to call the integration. " +
  'Check the permissions and try again.';

const WORDS: Readonly<Record<FailureCause, string>> = {
  dns: 'the host name is not known',
  connect: 'no connection',
  tls: 'no TLS connection',
  reset: 'the connection ended before a reply',
  timeout: 'no reply in time',
  malformed: 'the reply is not HTTP',
  oversize: 'the reply is too large',
  noTarget: 'no healthy target',
  aborted: 'given up',
};

/** For logs: `http://127.0.0.1:4800: no connection (ECONNREFUSED)`. `error` is what the system said. */
export function failureDetail(origin: Origin | undefined, cause: FailureCause, error?: unknown): string {
  const said = error instanceof Error ? saidBy(error) : '';
  const why = said === '' ? WORDS[cause] : `${WORDS[cause]} (${said})`;
  return origin === undefined ? why : `${printOrigin(origin)}: ${why}`;
}

/** For logs: what is known of a failure, in one line. */
export function textOfDetail(detail: unknown): string | undefined {
  if (detail === undefined) return undefined;
  if (!(detail instanceof Error)) return String(detail);
  return detail.message === '' ? detail.name : `${detail.name}: ${detail.message}`;
}

/** A code says it all for sockets; OpenSSL's codes want their texts. */
function saidBy(error: Error): string {
  const code = 'code' in error ? String(error.code) : '';
  return /^E[A-Z_]+$/.test(code) || error.message === '' ? code : error.message;
}

/** `https://10.0.0.7:8443`. */
export function printOrigin({ secure, host, port }: Origin): string {
  return `${secure ? 'https' : 'http'}://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}`;
}

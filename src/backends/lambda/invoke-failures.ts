// Errors of Invoke calls → outcomes (spec/http-api.md §3.6.7).
import type { InvocationOutcome } from '../lambda-function.ts';

/** What the SDK's errors are made of; network errors have a code instead of metadata. */
interface SdkError {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** The client has no credentials, or the role's could not be had: nobody was asked. */
const WITHOUT_CREDENTIALS = new Set(['CredentialsProviderError', 'RoleError']);

/** What a call that threw came to. */
export function failureOf(error: unknown): InvocationOutcome {
  const {
    name = '',
    message = String(error),
    code,
    $metadata,
  }: SdkError = error instanceof Error ? error : {};
  if (WITHOUT_CREDENTIALS.has(name))
    return { kind: 'refused', status: 403, message: withCause(error, message) };
  const status = $metadata?.httpStatusCode;
  if (status === undefined || status < 400) {
    return { kind: 'unavailable', status: undefined, message: message || (code ?? name) };
  }
  if (status === 429) return { kind: 'throttled' };
  if (status === 413) return { kind: 'tooLarge' };
  if (status >= 500) return { kind: 'unavailable', status, message: `${name}: ${message}` };
  return { kind: 'refused', status, message: `${name}: ${message}` };
}

function withCause(error: unknown, message: string): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}

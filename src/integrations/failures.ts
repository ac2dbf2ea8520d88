// What a client sees when a backend call fails (spec/http-api.md §3.8, Choice C25). One table.
import {
  INTEGRATION_TIMEOUT,
  INTERNAL_SERVER_ERROR,
  type Refusal,
  SERVICE_UNAVAILABLE,
} from '../net/refusals.ts';
import type { FailureCause } from '../net/upstream/upstream.ts';

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

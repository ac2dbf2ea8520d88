// Where the time of a request went: its authorizer, its integration, and the rest, which is the gateway's own.
import type { RequestSummary } from '../../../src/stage/request-summary.ts';

export type Timed = Pick<RequestSummary, 'millis' | 'authorizerMillis' | 'integrationMillis'>;

export interface Span {
  readonly name: 'authorizer' | 'integration' | 'gateway';
  readonly millis: number;
}

/** Of those that there were, in the order of the bar. */
export function spansOf({ millis, authorizerMillis = 0, integrationMillis = 0 }: Timed): readonly Span[] {
  const gateway = Math.max(0, millis - authorizerMillis - integrationMillis);
  const all: readonly Span[] = [
    { name: 'authorizer', millis: authorizerMillis },
    { name: 'integration', millis: integrationMillis },
    { name: 'gateway', millis: gateway },
  ];
  return all.filter((span) => span.millis > 0 || span.name === 'gateway');
}

/** `0.42 ms`, `17 ms`, `1.25 s`. */
export function printMillis(millis: number): string {
  if (millis < 10) return `${Math.round(millis * 100) / 100} ms`;
  return millis < 1000 ? `${Math.round(millis)} ms` : `${Math.round(millis / 10) / 100} s`;
}

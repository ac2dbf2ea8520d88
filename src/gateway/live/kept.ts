// What the ring keeps of something that is over. What is told of it is made when somebody asks.
import type { RequestKind, RequestSummary } from '../../stage/request-summary.ts';
import type { RecordedRequest } from './recorded-request.ts';

export interface Kept {
  readonly id: string;
  readonly kind: RequestKind;
  readonly accountId: string;
  readonly apiId: string;
  readonly stage: string;
  readonly routeKey: string | undefined;
  readonly status: number;
  /** What it keeps alive, about. */
  readonly bytes: number;
  /** [name, value] of the headers that its client sent: their secrets may be anywhere in what is told. */
  readonly headers: readonly (readonly [string, string])[];
  /** In lower case: of headers and parameters that the route's authorizer goes by. */
  readonly identityNames: readonly string[];
  /** Nothing is masked yet, here and below. */
  summary(): RequestSummary;
  recorded(): RecordedRequest;
}

/** Milliseconds with a hundredth's precision. */
export function millisOf(micros: number): number {
  return Math.round(micros / 10) / 100;
}

/** Of `$request.header.X-Key`, `route.request.querystring.token` and the like. */
export function identityNames(sources: readonly string[]): readonly string[] {
  return sources.flatMap(
    (source) => /\.(?:header|querystring)\.(.+)$/.exec(source)?.[1]?.toLowerCase() ?? [],
  );
}

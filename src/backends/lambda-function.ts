// The contract of a Lambda function, wherever it runs (decision 0014): behind the Invoke API of an endpoint, or in a
// process of our own. Integrations, authorizers and the Invoke API on the management door all call this.
import type { Credentials, FunctionArn } from '../grammar/arn.ts';

/** Largest event and largest answer of a synchronous call, in bytes (spec/http-api.md §3.6.7). */
export const MAX_INVOKE_BYTES = 6_291_556;

/** Of an event or an answer. */
export function isTooLarge(text: string): boolean {
  // A character is at most three bytes.
  return text.length * 3 > MAX_INVOKE_BYTES && Buffer.byteLength(text) > MAX_INVOKE_BYTES;
}

export interface Invocation {
  /** JSON text. */
  readonly event: string;
  /** `Event` is answered as soon as the function has taken it. */
  readonly type: 'RequestResponse' | 'Event';
  /** From the call to its outcome. */
  readonly timeoutInMillis: number;
  /** Of the request that it is for, for logs. */
  readonly requestId: string;
  /** An X-Amzn-Trace-Id value. */
  readonly traceId: string | undefined;
  /** What the function finds as its client context: JSON text of one line. Functions of ours only. */
  readonly clientContext?: string | undefined;
  /** Hears each line that the function writes during the call. Functions of ours only. */
  readonly onOutput?: ((line: string) => void) | undefined;
}

/** What became of an invocation. Nothing is thrown. */
export type InvocationOutcome =
  /** The function returned. `payload` is its answer as text, valid JSON or not; empty for `Event`. */
  | { readonly kind: 'returned'; readonly payload: string; readonly awsRequestId: string }
  /** The function threw, could not start, exited or exceeded its own time-out. `payload` is Lambda's error document:
   *  `{"errorMessage":…,"errorType":…,…}`. */
  | { readonly kind: 'functionError'; readonly payload: string; readonly awsRequestId: string }
  /** There is no such function, or no permission to invoke it. `status` is that of the Invoke call: 403 or 404. */
  | { readonly kind: 'refused'; readonly status: number; readonly message: string }
  /** The function runs nowhere that is configured, and nobody asked for Lambda to be called. `message` names the function and
   *  what to do. */
  | { readonly kind: 'notConfigured'; readonly message: string }
  /** Too many at once (429). */
  | { readonly kind: 'throttled' }
  /** The event is larger than MAX_INVOKE_BYTES (413). */
  | { readonly kind: 'tooLarge' }
  /** The Invoke API failed (`status` 5xx), or could not be reached (undefined). */
  | { readonly kind: 'unavailable'; readonly status: number | undefined; readonly message: string }
  /** `timeoutInMillis` passed. */
  | { readonly kind: 'timeout' };

export interface LambdaFunction {
  /** Never rejects. */
  invoke(invocation: Invocation): Promise<InvocationOutcome>;
}

/** Finds functions. Asked when stages are compiled, not per request; what it returns stays good when configuration files
 *  or functions change. */
export interface LambdaFunctions {
  /** `credentials` of the integration or authorizer; undefined when the function's own policy permits the call. `asking` is
   *  the account whose API wants the function; undefined where accounts are not kept apart. */
  find(arn: FunctionArn, credentials: Credentials | undefined, asking: string | undefined): LambdaFunction;
}

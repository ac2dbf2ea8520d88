// What stands for the backend while a draft of an integration is tried, of either kind of API.
import type { Authorization } from './authorization.ts';

export type DraftBackend =
  /** It is called. */
  | { readonly kind: 'call' }
  /** Nobody is called, and nobody asked who the caller is. */
  | {
      readonly kind: 'given';
      /** An echo of the request when absent. */
      readonly reply: GivenReply | undefined;
      /** Of a Lambda function: the text that it returns. */
      readonly answer: string | undefined;
      /** What an authorizer would have found. */
      readonly authorization: Authorization | undefined;
    };

/** What a backend answers. A Lambda function makes its response of it: `statusCode`, `headers` and `body`. */
export interface GivenReply {
  readonly status: number;
  /** Flat [name, value, …], latin1. */
  readonly headers: readonly string[];
  readonly body: string;
}

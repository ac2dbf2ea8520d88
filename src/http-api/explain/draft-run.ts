// What it takes to try a draft of an HTTP API's integration on one request, as plain data.
import type { FrozenApi } from '../../config/frozen.ts';
import type { Authorization } from '../../stage/authorization.ts';
import type { StageIdentity } from '../../stage/stage-identity.ts';

type Document = FrozenApi['Api'];

export interface DraftRun {
  readonly stage: StageIdentity;
  readonly api: Document;
  readonly route: Document;
  readonly integration: Document;
  /** The route's, asked in a real call. */
  readonly authorizer: Document | undefined;
  readonly request: {
    readonly method: string;
    /** Absolute, or a path of the stage that begins with a slash. */
    readonly url: string;
    /** Flat [name, value, …], latin1. */
    readonly headers: readonly string[];
    readonly body: string;
  };
  readonly backend: DraftBackend;
}

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

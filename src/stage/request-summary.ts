// One line of the live requests, of either kind of API, as plain data: what `GET /_postern/requests` and `postern tail` tell.

export type RequestKind = (typeof REQUEST_KINDS)[number];

export const REQUEST_KINDS = ['http', 'connect', 'message', 'disconnect', 'post'] as const;

/** What stands in the place of a secret. */
export const MASK = '••••';

/** Of something that is over. Secrets in its texts are masked. */
export interface RequestSummary {
  /** The request id: of an HTTP API `$context.requestId`, of a WebSocket API the event's. */
  readonly id: string;
  /** Epoch milliseconds at which it began. */
  readonly at: number;
  /** `http`, or an event of a WebSocket API; `post` is a call of `@connections`, whatever its method. */
  readonly kind: RequestKind;
  /** Empty, as `region`, `apiId` and `stage` are, where no stage was found. */
  readonly accountId: string;
  readonly region: string;
  readonly apiId: string;
  readonly stage: string;
  /** Absent where no route was found. */
  readonly routeKey?: string;
  /** Absent, as `host` and `path` are, of events that are no HTTP request. */
  readonly method?: string;
  readonly host?: string;
  /** As sent, with the query. */
  readonly path?: string;
  /** What the client got; 0 where it was gone before. */
  readonly status: number;
  readonly millis: number;
  /** Absent where there was no authorizer, or the call did not come to it. */
  readonly authorizerMillis?: number;
  readonly integrationMillis?: number;
  readonly requestBytes: number;
  readonly replyBytes: number;
  /** Why the client got no answer of the integration, as a sentence without its end. */
  readonly failure?: string;
  readonly connectionId?: string;
  readonly sourceIp: string;
  /** Whom the route calls: `http://127.0.0.1:3000`, `arn:aws:lambda:…`, `SQS-SendMessage`. */
  readonly integration?: string;
}

/** Which requests somebody wants to see. Absent members do not matter. */
export interface RequestFilter {
  /** Of the caller, who sees no others; absent for one who sees everything. */
  readonly accountId?: string;
  readonly apiId?: string;
  readonly stage?: string;
  readonly routeKey?: string;
  /** A status (404), or all of a class (5xx). */
  readonly status?: { readonly from: number; readonly to: number };
  readonly kind?: RequestKind;
  /** Somewhere in a text of the summary, in any case. */
  readonly text?: string;
}

/** When requests are recorded: never, while somebody looks, or always. */
export type LiveRequests = (typeof LIVE_REQUEST_MODES)[number];

export const LIVE_REQUEST_MODES = ['off', 'watched', 'always'] as const;

/** What one who looks is told at a time. */
export interface RequestBatch {
  /** The oldest first. */
  readonly requests: readonly RequestSummary[];
  /** How many more there were that are wanted, and are not told of. */
  readonly skipped: number;
}

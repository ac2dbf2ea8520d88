// What `GET /_postern/requests/ID` tells of one request, as plain data. Secrets in it are masked.
import type { Trace } from '../../http-api/explain/trace.ts';
import type { RequestSummary } from '../../stage/request-summary.ts';
import type { SocketTrace } from '../../websocket-api/explain/trace.ts';

export interface RecordedRequest extends RequestSummary {
  /** A SocketTrace of events of WebSocket APIs: kinds `connect`, `message` and `disconnect` that came to their stage. */
  readonly trace: Trace | SocketTrace;
  readonly requestBody?: RecordedBody;
  /** As HTTP integrations pass it on; what functions and services get is in the trace. */
  readonly backendRequestBody?: RecordedBody;
  /** Of the backend's reply, where the client has got it. */
  readonly backendReplyBody?: RecordedBody;
  readonly replyBody?: RecordedBody;
}

export interface RecordedBody {
  /** Of the whole body, as far as it came. */
  readonly bytes: number;
  /** Not all of it is here. */
  readonly isTruncated: boolean;
  /** Where it is UTF-8; else `base64`. */
  readonly text?: string;
  readonly base64?: string;
}

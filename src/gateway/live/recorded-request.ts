// What `GET /_postern/requests/ID` tells of one request, as plain data. Secrets in it are masked.
import type { Trace } from '../../http-api/explain/trace.ts';
import type { RequestSummary } from '../../stage/request-summary.ts';

export interface RecordedRequest extends RequestSummary {
  /** Absent of what is no request of an HTTP API. */
  readonly trace?: Trace;
  readonly requestBody?: RecordedBody;
  readonly backendRequestBody?: RecordedBody;
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

// One call of an HTTP backend with its whole answer (spec/websocket-api.md §3.5.6).
import { failureDetail, failures } from '../../backends/failures.ts';
import { HeaderBlock } from '../../net/header-block.ts';
import type { FailureCause, Upstream, UpstreamCall, UpstreamReply } from '../../net/upstream/upstream.ts';
import { WholeBody } from '../../net/whole-body.ts';
import { bytesOf, textOrBytes } from '../bytes.ts';
import { INTEGRATION_TIMEOUT, INTERNAL_ERROR, type SocketFailure, UNREACHABLE } from '../failures.ts';
import type { SocketAnswer, SocketFailed } from '../stage.ts';
import { failed } from './failed.ts';

export interface BackendRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** Host among them. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string | Buffer;
  readonly timeoutInMillis: number;
}

/** Largest answer, in bytes; no more than a frame of it can be sent (§4.5.2), but templates may read it. */
const MAX_ANSWER_BYTES = 10_485_760;

/** Never rejects. Redirects are not followed. */
export function callBackend(
  upstream: Upstream,
  request: BackendRequest,
): Promise<SocketAnswer | SocketFailed> {
  return new Promise((resolve) => {
    const { method, target, timeoutInMillis } = request;
    let call: UpstreamCall | undefined;
    const fail = (cause: FailureCause = 'reset', error?: unknown) =>
      resolve(failureOf(cause, failureDetail(call?.origin, cause, error)));
    call = upstream.send(
      {
        method,
        head: `${method} ${target} HTTP/1.1\r\n${headerLines(request.headers)}`,
        body: new WholeBody(bytesOf(request.body)),
        timeoutInMillis,
        maxReplyBytes: MAX_ANSWER_BYTES,
      },
      {
        onFailure: fail,
        onReply(reply: UpstreamReply) {
          const { status } = reply;
          // The block points into a buffer that is used again.
          const headers = HeaderBlock.fromPairs(reply.headers.pairs());
          const answer = (bytes: Buffer) =>
            resolve({ kind: 'answered', status, headers, body: textOrBytes(bytes) });
          if (reply.body.whole !== undefined) answer(bytesOf(wholeOf(reply.body.whole)));
          else {
            reply.body.read(MAX_ANSWER_BYTES, (bytes, cause) => {
              if (bytes === undefined) fail(cause as FailureCause | undefined);
              else answer(bytes);
            });
          }
        },
      },
    );
  });
}

function wholeOf(whole: NonNullable<UpstreamReply['body']['whole']>): Buffer {
  return typeof whole === 'string' ? Buffer.from(whole, 'latin1') : Buffer.from(whole);
}

/** What cannot stand in a header line becomes a blank. */
function headerLines(headers: ReadonlyMap<string, string>): string {
  let lines = '';
  for (const [name, value] of headers) {
    const text = Buffer.from(value.replace(/[\u0000-\u0008\n-\u001f\u007f]/g, ' '), 'utf8').toString(
      'latin1',
    );
    lines += `${name}: ${text}\r\n`;
  }
  return lines;
}

/** The rest leave the backend unreached. */
const ANSWERED_BADLY: Partial<Record<FailureCause, SocketFailure>> = {
  timeout: INTEGRATION_TIMEOUT,
  malformed: INTERNAL_ERROR,
  oversize: INTERNAL_ERROR,
};

function failureOf(cause: FailureCause, detail: string): SocketFailed {
  const failure = ANSWERED_BADLY[cause];
  return failure === undefined
    ? failed(UNREACHABLE, 'Network error communicating with endpoint', detail)
    : failed(failure, failures[cause].message, detail);
}

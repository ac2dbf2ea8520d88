// A recorded request on the bench, with what the backend answered to it.
import type { RecordedBody, RecordedRequest } from '../../../src/gateway/live/recorded-request.ts';
import type { Trace } from '../../../src/http-api/explain/trace.ts';
import { MASK } from '../../../src/stage/request-summary.ts';
import type { SocketTrace } from '../../../src/websocket-api/explain/trace.ts';
import { isOfSocket } from '../live/traces.ts';
import { stagePath } from './stage-path.ts';
import { ECHO, type Pair, type ReplyDraft, type RequestDraft } from './work-drafts.ts';

export interface RecordedWork {
  readonly id: string;
  readonly apiId: string;
  readonly routeKey: string;
  readonly stage: string;
  readonly request: RequestDraft;
  readonly reply: ReplyDraft;
  /** What of it is not what was sent. */
  readonly notes: readonly string[];
}

/** Made anew for every request, or by the one that it came with. */
const OF_THE_MESSAGE = /^(?:content-length|transfer-encoding|connection|keep-alive|host)$/i;

/** Throws a sentence for one that reached no route. */
export function recordedWork(recorded: RecordedRequest): RecordedWork {
  const { id, apiId, stage, routeKey, trace } = recorded;
  if (routeKey === undefined) throw new Error('it reached no route, so that no mapping is to blame.');
  return {
    id,
    apiId,
    stage,
    routeKey,
    ...(isOfSocket(trace) ? ofSocket(trace) : ofHttp(recorded, trace)),
  };
}

type Taken = Pick<RecordedWork, 'request' | 'reply' | 'notes'>;

function ofHttp({ apiId, stage, requestBody, backendReplyBody }: RecordedRequest, trace: Trace): Taken {
  const { request, backendReply } = trace;
  return {
    request: {
      method: request.method,
      url: stagePath(request.url, apiId, stage),
      headers: ofRequest(request.headers),
      body: requestBody?.text ?? '',
      authorizer: '',
      message: '',
    },
    reply: backendReply === undefined ? ECHO : given(backendReply, backendReplyBody?.text),
    notes: [
      ...maskNotes(request.headers, request.url),
      ...bodyNotes('The body of the request', requestBody),
      ...bodyNotes('The body of the backend', backendReplyBody),
    ],
  };
}

function ofSocket({ handshake, message, answer }: SocketTrace): Taken {
  const { target = '/', headers = [] } = handshake ?? {};
  const query = target.indexOf('?');
  return {
    request: {
      method: 'GET',
      url: query < 0 ? '/' : `/${target.slice(query)}`,
      headers: ofRequest(headers),
      body: '',
      authorizer: '',
      message: message?.isBase64Encoded ? '' : (message?.body ?? ''),
    },
    reply: answer === undefined ? ECHO : given(answer, answer.isBase64Encoded ? undefined : answer.body),
    notes: maskNotes(headers, target),
  };
}

function given(
  { status, headers }: { readonly status: number; readonly headers: readonly Pair[] },
  body = '',
): ReplyDraft {
  return { kind: 'given', status: String(status), headers: ofRequest(headers), body };
}

const ofRequest = (headers: readonly Pair[]): readonly Pair[] =>
  headers.filter(([name]) => !OF_THE_MESSAGE.test(name));

function maskNotes(headers: readonly Pair[], url: string): readonly string[] {
  const masked = headers.filter(([, value]) => value.includes(MASK)).map(([name]) => name);
  if (url.includes(MASK) || url.includes(encodeURIComponent(MASK))) masked.push('the query');
  return masked.length === 0
    ? []
    : [`Secrets were not recorded: put in what is masked (${masked.join(', ')}) where mappings read it.`];
}

function bodyNotes(what: string, body: RecordedBody | undefined): readonly string[] {
  if (body === undefined || body.bytes === 0) return [];
  if (body.isTruncated) return [`${what} was recorded in part: it has ${body.bytes} bytes.`];
  return body.text === undefined ? [`${what} is no text, and is not here.`] : [];
}

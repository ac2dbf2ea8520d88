// A recorded request on the bench, with what the backend answered to it.
import type { RecordedRequest } from '../../../src/gateway/live/recorded-request.ts';
import { stagePath } from './stage-path.ts';
import { ECHO, type Pair, type ReplyDraft, type RequestDraft } from './work-drafts.ts';

type RecordedBody = NonNullable<RecordedRequest['requestBody']>;

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

/** What a masked value reads. */
const MASK = '••••';
/** Made anew for every request, or by the one that it came with. */
const OF_THE_MESSAGE = /^(?:content-length|transfer-encoding|connection|keep-alive|host)$/i;

/** Throws a sentence for one that reached no route. */
export function recordedWork(recorded: RecordedRequest): RecordedWork {
  const { id, apiId, stage, routeKey, trace, requestBody, backendReplyBody } = recorded;
  if (routeKey === undefined || !('requestMappings' in trace)) {
    throw new Error('it reached no route, so that no mapping is to blame.');
  }
  const { backendReply } = trace;
  const notes = [
    ...maskNotes(trace.request.headers, trace.request.url),
    ...bodyNotes('The body of the request', requestBody),
    ...bodyNotes('The body of the backend', backendReplyBody),
  ];
  return {
    id,
    apiId,
    routeKey,
    stage,
    request: {
      method: trace.request.method,
      url: stagePath(trace.request.url, apiId, stage),
      headers: ofRequest(trace.request.headers),
      body: requestBody?.text ?? '',
      authorizer: '',
      message: '',
    },
    reply:
      backendReply === undefined
        ? ECHO
        : {
            kind: 'given',
            status: String(backendReply.status),
            headers: ofRequest(backendReply.headers),
            body: backendReplyBody?.text ?? '',
          },
    notes,
  };
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

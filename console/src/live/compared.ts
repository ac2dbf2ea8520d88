// What is compared of two requests, as texts: what of them differs is for the lines of these to show.
import type { RecordedBody, RecordedRequest } from '../../../src/gateway/live/recorded-request.ts';
import type { Trace } from '../../../src/http-api/explain/trace.ts';
import type { SocketTrace } from '../../../src/websocket-api/explain/trace.ts';
import { shownText } from './recorded-body.tsx';
import { type Pairs, recordedBodyOf } from './request-parts.ts';
import { printMillis, spansOf } from './spans.ts';
import type { Bodies } from './steps.tsx';
import { type AnyTrace, isOfSocket } from './traces.ts';

export interface Compared {
  readonly title: string;
  readonly texts: Readonly<Record<PartName, string>>;
}

export const PARTS = ['Outcome', 'Request', 'Backend request', 'Backend reply', 'Reply', 'Timings'] as const;

type PartName = (typeof PARTS)[number];

export function comparedRecorded(request: RecordedRequest, title: string): Compared {
  const { trace, status, failure } = request;
  const timings = spansOf(request).map(({ name, millis }) => `${name}: ${printMillis(millis)}`);
  const texts = trace === undefined ? NO_TEXTS : textsOf(trace, request);
  return {
    title,
    texts: {
      ...texts,
      Outcome: outcome(status, failure),
      Timings: [...timings, `in all: ${printMillis(request.millis)}`].join('\n'),
    },
  };
}

/** Of an explained request, which is told of by its trace alone. */
export function comparedTrace(trace: AnyTrace, body: string): Compared {
  const requestBody: RecordedBody = { bytes: body.length, isTruncated: false, text: body };
  return {
    title: 'the replay',
    texts: {
      ...textsOf(trace, { requestBody }),
      Outcome: outcome(trace.reply?.status ?? 0, trace.refused),
      Timings: `in all: ${printMillis(trace.millis)}`,
    },
  };
}

const outcome = (status: number, failure: string | undefined): string =>
  [`status ${status}`, ...(failure === undefined ? [] : [failure])].join('\n');

type TracedTexts = Omit<Compared['texts'], 'Outcome' | 'Timings'>;

const NO_TEXTS: TracedTexts = { Request: '', 'Backend request': '', 'Backend reply': '', Reply: '' };

function textsOf(trace: AnyTrace, bodies: Bodies): TracedTexts {
  return isOfSocket(trace) ? socketTexts(trace) : httpTexts(trace, bodies);
}

function httpTexts(
  { request, backendRequest, functionCall, serviceCall, backendReply, reply }: Trace,
  bodies: Bodies,
): TracedTexts {
  const { requestBody, backendRequestBody, backendReplyBody, replyBody } = bodies;
  const called = [
    ...(backendRequest === undefined
      ? []
      : [
          message(
            `${backendRequest.line}\n${backendRequest.origin}`,
            backendRequest.headers,
            backendRequestBody,
          ),
        ]),
    ...(functionCall === undefined
      ? []
      : [message(functionCall.functionArn, [], textBody(functionCall.event))]),
    ...(serviceCall === undefined
      ? []
      : [message(serviceCall.operation, [], textBody(JSON.stringify(serviceCall.input)))]),
  ];
  const answered = [
    ...(backendReply === undefined
      ? []
      : [message(`status ${backendReply.status}`, backendReply.headers, backendReplyBody)]),
    ...(functionCall?.answer === undefined
      ? []
      : [message(functionCall.outcome, [], textBody(functionCall.answer))]),
  ];
  return {
    Request: message(`${request.method} ${request.url}`, request.headers, requestBody),
    'Backend request': called.join('\n'),
    'Backend reply': answered.join('\n'),
    Reply: message(
      `status ${reply.status}`,
      reply.headers,
      replyBody ?? recordedBodyOf({ body: reply.body, bodyBytes: reply.bodyBytes }),
    ),
  };
}

function socketTexts({ handshake, message: frame, route, request, answer, reply }: SocketTrace): TracedTexts {
  return {
    Request: message(
      handshake?.target ?? `route ${route?.key ?? 'none'}`,
      handshake?.headers ?? [],
      frame === undefined ? undefined : recordedBodyOf(frame),
    ),
    'Backend request':
      request === undefined
        ? ''
        : message(
            request.uri ?? 'nobody is called',
            request.headers ?? [],
            request.body === undefined
              ? undefined
              : recordedBodyOf({ bodyBytes: 0, ...request, body: request.body }),
          ),
    'Backend reply':
      answer === undefined ? '' : message(`status ${answer.status}`, answer.headers, recordedBodyOf(answer)),
    Reply: reply === undefined ? '' : message(`status ${reply.status}`, [], recordedBodyOf(reply)),
  };
}

const textBody = (text: string): RecordedBody => ({ bytes: text.length, isTruncated: false, text });

/** As it would stand on the wire, but for JSON, whose members have lines of their own. */
function message(start: string, headers: Pairs, body: RecordedBody | undefined): string {
  const lines = headers.map(([name, value]) => `${name}: ${value}`);
  const text = body === undefined || body.bytes === 0 ? [] : ['', shownText(body).text];
  return [start, ...lines, ...text].join('\n');
}

// What is kept of an event of a WebSocket API: the event, which holds what became of it.
import { printHeaders } from '../../stage/print-headers.ts';
import type { RequestKind, RequestSummary } from '../../stage/request-summary.ts';
import type { SocketEvent } from '../../websocket-api/event.ts';
import { errorOf } from '../../websocket-api/event-lines.ts';
import type { ShownBody } from '../../websocket-api/explain/trace.ts';
import { EVENT_KINDS, traceOfEvent } from '../../websocket-api/explain/trace-of-event.ts';
import { errorFrame, handshakeBody } from '../../websocket-api/failures.ts';
import { identityNames, type Kept, millisOf } from './kept.ts';
import type { RecordedBody, RecordedRequest } from './recorded-request.ts';

/** What an entry costs besides its texts and bodies, about. */
const ENTRY_BYTES = 2_048;

export class KeptEvent implements Kept {
  readonly bytes: number;
  readonly #event: SocketEvent;
  readonly #millis: number;

  constructor(event: SocketEvent) {
    this.#event = event;
    this.#millis = millisOf(event.elapsed() * 1_000);
    this.bytes = bytesOf(event);
  }

  get id(): string {
    return this.#event.requestId;
  }

  get kind(): RequestKind {
    return EVENT_KINDS[this.#event.kind];
  }

  get accountId(): string {
    return this.#event.stage.accountId;
  }

  get apiId(): string {
    return this.#event.stage.apiId;
  }

  get stage(): string {
    return this.#event.stage.name;
  }

  get routeKey(): string | undefined {
    return this.#event.route?.key;
  }

  /** A connect request that was accepted got a 101. */
  get status(): number {
    const { kind, status } = this.#event;
    return kind === 'CONNECT' && status === 200 ? 101 : status;
  }

  get headers(): readonly (readonly [string, string])[] {
    const { request, connection } = this.#event;
    if (request !== undefined) return printHeaders(request.headers);
    return connection.apiKey === undefined ? [] : [['x-api-key', connection.apiKey.value]];
  }

  get identityNames(): readonly string[] {
    const { kind, route } = this.#event;
    const story = kind === 'CONNECT' ? route?.authorizer?.explain() : undefined;
    return story?.kind === 'lambda' ? identityNames(story.identitySources) : [];
  }

  summary(): RequestSummary {
    const event = this.#event;
    const { stage, connection, request, route, sent } = event;
    const failure = errorOf(event);
    return {
      id: event.requestId,
      at: event.requestedAt,
      kind: this.kind,
      accountId: stage.accountId,
      region: stage.region,
      apiId: stage.apiId,
      stage: stage.name,
      ...(route === undefined ? {} : { routeKey: route.key }),
      ...(request === undefined ? {} : { method: 'GET', host: request.host, path: request.target }),
      status: this.status,
      millis: this.#millis,
      ...spanOf('authorizerMillis', event.authorizerBegan, event.authorizerEnded),
      ...spanOf('integrationMillis', event.integrationBegan, event.integrationEnded),
      requestBytes: Buffer.byteLength(event.body),
      replyBytes: replyBytesOf(event),
      ...(failure === undefined ? {} : { failure }),
      connectionId: connection.id,
      sourceIp: connection.sourceIp,
      ...(sent === undefined || sent.uri === '' ? {} : { integration: sent.uri.replace(/\?.*/s, '') }),
    };
  }

  recorded(): RecordedRequest {
    const trace = traceOfEvent(this.#event, this.#millis);
    const { message, reply } = trace;
    return {
      ...this.summary(),
      trace,
      ...(message === undefined ? {} : { requestBody: recordedOf(message) }),
      ...(reply === undefined || reply.bodyBytes === 0 ? {} : { replyBody: recordedOf(reply) }),
    };
  }
}

export function recordedOf({ body, bodyBytes: bytes, isBase64Encoded }: ShownBody): RecordedBody {
  const shown = isBase64Encoded ? Buffer.byteLength(body, 'base64') : Buffer.byteLength(body);
  return { bytes, isTruncated: shown < bytes, ...(isBase64Encoded ? { base64: body } : { text: body }) };
}

/** Of the frame that a message got, or the body of the answer to a connect request. */
function replyBytesOf(event: SocketEvent): number {
  const { kind, failure, sent } = event;
  if (kind === 'DISCONNECT') return 0;
  if (failure !== undefined)
    return Buffer.byteLength(kind === 'CONNECT' ? handshakeBody(failure, event) : errorFrame(failure, event));
  return kind === 'MESSAGE' ? Buffer.byteLength(sent?.reply?.data ?? '') : 0;
}

function spanOf(name: 'authorizerMillis' | 'integrationMillis', from: number, to: number) {
  return from < 0 || to < 0 ? {} : { [name]: millisOf((to - from) * 1_000) };
}

function bytesOf({ body, request, sent }: SocketEvent): number {
  const handshake = request?.headers.text.length ?? 0;
  const frames =
    (sent?.body.length ?? 0) + (sent?.answer?.body.length ?? 0) + (sent?.reply?.data.length ?? 0);
  // The message as JSON, too.
  return ENTRY_BYTES + 4 * body.length + handshake + frames;
}

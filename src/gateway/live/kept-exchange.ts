// What is kept of an HTTP request: its exchange, with its call where a stage of an HTTP API served it.
import { isUtf8 } from 'node:buffer';
import type { Call } from '../../http-api/call.ts';
import { isPreflight } from '../../http-api/cors.ts';
import { type Bytes, bufferOf } from '../../net/bytes.ts';
import type { Exchange } from '../../net/exchange.ts';
import { HeaderBlock } from '../../net/header-block.ts';
import { scanHeaderLines } from '../../net/http1/scan.ts';
import { printHeaders } from '../../stage/print-headers.ts';
import type { RequestKind, RequestSummary } from '../../stage/request-summary.ts';
import { type FinishedReply, httpTrace, whyCallRefused } from '../http-trace.ts';
import { identityNames, type Kept, millisOf } from './kept.ts';
import { NotedBody, startOf } from './kept-body.ts';
import type { RecordedBody, RecordedRequest } from './recorded-request.ts';
import { RecordingExchange } from './recording-exchange.ts';

/** What an entry costs besides its texts and bodies, about. */
const ENTRY_BYTES = 2_048;

/** Where a request belongs, and why an integration did not answer it. */
export interface KeptPlace {
  readonly kind: RequestKind;
  readonly accountId: string;
  readonly region: string;
  readonly apiId: string;
  readonly stage: string;
  readonly connectionId?: string;
  readonly failure: string | undefined;
}

export class KeptExchange implements Kept {
  readonly #exchange: Exchange;
  readonly #call: Call | undefined;
  readonly #place: KeptPlace | undefined;
  readonly #millis: number;
  #bytes: number | undefined = undefined;

  /** The place of a call is its stage. */
  constructor(exchange: Exchange, call: Call | undefined, place: KeptPlace | undefined) {
    this.#exchange = exchange;
    this.#call = call;
    this.#place = place;
    this.#millis = call === undefined ? Date.now() - exchange.startedAt : millisOf(call.endedAfter);
  }

  get bytes(): number {
    this.#bytes ??= bytesOf(this.#exchange, this.#call);
    return this.#bytes;
  }

  get id(): string {
    return this.#exchange.requestId;
  }

  get kind(): RequestKind {
    return this.#place?.kind ?? 'http';
  }

  get accountId(): string {
    return this.#call?.stage.accountId ?? this.#place!.accountId;
  }

  get apiId(): string {
    return this.#call?.stage.apiId ?? this.#place!.apiId;
  }

  get stage(): string {
    return this.#call?.stage.name ?? this.#place!.stage;
  }

  get routeKey(): string | undefined {
    return this.#call?.route?.key;
  }

  get status(): number {
    return this.#exchange.status;
  }

  get headers(): readonly (readonly [string, string])[] {
    return printHeaders(this.#exchange.headers);
  }

  get identityNames(): readonly string[] {
    const story = this.#call === undefined ? undefined : this.#call.route?.authorizer?.explain(this.#call);
    if (story?.kind === 'jwt') return identityNames([story.identitySource]);
    return story?.kind === 'lambda' ? identityNames(story.identitySources) : [];
  }

  summary(): RequestSummary {
    const { method, host, target, startedAt, remoteAddress, body } = this.#exchange;
    const call = this.#call;
    const connectionId = this.#place?.connectionId;
    const failure = this.#failure();
    return {
      id: this.id,
      at: startedAt,
      kind: this.kind,
      accountId: this.accountId,
      region: call?.stage.region ?? this.#place!.region,
      apiId: this.apiId,
      stage: this.stage,
      ...(call?.route === undefined ? {} : { routeKey: call.route.key }),
      method,
      host,
      path: target,
      status: this.status,
      millis: this.#millis,
      ...(call === undefined ? {} : stepsOf(call)),
      requestBytes: body.receivedBytes,
      replyBytes: this.#replyBytes,
      ...(failure === undefined ? {} : { failure }),
      ...(connectionId === undefined ? {} : { connectionId }),
      sourceIp: remoteAddress,
    };
  }

  recorded(): RecordedRequest {
    const exchange = this.#exchange;
    const failure = this.#place === undefined ? whyCallRefused(this.#call!) : this.#place.failure;
    const reply = this.#reply();
    const bodies = this.#bodies(reply);
    return {
      ...this.summary(),
      trace: httpTrace({
        exchange,
        url: `${exchange.scheme}://${exchange.host}${exchange.target}`,
        call: this.#call,
        refused: failure ?? (reply.aborted ? 'the reply ended before its end' : undefined),
        reply,
        millis: this.#millis,
      }),
      ...bodies,
    };
  }

  /** A preflight that the gateway answers has not failed. */
  #failure(): string | undefined {
    const call = this.#call;
    if (call === undefined) return this.#place!.failure;
    return call.route === undefined && isPreflight(call.exchange) ? undefined : whyCallRefused(call);
  }

  get #replyBytes(): number {
    return this.#call?.responseBytes ?? (this.#recording?.replyBytes || 0);
  }

  /** Undefined for one that began before anybody looked. */
  get #recording(): RecordingExchange | undefined {
    return this.#exchange instanceof RecordingExchange ? this.#exchange : undefined;
  }

  /** HTTP APIs pass bodies on as they are. */
  #bodies(reply: FinishedReply): Partial<RecordedRequest> {
    const call = this.#call;
    const requestBody = this.#requestBody();
    const replyBody = reply.bodyBytes === 0 ? undefined : recordedBody(reply.body, reply.bodyBytes);
    const isPassedOn = call !== undefined && call.head !== '';
    const isPassedBack = call?.reply !== undefined && call.refusal === undefined;
    return {
      ...(requestBody === undefined ? {} : { requestBody }),
      ...(requestBody !== undefined && isPassedOn ? { backendRequestBody: requestBody } : {}),
      ...(replyBody !== undefined && isPassedBack ? { backendReplyBody: replyBody } : {}),
      ...(replyBody === undefined ? {} : { replyBody }),
    };
  }

  #requestBody(): RecordedBody | undefined {
    const { body } = this.#exchange;
    const start =
      body.whole !== undefined ? startOf(body.whole) : body instanceof NotedBody ? body.kept.start : '';
    return start === '' ? undefined : recordedBody(bufferOf(start), body.receivedBytes);
  }

  #reply(): FinishedReply {
    const recording = this.#recording;
    const bodyBytes = this.#replyBytes;
    const body = bodyBytes === 0 ? '' : (recording?.replyKept?.start ?? recording?.replyStart ?? '');
    return {
      status: this.status,
      headers: headersOf(recording?.headerLines ?? ''),
      body: bufferOf(body),
      bodyBytes,
      aborted: recording?.aborted === true,
    };
  }
}

function stepsOf(call: Call): Partial<RequestSummary> {
  const { authorizerMicros, integrationMicros, route } = call;
  const integration = route?.integration.calls(call);
  return {
    ...(authorizerMicros < 0 ? {} : { authorizerMillis: millisOf(authorizerMicros) }),
    ...(integrationMicros < 0 ? {} : { integrationMillis: millisOf(integrationMicros) }),
    ...(integration === undefined ? {} : { integration }),
  };
}

function headersOf(lines: string): HeaderBlock {
  const spans: number[] = [];
  scanHeaderLines(`${lines}\r\n`, 0, spans);
  return new HeaderBlock(lines, spans, lines.length);
}

function recordedBody(start: Buffer, bytes: number): RecordedBody {
  const isTruncated = start.length < bytes;
  const whole = isTruncated ? start.subarray(0, wholeCharacters(start)) : start;
  return isUtf8(whole)
    ? { bytes, isTruncated, text: whole.toString('utf8') }
    : { bytes, isTruncated, base64: start.toString('base64') };
}

/** How much of a beginning is left without the character that the cut went through. */
function wholeCharacters(start: Buffer): number {
  for (let back = 1; back <= Math.min(3, start.length); back++) {
    const byte = start[start.length - back]!;
    if (byte < 0x80) break;
    if (byte >= 0xc0)
      return back < (byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4) ? start.length - back : start.length;
  }
  return start.length;
}

/** Memory that an entry keeps from being freed, about: of a Buffer all that it is a part of. */
function bytesOf(exchange: Exchange, call: Call | undefined): number {
  let bytes = ENTRY_BYTES + exchange.headers.text.length + held(exchange.body.whole ?? '');
  if (exchange.body instanceof NotedBody) bytes += exchange.body.kept.start.length;
  if (exchange instanceof RecordingExchange) {
    bytes += exchange.headerLines.length + (exchange.replyKept?.start ?? exchange.replyStart).length;
  }
  if (call === undefined) return bytes;
  const { head, event, outcome, reply, requestBytes, replyBytes } = call;
  // The body of a mapping is kept as JSON too.
  bytes += head.length + event.length + 3 * (held(requestBytes) + held(replyBytes));
  if (outcome !== undefined && 'payload' in outcome) bytes += outcome.payload.length;
  return reply === undefined ? bytes : bytes + reply.headers.text.length + held(reply.body.whole ?? '');
}

function held(bytes: Bytes): number {
  return typeof bytes === 'string' ? bytes.length : bytes.buffer.byteLength;
}

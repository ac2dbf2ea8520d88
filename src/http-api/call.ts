// One request on its way through a stage: what the steps found, and the backend call it became. A single object of
// constant shape serves as the mapping's scope, the upstream's request and its handler, so a call allocates little.

import type { InvocationOutcome } from '../backends/lambda-function.ts';
import { JsonBody } from '../grammar/json-path.ts';
import type { BodySink, IncomingBody } from '../net/body.ts';
import { type Bytes, bufferOf } from '../net/bytes.ts';
import type { Exchange, ExchangeObserver } from '../net/exchange.ts';
import { type Refusal, refusalLines } from '../net/refusals.ts';
import type {
  FailureCause,
  UpstreamCall,
  UpstreamHandler,
  UpstreamReply,
  UpstreamRequest,
} from '../net/upstream/upstream.ts';
import { WholeBody } from '../net/whole-body.ts';
import type { Authorization } from '../stage/authorization.ts';
import type { Domain } from '../stage/domain.ts';
import type { DomainChoice } from '../stage/domain-choice.ts';
import type { TraceContext } from '../stage/trace-context.ts';
import { traceIdOf } from '../stage/trace-id.ts';
import type { Ending } from './integrations/ending.ts';
import type { HttpRoute, HttpStage } from './stage.ts';

/** Who waits for a request's body: an integration, which is there anyway, and no closure for each request. */
export interface RequestReader {
  /** `bytes` are the whole body. */
  onRequest(call: Call, bytes: Bytes): void;
}

/** Largest payload either way, in bytes (spec/http-api.md §3.9, §11). */
export const MAX_PAYLOAD_BYTES = 10_485_760;

const NO_VALUES: readonly string[] = Object.freeze([]);

export class Call implements UpstreamRequest, UpstreamHandler, ExchangeObserver {
  readonly exchange: Exchange;
  readonly stage: HttpStage;
  readonly domain: Domain;
  /** Decoded, normalised path without the stage: `$request.path` (spec/http-api.md §1.8). */
  readonly path: string;
  /** The same with the stage: `$context.path`. */
  readonly fullPath: string;
  /** Query string as sent, without `?`. */
  readonly query: string;
  route: HttpRoute | undefined = undefined;
  /** Decoded values of the route's path variables. */
  values: readonly string[] = NO_VALUES;

  method: string;
  head = '';
  body: IncomingBody;
  timeoutInMillis = 0;
  readonly maxReplyBytes = MAX_PAYLOAD_BYTES;
  /** Where the reply of `upstream` goes. */
  ending: Ending | undefined = undefined;
  upstream: UpstreamCall | undefined = undefined;

  /** Where in the exchange's target the path begins that is the client's: behind the path form's prefix. */
  pathStart = 0;
  /** What of a custom domain led here; undefined on default endpoints. */
  domainChoice: DomainChoice | undefined = undefined;
  /** Its mapping key, or its routing rule's base path; undefined on default endpoints and when it is empty. */
  basePathMatched: string | undefined = undefined;
  /** What the route's authorizer found. */
  authorization: Authorization | undefined = undefined;
  /** `$context.authorizer.error`. */
  authorizerError: string | undefined = undefined;
  /** The status sent to the client; 0 before. */
  status = 0;
  /** Body bytes of the reply, without framing, that were handed to the client's connection. */
  responseBytes = 0;

  /** When the call began, in monotonic milliseconds. */
  readonly startedAt = performance.now();
  /** The rest of the times are in whole microseconds behind it; -1 for what has not happened. */
  authorizerBegan = -1;
  authorizerEnded = -1;
  integrationBegan = -1;
  integrationEnded = -1;
  endedAfter = -1;
  /** The gateway's own answer, when it gave one. */
  refusal: Refusal | undefined = undefined;

  reply: UpstreamReply | undefined = undefined;
  /** Of a Lambda integration: what the function got. */
  event = '';
  /** And what became of it. */
  outcome: InvocationOutcome | undefined = undefined;
  /** `$context.integrationErrorMessage` of a failed backend call. */
  failure: string | undefined = undefined;
  /** What is known beyond it, for logs: whom it was about, and why. */
  failureDetail: string | undefined = undefined;
  #traceId: string | undefined = undefined;
  #trace: TraceContext | undefined = undefined;
  #requestBytes: Bytes | undefined = undefined;
  #requestBody: JsonBody | undefined = undefined;
  #replyBytes: Bytes | undefined = undefined;
  #replyBody: JsonBody | undefined = undefined;

  constructor(
    exchange: Exchange,
    stage: HttpStage,
    domain: Domain,
    path: string,
    fullPath: string,
    query: string,
  ) {
    this.exchange = exchange;
    this.stage = stage;
    this.domain = domain;
    this.path = path;
    this.fullPath = fullPath;
    this.query = query;
    this.method = exchange.method;
    this.body = exchange.body;
    exchange.observer = this;
  }

  /** The trace that the call belongs to. */
  get traceId(): string {
    this.#traceId ??= traceIdOf(this.exchange.headers.first('x-amzn-trace-id'), this.exchange.startedAt);
    return this.#traceId;
  }

  /** What its spans have in common; undefined where no traces are configured. */
  get trace(): TraceContext | undefined {
    this.#trace ??= this.stage.tracer?.begin(this.exchange.headers);
    return this.#trace;
  }

  /** Microseconds since the call began. */
  elapsed(): number {
    // A small integer to V8, which keeps it inside the object.
    return ((performance.now() - this.startedAt) * 1_000) | 0;
  }

  /** The client has its reply, or is gone. */
  get isOver(): boolean {
    return this.endedAfter >= 0;
  }

  /** How long the integration took until its reply began, or until the call ended without one; -1 when it was not called. */
  get integrationMicros(): number {
    if (this.integrationBegan < 0) return -1;
    return (this.integrationEnded < 0 ? this.endedAfter : this.integrationEnded) - this.integrationBegan;
  }

  /** How long the authorizer took; -1 when there was none. */
  get authorizerMicros(): number {
    if (this.authorizerBegan < 0) return -1;
    return (this.authorizerEnded < 0 ? this.endedAfter : this.authorizerEnded) - this.authorizerBegan;
  }

  /** Bytes of both bodies. */
  get dataProcessed(): number {
    return this.exchange.body.receivedBytes + this.responseBytes;
  }

  /** The reply is the client's, or nobody's: the call is over. */
  onReplied(bodyBytes: number, _complete: boolean): void {
    this.responseBytes = bodyBytes;
    this.endedAfter = this.elapsed();
    this.stage.watch.onOver(this);
  }

  onRefused(refusal: Refusal): void {
    this.refusal = refusal;
    this.status = refusal.status;
    this.onReplied(refusal.body.length, true);
  }

  /** Sends a complete reply (Exchange.send). */
  send(status: number, headerLines: string, body: Bytes): void {
    this.status = status;
    if (this.integrationEnded < 0) this.integrationEnded = this.elapsed();
    this.exchange.send(status, headerLines, body);
  }

  /** Starts a reply whose body follows (Exchange.stream). */
  stream(status: number, headerLines: string, length: number): BodySink {
    this.status = status;
    if (this.integrationEnded < 0) this.integrationEnded = this.elapsed();
    return this.exchange.stream(status, headerLines, length);
  }

  /** The gateway's own answer, with CORS headers for an allowed origin (Choice C49). `headerLines` are further ones. */
  refuse(refusal: Refusal, headerLines = ''): void {
    const { exchange } = this;
    const { cors } = this.stage;
    this.refusal = refusal;
    exchange.body.discard();
    const origin = cors === undefined ? undefined : exchange.headers.first('origin');
    const corsLines = origin === undefined ? '' : cors!.replyLines(origin);
    this.send(refusal.status, refusalLines(exchange.requestId) + headerLines + corsLines, refusal.body);
  }

  onReply(reply: UpstreamReply): void {
    this.ending!.reply(this, reply);
  }

  onFailure(cause: FailureCause, error?: unknown): void {
    this.ending!.breakOff(this, cause, error);
  }

  /** Gives `reader` the request's whole body, which stays here for mappings and for who asks again. The reader hears nothing
   *  of a body that does not arrive: its request is the codec's to refuse, or its client is gone. */
  readRequest(reader: RequestReader): void {
    const { whole } = this.body;
    if (whole !== undefined) {
      this.#requestBytes = whole;
      return reader.onRequest(this, whole);
    }
    this.body.read(MAX_PAYLOAD_BYTES, (bytes) => {
      if (bytes === undefined) return;
      this.#requestBytes = bytes;
      this.body = new WholeBody(bytes);
      // An integration begins with its body.
      if (this.integrationBegan >= 0) this.integrationBegan = this.elapsed();
      reader.onRequest(this, bytes);
    });
  }

  /** Gives response mappings the body that they read, once it is all there. */
  setReplyBytes(bytes: Bytes): void {
    this.#replyBytes = bytes;
  }

  /** What readRequest has read. */
  get requestBytes(): Bytes {
    return this.#requestBytes ?? '';
  }

  /** What setReplyBytes was given. */
  get replyBytes(): Bytes {
    return this.#replyBytes ?? '';
  }

  requestBody(): JsonBody {
    this.#requestBody ??= new JsonBody(bufferOf(this.#requestBytes ?? ''));
    return this.#requestBody;
  }

  replyBody(): JsonBody {
    this.#replyBody ??= new JsonBody(bufferOf(this.#replyBytes ?? ''));
    return this.#replyBody;
  }
}

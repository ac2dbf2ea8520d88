// An Exchange over one stream of an HTTP/2 connection (RFC 9113 §8; decision 0010). Everything else in the gateway
// takes it for HTTP/1.1 (spec/http-api.md §10.3).
import type { ServerHttp2Stream } from 'node:http2';
import { invariant } from '../../defect.ts';
import type { BodySink, IncomingBody } from '../body.ts';
import { type Bytes, bufferOf } from '../bytes.ts';
import type { ClientCertificate } from '../client-certificate.ts';
import type { Aborter, Exchange, ExchangeObserver } from '../exchange.ts';
import type { HeaderBlock } from '../header-block.ts';
import { WHOLE_BODY_BYTES } from '../http1/limits.ts';
import { ENTITY_TOO_LARGE, type Refusal, refusalLines } from '../refusals.ts';
import { nextRequestId } from '../request-id.ts';
import { type ReplyEnd, StreamSink } from '../stream-sink.ts';
import { type BodyFlow, StreamedBody } from '../streamed-body.ts';
import type { TlsSession } from '../tls-session.ts';
import { NO_BODY, WholeBody } from '../whole-body.ts';
import { closeWhenSent, hasBody, replyFields, responseOptions } from './reply.ts';
import type { Http2Request } from './request.ts';

/** Error codes of RFC 9113 §7. */
const NO_ERROR = 0;
const INTERNAL_ERROR = 2;
const CANCEL = 8;

export interface Http2ExchangeMeans {
  readonly stream: ServerHttp2Stream;
  readonly tls: TlsSession;
  readonly remoteAddress: string;
  readonly maxBodyBytes: number;
  /** Ticker time. */
  readonly now: number;
}

export class Http2Exchange implements Exchange, BodyFlow, ReplyEnd {
  readonly method: string;
  readonly target: string;
  readonly headers: HeaderBlock;
  body: IncomingBody = NO_BODY;
  readonly host: string;
  readonly remoteAddress: string;
  readonly scheme = 'https';
  readonly tls: TlsSession;
  readonly requestId = nextRequestId();
  readonly startedAt = Date.now();
  aborter: Aborter | undefined = undefined;
  observer: ExchangeObserver | undefined = undefined;
  replied = false;
  status = 0;
  /** Ticker time of the last progress of the body, and of its begin. */
  since: number;
  bodySince: number;
  readonly #carrier: ServerHttp2Stream;
  readonly #request: Http2Request;
  readonly #maxBodyBytes: number;
  #streamed: StreamedBody | undefined = undefined;
  #sink: StreamSink | undefined = undefined;
  #received = 0;
  #bodyComplete: boolean;
  #replyDone = false;
  #gone = false;

  constructor(request: Http2Request, { stream, tls, remoteAddress, maxBodyBytes, now }: Http2ExchangeMeans) {
    this.method = request.method;
    this.target = request.target;
    this.headers = request.headers;
    this.host = request.host;
    this.remoteAddress = remoteAddress;
    this.tls = tls;
    this.#request = request;
    this.#carrier = stream;
    this.#maxBodyBytes = maxBodyBytes;
    this.since = now;
    this.bodySince = now;
    this.#bodyComplete = request.bodyBytes === 0;
    stream.on('close', () => this.#onClose());
  }

  get clientCertificate(): ClientCertificate | undefined {
    return this.tls.clientCertificate;
  }

  /** Whether the client owes us some of the body and may send it. */
  get isReceiving(): boolean {
    return !this.#bodyComplete && !this.#gone && !this.#carrier.isPaused();
  }

  /** Whether the client does not take what was written. */
  get isStalled(): boolean {
    return this.#carrier.writableNeedDrain;
  }

  /** Calls `serve` once the exchange can be handed over: at once, or with its small body complete. `progress` gives the
   *  time of what arrives. */
  receive(serve: (exchange: Http2Exchange) => void, progress: () => number): void {
    const stream = this.#carrier;
    const request = this.#request;
    const { bodyBytes } = request;
    if (request.awaitsContinue) stream.additionalHeaders({ ':status': 100 });
    if (bodyBytes === 0) {
      // Not read at all: a stream that was read to its end is destroyed before it hears of its last write, and node:http2 makes an
      // error with a stack for that, one a request.
      serve(this);
      return;
    }
    const isSmall = bodyBytes > 0 && bodyBytes <= WHOLE_BODY_BYTES;
    const chunks: Buffer[] = [];
    const body = isSmall ? undefined : new StreamedBody(bodyBytes, this);
    this.#streamed = body;
    if (body !== undefined) this.body = body;
    stream.on('data', (chunk: Buffer) => {
      this.since = progress();
      this.#received += chunk.length;
      if (this.#received > this.#maxBodyBytes) this.fail(ENTITY_TOO_LARGE, 'oversize');
      else if (body === undefined) chunks.push(chunk);
      else body.push(chunk);
    });
    stream.on('end', () => {
      if (this.#gone) return;
      // The end of a stream that was reset is none.
      if (stream.rstCode !== NO_ERROR || (bodyBytes >= 0 && this.#received !== bodyBytes)) return;
      this.#bodyComplete = true;
      if (body !== undefined) body.finish();
      else {
        this.body = new WholeBody(Buffer.concat(chunks));
        serve(this);
      }
    });
    if (body !== undefined) serve(this);
  }

  send(status: number, headerLines: string, body: Bytes): void {
    this.#begin(status);
    if (this.#gone) return;
    const bodied = hasBody(this.method, status) && body.length > 0;
    this.#respond(status, headerLines, body.length, !bodied);
    if (bodied) this.#carrier.end(bufferOf(body));
    this.onReplyDone(bodied ? body.length : 0);
  }

  stream(status: number, headerLines: string, length: number): BodySink {
    this.#begin(status);
    const bodied = hasBody(this.method, status);
    const sink = new StreamSink(this.#carrier, this, bodied, length);
    this.#sink = sink;
    if (this.#gone) sink.lose();
    else this.#respond(status, headerLines, length, !bodied);
    return sink;
  }

  /** Ends the request with an answer of the codec's own, or without one when a reply has begun. */
  fail(refusal: Refusal, cause: string): void {
    if (this.#gone) return;
    const { replied, observer } = this;
    if (!replied) {
      this.observer = undefined;
      observer?.onRefused(refusal);
    }
    this.#abort(cause);
    if (replied) this.#carrier.close(CANCEL);
    else {
      this.replied = true;
      this.#respond(refusal.status, refusalLines(this.requestId), refusal.body.length, false);
      this.#carrier.end(refusal.body);
      closeWhenSent(this.#carrier);
    }
  }

  /** Ends it without a word: the client is too slow. */
  cut(): void {
    this.#carrier.close(CANCEL);
  }

  pauseBody(): void {
    if (!this.#gone) this.#carrier.pause();
  }

  resumeBody(): void {
    this.#carrier.resume();
  }

  dropBody(): void {
    this.#carrier.resume();
  }

  onReplyDone(bodyBytes: number): void {
    this.#replyDone = true;
    this.#settle(bodyBytes, true);
    if (this.#bodyComplete) return;
    // The client need not send the rest (RFC 9113 §8.1).
    this.#streamed?.fail('replied');
    this.#carrier.resume();
    closeWhenSent(this.#carrier);
  }

  breakReply(): void {
    this.#gone = true;
    this.#settle(this.#sink?.bodyBytes ?? 0, false);
    this.#streamed?.fail('reply');
    this.#carrier.close(INTERNAL_ERROR);
  }

  #begin(status: number): void {
    invariant(!this.replied, 'one reply an exchange');
    this.replied = true;
    this.status = status;
  }

  #respond(status: number, headerLines: string, length: number, endStream: boolean): void {
    if (this.#carrier.destroyed || this.#carrier.closed) return;
    // Else node:http2 could end the stream in good order before it resets it.
    const waitForTrailers = length < 0 && !endStream;
    if (waitForTrailers) this.#carrier.on('wantTrailers', () => this.#endStream());
    const options = responseOptions({ endStream, waitForTrailers });
    this.#carrier.respond(replyFields(status, headerLines, length), options);
  }

  #endStream(): void {
    if (this.#replyDone) this.#carrier.sendTrailers({});
  }

  #onClose(): void {
    if (!this.#replyDone || !this.#bodyComplete) this.#abort('client');
    this.#gone = true;
  }

  /** The client is gone, or as good as. */
  #abort(cause: string): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#settle(this.#sink?.bodyBytes ?? 0, false);
    this.#sink?.lose();
    this.#streamed?.fail(cause);
    if (!this.#replyDone) this.aborter?.abort();
  }

  #settle(bodyBytes: number, complete: boolean): void {
    const { observer } = this;
    this.observer = undefined;
    observer?.onReplied(bodyBytes, complete);
  }
}

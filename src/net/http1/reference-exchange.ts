// An Exchange over node:http's request and response objects: the reference path (decision 0010).
import type { IncomingMessage, ServerResponse } from 'node:http';
import { invariant } from '../../defect.ts';
import type { BodySink, IncomingBody } from '../body.ts';
import { type Bytes, bufferOf } from '../bytes.ts';
import type { ClientCertificate } from '../client-certificate.ts';
import type { Aborter, Exchange, ExchangeObserver } from '../exchange.ts';
import { HeaderBlock } from '../header-block.ts';
import { type Refusal, refusalLines } from '../refusals.ts';
import { nextRequestId } from '../request-id.ts';
import { type ReplyEnd, StreamSink } from '../stream-sink.ts';
import { type BodyFlow, StreamedBody } from '../streamed-body.ts';
import type { TlsSession } from '../tls-session.ts';
import { NO_BODY, WholeBody } from '../whole-body.ts';
import { DRAIN_BYTES, WHOLE_BODY_BYTES } from './limits.ts';
import { carriesBody } from './reply-head.ts';
import { scanHeaderLines } from './scan.ts';

/** What the connection decided about a request before there is an exchange. */
export interface ReferenceRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly headers: HeaderBlock;
  readonly target: string;
  readonly host: string;
  readonly remoteAddress: string;
  readonly tls: TlsSession | undefined;
  /** -1 when chunked. */
  readonly bodyBytes: number;
  readonly maxBodyBytes: number;
  readonly keepAlive: boolean;
  readonly draining: () => boolean;
}

export class ReferenceExchange implements Exchange, BodyFlow, ReplyEnd {
  readonly method: string;
  readonly target: string;
  readonly headers: HeaderBlock;
  body: IncomingBody = NO_BODY;
  readonly host: string;
  readonly remoteAddress: string;
  readonly scheme: 'http' | 'https';
  readonly tls: TlsSession | undefined;
  readonly requestId = nextRequestId();
  readonly startedAt = Date.now();
  aborter: Aborter | undefined;
  observer: ExchangeObserver | undefined = undefined;
  replied = false;
  status = 0;
  readonly #from: ReferenceRequest;
  #streamed: StreamedBody | undefined;
  #received = 0;
  #bodyComplete: boolean;
  #gone = false;
  #sink: StreamSink | undefined;
  /** The reply ends the connection: what the client sent behind the request is not served. */
  isLast = false;

  constructor(from: ReferenceRequest) {
    this.method = from.request.method!;
    this.target = from.target;
    this.headers = from.headers;
    this.host = from.host;
    this.remoteAddress = from.remoteAddress;
    this.scheme = from.tls === undefined ? 'http' : 'https';
    this.tls = from.tls;
    this.#from = from;
    this.#bodyComplete = from.bodyBytes === 0;
    from.response.sendDate = false;
    from.response.on('error', ignore);
  }

  get clientCertificate(): ClientCertificate | undefined {
    return this.tls?.clientCertificate;
  }

  /** Calls `serve` once the exchange can be handed over: at once, or with its small body complete. */
  receive(serve: (exchange: ReferenceExchange) => void): void {
    const { request, bodyBytes } = this.#from;
    request.on('error', ignore);
    if (bodyBytes === 0) {
      request.resume();
      serve(this);
    } else if (bodyBytes > 0 && bodyBytes <= WHOLE_BODY_BYTES) {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        this.#bodyComplete = true;
        this.body = new WholeBody(Buffer.concat(chunks));
        serve(this);
      });
    } else {
      const body = new StreamedBody(bodyBytes, this);
      this.#streamed = body;
      this.body = body;
      serve(this);
      request.on('data', (chunk: Buffer) => {
        this.#received += chunk.length;
        if (this.#received > this.#from.maxBodyBytes) this.onOversize?.();
        else body.push(chunk);
      });
      request.on('end', () => {
        this.#bodyComplete = true;
        body.finish();
      });
    }
  }

  /** Set by the connection: a chunked body exceeds the limit. */
  onOversize: (() => void) | undefined;

  send(status: number, headerLines: string, body: Bytes): void {
    if (this.#gone) return;
    const { response } = this.#from;
    this.#writeHead(status, headerLines, body.length);
    const sent = carriesBody(this.method, status) ? body : '';
    response.end(bufferOf(sent));
    this.#settle(sent.length, true);
  }

  stream(status: number, headerLines: string, length: number): BodySink {
    const sink = new StreamSink(this.#from.response, this, carriesBody(this.method, status), length);
    if (this.#gone) sink.lose();
    else {
      this.#writeHead(status, headerLines, length);
      this.#from.response.flushHeaders();
    }
    this.#sink = sink;
    return sink;
  }

  /** Ends the request with an answer of the codec's own, or without one when a reply has begun. */
  fail(refusal: Refusal, cause: string): void {
    if (this.#gone) return;
    const replied = this.replied;
    this.isLast = true;
    if (!replied) {
      const { observer } = this;
      this.observer = undefined;
      observer?.onRefused(refusal);
    }
    this.abort(cause);
    if (replied) this.#from.request.socket.destroy();
    else {
      const body = Buffer.from(refusal.body);
      const framing = ['Content-Length', String(body.length), 'Connection', 'close'];
      this.#from.response.writeHead(refusal.status, [...pairsOf(refusalLines(this.requestId)), ...framing]);
      this.#from.response.end(body);
    }
  }

  /** The client is gone, or as good as. */
  abort(cause: string): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#settle(this.#sink?.bodyBytes ?? 0, false);
    this.#sink?.lose();
    this.#streamed?.fail(cause);
    this.aborter?.abort();
  }

  onReplyDone(bodyBytes: number): void {
    this.#settle(bodyBytes, true);
  }

  breakReply(): void {
    this.#gone = true;
    this.isLast = true;
    this.#settle(this.#sink?.bodyBytes ?? 0, false);
    this.#streamed?.fail('reply');
    this.#from.request.socket.destroy();
  }

  /** Tells the observer the end, if it has not heard it. */
  #settle(bodyBytes: number, complete: boolean): void {
    const { observer } = this;
    this.observer = undefined;
    observer?.onReplied(bodyBytes, complete);
  }

  get isReceiving(): boolean {
    return !this.#bodyComplete;
  }

  pauseBody(): void {
    this.#from.request.pause();
  }

  resumeBody(): void {
    this.#from.request.resume();
  }

  dropBody(): void {
    this.#from.request.resume();
  }

  #writeHead(status: number, headerLines: string, length: number): void {
    invariant(!this.replied, 'one reply an exchange');
    this.replied = true;
    this.status = status;
    const { request, response, bodyBytes, draining } = this.#from;
    const isHttp10 = request.httpVersionMinor === 0;
    const pairs = pairsOf(headerLines);
    const bodied = carriesBody(this.method, status);
    if (length >= 0 && status !== 204 && status !== 304) pairs.push('Content-Length', String(length));
    else if (bodied && !isHttp10) pairs.push('Transfer-Encoding', 'chunked');
    const missing = bodyBytes < 0 ? Number.POSITIVE_INFINITY : bodyBytes - this.#received;
    const keep =
      this.#from.keepAlive &&
      !draining() &&
      (this.#bodyComplete || missing <= DRAIN_BYTES) &&
      !(bodied && isHttp10 && length < 0);
    this.isLast = !keep;
    pairs.push('Connection', keep ? 'keep-alive' : 'close');
    response.writeHead(status, pairs);
  }
}

/** Header lines as node:http takes them. */
function pairsOf(headerLines: string): string[] {
  const spans: number[] = [];
  scanHeaderLines(`${headerLines}\r\n`, 0, spans);
  return new HeaderBlock(headerLines, spans, headerLines.length).pairs();
}

function ignore(): void {}

// One client connection of the fast path: the requests of a socket, one at a time, in order (decision 0010). Reads
// are scanned where they lie; what is not consumed yet stays in `buffer` from `at`, with the socket paused.
import type { Socket } from 'node:net';
import type { BodySink, IncomingBody } from '../body.ts';
import { type Bytes, pieceOf } from '../bytes.ts';
import type { TakenOver } from '../exchange.ts';
import { HeaderBlock } from '../header-block.ts';
import {
  BAD_REQUEST,
  ENTITY_TOO_LARGE,
  HEADERS_TOO_LARGE,
  INTERNAL_SERVER_ERROR,
  type Refusal,
} from '../refusals.ts';
import { nextRequestId } from '../request-id.ts';
import type { BodyFlow } from '../streamed-body.ts';
import type { TlsSession } from '../tls-session.ts';
import { NO_BODY, WholeBody } from '../whole-body.ts';
import { FastExchange, type ReplyPort } from './fast-exchange.ts';
import { FastReply, framingOf, lostReply, type ReplyOutput } from './fast-reply.ts';
import { DRAIN_BYTES, WHOLE_BODY_BYTES } from './limits.ts';
import { BODY, CLOSED, COMPLETE, HEAD, isLate, LINGER } from './phase.ts';
import { CLOSE, carriesBody, framingLine, KEEP_ALIVE, refusalText, statusLine } from './reply-head.ts';
import { BODY_COMPLETE, BODY_MALFORMED, BODY_MORE, BODY_OVERSIZE, RequestBody } from './request-body.ts';
import { isTooLarge, RequestHead, readRequestHead, scanRequestHead } from './request-head.ts';
import { INCOMPLETE, MALFORMED } from './scan.ts';
import { type ConnectionOwner, peerAddress } from './server-options.ts';
import { SocketWriter } from './socket-writer.ts';

const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';
const NOTHING = Buffer.alloc(0);

/** Read out before the next scan, so one serves all connections. */
const head = new RequestHead();

export class FastConnection implements ReplyPort, ReplyOutput, BodyFlow {
  readonly remoteAddress: string;
  readonly tls: TlsSession | undefined;
  readonly #socket: Socket;
  readonly #writer: SocketWriter;
  readonly #owner: ConnectionOwner;
  #phase = HEAD;
  /** Input; from `at` it is not consumed: the beginning of a head, or what follows the request in flight. */
  #buffer: Buffer = NOTHING;
  #at = 0;
  #exchange: FastExchange | undefined = undefined;
  #body: RequestBody | undefined = undefined;
  #reply: FastReply | undefined = undefined;
  #replyDone = false;
  /** Ticker time of the phase's last progress. */
  #since: number;
  #headBegun = false;
  #running = false;
  #paused = false;
  #bodyPaused = false;
  /** The client has ended its side. */
  #ended = false;
  /** The reply in flight is the last. */
  #closing = false;

  constructor(socket: Socket, owner: ConnectionOwner, tls: TlsSession | undefined) {
    this.#socket = socket;
    this.#writer = new SocketWriter(socket, owner.options.limits.writeStallMillis);
    this.#owner = owner;
    this.remoteAddress = peerAddress(socket.remoteAddress);
    this.tls = tls;
    this.#since = owner.ticker.now;
  }

  onData(data: Buffer): void {
    this.#buffer =
      this.#at < this.#buffer.length ? Buffer.concat([this.#buffer.subarray(this.#at), data]) : data;
    this.#at = 0;
    this.#advance();
  }

  onEnd(): void {
    this.#ended = true;
    if (this.#phase === BODY) this.#fail(BAD_REQUEST, 'truncated');
    else this.#advance();
  }

  onDrain(): void {
    if (!this.#writer.drain()) return;
    this.#reply?.resume();
    this.#advance();
  }

  onClose(): void {
    this.#phase = CLOSED;
    this.#owner.forget(this);
    this.#lose('client');
  }

  /** Looks at the time-outs. What is late is cut off without an answer: 408 is not one of API Gateway's (spec §14). */
  onTick(now: number, elapsed: number): void {
    const { limits } = this.#owner.options;
    if (this.#paused && this.#phase < LINGER) {
      this.#since = now;
      if (this.#body !== undefined) this.#body.since += elapsed;
    }
    const inBody = this.#phase === BODY ? now - this.#body!.since : 0;
    if (isLate(this.#phase, this.#headBegun, now - this.#since, inBody, limits)) this.destroy();
  }

  /** No reply from now on keeps the connection; without a request it ends at once. */
  drain(): void {
    if (this.#phase === HEAD && !this.#headBegun) this.#shutdown();
    else if (!this.#owner.draining) this.#closing = true;
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** Consumes as much of the input as can be. */
  #advance(): void {
    if (this.#running) return;
    this.#running = true;
    while (this.#at < this.#buffer.length && this.#take());
    this.#running = false;
    if (this.#at === this.#buffer.length) {
      this.#buffer = NOTHING;
      this.#at = 0;
    }
    if (this.#ended && this.#phase === HEAD && !this.#writer.isStalled) {
      if (this.#buffer === NOTHING) this.#shutdown();
      else this.#refuse(BAD_REQUEST, nextRequestId());
    }
    this.#steer();
  }

  /** Consumes some input. Returns false when nothing can be consumed for now. */
  #take(): boolean {
    switch (this.#phase) {
      case HEAD:
        return !this.#writer.isStalled && this.#takeHead();
      case BODY:
        this.#takeBody(this.#body!);
        return true;
      case COMPLETE:
        return false;
      default:
        this.#at = this.#buffer.length;
        return true;
    }
  }

  #takeHead(): boolean {
    const { limits } = this.#owner.options;
    const end = scanRequestHead(this.#buffer, this.#at, head);
    if (end === INCOMPLETE) {
      if (this.#buffer.length - this.#at >= limits.headBytes + 2)
        this.#refuse(HEADERS_TOO_LARGE, nextRequestId());
      else if (!this.#headBegun) {
        this.#headBegun = true;
        this.#since = this.#owner.ticker.now;
      }
      return this.#phase !== HEAD;
    }
    const text = end === MALFORMED ? '' : this.#buffer.toString('latin1', this.#at, end);
    if (end === MALFORMED || !readRequestHead(text, head)) this.#refuse(BAD_REQUEST, nextRequestId());
    else if (text.length - 2 > limits.headBytes) this.#refuse(HEADERS_TOO_LARGE, nextRequestId());
    else if (head.framing.bodyBytes > limits.bodyBytes && isTooLarge(head, text, limits))
      this.#refuse(ENTITY_TOO_LARGE, nextRequestId());
    else {
      this.#headBegun = false;
      this.#at = end;
      this.#beginRequest(text);
    }
    return true;
  }

  /** The head is read: hands the request over, with its body when that is all there, or waits for its small body. */
  #beginRequest(text: string): void {
    const { bodyBytes, awaitsContinue } = head.framing;
    this.#phase = COMPLETE;
    if (bodyBytes === 0) {
      this.#serve(this.#exchangeOf(text, NO_BODY));
      return;
    }
    const end = this.#at + bodyBytes;
    if (bodyBytes > 0 && bodyBytes <= WHOLE_BODY_BYTES && end <= this.#buffer.length) {
      const body = new WholeBody(pieceOf(this.#buffer, this.#at, end));
      this.#at = end;
      this.#serve(this.#exchangeOf(text, body));
      return;
    }
    const { now } = this.#owner.ticker;
    const body = new RequestBody(bodyBytes, this.#owner.options.limits.bodyBytes, now);
    if (bodyBytes < 0) {
      const taken = body.takeAll(this.#buffer, this.#at);
      this.#at = body.end;
      if (taken === BODY_MALFORMED) this.#refuse(BAD_REQUEST, nextRequestId());
      else if (taken === BODY_OVERSIZE) this.#refuse(ENTITY_TOO_LARGE, nextRequestId());
      else if (taken === BODY_COMPLETE) this.#serve(this.#exchangeOf(text, body.whole()));
      if (taken !== BODY_MORE) return;
    }
    this.#body = body;
    this.#phase = BODY;
    this.#since = now;
    if (awaitsContinue && this.#at === this.#buffer.length) this.#socket.write(CONTINUE, 'latin1');
    if (bodyBytes >= 0 && bodyBytes <= WHOLE_BODY_BYTES) this.#exchangeOf(text, NO_BODY);
    else {
      this.#serve(this.#exchangeOf(text, body.stream(this)));
      body.release();
    }
  }

  /** The exchange in flight, made from the head just read. */
  #exchangeOf(text: string, body: IncomingBody): FastExchange {
    const { method, target, minor, spans } = head;
    const { hostStart, hostEnd, keepAlive } = head.framing;
    const headers = new HeaderBlock(text, spans, text.length - 2);
    const host = text.substring(hostStart, hostEnd);
    this.#exchange = new FastExchange(this, method, target, headers, body, host, minor, keepAlive);
    return this.#exchange;
  }

  #serve(exchange: FastExchange): void {
    try {
      this.#owner.options.onExchange(exchange);
    } catch (error) {
      if (this.#exchange === exchange) this.#fail(INTERNAL_SERVER_ERROR, 'defect');
      this.#owner.options.onDefect(error);
    }
  }

  #takeBody(body: RequestBody): void {
    const taken = body.take(this.#buffer, this.#at);
    this.#at = body.end;
    this.#since = this.#owner.ticker.now;
    // The body's consumer may have ended the connection.
    if (taken === BODY_MORE || this.#phase !== BODY) return;
    if (taken === BODY_MALFORMED) this.#fail(BAD_REQUEST, 'malformed');
    else if (taken === BODY_OVERSIZE) this.#fail(ENTITY_TOO_LARGE, 'oversize');
    else {
      this.#phase = COMPLETE;
      this.#bodyPaused = false;
      body.finish();
      if (this.#replyDone) this.#next();
      else if (!body.isStreamed) {
        this.#exchange!.body = body.whole();
        this.#serve(this.#exchange!);
      }
    }
  }

  /** Request and reply are complete. */
  #next(): void {
    this.#exchange = undefined;
    this.#body = undefined;
    this.#reply = undefined;
    this.#replyDone = false;
    this.#since = this.#owner.ticker.now;
    this.#phase = HEAD;
    if (this.#closing || (this.#owner.draining && this.#at === this.#buffer.length)) this.#shutdown();
    else this.#advance();
  }

  pauseBody(): void {
    if (this.#phase !== BODY) return;
    this.#bodyPaused = true;
    this.#steer();
  }

  resumeBody(): void {
    if (!this.#bodyPaused) return;
    this.#bodyPaused = false;
    this.#steer();
  }

  dropBody(): void {
    this.resumeBody();
  }

  /** Lets the client send, or not. */
  #steer(): void {
    const isBehind = this.#phase === COMPLETE && this.#at < this.#buffer.length && !this.#running;
    const pause = this.#writer.isStalled || this.#bodyPaused || isBehind;
    if (pause === this.#paused || this.#phase === CLOSED) return;
    this.#paused = pause;
    if (pause) this.#socket.pause();
    else this.#socket.resume();
  }

  sendReply(exchange: FastExchange, status: number, headerLines: string, body: Bytes): void {
    const text = this.#headOf(exchange, status, headerLines, body.length);
    const sent = carriesBody(exchange.method, status) ? body : '';
    this.writeParts(text, sent);
    this.onReplyDone(sent.length);
  }

  streamReply(exchange: FastExchange, status: number, headerLines: string, length: number): BodySink {
    if (exchange.gone) return lostReply(this);
    const framing = framingOf(exchange.method, exchange.minor, status, length);
    this.#reply = new FastReply(this, this.#headOf(exchange, status, headerLines, length), framing, length);
    return this.#reply;
  }

  /** The head of a reply; with it is decided whether the connection stays. */
  #headOf(exchange: FastExchange, status: number, headerLines: string, length: number): string {
    if (!this.#keepsAlive(exchange, length >= 0 || exchange.minor > 0)) this.#closing = true;
    const framing = framingLine(exchange.method, exchange.minor, status, length);
    return statusLine(status) + headerLines + framing + (this.#closing ? CLOSE : KEEP_ALIVE);
  }

  takeOver(exchange: FastExchange): TakenOver | undefined {
    if (this.#exchange !== exchange || this.#phase !== COMPLETE) return undefined;
    const taken = { socket: this.#socket, head: Buffer.from(this.#buffer.subarray(this.#at)) };
    this.#phase = CLOSED;
    this.#exchange = undefined;
    this.#at = this.#buffer.length;
    this.#owner.giveAway(this, this.#socket);
    return taken;
  }

  #keepsAlive(exchange: FastExchange, isDelimited: boolean): boolean {
    if (!exchange.keepAlive || !isDelimited || this.#owner.draining) return false;
    if (this.#phase === BODY && this.#body!.missing > DRAIN_BYTES) return false;
    return !this.#ended || this.#at < this.#buffer.length;
  }

  get isFlushed(): boolean {
    return this.#writer.isFlushed;
  }

  writeParts(prefix: string, chunk: Bytes): boolean {
    if (this.#writer.write(prefix, chunk)) return true;
    this.#steer();
    return false;
  }

  onReplyDone(bodyBytes: number): void {
    this.#replyDone = true;
    this.#exchange?.settle(bodyBytes, true);
    if (this.#phase === COMPLETE) this.#next();
    else if (this.#closing) this.#shutdown();
    else {
      // What is left of the request is little: it is read past.
      this.#body!.fail('replied');
      this.resumeBody();
    }
  }

  breakReply(reset: boolean): void {
    const exchange = this.#exchange;
    if (exchange === undefined) return;
    exchange.gone = true;
    exchange.settle(this.#reply!.bodyBytes, false);
    this.#exchange = undefined;
    this.#body?.fail('reply');
    if (reset && this.tls === undefined) this.#socket.resetAndDestroy();
    else this.#socket.destroy();
  }

  /** Answers what cannot be served, and ends the connection. */
  #refuse(refusal: Refusal, requestId: string): void {
    this.writeParts(refusalText(refusal, requestId), '');
    this.#shutdown();
  }

  /** Ends a request that was handed over with an answer of the codec's own, or without one when a reply has begun. */
  #fail(refusal: Refusal, cause: string): void {
    const exchange = this.#exchange;
    const replyDone = this.#replyDone;
    const canReply = exchange !== undefined && !exchange.replied;
    if (canReply) exchange.settleRefused(refusal);
    this.#lose(cause);
    if (replyDone) this.#shutdown();
    else if (canReply) this.#refuse(refusal, exchange.requestId);
    else this.destroy();
  }

  /** Takes the exchange from whoever serves it. */
  #lose(cause: string): void {
    const exchange = this.#exchange;
    if (exchange === undefined) return;
    this.#exchange = undefined;
    exchange.gone = true;
    exchange.settle(this.#reply?.bodyBytes ?? 0, false);
    this.#reply?.lose();
    this.#body?.fail(cause);
    if (!this.#replyDone) exchange.aborter?.abort();
  }

  /** Ends our side; the client has some time to read and to end its own (RFC 9112 §9.6). */
  #shutdown(): void {
    if (this.#phase >= LINGER) return;
    this.#phase = LINGER;
    this.#since = this.#owner.ticker.now;
    this.#socket.end();
    this.#bodyPaused = false;
    this.#body?.fail('replied');
    this.#advance();
  }
}

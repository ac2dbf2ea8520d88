// The reference path: node:http does the parsing, and what it lets through is judged again by the rules of the fast path
// (decision 0010). It is there to compare with; a listener uses it when its codec is 'reference'.

import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { HeaderBlock } from '../header-block.ts';
import {
  BAD_REQUEST,
  ENTITY_TOO_LARGE,
  HEADERS_TOO_LARGE,
  INTERNAL_SERVER_ERROR,
  type Refusal,
} from '../refusals.ts';
import { nextRequestId } from '../request-id.ts';
import type { TlsSession } from '../tls-session.ts';
import { FRAMED, Framing, readFraming } from './framing.ts';
import { largeBodyLimit } from './limits.ts';
import { octets, TARGET } from './octets.ts';
import { ReferenceExchange } from './reference-exchange.ts';
import { refusalText } from './reply-head.ts';
import { originForm } from './request-head.ts';
import { type CodecServer, peerAddress, type ServerOptions } from './server-options.ts';

/** One connection's requests, one at a time. */
class Line {
  readonly tls: TlsSession | undefined;
  current: ReferenceExchange | undefined;
  readonly waiting: (readonly [IncomingMessage, ServerResponse])[] = [];
  /** Goes out when the current reply is complete. */
  refusal: Refusal | undefined;
  isOver = false;

  constructor(tls: TlsSession | undefined) {
    this.tls = tls;
  }
}

export class ReferenceServer implements CodecServer {
  readonly #server: Server;
  readonly #options: ServerOptions;
  readonly #lines = new Map<Socket, Line>();
  readonly #framing = new Framing();
  #draining = false;
  #whenEmpty: (() => void) | undefined;

  constructor(options: ServerOptions) {
    this.#options = options;
    const { limits } = options;
    this.#server = process.getBuiltinModule('node:http').createServer({
      // Generous, because node:http counts differently: the exact limit is ours.
      maxHeaderSize: limits.headBytes * 2,
      requireHostHeader: false,
      headersTimeout: limits.headMillis,
      requestTimeout: Math.max(limits.headMillis, limits.bodyMillis),
      keepAliveTimeout: limits.idleMillis,
      connectionsCheckingInterval: Math.max(10, Math.min(limits.headMillis, limits.bodyMillis) / 4),
    });
    this.#server.maxHeadersCount = 0;
    // What Node calls it: answer a client that has ended its side.
    Object.assign(this.#server, { httpAllowHalfOpen: true });
    this.#server.on('request', (request, response) => this.#enqueue(request, response));
    this.#server.on('checkContinue', (request, response) => this.#enqueue(request, response));
    this.#server.on('checkExpectation', (request, response) => this.#enqueue(request, response));
    this.#server.on('connect', (_request, socket) => this.#refuse(socket as Socket, BAD_REQUEST));
    this.#server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
      this.#onParseError(error, socket as Socket);
    });
  }

  /** node:http looks at its time-outs from this event on. */
  start(): void {
    this.#server.emit('listening');
  }

  stop(): void {
    this.#server.close();
  }

  accept(socket: Socket, tls: TlsSession | undefined): void {
    this.#lines.set(socket, new Line(tls));
    socket.on('close', () => {
      this.#lines.delete(socket);
      if (this.#lines.size > 0) return;
      this.#whenEmpty?.();
      this.#whenEmpty = undefined;
    });
    this.#server.emit('connection', socket);
  }

  get connections(): number {
    return this.#lines.size;
  }

  drain(whenEmpty: () => void): void {
    this.#draining = true;
    if (this.#lines.size === 0) whenEmpty();
    else this.#whenEmpty = whenEmpty;
    this.#server.closeIdleConnections();
  }

  retire(isStale: (tls: TlsSession) => boolean): void {
    for (const [socket, { tls, current }] of this.#lines) {
      if (tls !== undefined && current === undefined && isStale(tls)) socket.end();
    }
  }

  destroy(): void {
    this.#server.closeAllConnections();
  }

  #enqueue(request: IncomingMessage, response: ServerResponse): void {
    const line = this.#lines.get(request.socket);
    if (line === undefined || line.isOver) return;
    if (line.current === undefined) this.#serve(line, request, response);
    else line.waiting.push([request, response]);
  }

  #serve(line: Line, request: IncomingMessage, response: ServerResponse): void {
    const { limits } = this.#options;
    const headers = HeaderBlock.fromPairs(request.rawHeaders);
    const framing = this.#framing;
    const refusal = this.#judge(request, headers);
    const host = headers.text.substring(framing.hostStart, framing.hostEnd);
    const target = request.url!;
    const exchange = new ReferenceExchange({
      request,
      response,
      headers,
      target: target.startsWith('/') ? target : (originForm(target, host) ?? ''),
      host,
      remoteAddress: peerAddress(request.socket.remoteAddress),
      tls: line.tls,
      bodyBytes: framing.bodyBytes,
      maxBodyBytes: Math.max(limits.bodyBytes, framing.bodyBytes),
      // node:http loses what follows a request with Upgrade.
      keepAlive: framing.keepAlive && request.headers.upgrade === undefined,
      draining: () => this.#draining,
    });
    line.current = exchange;
    response.on('close', () => this.#finish(line, exchange, request, response));
    exchange.onOversize = () => exchange.fail(ENTITY_TOO_LARGE, 'oversize');
    if (refusal !== undefined) {
      exchange.fail(refusal, 'refused');
      return;
    }
    if (framing.awaitsContinue) response.writeContinue();
    exchange.receive((ready) => {
      try {
        this.#options.onExchange(ready);
      } catch (error) {
        ready.fail(INTERNAL_SERVER_ERROR, 'defect');
        this.#options.onDefect(error);
      }
    });
  }

  /** What this codec answers itself, for a request node:http accepts. Fills `framing`. */
  #judge(request: IncomingMessage, headers: HeaderBlock): Refusal | undefined {
    const { method, url, httpVersionMajor, httpVersionMinor } = request;
    const { limits } = this.#options;
    const framing = this.#framing;
    const startLine = method!.length + url!.length + ' '.length + ' HTTP/1.1\r\n'.length;
    if (httpVersionMajor !== 1 || method === 'CONNECT') return BAD_REQUEST;
    if (readFraming(headers.text, headers.spans, httpVersionMinor, framing) !== FRAMED) return BAD_REQUEST;
    for (let i = 0; i < url!.length; i++) {
      if ((octets[url!.charCodeAt(i)]! & TARGET) === 0) return BAD_REQUEST;
    }
    const host = headers.text.substring(framing.hostStart, framing.hostEnd);
    if (!url!.startsWith('/') && originForm(url!, host) === undefined) return BAD_REQUEST;
    if (startLine + headers.end > limits.headBytes) return HEADERS_TOO_LARGE;
    if (framing.bodyBytes <= limits.bodyBytes) return undefined;
    const limit = largeBodyLimit(limits, { method: method!, target: url!, host });
    return framing.bodyBytes > limit ? ENTITY_TOO_LARGE : undefined;
  }

  #finish(line: Line, exchange: ReferenceExchange, request: IncomingMessage, response: ServerResponse): void {
    if (!response.writableFinished) exchange.abort('client');
    if (line.current !== exchange) return;
    line.current = undefined;
    if (exchange.isLast) line.isOver = true;
    if (line.isOver) return;
    const next = line.waiting.shift();
    if (next !== undefined) this.#serve(line, next[0], next[1]);
    else if (line.refusal !== undefined) this.#refuse(request.socket, line.refusal);
  }

  #onParseError(error: NodeJS.ErrnoException, socket: Socket): void {
    const { code } = error;
    if (code === 'HPE_CLOSED_CONNECTION') return;
    if (code === undefined || !code.startsWith('HPE_')) {
      socket.destroy();
      return;
    }
    const refusal = code === 'HPE_HEADER_OVERFLOW' ? HEADERS_TOO_LARGE : BAD_REQUEST;
    const line = this.#lines.get(socket);
    if (line?.current === undefined) this.#refuse(socket, refusal);
    else if (line.current.isReceiving && line.waiting.length === 0) line.current.fail(refusal, 'malformed');
    else line.refusal = refusal;
  }

  #refuse(socket: Socket, refusal: Refusal): void {
    if (socket.writable) socket.end(refusalText(refusal, nextRequestId()), 'latin1');
    else socket.destroy();
  }
}

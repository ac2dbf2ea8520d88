// Clients that speak HTTP/2 (ALPN h2): node:http2 parses, and each stream becomes an exchange (RFC 9113; spec/http-api.md
// §10.3). What node:http2 does not tell, fields it left out and floods, is seen in the frames (frame-watch.ts).

import type { ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import { Ticker } from '../clock.ts';
import { largeBodyLimit } from '../http1/limits.ts';
import { type CodecServer, peerAddress, type ServerOptions } from '../http1/server-options.ts';
import {
  BAD_REQUEST,
  ENTITY_TOO_LARGE,
  HEADERS_TOO_LARGE,
  INTERNAL_SERVER_ERROR,
  type Refusal,
  refusalLines,
} from '../refusals.ts';
import { nextRequestId } from '../request-id.ts';
import type { TlsSession } from '../tls-session.ts';
import { Http2Exchange } from './exchange.ts';
import type { FrameWatch } from './frame-watch.ts';
import { closeWhenSent, replyFields, responseOptions } from './reply.ts';
import { readHttp2Request } from './request.ts';
import { WatchedSocket } from './watched-socket.ts';

const MAX_STREAMS = 100;
/** Unread body bytes of a stream, and of all streams of a connection. */
const STREAM_WINDOW_BYTES = 131_072;
const CONNECTION_WINDOW_BYTES = 1_048_576;
/** Of replies that wait for the client; with more, new streams are refused. */
const SESSION_MEGABYTES = 64;
const END_STREAM_FLAG = 0x1;
/** In which a client that floods can hear why it is left. */
const GOAWAY_MILLIS = 500;
/** Error codes of RFC 9113 §7. */
const PROTOCOL_ERROR = 1;
const ENHANCE_YOUR_CALM = 11;

interface Connection {
  readonly session: ServerHttp2Session;
  readonly frames: FrameWatch;
  readonly tls: TlsSession;
  readonly remoteAddress: string;
  readonly exchanges: Set<Http2Exchange>;
  /** Ticker time since when it has no stream. */
  since: number;
}

export class Http2Server implements CodecServer {
  readonly #options: ServerOptions;
  readonly #ticker: Ticker;
  readonly #open = new Set<Connection>();
  #draining = false;
  #lastTick = performance.now();
  #whenEmpty: (() => void) | undefined;
  /** Loaded with the first connection. */
  #http2: typeof import('node:http2') | undefined;
  readonly #stalls = new WeakMap<Http2Exchange, number>();

  constructor(options: ServerOptions) {
    this.#options = options;
    const { bodyPauseMillis, bodyMillis, idleMillis, writeStallMillis } = options.limits;
    const period = Math.min(bodyPauseMillis, bodyMillis, idleMillis, writeStallMillis) / 4;
    this.#ticker = new Ticker(Math.max(5, Math.min(500, period)), (now) => this.#tick(now));
  }

  start(): void {}

  stop(): void {
    this.#ticker.stop();
  }

  get connections(): number {
    return this.#open.size;
  }

  accept(socket: Socket, tls: TlsSession | undefined): void {
    this.#http2 ??= process.getBuiltinModule('node:http2');
    this.#ticker.start();
    const remoteAddress = peerAddress(socket.remoteAddress);
    const { headBytes } = this.#options.limits;
    const watched = new WatchedSocket(socket, () => {
      session.goaway(ENHANCE_YOUR_CALM);
      // What is being written comes before it, and a connection that is closed with bytes unread loses it.
      setTimeout(() => session.destroy(new Error('flooded'), ENHANCE_YOUR_CALM), GOAWAY_MILLIS).unref();
    });
    const session = this.#http2.performServerHandshake(watched, {
      settings: {
        maxConcurrentStreams: MAX_STREAMS,
        initialWindowSize: STREAM_WINDOW_BYTES,
        // Generous, because HTTP/2 counts differently: the exact limit is ours.
        maxHeaderListSize: headBytes * 8,
        enablePush: false,
      },
      maxHeaderListPairs: headBytes,
      maxSessionMemory: SESSION_MEGABYTES,
    });
    session.setLocalWindowSize(CONNECTION_WINDOW_BYTES);
    const connection: Connection = {
      session,
      frames: watched.frames,
      tls: tls!,
      remoteAddress,
      exchanges: new Set(),
      since: this.#ticker.now,
    };
    this.#open.add(connection);
    session.on('error', ignore);
    session.on('close', () => this.#forget(connection));
    session.on(
      'stream',
      (stream: ServerHttp2Stream, _fields: unknown, flags: number, raw: readonly string[]) =>
        this.#onStream(connection, stream, flags, raw),
    );
    if (this.#draining) session.close();
  }

  drain(whenEmpty: () => void): void {
    this.#draining = true;
    if (this.#open.size === 0) whenEmpty();
    else this.#whenEmpty = whenEmpty;
    for (const { session } of this.#open) session.close();
  }

  retire(isStale: (tls: TlsSession) => boolean): void {
    for (const { session, tls } of this.#open) if (isStale(tls)) session.close();
  }

  destroy(): void {
    for (const { session } of this.#open) session.destroy();
  }

  #forget(connection: Connection): void {
    this.#open.delete(connection);
    if (this.#open.size > 0) return;
    this.#whenEmpty?.();
    this.#whenEmpty = undefined;
  }

  #onStream(connection: Connection, stream: ServerHttp2Stream, flags: number, raw: readonly string[]): void {
    const { limits, onDefect } = this.#options;
    stream.on('error', ignore);
    const { frames } = connection;
    const isWhole = frames.takeCount(stream.id!) === raw.length / 2;
    const request = isWhole ? readHttp2Request(raw, (flags & END_STREAM_FLAG) !== 0) : undefined;
    stream.on('trailers', (_fields: unknown, _flags: number, trailers: readonly string[]) => {
      if (frames.takeCount(stream.id!) !== trailers.length / 2) stream.close(PROTOCOL_ERROR);
    });
    if (request === undefined) refuse(stream, BAD_REQUEST);
    else if (request.headBytes > limits.headBytes) refuse(stream, HEADERS_TOO_LARGE);
    else if (request.bodyBytes > limits.bodyBytes && request.bodyBytes > largeBodyLimit(limits, request))
      refuse(stream, ENTITY_TOO_LARGE);
    else {
      const { tls, remoteAddress, exchanges } = connection;
      const { now } = this.#ticker;
      const maxBodyBytes = Math.max(limits.bodyBytes, request.bodyBytes);
      const exchange = new Http2Exchange(request, { stream, tls, remoteAddress, maxBodyBytes, now });
      exchanges.add(exchange);
      stream.on('close', () => {
        exchanges.delete(exchange);
        connection.since = this.#ticker.now;
      });
      const serve = (ready: Http2Exchange): void => {
        try {
          this.#options.onExchange(ready);
        } catch (error) {
          ready.fail(INTERNAL_SERVER_ERROR, 'defect');
          onDefect(error);
        }
      };
      exchange.receive(serve, () => this.#ticker.now);
    }
  }

  #tick(now: number): void {
    const { limits } = this.#options;
    const elapsed = now - this.#lastTick;
    this.#lastTick = now;
    for (const { session, exchanges, since } of this.#open) {
      if (exchanges.size === 0 && now - since > limits.idleMillis) endSession(session, limits.lingerMillis);
      for (const exchange of exchanges) this.#tickExchange(exchange, now, elapsed);
    }
  }

  /** What is late is cut off without an answer. */
  #tickExchange(exchange: Http2Exchange, now: number, elapsed: number): void {
    const { limits } = this.#options;
    if (exchange.isReceiving) {
      const isLate =
        now - exchange.since > limits.bodyPauseMillis || now - exchange.bodySince > limits.bodyMillis;
      if (isLate) exchange.cut();
    } else {
      exchange.since = now;
      exchange.bodySince += elapsed;
    }
    if (!exchange.isStalled) this.#stalls.delete(exchange);
    else if (!this.#stalls.has(exchange)) this.#stalls.set(exchange, now);
    else if (now - this.#stalls.get(exchange)! > limits.writeStallMillis) exchange.cut();
  }
}

/** GOAWAY, and soon the end, whether the client has noticed or not. */
function endSession(session: ServerHttp2Session, lingerMillis: number): void {
  if (session.closed) return;
  session.close();
  setTimeout(() => session.destroy(), lingerMillis).unref();
}

/** Answers what cannot be served. The stream ends; other streams go on. */
function refuse(stream: ServerHttp2Stream, refusal: Refusal): void {
  // What followed in the same read may have ended it.
  if (stream.destroyed || stream.closed) return;
  const fields = replyFields(refusal.status, refusalLines(nextRequestId()), refusal.body.length);
  stream.respond(fields, responseOptions({}));
  stream.end(refusal.body);
  closeWhenSent(stream);
}

function ignore(): void {}

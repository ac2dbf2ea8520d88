// One client request and the reply to it. Knows nothing of the codec: the fast HTTP/1.1 path, the node:http reference
// path and `inject` all implement it (decision 0010).
//
//   waiting for a reply (replied: false)
//      ├── send ─────────────────────────────────────────────────────────────▶ over, onReplied(bytes, true)
//      ├── stream ──▶ replying ── the sink's end ────────────────────────────▶ over, onReplied(bytes, true)
//      │                 └── its abort, a bad body, or the client is gone ───▶ over, onReplied(bytes, false)
//      ├── the client is gone ───────────────────────────────────────────────▶ over, onReplied(0, false)
//      ├── a bad body, or serving it threw: the codec answers ───────────────▶ over, onRefused(refusal)
//      └── takeOver ──▶ given away: the observer hears nothing
//
// A client that goes away before the reply is complete is told to `aborter` too. What is sent then goes nowhere.
import type { Socket } from 'node:net';
import type { BodySink, IncomingBody } from './body.ts';
import type { Bytes } from './bytes.ts';
import type { ClientCertificate } from './client-certificate.ts';
import type { HeaderBlock } from './header-block.ts';
import type { Refusal } from './refusals.ts';
import type { TlsSession } from './tls-session.ts';

/** Hears how an exchange ended: exactly one of its methods is called, once. */
export interface ExchangeObserver {
  /** The reply has been handed to the connection completely; or, `complete` being false, it never will be, because the
   *  client is gone or the body broke off. `bodyBytes` of the body were handed over, without framing. */
  onReplied(bodyBytes: number, complete: boolean): void;
  /** The codec answered by itself: the request's body was malformed or too large, or serving it threw. */
  onRefused(refusal: Refusal): void;
}

/** What there is to stop when nobody waits any more: an object that is there anyway, and no closure for each request. */
export interface Aborter {
  abort(): void;
}

export interface TakenOver {
  readonly socket: Socket;
  readonly head: Buffer;
}

export interface Exchange {
  readonly method: string;
  /** Origin form as sent: path and query, still encoded: `/pets/42?limit=10`. */
  readonly target: string;
  readonly headers: HeaderBlock;
  readonly body: IncomingBody;
  /** The Host header's value as sent, '' when there is none (HTTP/1.0). */
  readonly host: string;
  /** Address of the TCP peer: `203.0.113.7`, `2001:db8::1` (IPv4-mapped addresses are given as IPv4). */
  readonly remoteAddress: string;
  /** `https` when the client's connection is TLS. */
  readonly scheme: 'http' | 'https';
  /** The client's TLS connection; undefined on a clear one. */
  readonly tls?: TlsSession | undefined;
  /** The client's verified certificate; undefined unless its handshake was a mutual one (spec/http-api.md §10.2). */
  readonly clientCertificate?: ClientCertificate | undefined;
  /** 16 characters of URL-safe base64 ending in `=`; the Apigw-Requestid (spec/http-api.md §3.6.2). */
  readonly requestId: string;
  /** Epoch milliseconds at which the head was complete. */
  readonly startedAt: number;
  /** Told once when the client is gone before the reply was complete. Set by whoever serves the exchange. */
  aborter: Aborter | undefined;
  /** Set by whoever serves the exchange, before it replies. */
  observer: ExchangeObserver | undefined;

  /** Sends a complete reply. `headerLines` is latin1 text, each line ended by CRLF, without framing headers
   *  (Content-Length, Transfer-Encoding, Connection: the codec's own). For HEAD the body is not sent but its length is. */
  send(status: number, headerLines: string, body: Bytes): void;
  /** Starts a reply whose body follows: `reply.body.pipe(exchange.stream(…))`. `length` -1 means unknown. When the client
   *  goes away the sink cancels its source and `aborter` is told; an aborted sink closes the client's connection. What
   *  reaches the sink after HEAD, or with status 204 or 304, is not sent. */
  stream(status: number, headerLines: string, length: number): BodySink;
  /** Gives the connection away, to be no HTTP connection any more: its socket, and what the client has sent behind the
   *  request. There is no reply then. undefined where the connection cannot be had: the client is gone, or
   *  `canBeTakenOver` is not true. */
  takeOver?(): TakenOver | undefined;
  /** True for a whole HTTP/1.1 request, until the reply. */
  readonly canBeTakenOver?: boolean;
  /** Whether a reply has been begun. */
  readonly replied: boolean;
  /** The status of the reply that has been begun; 0 before. */
  readonly status: number;
}

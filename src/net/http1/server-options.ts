// What both codecs are made from.
import type { Socket } from 'node:net';
import type { Ticker } from '../clock.ts';
import type { Exchange } from '../exchange.ts';
import type { TlsSession } from '../tls-session.ts';
import type { FastConnection } from './fast-connection.ts';
import type { HttpLimits } from './limits.ts';

export interface ServerOptions {
  readonly limits: HttpLimits;
  /** Serves a request. Replying may happen within the call or any time later. */
  onExchange(exchange: Exchange): void;
  /** `onExchange` threw. The client has got a 500 if it could. */
  onDefect(error: unknown): void;
}

/** One codec's server: bytes of connections in, exchanges out. */
export interface CodecServer {
  /** The listener has begun to listen. */
  start(): void;
  /** Takes over a connection whose client may speak. */
  accept(socket: Socket, tls: TlsSession | undefined): void;
  /** Connections now open. */
  readonly connections: number;
  /** Ends idle connections, and the others with their reply. Calls `whenEmpty` once none is left. */
  drain(whenEmpty: () => void): void;
  /** Ends those connections that are stale: idle ones at once, the others with their reply. */
  retire(isStale: (tls: TlsSession) => boolean): void;
  /** Ends all connections at once. */
  destroy(): void;
  /** The listener has closed. */
  stop(): void;
}

/** What the connections of a fast server share. */
export interface ConnectionOwner {
  readonly options: ServerOptions;
  readonly ticker: Ticker;
  readonly draining: boolean;
  forget(connection: FastConnection): void;
  /** The same for one whose socket goes on without us. */
  giveAway(connection: FastConnection, socket: Socket): void;
}

/** `::ffff:203.0.113.7` is the form a dual-stack socket gives to `203.0.113.7`. */
export function peerAddress(remoteAddress: string | undefined): string {
  if (remoteAddress === undefined) return '';
  return remoteAddress.startsWith('::ffff:') ? remoteAddress.substring(7) : remoteAddress;
}

// The fast path's server: sockets to connections, one handler each for all of them, one ticker for their time-outs.
import type { Socket } from 'node:net';
import { Ticker } from '../clock.ts';
import type { TlsSession } from '../tls-session.ts';
import { FastConnection } from './fast-connection.ts';
import type { CodecServer, ConnectionOwner, ServerOptions } from './server-options.ts';

interface Carrier extends Socket {
  connection: FastConnection;
}

export class FastServer implements CodecServer, ConnectionOwner {
  readonly options: ServerOptions;
  readonly ticker: Ticker;
  draining = false;
  readonly #open = new Set<FastConnection>();
  #lastTick = 0;
  #whenEmpty: (() => void) | undefined;

  constructor(options: ServerOptions) {
    this.options = options;
    const { headMillis, bodyPauseMillis, bodyMillis, idleMillis, lingerMillis } = options.limits;
    const period = Math.min(headMillis, bodyPauseMillis, bodyMillis, idleMillis, lingerMillis) / 4;
    this.ticker = new Ticker(Math.max(5, Math.min(500, period)), (now) => this.#tick(now));
  }

  start(): void {
    this.#lastTick = performance.now();
    this.ticker.start();
  }

  stop(): void {
    this.ticker.stop();
  }

  get connections(): number {
    return this.#open.size;
  }

  drain(whenEmpty: () => void): void {
    this.draining = true;
    if (this.#open.size === 0) whenEmpty();
    else this.#whenEmpty = whenEmpty;
    for (const connection of this.#open) connection.drain();
  }

  destroy(): void {
    for (const connection of this.#open) connection.destroy();
  }

  retire(isStale: (tls: TlsSession) => boolean): void {
    for (const connection of this.#open) {
      if (connection.tls !== undefined && isStale(connection.tls)) connection.drain();
    }
  }

  forget(connection: FastConnection): void {
    this.#open.delete(connection);
    if (this.#open.size > 0) return;
    this.#whenEmpty?.();
    this.#whenEmpty = undefined;
  }

  giveAway(connection: FastConnection, socket: Socket): void {
    socket.removeListener('data', onData);
    socket.removeListener('end', onEnd);
    socket.removeListener('drain', onDrain);
    socket.removeListener('timeout', onTimeout);
    socket.removeListener('close', onClose);
    // 'error' stays: whoever comes next may not be there yet.
    socket.setTimeout(0);
    this.forget(connection);
  }

  accept(accepted: Socket, tls: TlsSession | undefined): void {
    const socket = accepted as Carrier;
    const connection = new FastConnection(socket, this, tls);
    socket.connection = connection;
    this.#open.add(connection);
    socket.on('data', onData);
    socket.on('end', onEnd);
    socket.on('drain', onDrain);
    socket.on('timeout', onTimeout);
    socket.on('error', onError);
    socket.on('close', onClose);
  }

  #tick(now: number): void {
    const elapsed = now - this.#lastTick;
    this.#lastTick = now;
    for (const connection of this.#open) connection.onTick(now, elapsed);
  }
}

function onData(this: Carrier, data: Buffer): void {
  this.connection.onData(data);
}

function onEnd(this: Carrier): void {
  this.connection.onEnd();
}

function onDrain(this: Carrier): void {
  this.connection.onDrain();
}

/** Set only while a reply is stalled. */
function onTimeout(this: Carrier): void {
  this.destroy();
}

/** 'close' follows, and is what counts. */
function onError(): void {}

function onClose(this: Carrier): void {
  this.connection.onClose();
}

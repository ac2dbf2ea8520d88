// The fast path's server: sockets to connections, one handler each for all of them, one ticker for their time-outs.
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createSecureServer } from 'node:tls';
import { Ticker } from '../clock.ts';
import { FastConnection } from './fast-connection.ts';
import type { CodecServer, ConnectionOwner, ServerOptions } from './server-options.ts';

interface Carrier extends Socket {
  connection: FastConnection;
}

export class FastServer implements CodecServer, ConnectionOwner {
  readonly server: Server;
  readonly options: ServerOptions;
  readonly ticker: Ticker;
  readonly scheme: 'http' | 'https';
  draining = false;
  private readonly open = new Set<FastConnection>();
  /** TLS sockets' own: those still shaking hands are known nowhere else. */
  private readonly raw = new Set<Socket>();
  private lastTick = 0;
  private whenEmpty: (() => void) | undefined;

  constructor(options: ServerOptions) {
    this.options = options;
    const { limits, tls } = options;
    const { headMillis, bodyPauseMillis, bodyMillis, idleMillis, lingerMillis } = limits;
    const period = Math.min(headMillis, bodyPauseMillis, bodyMillis, idleMillis, lingerMillis) / 4;
    this.ticker = new Ticker(Math.max(5, Math.min(500, period)), (now) => this.tick(now));
    this.scheme = tls === undefined ? 'http' : 'https';
    const socketOptions = { noDelay: true, allowHalfOpen: true };
    if (tls === undefined) {
      this.server = createServer(socketOptions, (socket) => this.accept(socket as Carrier));
    } else {
      const { cert, key } = tls;
      const handshakeTimeout = headMillis;
      const secureOptions = { ...socketOptions, cert, key, handshakeTimeout, ALPNProtocols: ['http/1.1'] };
      this.server = createSecureServer(secureOptions, (socket) => this.accept(socket as unknown as Carrier));
      this.server.on('connection', (socket: Socket) => {
        this.raw.add(socket);
        socket.on('close', () => this.raw.delete(socket));
      });
    }
    this.server.maxConnections = limits.connections;
    // Before that it is the answer to `listen`; later, accepting has failed, and others may come through.
    this.server.on('error', (error) => {
      if (this.server.listening) options.onDefect(error);
    });
    this.server.on('listening', () => {
      this.lastTick = performance.now();
      this.ticker.start();
    });
    this.server.on('close', () => this.ticker.stop());
  }

  get connections(): number {
    return this.open.size;
  }

  drain(whenEmpty: () => void): void {
    this.draining = true;
    if (this.open.size === 0) whenEmpty();
    else this.whenEmpty = whenEmpty;
    for (const connection of this.open) connection.drain();
  }

  destroy(): void {
    for (const connection of this.open) connection.destroy();
    for (const socket of this.raw) socket.destroy();
  }

  forget(connection: FastConnection): void {
    this.open.delete(connection);
    if (this.open.size > 0) return;
    this.whenEmpty?.();
    this.whenEmpty = undefined;
  }

  private accept(socket: Carrier): void {
    const connection = new FastConnection(socket, this);
    socket.connection = connection;
    this.open.add(connection);
    socket.on('data', onData);
    socket.on('end', onEnd);
    socket.on('drain', onDrain);
    socket.on('timeout', onTimeout);
    socket.on('error', onError);
    socket.on('close', onClose);
  }

  private tick(now: number): void {
    const elapsed = now - this.lastTick;
    this.lastTick = now;
    for (const connection of this.open) connection.onTick(now, elapsed);
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

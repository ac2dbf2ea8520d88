// A listening port that turns HTTP/1.1 connections, clear or TLS, into exchanges.
import { type AddressInfo, createServer, type ListenOptions, type Server } from 'node:net';
import type { Exchange } from '../exchange.ts';
import { FastServer } from '../http1/fast-server.ts';
import { DEFAULT_LIMITS, type HttpLimits } from '../http1/limits.ts';
import { ReferenceServer } from '../http1/reference-server.ts';
import type { CodecServer, ServerOptions } from '../http1/server-options.ts';
import { Http2Server } from '../http2/server.ts';
import type { TlsIdentity } from '../tls/domain.ts';
import { TlsFront, type TlsOptions } from '../tls/front.ts';
import type { TlsSession } from '../tls-session.ts';

export interface ListenerOptions {
  onExchange(exchange: Exchange): void;
  /** `onExchange` threw: a defect of ours. The process warns when nobody takes it. */
  onDefect?(error: unknown): void;
  /** 'reference' has node:http parse: for comparison. */
  readonly codec?: 'fast' | 'reference';
  readonly limits?: Partial<HttpLimits>;
  readonly tls?: TlsOptions;
}

export interface Listener {
  /** Rejects with the system's error when the address cannot be had. `shared`: other processes listen there too, and the system
   *  chooses whose a connection is (SO_REUSEPORT; Node.js 22.12 and later, where the system has it). */
  listen(host: string, port: number, shared?: 'shared'): Promise<AddressInfo>;
  /** The same on a Unix socket, where other processes of ours are: one that ends its side has no more use for the reply. */
  listenAt(path: string): Promise<void>;
  /** Connections now open. */
  readonly connections: number;
  /** Another identity for TLS clients that name no domain, from the next handshake on. */
  setIdentity(identity: TlsIdentity): void;
  /** Ends the TLS connections that are stale: idle ones at once, the others with their reply. */
  retire(isStale: (tls: TlsSession) => boolean): void;
  /** Stops accepting, ends idle connections, waits for replies in flight; after `deadlineMillis` the rest is cut off.
   *  The last call says after how many. */
  close(deadlineMillis: number): Promise<void>;
}

export function createListener(options: ListenerOptions): Listener {
  const serverOptions: ServerOptions = {
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    onExchange: (exchange) => options.onExchange(exchange),
    onDefect: options.onDefect ?? warn,
  };
  const isReference = options.codec === 'reference';
  const codec = isReference ? new ReferenceServer(serverOptions) : new FastServer(serverOptions);
  return new CodecListener(codec, serverOptions, options.tls);
}

function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : String(error));
}

/** Connections that the system holds until they are accepted, as far as it allows: thousands of clients may come back at once. */
const BACKLOG = 4_096;

class CodecListener implements Listener {
  readonly #server: Server;
  readonly #codecs: readonly CodecServer[];
  readonly #front: TlsFront | undefined;
  #closing: Promise<void> | undefined;
  #isShut = false;
  /** Clients may end their side and still read. */
  #allowsHalfOpen = true;
  #deadline: NodeJS.Timeout | undefined;

  constructor(codec: CodecServer, options: ServerOptions, tls: TlsOptions | undefined) {
    const http2 = tls === undefined ? undefined : new Http2Server(options);
    this.#codecs = http2 === undefined ? [codec] : [codec, http2];
    const front = tls === undefined ? undefined : frontOf(codec, http2!, options, tls);
    this.#front = front;
    this.#server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
      socket.allowHalfOpen = this.#allowsHalfOpen;
      if (front === undefined) codec.accept(socket, undefined);
      else front.take(socket);
    });
    this.#server.maxConnections = options.limits.connections;
    // Before that it is the answer to `listen`; later, accepting has failed, and others may come through.
    this.#server.on('error', (error) => {
      if (this.#server.listening) options.onDefect(error);
    });
    this.#server.on('listening', () => this.#each((each) => each.start()));
    this.#server.on('close', () => this.#each((each) => each.stop()));
  }

  get connections(): number {
    return this.#codecs.reduce((sum, codec) => sum + codec.connections, 0);
  }

  async listen(host: string, port: number, shared?: 'shared'): Promise<AddressInfo> {
    // In a process of a cluster `exclusive` keeps its primary out of it.
    const alone = shared === undefined ? {} : { reusePort: true, exclusive: true };
    await this.#open({ host, port, ...alone });
    return this.#server.address() as AddressInfo;
  }

  listenAt(path: string): Promise<void> {
    this.#allowsHalfOpen = false;
    return this.#open({ path });
  }

  #open(at: ListenOptions): Promise<void> {
    const server = this.#server;
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen({ ...at, backlog: BACKLOG }, () => {
        server.removeListener('error', reject);
        resolve();
      });
    });
  }

  setIdentity(identity: TlsIdentity): void {
    this.#front?.setIdentity(identity);
  }

  retire(isStale: (tls: TlsSession) => boolean): void {
    this.#each((codec) => codec.retire(isStale));
  }

  close(deadlineMillis: number): Promise<void> {
    if (!this.#isShut) {
      clearTimeout(this.#deadline);
      this.#deadline = setTimeout(() => {
        this.#each((codec) => codec.destroy());
        this.#front?.destroy();
      }, deadlineMillis);
    }
    this.#closing ??= this.#shut();
    return this.#closing;
  }

  #shut(): Promise<void> {
    const codecs = this.#codecs;
    const front = this.#front;
    const server = this.#server;
    return new Promise((resolve) => {
      let awaited = 1 + codecs.length;
      const done = (): void => {
        if (--awaited > 0) return;
        clearTimeout(this.#deadline);
        this.#isShut = true;
        resolve();
      };
      server.close(done);
      let draining = codecs.length;
      const drained = (): void => {
        // Who has not shaken hands yet has no request in flight.
        if (--draining === 0) front?.destroy();
        done();
      };
      this.#each((codec) => codec.drain(drained));
    });
  }

  #each(call: (codec: CodecServer) => void): void {
    for (const codec of this.#codecs) call(codec);
  }
}

function frontOf(
  codec: CodecServer,
  http2: CodecServer,
  { limits }: ServerOptions,
  tls: TlsOptions,
): TlsFront {
  return new TlsFront({
    ...tls,
    handshakeMillis: limits.headMillis,
    protocols: ['h2', 'http/1.1'],
    onSecure(socket, session) {
      if (socket.alpnProtocol === 'h2') http2.accept(socket, session);
      else codec.accept(socket, session);
    },
  });
}

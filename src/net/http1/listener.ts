// A listening port that turns HTTP/1.1 connections, clear or TLS, into exchanges.
import type { AddressInfo } from 'node:net';
import type { Exchange } from '../exchange.ts';
import { FastServer } from './fast-server.ts';
import { DEFAULT_LIMITS, type HttpLimits } from './limits.ts';
import { ReferenceServer } from './reference-server.ts';
import type { CodecServer, ServerOptions, TlsIdentity } from './server-options.ts';

export interface ListenerOptions {
  onExchange(exchange: Exchange): void;
  /** `onExchange` threw: a defect of ours. The process warns when nobody takes it. */
  onDefect?(error: unknown): void;
  /** 'reference' has node:http parse: for comparison. */
  readonly codec?: 'fast' | 'reference';
  readonly limits?: Partial<HttpLimits>;
  readonly tls?: TlsIdentity;
}

export interface Listener {
  /** Rejects with the system's error when the address cannot be had. */
  listen(host: string, port: number): Promise<AddressInfo>;
  /** Connections now open. */
  readonly connections: number;
  /** Stops accepting, ends idle connections, waits for replies in flight; after `deadlineMillis` the rest is cut off. */
  close(deadlineMillis: number): Promise<void>;
}

export function createListener(options: ListenerOptions): Listener {
  const serverOptions: ServerOptions = {
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    tls: options.tls,
    onExchange: (exchange) => options.onExchange(exchange),
    onDefect: options.onDefect ?? warn,
  };
  const isReference = options.codec === 'reference';
  return new CodecListener(isReference ? new ReferenceServer(serverOptions) : new FastServer(serverOptions));
}

function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : String(error));
}

class CodecListener implements Listener {
  private readonly codec: CodecServer;
  private closing: Promise<void> | undefined;

  constructor(codec: CodecServer) {
    this.codec = codec;
  }

  get connections(): number {
    return this.codec.connections;
  }

  listen(host: string, port: number): Promise<AddressInfo> {
    const { server } = this.codec;
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host, port }, () => {
        server.removeListener('error', reject);
        resolve(server.address() as AddressInfo);
      });
    });
  }

  close(deadlineMillis: number): Promise<void> {
    this.closing ??= this.shut(deadlineMillis);
    return this.closing;
  }

  private shut(deadlineMillis: number): Promise<void> {
    const { codec } = this;
    return new Promise((resolve) => {
      const deadline = setTimeout(() => codec.destroy(), deadlineMillis);
      let awaited = 2;
      const done = (): void => {
        if (--awaited > 0) return;
        clearTimeout(deadline);
        resolve();
      };
      codec.server.close(done);
      codec.drain(done);
    });
  }
}

// Takes the links that other nodes dial. Before one has shown that it has the cluster's key and said who it is, it can have little: a
// place among few, for a few seconds, and less where there is a crowd: nobody keeps a node out by taking all places.
import type { Socket } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { Channel, type ChannelHandlers, type ChannelLimits } from '../../net/channel/channel.ts';
import type { Log } from '../../telemetry/log.ts';
import { type Hello, parseHello, printHello, printRefusal, refusalOf } from './hello.ts';
import type { LinkSecurity } from './link-security.ts';
import { HELLO, READY } from './protocol.ts';

export interface LinkServerMeans {
  readonly security: LinkSecurity;
  readonly limits: ChannelLimits;
  readonly me: () => Hello | undefined;
  readonly log: Log;
  /** What is done with the messages of a node once it is known. */
  readonly handlersFor: (hello: Hello, channel: () => Channel) => ChannelHandlers;
  readonly onLink: (hello: Hello, channel: Channel) => void;
}

/** A connection that has not said who it is. */
interface Stranger {
  readonly socket: Socket;
  /** Its machine's. */
  readonly address: string;
  readonly onKnown: () => void;
}

/** Connections that have not said who they are. */
const MAX_STRANGERS = 64;
/** What they have for it, from the first byte on. */
const STRANGER_MILLIS = 5_000;
/** What the other side of an end has to take its last bytes. */
const LINGER_MILLIS = 500;

export class LinkServer {
  readonly #means: LinkServerMeans;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** By the address and port they come from, the oldest first. */
  readonly #strangers = new Map<string, Stranger>();

  constructor(means: LinkServerMeans) {
    this.#means = means;
    this.#server = createServer({ ...means.security.server, handshakeTimeout: STRANGER_MILLIS });
    this.#server.on('connection', (socket: Socket) => this.#admit(socket));
    this.#server.on('secureConnection', (socket) => this.#accept(socket));
    // Who has no key, or speaks something else.
    this.#server.on('tlsClientError', (_error, socket) => socket.destroy());
  }

  /** Tells the port. Rejects when the address cannot be had. */
  listen(host: string, port: number): Promise<number> {
    const server = this.#server;
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host, port, exclusive: true }, () => {
        server.removeListener('error', reject);
        server.on('error', () => undefined);
        resolve((server.address() as { port: number }).port);
      });
    });
  }

  /** Ends every link that was taken. */
  endAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.endAll();
    return closed;
  }

  #admit(socket: Socket): void {
    if (this.#strangers.size >= MAX_STRANGERS) this.#sendOneAway();
    const from = addressOf(socket);
    const timer = setTimeout(() => socket.destroy(), STRANGER_MILLIS);
    const onKnown = (): void => {
      clearTimeout(timer);
      this.#strangers.delete(from);
    };
    this.#strangers.set(from, { socket, address: socket.remoteAddress ?? '', onKnown });
    this.#sockets.add(socket);
    socket.once('close', () => {
      onKnown();
      this.#sockets.delete(socket);
    });
  }

  /** The oldest of the machine that has the most places. */
  #sendOneAway(): void {
    const oldest = new Map<string, { readonly stranger: Stranger; count: number }>();
    for (const stranger of this.#strangers.values()) {
      const found = oldest.get(stranger.address);
      if (found === undefined) oldest.set(stranger.address, { stranger, count: 1 });
      else found.count++;
    }
    const [most] = [...oldest.values()].sort((a, b) => b.count - a.count);
    most!.stranger.onKnown();
    most!.stranger.socket.destroy();
  }

  #accept(socket: TLSSocket): void {
    const from = addressOf(socket);
    let known: { readonly hello: Hello; readonly handlers: ChannelHandlers } | undefined;
    let isReady = false;
    const channel = new Channel(
      socket,
      {
        onAsk: (kind, body, asker) => {
          if (isReady) return known!.handlers.onAsk(kind, body, asker);
          const me = this.#means.me();
          const hello =
            kind === HELLO && known === undefined && me !== undefined ? parseHello(body) : NOT_NOW;
          const refusal = typeof hello === 'string' ? hello : refusalOf(me!, hello);
          if (refusal !== undefined) {
            this.#means.log('link.refused', { address: from, reason: refusal });
            // Behind the answer.
            setImmediate(() => channel.end());
            return printRefusal(refusal);
          }
          known = { hello: hello as Hello, handlers: this.#means.handlersFor(hello as Hello, () => channel) };
          return printHello(me!);
        },
        onTell: (kind, body) => {
          if (isReady) known!.handlers.onTell(kind, body);
          else if (kind === READY && known !== undefined) {
            isReady = true;
            this.#strangers.get(from)?.onKnown();
            this.#means.onLink(known.hello, channel);
          } else channel.end();
        },
        onEnd: () => {
          if (isReady) known!.handlers.onEnd();
          setTimeout(() => socket.destroy(), LINGER_MILLIS).unref();
        },
      },
      this.#means.limits,
    );
  }
}

const NOT_NOW = 'There is no link to this node now.';

function addressOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress}:${remotePort}`;
}

// TLS in front of the codecs: which certificate a connection is shown, and whether its client is asked for one
// (spec/http-api.md §10.1, §10.2). Node asks clients of a server for certificates or does not, so every domain with
// mutual TLS has a server of its own, and the server name is read from the ClientHello to choose among them.
import { constants } from 'node:crypto';
import type { Socket } from 'node:net';
import type { TlsOptions as NodeTlsOptions, SecureContext, Server, TLSSocket } from 'node:tls';
import type { ClientTrust } from '../tls-session.ts';
import { TlsSession } from '../tls-session.ts';
import { INCOMPLETE, MAX_HELLO_BYTES, readServerName } from './client-hello.ts';
import type { TlsDomain, TlsDomains, TlsIdentity } from './domain.ts';
import { TICKET_SECONDS, type TicketKeys } from './ticket-keys.ts';

/** Not by importing it, which asks for every root certificate (see packages.ts). */
const { createServer, DEFAULT_CIPHERS } = process.getBuiltinModule('node:tls');

export interface TlsOptions {
  /** Shown to clients that name no domain. Without it they cannot shake hands. */
  readonly identity?: TlsIdentity | undefined;
  readonly domains?: TlsDomains | undefined;
  /** Those of sessions; of this listener alone when absent. */
  readonly tickets?: TicketKeys | undefined;
}

/** For a ClientHello in many records. */
const RECORD_HEADERS_BYTES = 8_192;

type FoundContext = (error: Error | null, context?: SecureContext) => void;

/** What sessions that are resumed must have in common: else Node takes a hash of the command line, which differs among processes. */
const SESSION_CONTEXT = 'postern';

/** Nothing below is spoken on any domain (spec/http-api.md §1.4, §10.1). */
const MIN_TLS_VERSION = 'TLSv1.2';

export interface TlsFrontOptions extends TlsOptions {
  readonly handshakeMillis: number;
  readonly protocols: readonly string[];
  onSecure(socket: TLSSocket, session: TlsSession): void;
}

export class TlsFront {
  readonly #options: TlsFrontOptions;
  readonly #plain: Server;
  readonly #mutual = new WeakMap<TlsDomain, Server>();
  /** Those still shaking hands are known nowhere else. */
  readonly #sockets = new Set<Socket>();

  constructor(options: TlsFrontOptions) {
    this.#options = options;
    const { identity, domains, tickets, onSecure } = options;
    this.#plain = createServer({
      ...this.#common(),
      ...identity,
      sessionIdContext: SESSION_CONTEXT,
      sessionTimeout: TICKET_SECONDS,
      ...(domains === undefined
        ? {}
        : {
            SNICallback: (name: string, found: FoundContext) =>
              found(null, domains.find(name.toLowerCase())?.context),
          }),
    });
    tickets?.giveTo(this.#plain);
    this.#plain.on('secureConnection', (socket) => {
      onSecure(socket, new TlsSession(serverNameOf(socket), undefined, undefined));
    });
  }

  /** Shakes hands on a connection just accepted. */
  take(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    const { domains } = this.#options;
    if (domains === undefined || !domains.hasMutualTls) this.#plain.emit('connection', socket);
    else this.#peek(socket, domains);
  }

  /** Another identity for clients that name no domain. Connections that are open keep theirs. */
  setIdentity(identity: TlsIdentity): void {
    this.#plain.setSecureContext({
      ...identity,
      minVersion: MIN_TLS_VERSION,
      sessionIdContext: SESSION_CONTEXT,
      sessionTimeout: TICKET_SECONDS,
    });
    this.#options.tickets?.giveTo(this.#plain);
  }

  destroy(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #common(): NodeTlsOptions {
    const { handshakeMillis, protocols } = this.#options;
    return {
      handshakeTimeout: handshakeMillis,
      ALPNProtocols: [...protocols],
      minVersion: MIN_TLS_VERSION,
    };
  }

  /** Reads the ClientHello, puts it back, and hands the connection to the server of its domain. */
  #peek(socket: Socket, domains: TlsDomains): void {
    let seen: Buffer = Buffer.alloc(0);
    const late = setTimeout(() => socket.destroy(), this.#options.handshakeMillis);
    const stop = (): void => {
      clearTimeout(late);
      socket.removeListener('data', onData);
      socket.removeListener('end', onEnd);
      socket.removeListener('close', stop);
    };
    const onEnd = (): void => void socket.destroy();
    const onData = (data: Buffer): void => {
      seen = seen.length === 0 ? data : Buffer.concat([seen, data]);
      const name = readServerName(seen);
      if (name === INCOMPLETE && seen.length <= MAX_HELLO_BYTES + RECORD_HEADERS_BYTES) return;
      stop();
      socket.removeListener('error', ignore);
      socket.pause();
      socket.unshift(seen);
      const domain = typeof name === 'string' && name !== '' ? domains.find(name) : undefined;
      const server =
        domain?.clientTrust === undefined ? this.#plain : this.#serverOf(domain, domain.clientTrust);
      server.emit('connection', socket);
    };
    socket.on('data', onData);
    socket.on('end', onEnd);
    socket.on('error', ignore);
    socket.on('close', stop);
  }

  #serverOf(domain: TlsDomain, trust: ClientTrust): Server {
    let server = this.#mutual.get(domain);
    if (server === undefined) {
      server = createServer({
        ...this.#common(),
        ...domain.identity,
        // Never absent: Node would take its own authorities then.
        ca: [...trust.certificates],
        requestCert: true,
        // Who presents no certificate is answered by the gateway (Choice C66); the others are judged below.
        rejectUnauthorized: false,
        // A resumed session would not show its certificate again.
        secureOptions: constants.SSL_OP_NO_TICKET,
        // What the truststore's own certificates must satisfy: RSA of 2048 bits, SHA-256.
        ciphers: `${DEFAULT_CIPHERS}:@SECLEVEL=2`,
      });
      server.on('secureConnection', (socket) => this.#admit(socket, trust));
      this.#mutual.set(domain, server);
    }
    return server;
  }

  #admit(socket: TLSSocket, trust: ClientTrust): void {
    const certificate = socket.getPeerX509Certificate();
    if (certificate === undefined) {
      this.#options.onSecure(socket, new TlsSession(serverNameOf(socket), undefined, undefined));
    } else if (socket.authorized && !socket.isSessionReused()) {
      this.#options.onSecure(socket, new TlsSession(serverNameOf(socket), trust, certificate));
    } else {
      socket.on('error', ignore);
      socket.destroy();
    }
  }
}

function serverNameOf(socket: TLSSocket): string {
  const { servername } = socket as TLSSocket & { readonly servername?: string | false };
  return typeof servername === 'string' ? servername.toLowerCase() : '';
}

function ignore(): void {}

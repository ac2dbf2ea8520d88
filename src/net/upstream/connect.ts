// Opens sockets to backends: TCP with both address families, TLS always verified (spec/http-api.md §3.3, §3.5).
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import type { FailureCause, Origin } from './upstream.ts';

/** More certificates to trust, in PEM, besides those Node trusts. */
export type ExtraCa = string | Buffer | readonly (string | Buffer)[];

/** All sockets read into this one buffer; it is consumed before the read callback returns. */
const readBuffer = Buffer.allocUnsafeSlow(65_536);

/** How long one of several addresses may take to connect before the next is tried. Node's 250 ms is less than some
 *  round trips. */
const ADDRESS_ATTEMPT_MILLIS = 1_000;

export class Connector {
  /** One for all connections: it holds the list of authorities. */
  #context: SecureContext | undefined;

  /** Throws OpenSSL's error when `ca` is no PEM. */
  constructor(ca: ExtraCa | undefined) {
    if (ca !== undefined)
      this.#context = process
        .getBuiltinModule('node:tls')
        .createSecureContext({ ca: [...trustedByNode(), ...[ca].flat()] });
  }

  /** A socket on its way; `onRead` takes the first `length` bytes of a shared buffer and returns true. A TLS session of
   *  the same origin makes the handshake shorter. */
  open(
    origin: Origin,
    session: Buffer | undefined,
    onRead: (length: number, buffer: Uint8Array) => boolean,
  ): Socket {
    const host = origin.host.startsWith('[') ? origin.host.slice(1, -1) : origin.host;
    const target = {
      host,
      port: origin.port,
      noDelay: true,
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT_MILLIS,
      onread: { buffer: readBuffer, callback: onRead },
    };
    if (!origin.secure) return connectTcp(target);
    const tls = process.getBuiltinModule('node:tls');
    this.#context ??= tls.createSecureContext();
    const name = origin.serverName ?? host;
    const socket = tls.connect({
      ...target,
      secureContext: this.#context,
      // An address is never sent as server name (RFC 6066 §3).
      ...(isIP(name) === 0 ? { servername: name } : {}),
      ...(session === undefined ? {} : { session }),
      checkServerIdentity: (_host, certificate) => tls.checkServerIdentity(name, certificate),
      ALPNProtocols: ['http/1.1'],
      // Said aloud: NODE_TLS_REJECT_UNAUTHORIZED=0 does not reach backends.
      rejectUnauthorized: true,
    });
    socket.once('connect', () => socket.setNoDelay(true));
    return socket;
  }
}

/** Node's own list; with NODE_EXTRA_CA_CERTS where the version can tell. */
function trustedByNode(): readonly string[] {
  const tls = process.getBuiltinModule('node:tls');
  return 'getCACertificates' in tls
    ? (tls.getCACertificates as (type: 'default') => string[])('default')
    : tls.rootCertificates;
}

/** What went wrong before a connection was ready. `isSecuring`: TCP was connected. */
export function connectFailure(error: unknown, isSecuring: boolean): FailureCause {
  if (isSecuring) return 'tls';
  return error instanceof Error && 'syscall' in error && error.syscall === 'getaddrinfo' ? 'dns' : 'connect';
}

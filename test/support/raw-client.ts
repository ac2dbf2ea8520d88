// A client that sends bytes as they are and reads one reply by its framing (RFC 9112 §6), so that nothing on the way is
// normalised by a client library.
import { connect, type Socket } from 'node:net';
import { findHead, type HeaderLine, readBody, splitHead } from './raw-message.ts';

export interface RawReply {
  /** `HTTP/1.1 200 OK`. */
  readonly startLine: string;
  readonly status: number;
  readonly headers: readonly HeaderLine[];
  /** latin1, without framing. */
  readonly body: string;
  /** Start lines of 1xx replies that came before. */
  readonly interim: readonly string[];
  /** Whether the server ended the connection behind the reply, as far as the reply's framing waits for that. */
  readonly ended: boolean;
}

export interface RawRequest {
  readonly host: string;
  readonly port: number;
  /** latin1 text of the whole request. */
  readonly bytes: string;
  /** Leaves the server without waiting for a reply. */
  readonly signal?: AbortSignal;
}

const HEAD_METHOD = /^HEAD /;

/** Sends a request on a connection of its own and resolves with the reply. Rejects with what came when it is not a
 *  complete reply, or none within `timeoutMillis`. */
export function sendRaw(request: RawRequest, timeoutMillis = 20_000): Promise<RawReply> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: request.host, port: request.port, noDelay: true });
    let received = '';
    const finish = (settle: () => void): void => {
      socket.removeAllListeners();
      socket.on('error', () => {});
      socket.destroy();
      settle();
    };
    const fail = (what: string): void =>
      finish(() => reject(new Error(`${what}; received ${JSON.stringify(received)}`)));
    const read = (ended: boolean): void => {
      const reply = parseReply(received, HEAD_METHOD.test(request.bytes), ended);
      if (reply !== undefined) finish(() => resolve(reply));
      else if (ended) fail('the connection ended inside the reply');
    };
    const leave = (): void => {
      // A mere FIN would say that no more requests follow.
      socket.resetAndDestroy();
      fail('the client left');
    };
    request.signal?.addEventListener('abort', leave, { once: true });
    socket.setTimeout(timeoutMillis, () => fail('no complete reply in time'));
    socket.on('connect', () => socket.write(request.bytes, 'latin1'));
    socket.on('data', (data: Buffer) => {
      received += data.toString('latin1');
      read(false);
    });
    socket.on('end', () => read(true));
    socket.on('error', (error) => fail(error.message));
  });
}

/** Connects for a test that needs the socket itself. */
export function openRaw(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true }, () => resolve(socket));
    socket.once('error', reject);
  });
}

/** The first final reply in `text`; undefined while it is not complete. */
export function parseReply(text: string, toHead: boolean, ended: boolean): RawReply | undefined {
  const interim: string[] = [];
  for (let at = 0; ; ) {
    const head = findHead(text, at);
    if (head === undefined) return undefined;
    const { startLine, headers } = splitHead(head.text);
    const status = Number(/^HTTP\/1\.1 (\d{3})(?: |$)/.exec(startLine)?.[1] ?? Number.NaN);
    if (Number.isNaN(status)) throw new Error(`not a status line: ${JSON.stringify(startLine)}`);
    if (status < 200) {
      interim.push(startLine);
      at = head.end;
      continue;
    }
    const bodiless = toHead || status === 204 || status === 304;
    const body = bodiless ? '' : readBody(text, head.end, headers, ended ? 'rest' : 'incomplete');
    if (body === undefined) return undefined;
    return { startLine, status, headers, body, interim, ended };
  }
}

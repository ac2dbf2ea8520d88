// One connection to a backend, carrying one call at a time.
//
//   OriginPool.#open                              ┌──────────── carry: another call ────────────┐
//      ▼                                          ▼                                             │
//   connecting, with TLS securing ── #onReady ──▶ carrying a call ── #finish, owner.onFree ──▶ idle
//      │                                          │                                             │
//      │ an error, the socket's end               │ a broken reply, one that the connection     │ too old, too many, the pool
//      │                                          │ does not outlive, a time-out, an abort      │ closed, the backend's end or
//      │                                          │                                             │ bytes that nobody asked for
//      └───────────────────────────────────────── lose ─────────────────────────────────────────┘
//                                                 ▼
//                                   lost ── the socket's 'close' ──▶ owner.onClosed
//
// `lose` fails the call that is carried, or its body when the reply has begun; a connection that the backend closed between two
// calls gives its call back instead, once and when it may be repeated (owner.onStale).
import type { Socket } from 'node:net';
import type { StreamedBody } from '../streamed-body.ts';
import { holdForTurn } from '../turn.ts';
import type { Call } from './call.ts';
import { type Connector, connectFailure } from './connect.ts';
import { type ReplyListener, ReplyReader } from './reply-reader.ts';
import { framingLines, RequestBody, writeBytes } from './request-body.ts';
import type { FailureCause, Origin, UpstreamReply } from './upstream.ts';

/** The pool, as its connections see it. */
export interface ConnectionOwner {
  readonly origin: Origin;
  readonly connector: Connector;
  /** The last TLS session, for the next connection to resume. */
  session: Buffer | undefined;
  /** The connection can carry another call. `keepAliveSeconds` as the backend said, -1 when it did not. */
  onFree(connection: Connection, keepAliveSeconds: number): void;
  /** The connection is of no more use. */
  onLost(connection: Connection): void;
  /** As `onLost`, and the call it failed goes to a new one. */
  onStale(connection: Connection, call: Call): void;
  /** The socket is closed. Comes after `onLost` or `onStale`. */
  onClosed(connection: Connection): void;
}

export class Connection implements ReplyListener {
  /** Monotonic milliseconds from which on an idle connection is not used any more. */
  idleUntil = 0;
  readonly #owner: ConnectionOwner;
  readonly #socket: Socket;
  readonly #reader: ReplyReader;
  #call: Call | undefined;
  #requestBody: RequestBody | undefined;
  /** Connected, and verified when TLS. */
  #isReady = false;
  #isSecuring = false;
  #hasServed = false;
  #isPaused = false;
  #isLost = false;

  constructor(owner: ConnectionOwner, call: Call) {
    this.#owner = owner;
    this.#reader = new ReplyReader(this);
    this.#call = call;
    call.connection = this;
    const { origin } = owner;
    this.#socket = owner.connector.open(origin, owner.session, (length, buffer) => {
      this.#onRead(length, buffer as Buffer);
      return true;
    });
    const socket = this.#socket;
    if (origin.secure) {
      socket.once('connect', () => {
        this.#isSecuring = true;
      });
      socket.on('session', (session: Buffer) => {
        owner.session = session;
      });
    }
    // Nothing is sent to a backend before its certificate is verified.
    socket.once(origin.secure ? 'secureConnect' : 'connect', () => this.#onReady());
    socket.on('drain', () => this.#requestBody?.drained());
    socket.on('end', () => this.#onSocketEnd());
    socket.on('error', (error) => this.#onSocketError(error));
    socket.on('close', () => {
      this.lose('reset');
      owner.onClosed(this);
    });
  }

  /** Carries a call; only on a free connection. */
  carry(call: Call): void {
    this.#call = call;
    call.connection = this;
    this.#send(call);
  }

  /** Ends the connection, and its call with `cause` if it has one. `error` is what the system said. */
  lose(cause: FailureCause, error?: unknown): void {
    if (this.#isLost) return;
    this.#isLost = true;
    this.#socket.destroy();
    const call = this.#call;
    this.#call = undefined;
    if (call === undefined) {
      this.#owner.onLost(this);
      return;
    }
    if (cause === 'reset' && this.#hasServed && !this.#reader.hasBegun && call.mayRepeat) {
      this.#owner.onStale(this, call);
      return;
    }
    const body: StreamedBody | undefined = this.#reader.abandon();
    call.settle();
    this.#owner.onLost(this);
    this.#requestBody?.stop();
    this.#requestBody = undefined;
    if (body === undefined) call.fail(cause, error);
    else body.fail(cause);
  }

  pause(): void {
    this.#isPaused = true;
    this.#socket.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#socket.resume();
  }

  onReply(reply: UpstreamReply, isComplete: boolean): void {
    const call = this.#call!;
    // The connection is free before the reply starts something new.
    if (isComplete) this.#finish(call);
    // The backend has refused the body and will close (RFC 9112 §9.3). Any other early reply may still depend on it.
    else if (reply.status >= 400 && !this.#reader.isPersistent) this.#requestBody?.stop();
    call.handler.onReply(reply);
  }

  onEnd(): void {
    this.#finish(this.#call!);
  }

  onBroken(cause: FailureCause): void {
    this.lose(cause);
  }

  #send(call: Call): void {
    const { request } = call;
    const { body, method } = request;
    const socket = this.#socket;
    const { whole } = body;
    this.#reader.expect(method, request.maxReplyBytes, call);
    if (typeof whole === 'string') {
      holdForTurn(socket, request.head.length + whole.length);
      socket.write(request.head + framingLines(method, whole.length) + whole, 'latin1');
      return;
    }
    socket.cork();
    if (whole !== undefined) {
      socket.write(request.head + framingLines(method, whole.length), 'latin1');
      writeBytes(socket, whole);
    } else {
      socket.write(request.head + framingLines(method, body.length), 'latin1');
      this.#requestBody = new RequestBody(call, socket);
      call.isBodyTaken = true;
      body.pipe(this.#requestBody);
    }
    socket.uncork();
  }

  /** The reply has ended: the connection is free, or of no use. */
  #finish(call: Call): void {
    const requestBody = this.#requestBody;
    const socket = this.#socket;
    let isFree = this.#reader.isPersistent && socket.writableLength === 0;
    this.#call = undefined;
    this.#hasServed = true;
    call.settle();
    if (requestBody !== undefined) {
      this.#requestBody = undefined;
      if (!requestBody.isComplete) isFree = false;
      requestBody.stop();
    }
    if (this.#isPaused) this.resume();
    if (isFree) this.#owner.onFree(this, this.#reader.keepAliveSeconds);
    else this.lose('reset');
  }

  #onReady(): void {
    this.#isReady = true;
    if (this.#call !== undefined) this.#send(this.#call);
  }

  #onRead(length: number, buffer: Buffer): void {
    if (this.#isLost) return;
    // What nobody asked for is never taken for the next request's reply.
    if (this.#reader.isSilent) this.lose('malformed');
    else this.#reader.read(buffer, length);
  }

  #onSocketEnd(): void {
    if (this.#isLost) return;
    if (!this.#isReady || this.#reader.isSilent)
      this.lose(this.#isSecuring && !this.#isReady ? 'tls' : 'reset');
    else this.#reader.end();
  }

  #onSocketError(error: Error): void {
    this.lose(this.#isReady ? 'reset' : connectFailure(error, this.#isSecuring), error);
  }
}

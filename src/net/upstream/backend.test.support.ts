// A backend that is driven octet by octet, and calls to it, for the tests of the connection pools.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { BodySink, BodySource, IncomingBody } from '../body.ts';
import { type Bytes, bufferOf } from '../bytes.ts';
import { type BodyFlow, StreamedBody } from '../streamed-body.ts';
import { NO_BODY } from '../whole-body.ts';
import type { Origin, Upstream, UpstreamCall, UpstreamReply } from './upstream.ts';

/** A gateway's connection, seen from the backend. */
export class Peer {
  readonly socket: Socket;
  /** In order of arrival, from 0. */
  readonly index: number;
  /** What has been received, as latin1; of long bodies only the beginning. */
  text = '';
  /** How much has been received. */
  bytes = 0;
  /** Resolves when the gateway's end is closed. */
  readonly closed: Promise<void>;

  constructor(socket: Socket, index: number) {
    this.socket = socket;
    this.index = index;
    this.closed = new Promise((resolve) => socket.on('close', () => resolve()));
  }

  /** Request heads received so far. */
  get requests(): number {
    return this.text.split('\r\n\r\n').length - 1;
  }

  say(text: string): void {
    this.socket.write(text, 'latin1');
  }
}

/** `onData` is called after every read, with what `peer.text` has grown to. */
export class Backend {
  readonly peers: Peer[] = [];
  readonly origin: Origin;
  readonly #server: Server;
  readonly #waiting: { requests: number; resolve: () => void }[] = [];

  private constructor(server: Server, onData: (peer: Peer) => void) {
    this.#server = server;
    this.origin = { secure: false, host: '127.0.0.1', port: (server.address() as AddressInfo).port };
    server.on('connection', (socket) => {
      const peer = new Peer(socket, this.peers.length);
      this.peers.push(peer);
      socket.setNoDelay(true);
      socket.on('error', () => {});
      socket.on('data', (data) => {
        peer.bytes += data.length;
        if (peer.text.length < 200_000) peer.text += data.toString('latin1');
        onData(peer);
        for (const { requests, resolve } of this.#waiting) if (this.requests >= requests) resolve();
      });
    });
  }

  static async listen(onData: (peer: Peer) => void): Promise<Backend> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Backend(server, onData);
  }

  /** Requests of all connections together. */
  get requests(): number {
    return this.peers.reduce((sum, peer) => sum + peer.requests, 0);
  }

  /** Resolves when so many requests have arrived. */
  requested(requests: number): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ requests, resolve });
      if (this.requests >= requests) resolve();
    });
  }

  async close(): Promise<void> {
    for (const { socket } of this.peers) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

export const OK_REPLY = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

export interface CallOptions {
  readonly method?: string;
  readonly path?: string;
  readonly body?: IncomingBody;
  readonly timeoutInMillis?: number;
  readonly maxReplyBytes?: number;
}

export interface Outcome {
  readonly status?: number;
  readonly body?: string;
  /** Why there is no reply, or not all of it. */
  readonly cause?: string;
}

/** One call and what becomes of it. The reply's body flows into a sink that the test can stop. */
export class Sent implements BodySink {
  readonly call: UpstreamCall;
  /** Resolves when nothing more comes. */
  readonly outcome: Promise<Outcome>;
  /** Resolves with the reply's head. */
  readonly replied: Promise<UpstreamReply>;
  source: BodySource | undefined;
  received = 0;
  /** Returned to the body's source by every `write`. */
  hasRoom = true;
  readonly #chunks: Buffer[] = [];
  #status: number | undefined;
  #resolve!: (outcome: Outcome) => void;
  #waiting: { bytes: number; resolve: () => void }[] = [];

  constructor(upstream: Upstream, options: CallOptions) {
    const method = options.method ?? 'GET';
    this.outcome = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    let onHead!: (reply: UpstreamReply) => void;
    this.replied = new Promise((resolve) => {
      onHead = resolve;
    });
    this.call = upstream.send(
      {
        method,
        head: `${method} ${options.path ?? '/'} HTTP/1.1\r\nHost: backend\r\n`,
        body: options.body ?? NO_BODY,
        timeoutInMillis: options.timeoutInMillis ?? 20_000,
        maxReplyBytes: options.maxReplyBytes ?? 10_485_760,
      },
      {
        onReply: (reply) => {
          this.#status = reply.status;
          onHead(reply);
          reply.body.pipe(this);
        },
        onFailure: (cause) => this.#resolve({ cause }),
      },
    );
  }

  begin(source: BodySource): void {
    this.source = source;
  }

  write(chunk: Bytes): boolean {
    this.#chunks.push(bufferOf(chunk));
    this.received += chunk.length;
    for (const { bytes, resolve } of this.#waiting) if (this.received >= bytes) resolve();
    return this.hasRoom;
  }

  end(): void {
    this.#resolve({ status: this.#status!, body: this.#text });
  }

  abort(cause: string): void {
    this.#resolve({ status: this.#status!, body: this.#text, cause });
  }

  /** Resolves when so many bytes of the body have come. */
  has(bytes: number): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ bytes, resolve });
      if (this.received >= bytes) resolve();
    });
  }

  get #text(): string {
    return Buffer.concat(this.#chunks).toString('latin1');
  }
}

export function send(upstream: Upstream, options: CallOptions = {}): Sent {
  return new Sent(upstream, options);
}

/** Sends and expects the reply `ok`. */
export async function sendOk(upstream: Upstream, options: CallOptions = {}): Promise<void> {
  assert.deepEqual(await send(upstream, options).outcome, { status: 200, body: 'ok' });
}

/** A request body the test pushes into. */
export class PushedBody implements BodyFlow {
  readonly body: StreamedBody;
  isPaused = false;
  /** Resolves when the sink wants no more. */
  readonly dropped: Promise<void>;
  #onDrop!: () => void;
  #onResume: (() => void) | undefined;

  constructor(length: number) {
    this.body = new StreamedBody(length, this);
    this.dropped = new Promise((resolve) => {
      this.#onDrop = resolve;
    });
  }

  pauseBody(): void {
    this.isPaused = true;
  }

  resumeBody(): void {
    this.isPaused = false;
    this.#onResume?.();
  }

  dropBody(): void {
    this.#onDrop();
  }

  /** Resolves when the sink takes more. */
  resumed(): Promise<void> {
    return new Promise((resolve) => {
      this.#onResume = resolve;
      if (!this.isPaused) resolve();
    });
  }
}

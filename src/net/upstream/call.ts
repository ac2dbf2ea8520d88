// One backend call: its request, who wants the reply, how long it may take and where it stands.
//
//   OriginPool.send
//      ├── an idle connection, or a new one ──▶ carried ── Connection.#finish: the reply is complete ──────▶ settled
//      │                                        ▲  ├── Connection.lose: fail, or the body's fail ─────────▶ settled
//      │                                        │  └── owner.onStale: carried anew, isRepeat
//      ├── all are busy ──▶ waiting ────────────┘ OriginPool.onFree, onLost
//      │                       └── stop: leaves the queue, fail ──────────────────────────────────────────▶ settled
//      └── too many wait, or the pool is closed: failLater ────────────────────────────────────────────────▶ settled
//
// `stop` comes from abort, dropBody, or the table (stopOverdue, stopAll); with a connection it is that connection's `lose`.
import type { BodyFlow } from '../streamed-body.ts';
import type { Connection } from './connection.ts';
import type { FailureCause, Origin, UpstreamCall, UpstreamHandler, UpstreamRequest } from './upstream.ts';

/** Methods whose request may be sent a second time (RFC 9110 §9.2.2). */
const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);

/** What a call that has no connection yet waits for. */
export interface CallQueue {
  readonly origin: Origin;
  /** The call gives up waiting. */
  leave(call: Call): void;
}

export class Call implements UpstreamCall, BodyFlow {
  readonly request: UpstreamRequest;
  readonly handler: UpstreamHandler;
  /** Set while the call has a connection: connecting, sending or receiving. */
  connection: Connection | undefined;
  /** Position in the table it is timed by; -1 when it is over. */
  index = -1;
  /** Whether this is the second attempt. */
  isRepeat = false;
  /** Whether the request body has been piped. */
  isBodyTaken = false;
  readonly #queue: CallQueue;
  readonly #table: CallTable;
  #deadline: number;
  /** Who keeps the clock from running, and since when. */
  #holds = 0;
  #heldSince = 0;
  #isBodyPaused = false;

  constructor(queue: CallQueue, table: CallTable, request: UpstreamRequest, handler: UpstreamHandler) {
    this.#queue = queue;
    this.#table = table;
    this.request = request;
    this.handler = handler;
    this.connection = undefined;
    this.#deadline = performance.now() + request.timeoutInMillis;
    table.add(this);
  }

  get origin(): Origin {
    return this.#queue.origin;
  }

  get isSettled(): boolean {
    return this.index < 0;
  }

  /** Whether the request may go out again after a kept connection turned out closed (spec/http-api.md §3.8). */
  get mayRepeat(): boolean {
    return !this.isRepeat && this.request.body.whole !== undefined && IDEMPOTENT.has(this.request.method);
  }

  isOverdue(now: number): boolean {
    return this.#holds === 0 && now >= this.#deadline;
  }

  abort(): void {
    this.stop('aborted');
  }

  /** Ends an unfinished call from outside. */
  stop(cause: FailureCause): void {
    if (this.isSettled) return;
    if (this.connection !== undefined) this.connection.lose(cause);
    else {
      this.#queue.leave(this);
      this.fail(cause);
    }
  }

  /** No reply comes. */
  fail(cause: FailureCause, error?: unknown): void {
    this.settle();
    const { body } = this.request;
    if (body.whole === undefined && !this.isBodyTaken) {
      this.isBodyTaken = true;
      body.discard();
    }
    this.handler.onFailure(cause, error);
  }

  /** The call is over, one way or the other. */
  settle(): void {
    this.#table.remove(this);
    this.connection = undefined;
  }

  // The time-out is the backend's: it does not run while a client is slow to send its body or to take the reply. The
  // client's own time-outs cover that.

  holdClock(): void {
    if (this.#holds++ === 0) this.#heldSince = performance.now();
  }

  releaseClock(): void {
    if (--this.#holds === 0) this.#deadline += performance.now() - this.#heldSince;
  }

  pauseBody(): void {
    if (this.#isBodyPaused || this.connection === undefined) return;
    this.#isBodyPaused = true;
    this.holdClock();
    this.connection.pause();
  }

  resumeBody(): void {
    if (!this.#isBodyPaused || this.connection === undefined) return;
    this.#isBodyPaused = false;
    this.releaseClock();
    this.connection.resume();
  }

  dropBody(): void {
    this.stop('aborted');
  }
}

/** All unfinished calls of a process, for the one timer that times them. */
export class CallTable {
  readonly #calls: Call[] = [];

  get isEmpty(): boolean {
    return this.#calls.length === 0;
  }

  add(call: Call): void {
    call.index = this.#calls.push(call) - 1;
  }

  remove(call: Call): void {
    const { index } = call;
    if (index < 0) return;
    const last = this.#calls.pop()!;
    if (last !== call) {
      this.#calls[index] = last;
      last.index = index;
    }
    call.index = -1;
  }

  stopOverdue(now: number): void {
    // Backwards: a removal moves the last call, which has been looked at, into the gap.
    for (let i = this.#calls.length - 1; i >= 0; i--) {
      const call = this.#calls[i];
      if (call?.isOverdue(now)) call.stop('timeout');
    }
  }

  stopAll(): void {
    while (this.#calls.length > 0) this.#calls.at(-1)!.stop('aborted');
  }
}

// The connections to one origin: idle ones are taken last in, first out, so that surplus ones age and close.
import { Call, type CallQueue, type CallTable } from './call.ts';
import type { Connector } from './connect.ts';
import { Connection, type ConnectionOwner } from './connection.ts';
import type { Origin, OriginUpstream, UpstreamCall, UpstreamHandler, UpstreamRequest } from './upstream.ts';

export interface PoolLimits {
  /** How long an idle connection is kept. Shorter than servers keep theirs, so that we close first. */
  readonly idleMillis: number;
  /** Idle connections kept to one origin. */
  readonly maxIdle: number;
  /** Connections to one origin; further calls wait, within their time-out, in order. */
  readonly maxConnections: number;
  /** Calls that may wait for one origin; further ones fail with cause `connect`. */
  readonly maxWaiting: number;
}

/** What all pools of a process share. */
export interface PoolMeans {
  readonly limits: PoolLimits;
  readonly connector: Connector;
  readonly calls: CallTable;
  readonly isClosed: boolean;
  /** Monotonic milliseconds, coarse. */
  now(): number;
  /** Something is to be timed from now on. */
  wake(): void;
  /** A socket came, or is closed. */
  countSocket(change: 1 | -1): void;
}

/** A backend that says how long it keeps idle connections is left this long before. */
const KEEP_ALIVE_MARGIN_MILLIS = 1_000;

export class OriginPool implements OriginUpstream, ConnectionOwner, CallQueue {
  readonly origin: Origin;
  readonly connector: Connector;
  session: Buffer | undefined;
  readonly #means: PoolMeans;
  readonly #idle: Connection[] = [];
  readonly #waiting: Call[] = [];
  #connections = 0;
  #isOver = false;

  constructor(origin: Origin, means: PoolMeans) {
    this.origin = origin;
    this.#means = means;
    this.connector = means.connector;
    this.session = undefined;
  }

  get hasIdle(): boolean {
    return this.#idle.length > 0;
  }

  send(request: UpstreamRequest, handler: UpstreamHandler): UpstreamCall {
    const means = this.#means;
    means.wake();
    const call = new Call(this, means.calls, request, handler);
    const connection = this.#idle.pop();
    if (connection !== undefined) connection.carry(call);
    else if (this.#means.isClosed) failLater(call, 'aborted');
    else if (this.#connections < means.limits.maxConnections) this.#open(call);
    else if (this.#waiting.length < means.limits.maxWaiting) this.#waiting.push(call);
    else failLater(call, 'connect');
    return call;
  }

  leave(call: Call): void {
    const index = this.#waiting.indexOf(call);
    if (index >= 0) this.#waiting.splice(index, 1);
  }

  onFree(connection: Connection, keepAliveSeconds: number): void {
    const next = this.#waiting.shift();
    if (next !== undefined) {
      connection.carry(next);
      return;
    }
    const { limits } = this.#means;
    const said =
      keepAliveSeconds < 0 ? limits.idleMillis : keepAliveSeconds * 1_000 - KEEP_ALIVE_MARGIN_MILLIS;
    const millis = Math.min(limits.idleMillis, said);
    if (this.#isOver || this.#means.isClosed || millis <= 0 || this.#idle.length >= limits.maxIdle) {
      connection.lose('reset');
      return;
    }
    connection.idleUntil = this.#means.now() + millis;
    this.#idle.push(connection);
  }

  onLost(connection: Connection): void {
    this.#connections--;
    const index = this.#idle.indexOf(connection);
    if (index >= 0) this.#idle.splice(index, 1);
    const next = this.#waiting.shift();
    if (next !== undefined) this.#open(next);
  }

  onStale(_connection: Connection, call: Call): void {
    this.#connections--;
    call.isRepeat = true;
    if (this.#means.isClosed) call.fail('aborted');
    else this.#open(call);
  }

  onClosed(_connection: Connection): void {
    this.#means.countSocket(-1);
  }

  /** Closes connections that have been idle too long. */
  closeAged(now: number): void {
    for (let i = this.#idle.length - 1; i >= 0; i--) {
      const connection = this.#idle[i];
      if (connection !== undefined && connection.idleUntil <= now) connection.lose('reset');
    }
  }

  /** Nobody uses it any more: connections end with their calls. */
  end(): void {
    this.#isOver = true;
    this.closeIdle();
  }

  closeIdle(): void {
    while (this.#idle.length > 0) this.#idle.at(-1)!.lose('reset');
  }

  #open(call: Call): void {
    this.#connections++;
    this.#means.countSocket(1);
    new Connection(this, call);
  }
}

/** The handler hears after `send` has returned. */
function failLater(call: Call, cause: 'aborted' | 'connect'): void {
  process.nextTick(() => {
    if (!call.isSettled) call.fail(cause);
  });
}

// All connections of this process: messages in, replies out, time-outs, ends (spec/websocket-api.md §7). The process that
// holds the socket owns the connection (decision 0012).
//
//   enter ── attach: upgraded ──▶ open ── close: tick, sweep, Hub.close, DELETE, a slow client ──▶ closing
//     │                            │                                                                 │
//     │ the client is gone         │ the client closes, or its connection breaks                     │ its answer, or too long
//     └────────────────────────────┴──────────────────── onEnd, once ────────────────────────────────┘
//                                                             ▼
//                                        over: forget, then tell (Ends: $disconnect)
//
// The messages of an open connection:
//
//   onText ── #mayServeOne ──▶ at work ── onServed ──▶ answered, or none needed
//     └── else ──▶ waiting, peer.pause ── onServed, onCaughtUp: #serveWaiting ──▶ at work; none waits: peer.resume
import { type Peer, type PeerHandler, POLICY_VIOLATION, SLOW_REASON } from '../../net/websocket/peer.ts';
import { SocketEvent } from '../event.ts';
import { type FrameSink, serveMessage } from '../serve-message.ts';
import type { WebSocketStage } from '../stage.ts';
import type { AccountConnections } from './account-connections.ts';
import type { Connection } from './connection.ts';
import { isConnectionId, newConnectionId } from './connection-id.ts';
import { Ends } from './ends.ts';
import { Pace } from './pace.ts';
import { type ConnectionRow, connectionOf, type Registry, rowOf } from './registry.ts';

export interface HubSettings {
  /** Milliseconds without a message in either direction. */
  readonly idleMillis: number;
  /** Milliseconds from the connect on. */
  readonly lifeMillis: number;
}

/** spec/websocket-api.md §7.1. */
export const HUB_DEFAULTS: HubSettings = Object.freeze({
  idleMillis: 10 * 60_000,
  lifeMillis: 2 * 60 * 60_000,
});

export interface HubMeans {
  readonly settings: HubSettings;
  /** The current stage of an API; undefined when it is gone. */
  readonly stageOf: (apiId: string, stageName: string) => WebSocketStage | undefined;
  readonly onDefect: (error: unknown, event: SocketEvent) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** 0 in a program of one process. */
  readonly processNumber: number;
  /** Where connections are counted that have been let in. */
  readonly accounts: AccountConnections;
  readonly registry: Registry;
}

const GOING_AWAY = 1001;
const GOING_AWAY_REASON = 'Going away';
const NO_STATUS = 1005;
const NO_STATUS_REASON = 'Client-side close frame status not set';
/** Messages of one connection at work at a time. Others wait, and the client is not read from meanwhile. */
const MAX_AT_WORK = 64;
const TICK_MILLIS = 1_000;
/** What clients may take to answer the close of a process that ends. */
const ANSWER_MILLIS = 4_000;
/** Between two looks at what is left of a process that ends. */
const LOOK_MILLIS = 10;

/** A connection that is open. */
export interface OpenConnection {
  readonly info: Connection;
  /** Epoch milliseconds of the last message in either direction. */
  readonly lastActiveAt: number;
  /** How many messages have come from the client, and how many have gone to it. */
  readonly messagesIn: number;
  readonly messagesOut: number;
  /** The current stage; undefined when it is gone. */
  readonly stage: WebSocketStage | undefined;
  /** `full`: the client does not keep up. */
  post(data: string | Buffer): 'sent' | 'full' | 'gone';
  close(code: number, reason: string): void;
}

export class Hub {
  readonly means: HubMeans;
  readonly #open = new Map<string, HubConnection>();
  /** Connections without a client, by their ids. */
  readonly #made = new Map<string, OpenConnection>();
  readonly #ends: Ends;
  #takeovers = 0;
  #timer: NodeJS.Timeout | undefined;
  /** Once it closes: when, in monotonic milliseconds, it waits no more. */
  #closeBy = Infinity;
  #pace: Pace | undefined = undefined;

  constructor(means: HubMeans) {
    this.means = means;
    this.#ends = new Ends(means.registry, means.onDefect);
  }

  /** How many connections are open. */
  get size(): number {
    return this.#open.size;
  }

  newId(): string {
    return newConnectionId(this.means.processNumber);
  }

  /** An open connection by its id. */
  find(connectionId: string): OpenConnection | undefined {
    if (!isConnectionId(connectionId)) return undefined;
    const connection = this.#open.get(connectionId);
    if (connection === undefined) return this.#made.get(connectionId);
    return connection.isOpen ? connection : undefined;
  }

  /** The connections that are open, in the order in which they came. */
  *all(): Generator<OpenConnection> {
    for (const connection of this.#open.values()) if (connection.isOpen) yield connection;
  }

  /** Has a connection found that is made for an occasion, until the returned function is called. Its time-outs and its end are up to
   *  who made it. */
  lodge(connection: OpenConnection): () => void {
    const { id } = connection.info;
    this.#made.set(id, connection);
    return () => void this.#made.delete(id);
  }

  /** Takes in a connection whose request has been accepted; `attach` upgrades it. False when the client is gone: it has been
   *  let go then, with its `$disconnect` told (Choice U35). */
  enter(info: Connection, attach: (makeHandler: () => PeerHandler) => Peer | undefined): boolean {
    const connection = new HubConnection(info, this);
    const peer = attach(() => connection);
    if (peer === undefined) {
      connection.onEnd(1006, '', false);
      return false;
    }
    connection.peer = peer;
    this.#open.set(info.id, connection);
    this.#timer ??= this.#startTimer();
    if (this.#pace !== undefined) goAway(connection);
    return true;
  }

  /** Looks at the time-outs, and lets quiet connections rest. */
  tick(): void {
    const now = this.means.now();
    const { idleMillis, lifeMillis } = this.means.settings;
    for (const connection of this.#open.values()) {
      const isLate =
        now - connection.lastActiveAt >= idleMillis || now - connection.info.connectedAt >= lifeMillis;
      if (isLate) goAway(connection);
      else connection.peer?.rest();
    }
  }

  /** Stages may have gone: so do their connections (§10.1.6). */
  sweep(): void {
    for (const connection of this.#open.values()) {
      if (connection.stage === undefined) goAway(connection);
    }
  }

  forget(connection: HubConnection): void {
    this.#open.delete(connection.info.id);
    if (this.#open.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** `$disconnect` is told; the hub does not close before. */
  tell(end: SocketEvent): void {
    void this.#ends.tell(end);
  }

  /** Tells the end of a connection whose process is gone, on its stage as it is now; where that is gone too, there is nobody to
   *  tell. Resolves when it was told. Throws SyntaxError for a row that is none. */
  async tellLost(row: ConnectionRow, code: number, reason: string): Promise<void> {
    const connection = connectionOf(row);
    const stage = this.means.stageOf(connection.apiId, connection.stageName);
    if (stage === undefined) this.means.registry.leave(row.id);
    else await this.#ends.tell(new SocketEvent(connection, stage, { kind: 'DISCONNECT', code, reason }));
  }

  /** The rows of those of these connections that are open. */
  rowsOf(connectionIds: readonly string[]): readonly ConnectionRow[] {
    return connectionIds.flatMap((id) => {
      const connection = this.#open.get(id);
      return connection === undefined ? [] : [rowOf(connection.info)];
    });
  }

  /** How often others have taken over what was open here. */
  get takeovers(): number {
    return this.#takeovers;
  }

  /** Closes what is open, for whoever reaches it here cannot be reached by others. Where others have taken it over, they tell the ends. */
  cutOff(isTakenOver: boolean): void {
    if (isTakenOver) {
      this.#takeovers++;
      this.#ends.drop();
    }
    for (const connection of [...this.#open.values()]) {
      if (isTakenOver) connection.giveAway();
      goAway(connection);
    }
  }

  /** Tells no more ends: whoever would be called cannot be any more. What has not been told is left to the next process. */
  stopTelling(): void {
    this.#ends.stop();
  }

  /** Closes all connections over `spreadMillis`, the oldest first, and those that come from here on at once; waits until their ends
   *  have been told, or the deadline is over. Another call hastens what is under way: all that are left are closed at once. */
  async close(deadlineMillis: number, spreadMillis = 0): Promise<void> {
    const until = performance.now() + deadlineMillis;
    this.#closeBy = Math.min(this.#closeBy, until);
    if (this.#pace !== undefined) return this.#pace.hasten();
    const all = [...this.#open.values()];
    this.#pace = new Pace(all.length, spreadMillis, performance.now());
    for (let closed = 0; closed < all.length && performance.now() < this.#closeBy; ) {
      for (const due = this.#pace.due(performance.now()); closed < due; closed++) goAway(all[closed]!);
      await pause(LOOK_MILLIS);
    }
    // Clients that do not answer are let go of; then only the ends are waited for.
    const answersBy = performance.now() + ANSWER_MILLIS;
    while (this.#open.size > 0 && performance.now() < Math.min(this.#closeBy, answersBy))
      await pause(LOOK_MILLIS);
    for (const connection of this.#open.values()) connection.destroy();
    while (!this.#isOver && performance.now() < this.#closeBy) await pause(LOOK_MILLIS);
  }

  /** Closes the connections that are open, and waits as `close` does. */
  async closeAll(deadlineMillis: number): Promise<void> {
    const until = performance.now() + deadlineMillis;
    for (const connection of this.#open.values()) goAway(connection);
    while (!this.#isOver && performance.now() < until) await pause(LOOK_MILLIS);
    for (const connection of this.#open.values()) connection.destroy();
  }

  get #isOver(): boolean {
    return this.#open.size === 0 && this.#ends.size === 0;
  }

  #startTimer(): NodeJS.Timeout {
    const timer = setInterval(() => this.tick(), TICK_MILLIS);
    timer.unref();
    return timer;
  }
}

class HubConnection implements OpenConnection, PeerHandler, FrameSink {
  readonly info: Connection;
  lastActiveAt: number;
  messagesIn = 0;
  messagesOut = 0;
  peer: Peer | undefined = undefined;
  readonly #hub: Hub;
  #atWork = 0;
  /** Messages that have come while too many were at work, or the client was behind with reading. */
  #waiting: string[] | undefined = undefined;
  #isOver = false;
  /** The stage that it was opened on: `$disconnect` is told even if it is gone. */
  #lastStage: WebSocketStage | undefined;

  constructor(info: Connection, hub: Hub) {
    this.info = info;
    this.#hub = hub;
    this.lastActiveAt = hub.means.now();
    this.#lastStage = this.stage;
  }

  get isOpen(): boolean {
    return this.peer?.isOpen === true;
  }

  get stage(): WebSocketStage | undefined {
    const stage = this.#hub.means.stageOf(this.info.apiId, this.info.stageName);
    if (stage !== undefined) this.#lastStage = stage;
    return stage;
  }

  post(data: string | Buffer): 'sent' | 'full' | 'gone' {
    const outcome = this.peer?.send(data) ?? 'gone';
    if (outcome === 'sent') {
      this.lastActiveAt = this.#hub.means.now();
      this.messagesOut++;
    }
    return outcome;
  }

  close(code: number, reason: string): void {
    this.peer?.close(code, reason);
  }

  destroy(): void {
    this.peer?.destroy();
  }

  onText(text: string): void {
    this.lastActiveAt = this.#hub.means.now();
    this.messagesIn++;
    if (this.#waiting === undefined && this.#mayServeOne()) {
      this.#serve(text);
      return;
    }
    this.#waiting ??= [];
    this.#waiting.push(text);
    if (this.#waiting.length === 1) this.peer?.pause();
  }

  #mayServeOne(): boolean {
    return this.#atWork < MAX_AT_WORK && this.peer?.isBehind() !== true;
  }

  #serve(text: string): void {
    const { stage } = this;
    if (stage === undefined) {
      goAway(this);
      return;
    }
    this.#atWork++;
    serveMessage(new SocketEvent(this.info, stage, { kind: 'MESSAGE', body: text }), this);
  }

  sendFrame(data: string | Buffer): void {
    if (this.post(data) === 'full') this.close(POLICY_VIOLATION, SLOW_REASON);
  }

  /** A message has got its answer, or needs none. */
  onServed(): void {
    this.#atWork--;
    // Not within this message's turn: the next may be served at once too, and so on.
    if (this.#waiting !== undefined && this.#atWork === MAX_AT_WORK - 1)
      setImmediate(() => this.#serveWaiting());
  }

  onCaughtUp(): void {
    this.#serveWaiting();
  }

  #serveWaiting(): void {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    while (waiting.length > 0 && this.#mayServeOne()) this.#serve(waiting.shift()!);
    if (waiting.length > 0) return;
    this.#waiting = undefined;
    this.peer?.resume();
  }

  onDefect(error: unknown, event: SocketEvent): void {
    this.#hub.means.onDefect(error, event);
  }

  /** Others tell its end: nobody here is told of it. */
  giveAway(): void {
    this.#isOver = true;
    this.#hub.forget(this);
    this.#hub.means.accounts.leave(this.info);
  }

  /** Exactly once (§7.5.5). */
  onEnd(code: number, reason: string, byUs: boolean): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#hub.forget(this);
    this.#hub.means.accounts.leave(this.info);
    // Nobody reads any more: what has come is served now.
    if (this.#waiting !== undefined) setImmediate(() => this.#serveWaiting());
    const stage = this.stage ?? this.#lastStage;
    if (stage === undefined) return this.#hub.means.registry.leave(this.info.id);
    const told = !byUs && code === NO_STATUS ? NO_STATUS_REASON : reason;
    const event = new SocketEvent(this.info, stage, { kind: 'DISCONNECT', code, reason: told });
    this.#hub.tell(event);
  }
}

function goAway(connection: OpenConnection): void {
  connection.close(GOING_AWAY, GOING_AWAY_REASON);
}

function pause(millis: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, millis));
}

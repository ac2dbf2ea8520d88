// A connection without a client, made for one message (gateway/explain-socket.ts): what @connections sends to it is kept.
import { shownBody } from '../explain/shown-body.ts';
import type { ShownBody } from '../explain/trace.ts';
import type { WebSocketStage } from '../stage.ts';
import type { Connection } from './connection.ts';
import type { OpenConnection } from './hub.ts';

const MAX_POSTED = 100;
/** Of all of them. */
const MAX_POSTED_BYTES = 1_048_576;

export class MadeConnection implements OpenConnection {
  readonly info: Connection;
  lastActiveAt: number;
  /** The message that it is made for. */
  readonly messagesIn = 1;
  readonly posted: ShownBody[] = [];
  readonly #stageOf: () => WebSocketStage | undefined;
  readonly #now: () => number;
  #bytes = 0;
  #isClosed = false;

  constructor(info: Connection, stageOf: () => WebSocketStage | undefined, now: () => number) {
    this.info = info;
    this.#stageOf = stageOf;
    this.#now = now;
    this.lastActiveAt = now();
  }

  get messagesOut(): number {
    return this.posted.length;
  }

  get stage(): WebSocketStage | undefined {
    return this.#stageOf();
  }

  post(data: string | Buffer): 'sent' | 'full' | 'gone' {
    if (this.#isClosed) return 'gone';
    this.#bytes += Buffer.byteLength(data);
    if (this.posted.length >= MAX_POSTED || this.#bytes > MAX_POSTED_BYTES) return 'full';
    this.posted.push(shownBody(data));
    this.lastActiveAt = this.#now();
    return 'sent';
  }

  close(): void {
    this.#isClosed = true;
  }
}

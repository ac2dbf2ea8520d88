// Writes messages to a client, as few system calls as may be, and knows when the client is slow.
import type { Socket } from 'node:net';
import type { Bytes } from '../bytes.ts';
import { holdForTurn } from '../turn.ts';

/** A chunk up to here is copied behind its prefix, so that both are one write of one string. */
const JOIN_BYTES = 16_384;

export class SocketWriter {
  /** The client does not take what was written. */
  isStalled = false;
  readonly #socket: Socket;
  readonly #stallMillis: number;

  /** A client that takes nothing for `stallMillis` gives the socket a 'timeout'. */
  constructor(socket: Socket, stallMillis: number) {
    this.#socket = socket;
    this.#stallMillis = stallMillis;
  }

  /** Whether all that was written has gone to the system. */
  get isFlushed(): boolean {
    return this.#socket.writableLength === 0;
  }

  /** False when the client has to take something first. */
  write(prefix: string, chunk: Bytes): boolean {
    const socket = this.#socket;
    let isTaken: boolean;
    holdForTurn(socket, prefix.length + chunk.length);
    if (typeof chunk === 'string') isTaken = socket.write(prefix + chunk, 'latin1');
    else if (chunk.length <= JOIN_BYTES) isTaken = socket.write(prefix + chunk.toString('latin1'), 'latin1');
    else {
      socket.cork();
      socket.write(prefix, 'latin1');
      isTaken = socket.write(chunk);
      socket.uncork();
    }
    // Below the high-water mark, or written at once though above it, nothing waits.
    if (isTaken || socket.writableLength === 0) return true;
    if (!this.isStalled) {
      this.isStalled = true;
      socket.setTimeout(this.#stallMillis);
    }
    return false;
  }

  /** The socket has told 'drain'. Returns whether that ends a stall. */
  drain(): boolean {
    if (!this.isStalled) return false;
    this.isStalled = false;
    this.#socket.setTimeout(0);
    return true;
  }
}

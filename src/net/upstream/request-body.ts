// The framing of requests to backends (RFC 9112 §6; decision 0010: always written by us, never copied), and the sink
// that streams a body into a connection.
import type { Socket } from 'node:net';
import type { BodySink, BodySource } from '../body.ts';
import type { Bytes } from '../bytes.ts';
import type { Call } from './call.ts';

/** The framing header's line, if any, and the closing blank line. `length` -1 means unknown. */
export function framingLines(method: string, length: number): string {
  if (length > 0) return `Content-Length: ${length}\r\n\r\n`;
  if (length < 0) return 'Transfer-Encoding: chunked\r\n\r\n';
  // RFC 9110 §8.6: methods that expect a body say that there is none.
  return method === 'POST' || method === 'PUT' || method === 'PATCH' ? 'Content-Length: 0\r\n\r\n' : '\r\n';
}

/** Streams one request body. Ends with `onSent`, or stops the call when the client's end is lost. */
export class RequestBody implements BodySink {
  readonly #call: Call;
  readonly #socket: Socket;
  readonly #isChunked: boolean;
  #left: number;
  #source: BodySource | undefined;
  /** Whether the time-out stands still because the client has not sent more. */
  #isStarved = false;
  #isFull = false;
  isComplete = false;
  #isStopped = false;

  constructor(call: Call, socket: Socket) {
    this.#call = call;
    this.#socket = socket;
    this.#left = call.request.body.length;
    this.#isChunked = this.#left < 0;
  }

  begin(source: BodySource): void {
    this.#source = source;
    this.#starve();
  }

  write(chunk: Bytes): boolean {
    if (this.#isStopped || chunk.length === 0) return true;
    if (!this.#isChunked) {
      this.#left -= chunk.length;
      if (this.#left < 0) {
        this.#call.stop('aborted');
        return true;
      }
    }
    const hasRoom = this.#isChunked ? this.#writeChunk(chunk) : writeBytes(this.#socket, chunk);
    if (!hasRoom) {
      this.#isFull = true;
      this.#feed();
    }
    return hasRoom;
  }

  end(): void {
    if (this.#isStopped) return;
    if (this.#left > 0) {
      this.#call.stop('aborted');
      return;
    }
    if (this.#isChunked) this.#socket.write('0\r\n\r\n', 'latin1');
    this.isComplete = true;
    this.#source = undefined;
    this.#feed();
  }

  abort(): void {
    if (!this.#isStopped) this.#call.stop('aborted');
  }

  /** The connection takes more. */
  drained(): void {
    if (!this.#isFull || this.#isStopped || this.#source === undefined) return;
    this.#isFull = false;
    this.#starve();
    this.#source.resume();
  }

  /** The backend wants no more of it. */
  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#feed();
    const source = this.#source;
    this.#source = undefined;
    source?.cancel();
  }

  #starve(): void {
    if (this.#isStarved || this.isComplete) return;
    this.#isStarved = true;
    this.#call.holdClock();
  }

  #feed(): void {
    if (!this.#isStarved) return;
    this.#isStarved = false;
    this.#call.releaseClock();
  }

  #writeChunk(chunk: Bytes): boolean {
    const size = `${chunk.length.toString(16)}\r\n`;
    if (typeof chunk === 'string') return this.#socket.write(`${size}${chunk}\r\n`, 'latin1');
    this.#socket.cork();
    this.#socket.write(size, 'latin1');
    this.#socket.write(chunk);
    const hasRoom = this.#socket.write('\r\n', 'latin1');
    this.#socket.uncork();
    return hasRoom;
  }
}

export function writeBytes(socket: Socket, bytes: Bytes): boolean {
  return typeof bytes === 'string' ? socket.write(bytes, 'latin1') : socket.write(bytes);
}

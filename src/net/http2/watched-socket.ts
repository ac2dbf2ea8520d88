// A connection whose bytes are looked at on their way to node:http2.
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { FrameWatch } from './frame-watch.ts';

export class WatchedSocket extends Duplex {
  readonly frames = new FrameWatch(() => performance.now());
  readonly #socket: Socket;

  /** `onFlood` is called once; what comes from then on is read and dropped. */
  constructor(socket: Socket, onFlood: () => void) {
    super({ allowHalfOpen: true });
    this.#socket = socket;
    socket.on('data', (bytes: Buffer) => {
      if (this.frames.isFlooded) return;
      this.frames.take(bytes);
      if (this.frames.isFlooded) onFlood();
      else if (!this.push(bytes)) socket.pause();
    });
    socket.on('end', () => this.push(null));
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => this.destroy());
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.write(bytes, done);
  }

  override _writev(
    pieces: readonly { readonly chunk: Buffer }[],
    done: (error?: Error | null) => void,
  ): void {
    this.#socket.write(
      pieces.length === 1 ? pieces[0]!.chunk : Buffer.concat(pieces.map(({ chunk }) => chunk)),
      done,
    );
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#socket.end(() => done());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }
}

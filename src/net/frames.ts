// Messages in a stream of bytes: `[u32le: bytes that follow][what follows]`. What they hold is up to who speaks.

/** Bytes of the length in front of every frame. */
export const LENGTH_BYTES = 4;

/** Takes reads and gives frames, as positions in a buffer that holds them whole; it is the taker's from then on. Frames over `maxBytes`
 *  are the other side's mistake: `onOversize`, and nothing after it. */
export class FrameReader {
  readonly #maxBytes: number;
  readonly #onFrame: (bytes: Buffer, start: number, end: number) => void;
  readonly #onOversize: () => void;
  /** The beginning of a frame whose end has not arrived. */
  #pieces: Buffer[] = [];
  #held = 0;
  /** Bytes to hold before looking again. */
  #needed = LENGTH_BYTES;
  #isOver = false;

  constructor(
    maxBytes: number,
    onFrame: (bytes: Buffer, start: number, end: number) => void,
    onOversize: () => void,
  ) {
    this.#maxBytes = maxBytes;
    this.#onFrame = onFrame;
    this.#onOversize = onOversize;
  }

  push(read: Buffer): void {
    if (this.#isOver) return;
    let bytes = read;
    if (this.#held > 0) {
      this.#pieces.push(read);
      this.#held += read.length;
      if (this.#held < this.#needed) return;
      bytes = Buffer.concat(this.#pieces, this.#held);
      this.#pieces = [];
      this.#held = 0;
    }
    let at = 0;
    this.#needed = LENGTH_BYTES;
    while (bytes.length - at >= LENGTH_BYTES) {
      const length = bytes.readUInt32LE(at);
      if (length > this.#maxBytes) {
        this.#isOver = true;
        this.#onOversize();
        return;
      }
      const end = at + LENGTH_BYTES + length;
      if (end > bytes.length) {
        this.#needed = LENGTH_BYTES + length;
        break;
      }
      this.#onFrame(bytes, at + LENGTH_BYTES, end);
      at = end;
    }
    if (at < bytes.length) {
      this.#pieces.push(at === 0 ? bytes : bytes.subarray(at));
      this.#held = bytes.length - at;
    }
  }
}

// The messages between Postern and a Node.js function's process: length, kind, text. Used by both sides
// (decision 0014: framed messages cost the gateway a third of HTTP).

/** Kinds of frames. CALL goes to the function; the text is `awsRequestId\ndeadline\narn\ntraceId\nclientContext\n` and the
 *  event. */
export const CALL = 1;
/** The function can take calls. */
export const READY = 2;
/** What the function returned, as JSON text. */
export const ANSWER = 3;
/** What it threw, as Lambda's error document. */
export const FAILURE = 4;
/** It could not be loaded, or nobody caught what it threw: an error document, then the process ends. */
export const FATAL = 5;
/** Something it wrote to stdout or stderr. */
export const STDOUT = 6;
export const STDERR = 7;

const HEAD_BYTES = 5;

/** One frame, ready to be written. */
export function frame(kind: number, text: string): Buffer {
  const length = Buffer.byteLength(text);
  const bytes = Buffer.allocUnsafe(HEAD_BYTES + length);
  bytes.writeUInt32LE(length, 0);
  bytes[4] = kind;
  bytes.write(text, HEAD_BYTES, 'utf8');
  return bytes;
}

/** Takes reads and gives frames. Frames over `maxBytes` are the other side's mistake: `onOversize`, and nothing after it. */
export class FrameReader {
  readonly #maxBytes: number;
  readonly #onFrame: (kind: number, text: string) => void;
  readonly #onOversize: () => void;
  /** The beginning of a frame whose end has not arrived. */
  #pieces: Buffer[] = [];
  #held = 0;
  /** Bytes to hold before looking again. */
  #needed = HEAD_BYTES;

  constructor(maxBytes: number, onFrame: (kind: number, text: string) => void, onOversize: () => void) {
    this.#maxBytes = maxBytes;
    this.#onFrame = onFrame;
    this.#onOversize = onOversize;
  }

  push(read: Buffer): void {
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
    this.#needed = HEAD_BYTES;
    while (bytes.length - at >= HEAD_BYTES) {
      const length = bytes.readUInt32LE(at);
      if (length > this.#maxBytes) {
        this.#onOversize();
        return;
      }
      const end = at + HEAD_BYTES + length;
      if (end > bytes.length) {
        this.#needed = HEAD_BYTES + length;
        break;
      }
      this.#onFrame(bytes[at + 4]!, bytes.toString('utf8', at + HEAD_BYTES, end));
      at = end;
    }
    if (at < bytes.length) {
      this.#pieces.push(at === 0 ? bytes : bytes.subarray(at));
      this.#held = bytes.length - at;
    }
  }
}

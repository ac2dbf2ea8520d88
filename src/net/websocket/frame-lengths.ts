// Follows the frames a client sends, to know their lengths: the library that reads them limits messages alone
// (spec/websocket-api.md §7.2, RFC 6455 §5.2).

const FIN = 0x80;
const RSV1 = 0x40;
const OPCODE = 0x0f;
const MASK = 0x80;
const LENGTH = 0x7f;
const CONTROL = 0x08;
const CONTINUATION = 0;

export class FrameLengths {
  /** A data frame was longer than allowed. */
  isExceeded = false;
  /** Of the message in progress or last complete: whether it came compressed in one frame. */
  isCompressedWhole = false;
  readonly #maxBytes: number;
  /** Bytes of the frame's payload that have not come yet. */
  #payloadLeft = 0;
  /** The header's bytes, as far as they have come. */
  readonly #header = Buffer.alloc(14);
  #headerBytes = 0;
  #isCompressed = false;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Takes what the client sent, in any pieces. What is no frame is the library's to refuse. */
  take(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#payloadLeft > 0) {
        const taken = Math.min(this.#payloadLeft, chunk.length - at);
        this.#payloadLeft -= taken;
        at += taken;
        continue;
      }
      this.#header[this.#headerBytes++] = chunk[at++]!;
      const needed = this.#headerLength();
      if (needed === undefined || this.#headerBytes < needed) continue;
      this.#beginFrame();
      this.#headerBytes = 0;
    }
  }

  /** undefined while that cannot be told. */
  #headerLength(): number | undefined {
    if (this.#headerBytes < 2) return undefined;
    const second = this.#header[1]!;
    const length = second & LENGTH;
    const extended = length === 127 ? 8 : length === 126 ? 2 : 0;
    return 2 + extended + ((second & MASK) === 0 ? 0 : 4);
  }

  #beginFrame(): void {
    const [first, second] = [this.#header[0]!, this.#header[1]!];
    const short = second & LENGTH;
    const length =
      short === 127
        ? Number(this.#header.readBigUInt64BE(2))
        : short === 126
          ? this.#header.readUInt16BE(2)
          : short;
    this.#payloadLeft = length;
    const opcode = first & OPCODE;
    if ((opcode & CONTROL) !== 0) return;
    const isFirst = opcode !== CONTINUATION;
    if (isFirst) this.#isCompressed = (first & RSV1) !== 0;
    this.isCompressedWhole = isFirst && this.#isCompressed && (first & FIN) !== 0;
    // The limit is that of what the client said, not of what travelled.
    if (!this.#isCompressed && length > this.#maxBytes) this.isExceeded = true;
  }
}

// Follows the frames a client sends, to know their lengths: the library that reads them limits messages alone, and takes a
// length that is written longer than it need be (spec/websocket-api.md §7.2, RFC 6455 §5.2).

const FIN = 0x80;
const RSV1 = 0x40;
const OPCODE = 0x0f;
const MASK = 0x80;
const LENGTH = 0x7f;
const CONTROL = 0x08;
const CONTINUATION = 0;
/** Where a length of eight bytes ends in its header. */
const LONG_END = 10;

export class FrameLengths {
  /** Number of the message with a frame that is not to be taken, the client's first being 0; -1 while there is none. */
  refusedAt = -1;
  /** Why it is not: longer than allowed, or a length not in its shortest form. */
  refusal: 'tooLong' | 'notShortest' = 'tooLong';
  readonly #maxBytes: number;
  /** Bytes of the frame's payload that have not come yet. */
  #payloadLeft = 0;
  /** Of the frame's header: how many bytes have come, how many there are, and what they say. */
  #headerBytes = 0;
  #headerLength = 2;
  /** Where the extended length ends in the header; 0 for a header without. */
  #lengthEnd = 0;
  #first = 0;
  #length = 0;
  /** Messages that are complete. */
  #messages = 0;
  #isCompressed = false;
  /** A message has begun whose last frame has not. */
  #isInside = false;
  /** Messages that came compressed in one frame, while nobody has asked for them. */
  #compressedWholes: number[] | undefined = undefined;

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
      } else {
        this.#takeHeaderByte(chunk[at++]!);
      }
    }
  }

  /** Whether that many messages have come, and nothing of another. */
  isBetween(messages: number): boolean {
    return (
      this.#messages === messages && !this.#isInside && this.#payloadLeft === 0 && this.#headerBytes === 0
    );
  }

  /** Whether the message came compressed in one frame. Asked once a message, in their order. */
  wasCompressedWhole(message: number): boolean {
    const wholes = this.#compressedWholes;
    if (wholes === undefined || wholes[0] !== message) return false;
    wholes.shift();
    return true;
  }

  #takeHeaderByte(byte: number): void {
    const at = this.#headerBytes++;
    if (at === 0) this.#first = byte;
    else if (at === 1) {
      const short = byte & LENGTH;
      const extended = short === 127 ? 8 : short === 126 ? 2 : 0;
      this.#headerLength = 2 + extended + ((byte & MASK) === 0 ? 0 : 4);
      this.#length = extended === 0 ? short : 0;
      this.#lengthEnd = extended === 0 ? 0 : 2 + extended;
    } else if (at < this.#lengthEnd) this.#length = this.#length * 256 + byte;
    if (at === 0 || this.#headerBytes < this.#headerLength) return;
    this.#headerBytes = 0;
    this.#beginFrame(this.#first, this.#length);
  }

  #beginFrame(first: number, length: number): void {
    this.#payloadLeft = length;
    const opcode = first & OPCODE;
    if ((opcode & CONTROL) !== 0) return;
    const isFirst = opcode !== CONTINUATION;
    const isLast = (first & FIN) !== 0;
    this.#isInside = !isLast;
    if (isFirst) this.#isCompressed = (first & RSV1) !== 0;
    // The limit is that of what the client said, not of what travelled.
    const isTooLong = !this.#isCompressed && length > this.#maxBytes;
    const isShortest = this.#lengthEnd === 0 || length > (this.#lengthEnd === LONG_END ? 0xffff : 125);
    if ((isTooLong || !isShortest) && this.refusedAt < 0) {
      this.refusedAt = this.#messages;
      this.refusal = isShortest ? 'tooLong' : 'notShortest';
    }
    if (!isLast) return;
    if (isFirst && this.#isCompressed) {
      this.#compressedWholes ??= [];
      this.#compressedWholes.push(this.#messages);
    }
    this.#messages++;
  }
}

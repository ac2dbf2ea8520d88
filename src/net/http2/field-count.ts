// How many fields a header block of HTTP/2 has, without decoding them: each representation begins with what it is and tells
// the lengths of its texts (RFC 7541 §5, §6). node:http2 leaves fields out that HTTP does not allow, and tells nobody.

/** What the next byte is. */
const REPRESENTATION = 0;
const INDEX = 1;
const LENGTH = 2;
const LONG_LENGTH = 3;
const TEXT = 4;

export class FieldCount {
  /** Fields whose representation has begun. */
  count = 0;
  #next = REPRESENTATION;
  /** Texts of the representation that have not begun. */
  #texts = 0;
  /** Of the present text: bytes still to come, or what its length is so far. */
  #length = 0;
  #weight = 1;

  /** For another header block. */
  reset(): void {
    this.count = 0;
    this.#next = REPRESENTATION;
  }

  /** Takes a piece of the block. What is no header block is the session's to refuse. */
  take(bytes: Uint8Array, from: number, to: number): void {
    for (let at = from; at < to; ) {
      if (this.#next === TEXT) {
        const taken = Math.min(this.#length, to - at);
        this.#length -= taken;
        at += taken;
        if (this.#length === 0) this.#endText();
      } else this.#takeByte(bytes[at++]!);
    }
  }

  #takeByte(byte: number): void {
    switch (this.#next) {
      case REPRESENTATION:
        this.#begin(byte);
        return;
      case INDEX:
        if (byte < 0x80) this.#endIndex();
        return;
      case LENGTH:
        this.#length = byte & 0x7f;
        this.#weight = 1;
        if (this.#length === 0x7f) this.#next = LONG_LENGTH;
        else this.#beginText();
        return;
      default:
        this.#length += (byte & 0x7f) * this.#weight;
        this.#weight *= 128;
        if (byte < 0x80) this.#beginText();
    }
  }

  #begin(byte: number): void {
    // Indexed, literal that is indexed, size of the table, literals that are not indexed.
    const mask = byte >= 0x80 ? 0x7f : byte >= 0x40 ? 0x3f : byte >= 0x20 ? 0x1f : 0x0f;
    const index = byte & mask;
    const isLiteral = mask === 0x3f || mask === 0x0f;
    this.#texts = isLiteral ? (index === 0 ? 2 : 1) : 0;
    if (mask !== 0x1f) this.count++;
    if (index === mask) this.#next = INDEX;
    else this.#endIndex();
  }

  #endIndex(): void {
    this.#next = this.#texts === 0 ? REPRESENTATION : LENGTH;
  }

  #beginText(): void {
    this.#texts--;
    if (this.#length === 0) this.#endText();
    else this.#next = TEXT;
  }

  #endText(): void {
    this.#next = this.#texts === 0 ? REPRESENTATION : LENGTH;
  }
}

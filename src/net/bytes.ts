/** Bytes on their way: a Buffer, or a latin1 string of one character a byte, which is the cheaper form for small
 *  messages (read, cut and written without a Buffer being made). Never text: its bytes are to be decoded. */
export type Bytes = Buffer | string;

export function bufferOf(bytes: Bytes): Buffer {
  return typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes;
}

/** Text as a latin1 string of its UTF-8 bytes: how text outside ASCII goes into a head. */
export function latin1Of(text: string): string {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) > 0x7f) return Buffer.from(text, 'utf8').toString('latin1');
  }
  return text;
}

/** Up to here bytes are cheaper copied as text, to leave in one string with a head, than carried as they are. */
const TEXT_BYTES = 1_024;

/** The bytes [start, end) of a read, in the cheaper form. The read's memory must not be used again. */
export function pieceOf(buffer: Buffer, start: number, end: number): Bytes {
  return end - start > TEXT_BYTES ? buffer.subarray(start, end) : buffer.toString('latin1', start, end);
}

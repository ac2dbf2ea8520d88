// The server name in a ClientHello, read before any TLS machinery sees the connection (RFC 8446 §4.1.2, §5.1; RFC 6066
// §3). Strict: what is not plainly a ClientHello has no server name, and TLS answers it.

/** More bytes are needed. */
export const INCOMPLETE = 0;
/** Not a ClientHello, or one that is not well-formed. */
export const MALFORMED = 1;

/** A ClientHello is seldom longer than 2 KiB, with post-quantum key shares too. */
export const MAX_HELLO_BYTES = 16_384;

const HANDSHAKE_RECORD = 0x16;
const RECORD_HEADER_BYTES = 5;
const MAX_RECORD_BYTES = 16_384;
const CLIENT_HELLO = 1;
const MESSAGE_HEADER_BYTES = 4;
const FIXED_BYTES = 34;
const SERVER_NAME_EXTENSION = 0;
const HOST_NAME = 0;
const MAX_NAME_BYTES = 255;

/** What the first bytes of a connection say: the server name in lower case ('' when the client gives none), INCOMPLETE or
 *  MALFORMED. */
export function readServerName(bytes: Buffer): string | typeof INCOMPLETE | typeof MALFORMED {
  const fragments: Buffer[] = [];
  let collected = 0;
  let wanted = MESSAGE_HEADER_BYTES;
  for (let at = 0; collected < wanted; ) {
    const header = headerProblem(bytes, at);
    if (header !== undefined) return header;
    const end = at + RECORD_HEADER_BYTES + bytes.readUInt16BE(at + 3);
    const fragment = bytes.subarray(at + RECORD_HEADER_BYTES, end);
    fragments.push(fragment);
    collected += fragment.length;
    if (collected >= MESSAGE_HEADER_BYTES && wanted === MESSAGE_HEADER_BYTES) {
      const start = fragments.length === 1 ? fragment : Buffer.concat(fragments);
      if (start[0] !== CLIENT_HELLO) return MALFORMED;
      wanted += start.readUIntBE(1, 3);
      if (wanted > MAX_HELLO_BYTES) return MALFORMED;
    }
    if (collected < wanted && end > bytes.length) return INCOMPLETE;
    at = end;
  }
  const message = fragments.length === 1 ? fragments[0]! : Buffer.concat(fragments);
  return nameInHello(message.subarray(MESSAGE_HEADER_BYTES, wanted)) ?? MALFORMED;
}

/** Looks at as much of a record's header as there is. */
function headerProblem(bytes: Buffer, at: number): typeof INCOMPLETE | typeof MALFORMED | undefined {
  if (bytes.length > at && bytes[at] !== HANDSHAKE_RECORD) return MALFORMED;
  if (bytes.length > at + 1 && bytes[at + 1] !== 3) return MALFORMED;
  if (bytes.length < at + RECORD_HEADER_BYTES) return INCOMPLETE;
  const length = bytes.readUInt16BE(at + 3);
  return length === 0 || length > MAX_RECORD_BYTES ? MALFORMED : undefined;
}

/** Vectors of TLS, one after the other: a length of one or two bytes, then so many bytes. */
class Vectors {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  get isOver(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** Undefined when it is cut off. */
  next(lengthBytes: 1 | 2): Buffer | undefined {
    const start = this.#at + lengthBytes;
    if (start > this.#bytes.length) return undefined;
    const end = start + this.#bytes.readUIntBE(this.#at, lengthBytes);
    if (end > this.#bytes.length) return undefined;
    this.#at = end;
    return this.#bytes.subarray(start, end);
  }

  number(bytes: 1 | 2): number | undefined {
    const end = this.#at + bytes;
    if (end > this.#bytes.length) return undefined;
    const value = this.#bytes.readUIntBE(this.#at, bytes);
    this.#at = end;
    return value;
  }
}

/** Undefined when it is not well-formed. */
function nameInHello(hello: Buffer): string | undefined {
  if (hello.length < FIXED_BYTES) return undefined;
  const parts = new Vectors(hello, FIXED_BYTES);
  const sessionId = parts.next(1);
  const cipherSuites = parts.next(2);
  const compressions = parts.next(1);
  if (sessionId === undefined || cipherSuites === undefined || compressions === undefined) return undefined;
  if (parts.isOver) return '';
  const list = parts.next(2);
  if (list === undefined || !parts.isOver) return undefined;
  const extensions = new Vectors(list, 0);
  let name: string | undefined = '';
  while (!extensions.isOver) {
    const type = extensions.number(2);
    const content = extensions.next(2);
    if (type === undefined || content === undefined) return undefined;
    if (type !== SERVER_NAME_EXTENSION) continue;
    if (name !== '') return undefined;
    name = nameInExtension(content);
    if (name === undefined) return undefined;
  }
  return name;
}

/** RFC 6066 §3: a list of one host name. */
function nameInExtension(content: Buffer): string | undefined {
  const outer = new Vectors(content, 0);
  const list = outer.next(2);
  if (list === undefined || !outer.isOver) return undefined;
  const entries = new Vectors(list, 0);
  const type = entries.number(1);
  const name = entries.next(2);
  if (type !== HOST_NAME || name === undefined || !entries.isOver) return undefined;
  if (name.length === 0 || name.length > MAX_NAME_BYTES || name.includes(0)) return undefined;
  return name.toString('latin1').toLowerCase();
}

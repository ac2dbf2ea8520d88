// A WebSocket client that sends frames as bytes and shows those it gets, so that no library stands between the test and
// the wire (RFC 6455 §5).
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export const CONTINUATION = 0x0;
export const TEXT = 0x1;
export const BINARY = 0x2;
export const CLOSE = 0x8;
export const PING = 0x9;
export const PONG = 0xa;

const MASKING_KEY = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);
const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';

export interface FrameOptions {
  /** Whether it is the last of its message (true). */
  readonly fin?: boolean;
  /** The reserved bits: 4 is RSV1 (0). */
  readonly rsv?: number;
  /** true. */
  readonly masked?: boolean;
  /** Four bytes. */
  readonly maskingKey?: Buffer;
  /** What the header says instead of the payload's length. */
  readonly says?: number;
  /** Bytes of the extended length: 2 and 8 where fewer would do. */
  readonly extended?: 0 | 2 | 8;
}

/** A frame of a client. */
export function frame(opcode: number, payload: string | Buffer, options: FrameOptions = {}): Buffer {
  const { fin = true, rsv = 0, masked = true, maskingKey = MASKING_KEY } = options;
  const data = typeof payload === 'string' ? Buffer.from(payload) : payload;
  const length = options.says ?? data.length;
  const extended = options.extended ?? (length < 126 ? 0 : length < 65_536 ? 2 : 8);
  const head = Buffer.alloc(2 + extended);
  head[0] = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  head[1] = (masked ? 0x80 : 0) | (extended === 0 ? length : extended === 2 ? 126 : 127);
  if (extended === 2) head.writeUInt16BE(length, 2);
  else if (extended === 8) head.writeBigUInt64BE(BigInt(length), 2);
  if (!masked) return Buffer.concat([head, data]);
  return Buffer.concat([head, maskingKey, data.map((byte, i) => byte ^ maskingKey[i % 4]!)]);
}

/** A close frame; `code` undefined for one without. */
export function closeFrame(code?: number, reason: string | Buffer = ''): Buffer {
  if (code === undefined) return frame(CLOSE, '');
  const start = Buffer.alloc(2);
  start.writeUInt16BE(code);
  return frame(CLOSE, Buffer.concat([start, Buffer.from(reason)]));
}

export interface ReceivedFrame {
  readonly opcode: number;
  readonly fin: boolean;
  readonly rsv: number;
  readonly payload: Buffer;
}

/** `close 1002 reason`, `text hello`, `pong x`, `end` for a connection that is over. */
export function describeFrame(received: ReceivedFrame | undefined): string {
  if (received === undefined) return 'end';
  const { opcode, payload, fin } = received;
  const tail = fin ? '' : ' …';
  switch (opcode) {
    case CLOSE:
      return payload.length === 0
        ? 'close'
        : `close ${payload.readUInt16BE()} ${payload.subarray(2).toString()}`.trimEnd();
    case TEXT:
      return `text ${payload.toString()}${tail}`;
    case BINARY:
      return `binary ${payload.toString('hex')}${tail}`;
    case PONG:
      return `pong ${payload.toString()}`;
    case PING:
      return `ping ${payload.toString()}`;
    default:
      return `opcode ${opcode} ${payload.toString()}${tail}`;
  }
}

export interface SocketTarget {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  /** Host header. */
  readonly authority: string;
  /** Lines besides those of every handshake, each with CRLF. */
  readonly lines?: string;
}

export class SocketClient {
  readonly socket: Socket;
  /** Status line and header lines of the handshake's reply. */
  readonly head: string;
  #received: Buffer;
  #isOver = false;

  private constructor(socket: Socket, head: string, rest: Buffer) {
    this.socket = socket;
    this.head = head;
    this.#received = rest;
    const over = (): void => {
      this.#isOver = true;
    };
    socket.on('close', over);
    socket.on('end', over);
    socket.on('error', () => {});
    socket.on('data', (data: Buffer) => {
      this.#received = Buffer.concat([this.#received, data]);
    });
  }

  /** Rejects for a handshake that is refused. `first` is sent with the handshake. */
  static async open(target: SocketTarget, first: Buffer = Buffer.alloc(0)): Promise<SocketClient> {
    const socket = connect({ host: target.host, port: target.port, noDelay: true, allowHalfOpen: true });
    socket.write(Buffer.concat([Buffer.from(handshake(target), 'latin1'), first]));
    let received = Buffer.alloc(0);
    for (;;) {
      const [data] = (await once(socket, 'data')) as [Buffer];
      received = Buffer.concat([received, data]);
      const end = received.indexOf('\r\n\r\n');
      if (end < 0) continue;
      const head = received.toString('latin1', 0, end);
      if (!head.startsWith('HTTP/1.1 101 ')) {
        socket.destroy();
        throw new Error(head);
      }
      return new SocketClient(socket, head, received.subarray(end + 4));
    }
  }

  send(...frames: readonly Buffer[]): void {
    this.socket.write(Buffer.concat(frames));
  }

  /** Byte by byte, each in a write of its own. */
  async sendSlowly(bytes: Buffer): Promise<void> {
    for (let i = 0; i < bytes.length; i++) {
      this.socket.write(bytes.subarray(i, i + 1));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** The next frame; undefined when the connection is over. */
  async next(): Promise<ReceivedFrame | undefined> {
    for (;;) {
      const found = this.#take();
      if (found !== undefined) return found;
      if (this.#isOver) return undefined;
      await this.#change();
    }
  }

  /** The next message's data, of however many frames. */
  async message(): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (;;) {
      const received = await this.next();
      if (received === undefined || received.opcode > BINARY) {
        throw new Error(`no message: ${describeFrame(received)}`);
      }
      parts.push(received.payload);
      if (received.fin) return Buffer.concat(parts);
    }
  }

  /** The next message as text. */
  async text(): Promise<string> {
    return (await this.message()).toString();
  }

  /** Everything until the connection is over, described. Answers the server's close frame. */
  async rest(): Promise<string[]> {
    const all: string[] = [];
    for (;;) {
      const received = await this.next();
      all.push(describeFrame(received));
      if (received === undefined) {
        this.socket.end();
        return all;
      }
      if (received.opcode === CLOSE && !this.socket.writableEnded) {
        this.socket.write(frame(CLOSE, received.payload));
      }
    }
  }

  destroy(): void {
    this.socket.destroy();
  }

  /** Something has come, or the end. */
  #change(): Promise<void> {
    const { socket } = this;
    return new Promise((resolve) => {
      const done = (): void => {
        for (const event of ['data', 'end', 'close']) socket.removeListener(event, done);
        resolve();
      };
      for (const event of ['data', 'end', 'close']) socket.on(event, done);
    });
  }

  #take(): ReceivedFrame | undefined {
    const bytes = this.#received;
    if (bytes.length < 2) return undefined;
    const short = bytes[1]! & 0x7f;
    const extended = short === 127 ? 8 : short === 126 ? 2 : 0;
    const start = 2 + extended;
    if (bytes.length < start) return undefined;
    const length =
      extended === 0 ? short : extended === 2 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
    if (bytes.length < start + length) return undefined;
    this.#received = bytes.subarray(start + length);
    return {
      opcode: bytes[0]! & 0x0f,
      fin: (bytes[0]! & 0x80) !== 0,
      rsv: (bytes[0]! >> 4) & 7,
      payload: bytes.subarray(start, start + length),
    };
  }
}

/** The text of an upgrade request. */
export function handshake({ path, authority, lines = '' }: Omit<SocketTarget, 'host' | 'port'>): string {
  return (
    `GET ${path} HTTP/1.1\r\nHost: ${authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
    `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}\r\n${lines}\r\n`
  );
}

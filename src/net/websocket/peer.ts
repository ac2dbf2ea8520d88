// A client at the other end of an upgraded connection: messages in, frames out, one end (RFC 6455;
// spec/websocket-api.md §2.6, §7.2, §7.4). Frames are read and written by `ws`.
import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { holdForTurn } from '../turn.ts';
import { FrameLengths } from './frame-lengths.ts';

export interface PeerHandler {
  onText(text: string): void;
  /** The client has read what waited for it, once `isBehind` has said that it was behind. */
  onCaughtUp(): void;
  /** The connection is over. `code` is that of the close frame, 1005 for one without, 1006 for none; or ours, when it was
   *  us who closed. */
  onEnd(code: number, reason: string, byUs: boolean): void;
}

/** Longest frame and message that a client may send, in bytes. */
const MAX_FRAME_BYTES = 32_768;
export const MAX_MESSAGE_BYTES = 131_072;
/** What may wait for a client that reads slowly, in bytes. */
const MAX_WAITING_BYTES = 1_048_576;
/** What may wait for a client while its own messages are served, in bytes. */
const MAX_BEHIND_BYTES = 262_144;

const UNSUPPORTED = 1003;
const INVALID_TEXT = 1007;
const TOO_LARGE = 1009;
const PROTOCOL_ERROR = 1002;
/** A client that does not take what it gets. */
export const POLICY_VIOLATION = 1008;
export const SLOW_REASON = 'Slow consumer';

const CODES = { tooLong: TOO_LARGE, notShortest: PROTOCOL_ERROR };

const COMPRESSING_MILLIS = 1_000;
/** Calls of `rest` behind which a client has been quiet for long enough. */
const AT_REST = 2;
/** Between two looks at what is being compressed. */
const LOOK_MILLIS = 10;

/** Of `readyState`. */
const OPEN = 1;

interface Carrier extends WebSocket {
  peer: Peer;
  /** Of the library: what it compresses with. It has no way to ask for it. */
  readonly _extensions?: { readonly 'permessage-deflate'?: { cleanup(): void } };
}

interface Watched extends Socket {
  frames: FrameLengths;
  peer: Peer | undefined;
}

export class Peer {
  readonly #socket: Socket;
  readonly #ws: WebSocket;
  readonly #isCompressed: boolean;
  readonly #frames: FrameLengths;
  readonly #handler: PeerHandler;
  /** How we ended it. */
  #closed: { readonly code: number; readonly reason: string } | undefined = undefined;
  #isOver = false;
  #isCatchingUp = false;
  /** How often `rest` has been called since something was compressed. */
  #rests = AT_REST;
  /** Messages that have come. */
  #messages = 0;

  /** Made before `ws` reads from the socket. */
  static watch(socket: Socket): void {
    const watched = socket as Watched;
    watched.frames = new FrameLengths(MAX_FRAME_BYTES);
    watched.peer = undefined;
    watched.on('data', onData);
  }

  constructor(socket: Socket, ws: WebSocket, handler: PeerHandler) {
    this.#socket = socket;
    this.#ws = ws;
    this.#isCompressed = ws.extensions !== '';
    this.#frames = (socket as Watched).frames;
    this.#handler = handler;
    (socket as Watched).peer = this;
    (ws as Carrier).peer = this;
    ws.on('message', onMessage);
    ws.on('ping', onPing);
    ws.on('error', onError);
    ws.on('close', onClose);
  }

  /** Whether frames still reach the client. */
  get isOpen(): boolean {
    return this.#closed === undefined && this.#ws.readyState === OPEN;
  }

  /** Sends a text message, or a binary one, in frames of at most 32 KB. `full`: the client does not keep up, and nothing of
   *  it was sent. */
  send(data: string | Buffer): 'sent' | 'full' | 'gone' {
    if (!this.isOpen) return 'gone';
    const ws = this.#ws;
    const binary = typeof data !== 'string';
    if (ws.bufferedAmount > MAX_WAITING_BYTES) return 'full';
    if (data.length * 3 <= MAX_FRAME_BYTES) {
      if (binary || this.#isCompressed) {
        this.#rests = 0;
        ws.send(data, { binary });
      } else {
        const frame = textFrame(data);
        holdForTurn(this.#socket, frame.length);
        this.#socket.write(frame);
      }
      return 'sent';
    }
    const bytes = binary ? data : Buffer.from(data, 'utf8');
    for (let at = 0; at < bytes.length; at += MAX_FRAME_BYTES) {
      const end = Math.min(bytes.length, at + MAX_FRAME_BYTES);
      ws.send(bytes.subarray(at, end), { binary, fin: end === bytes.length, compress: false });
    }
    return 'sent';
  }

  /** Whether so much waits for the client that its own messages had better wait too; `onCaughtUp` follows then. With more
   *  than may wait at all it is not to be waited for. */
  isBehind(): boolean {
    const ws = this.#ws;
    if (ws.bufferedAmount <= MAX_BEHIND_BYTES || !this.isOpen) return false;
    // Perhaps the system takes it.
    this.#socket.uncork();
    const waiting = ws.bufferedAmount;
    if (waiting <= MAX_BEHIND_BYTES || waiting > MAX_WAITING_BYTES) return false;
    if (!this.#isCatchingUp) {
      this.#isCatchingUp = true;
      if (this.#socket.writableNeedDrain) this.#socket.once('drain', onDrain);
      else setTimeout(() => this.onDrain(), LOOK_MILLIS).unref();
    }
    return true;
  }

  onDrain(): void {
    this.#isCatchingUp = false;
    this.#handler.onCaughtUp();
  }

  /** Closes with a code; the client has some seconds to answer. */
  close(code: number, reason: string): void {
    if (!this.isOpen) return;
    this.#closed = { code, reason };
    this.#ws.close(code, reason);
  }

  /** Ends the connection without a word. */
  destroy(): void {
    this.#ws.terminate();
  }

  pause(): void {
    this.#ws.pause();
  }

  resume(): void {
    this.#ws.resume();
  }

  /** Lets go of what compression holds for a client with which nothing has been said for two calls: a quarter of a megabyte,
   *  of which nothing is needed between messages. */
  rest(): void {
    if (!this.#isCompressed || this.#rests >= AT_REST || ++this.#rests < AT_REST) return;
    const isIdle =
      this.isOpen &&
      this.#frames.isBetween(this.#messages) &&
      this.#ws.bufferedAmount === this.#socket.writableLength;
    if (isIdle) (this.#ws as Carrier)._extensions?.['permessage-deflate']?.cleanup();
    else this.#rests = 0;
  }

  onMessage(data: Buffer, isBinary: boolean): void {
    this.#rests = 0;
    const message = this.#messages++;
    const frames = this.#frames;
    const isTooLong = frames.wasCompressedWhole(message) && data.length > MAX_FRAME_BYTES;
    if (!this.isOpen) return;
    if (message === frames.refusedAt) this.close(CODES[frames.refusal], '');
    else if (isTooLong) this.close(TOO_LARGE, '');
    else if (isBinary) this.close(UNSUPPORTED, '');
    else this.#handler.onText(data.toString('utf8'));
    this.judgeFrames();
  }

  /** A frame that is not to be taken ends the connection before it is complete, and behind the messages before it. Nothing the
   *  client says behind it is read, so its close frame is not waited for. */
  judgeFrames(): void {
    if (this.#frames.refusedAt !== this.#messages || !this.isOpen) return;
    this.close(CODES[this.#frames.refusal], '');
    // What is being compressed goes out first.
    if (this.#ws.extensions === '') this.#socket.end();
    else setTimeout(() => this.#socket.end(), COMPRESSING_MILLIS).unref();
  }

  /** A client that does not read its pongs is no client. */
  onPing(data: Buffer): void {
    if (!this.isOpen) return;
    if (this.#ws.bufferedAmount > MAX_WAITING_BYTES) this.close(POLICY_VIOLATION, SLOW_REASON);
    else this.#ws.pong(data);
  }

  /** The library found a violation and closes by itself. */
  onError(error: Error): void {
    const code = closeCodeOf('code' in error ? String(error.code) : '');
    if (code !== undefined) this.#closed ??= { code, reason: '' };
  }

  onClose(code: number, reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const closed = this.#closed;
    if (closed === undefined) this.#handler.onEnd(code, reason, false);
    else this.#handler.onEnd(closed.code, closed.reason, true);
  }
}

/** A text frame of less than 64 KB, in one piece: the library writes two. */
function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const start = length > 125 ? 4 : 2;
  const frame = Buffer.allocUnsafe(start + length);
  frame[0] = 0x81;
  if (length > 125) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else frame[1] = length;
  frame.write(text, start);
  return frame;
}

/** What the library closes with; undefined when it is the connection that failed. */
function closeCodeOf(error: string): number | undefined {
  // Compressed data that are none.
  if (error.startsWith('Z_')) return INVALID_TEXT;
  if (!error.startsWith('WS_ERR_')) return undefined;
  switch (error) {
    case 'WS_ERR_INVALID_UTF8':
      return INVALID_TEXT;
    case 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH':
    case 'WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH':
      return TOO_LARGE;
    case 'WS_ERR_TOO_MANY_BUFFERED_PARTS':
      return POLICY_VIOLATION;
    default:
      return PROTOCOL_ERROR;
  }
}

function onData(this: Socket, chunk: Buffer): void {
  const { frames, peer } = this as Watched;
  if (frames.refusedAt >= 0) return;
  frames.take(chunk);
  // The library reads the chunk first.
  if (frames.refusedAt >= 0 && peer !== undefined) setImmediate(() => peer.judgeFrames());
}

function onDrain(this: Socket): void {
  (this as Watched).peer?.onDrain();
}

function onPing(this: WebSocket, data: Buffer): void {
  (this as Carrier).peer.onPing(data);
}

function onMessage(this: WebSocket, data: Buffer, isBinary: boolean): void {
  (this as Carrier).peer.onMessage(data, isBinary);
}

function onError(this: WebSocket, error: Error): void {
  (this as Carrier).peer.onError(error);
}

function onClose(this: WebSocket, code: number, reason: Buffer): void {
  (this as Carrier).peer.onClose(code, reason.toString('utf8'));
}

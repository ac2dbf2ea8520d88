// A client at the other end of an upgraded connection: messages in, frames out, one end (RFC 6455;
// spec/websocket-api.md §2.6, §7.2, §7.4). Frames are read and written by `ws`.
import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { FrameLengths } from './frame-lengths.ts';

export interface PeerHandler {
  onText(text: string): void;
  /** The connection is over. `code` is that of the close frame, 1005 for one without, 1006 for none; or ours, when it was
   *  us who closed. */
  onEnd(code: number, reason: string, byUs: boolean): void;
}

/** Longest frame and message that a client may send, in bytes. */
export const MAX_FRAME_BYTES = 32_768;
export const MAX_MESSAGE_BYTES = 131_072;
/** What may wait for a client that reads slowly, in bytes. */
const MAX_WAITING_BYTES = 1_048_576;

const UNSUPPORTED = 1003;
const INVALID_TEXT = 1007;
const TOO_LARGE = 1009;
const PROTOCOL_ERROR = 1002;

interface Carrier extends WebSocket {
  peer: Peer;
}

export class Peer {
  readonly #ws: WebSocket;
  readonly #lengths: FrameLengths;
  readonly #handler: PeerHandler;
  /** How we ended it. */
  #closed: { readonly code: number; readonly reason: string } | undefined = undefined;
  #isOver = false;

  /** Made before `ws` reads from the socket. */
  static watch(socket: Socket): FrameLengths {
    const lengths = new FrameLengths(MAX_FRAME_BYTES);
    socket.on('data', (chunk: Buffer) => lengths.take(chunk));
    return lengths;
  }

  constructor(ws: WebSocket, lengths: FrameLengths, handler: PeerHandler) {
    this.#ws = ws;
    this.#lengths = lengths;
    this.#handler = handler;
    (ws as Carrier).peer = this;
    ws.on('message', onMessage);
    ws.on('error', onError);
    ws.on('close', onClose);
  }

  /** Whether frames still reach the client. */
  get isOpen(): boolean {
    return this.#closed === undefined && !this.#isOver;
  }

  /** Sends a text message, or a binary one, in frames of at most 32 KB. `full`: the client does not keep up, and nothing of
   *  it was sent. */
  send(data: string | Buffer): 'sent' | 'full' | 'gone' {
    if (!this.isOpen) return 'gone';
    const ws = this.#ws;
    const binary = typeof data !== 'string';
    if (ws.bufferedAmount > MAX_WAITING_BYTES) return 'full';
    if (data.length * 3 <= MAX_FRAME_BYTES) {
      ws.send(data, { binary });
      return 'sent';
    }
    const bytes = binary ? data : Buffer.from(data, 'utf8');
    for (let at = 0; at < bytes.length; at += MAX_FRAME_BYTES) {
      const end = Math.min(bytes.length, at + MAX_FRAME_BYTES);
      ws.send(bytes.subarray(at, end), { binary, fin: end === bytes.length, compress: false });
    }
    return 'sent';
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

  onMessage(data: Buffer, isBinary: boolean): void {
    if (!this.isOpen) return;
    const { isExceeded, isCompressedWhole } = this.#lengths;
    if (isExceeded || (isCompressedWhole && data.length > MAX_FRAME_BYTES)) this.close(TOO_LARGE, '');
    else if (isBinary) this.close(UNSUPPORTED, '');
    else this.#handler.onText(data.toString('utf8'));
  }

  /** The library found a violation and closes by itself. */
  onError(error: Error): void {
    const code = 'code' in error ? String(error.code) : '';
    if (!code.startsWith('WS_ERR_')) return;
    this.#closed ??= { code: closeCodeOf(code), reason: '' };
  }

  onClose(code: number, reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const closed = this.#closed;
    if (closed === undefined) this.#handler.onEnd(code, reason, false);
    else this.#handler.onEnd(closed.code, closed.reason, true);
  }
}

function closeCodeOf(error: string): number {
  if (error === 'WS_ERR_INVALID_UTF8') return INVALID_TEXT;
  return error === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' || error === 'WS_ERR_TOO_MANY_BUFFERED_PARTS'
    ? TOO_LARGE
    : PROTOCOL_ERROR;
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

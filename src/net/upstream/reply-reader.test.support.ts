// Feeds a ReplyReader as a connection does, without a socket, and tells what came out.
import type { BodySink } from '../body.ts';
import { type Bytes, bufferOf } from '../bytes.ts';
import { type ReplyListener, ReplyReader } from './reply-reader.ts';
import type { FailureCause, UpstreamReply } from './upstream.ts';

export interface ReadOptions {
  readonly method: string;
  readonly maxBytes?: number;
  /** The connection closes behind the last piece. */
  readonly ends?: boolean;
}

const FLOW = { pauseBody: () => {}, resumeBody: () => {}, dropBody: () => {} };

// As on a connection, all reads go through one buffer.
const shared = Buffer.alloc(65_536);

/** What a connection makes of pieces of latin1 text. */
export class SeenReply implements ReplyListener, BodySink {
  status = 0;
  pairs: readonly string[] = [];
  canonical = false;
  whole: Bytes | undefined;
  body = '';
  /** The reply and its body have ended as they should. */
  isComplete = false;
  isPersistent = false;
  keepAliveSeconds = -1;
  cause: FailureCause | string | undefined;
  readonly reader: ReplyReader;

  constructor() {
    this.reader = new ReplyReader(this);
  }

  onReply(reply: UpstreamReply, isComplete: boolean): void {
    this.status = reply.status;
    this.pairs = reply.headers.pairs();
    this.canonical = reply.canonical;
    this.whole = reply.body.whole;
    this.keepAliveSeconds = this.reader.keepAliveSeconds;
    if (isComplete) this.isPersistent = this.reader.isPersistent;
    reply.body.pipe(this);
  }

  onEnd(): void {
    this.isPersistent = this.reader.isPersistent;
  }

  onBroken(cause: FailureCause): void {
    this.cause = cause;
    this.reader.abandon()?.fail(cause);
  }

  begin(): void {}

  write(chunk: Bytes): boolean {
    this.body += bufferOf(chunk).toString('latin1');
    return true;
  }

  end(): void {
    this.isComplete = true;
  }

  abort(cause: string): void {
    this.cause = cause;
  }
}

export function readReply(pieces: readonly string[], { method, maxBytes, ends }: ReadOptions): SeenReply {
  const seen = new SeenReply();
  const { reader } = seen;
  reader.expect(method, maxBytes ?? 10_485_760, FLOW);
  for (const piece of pieces) {
    for (let at = 0; at < piece.length; at += shared.length) {
      const length = shared.write(piece.slice(at, at + shared.length), 0, 'latin1');
      // A connection that sends on when its reply is over is destroyed.
      if (reader.isSilent) seen.isPersistent = false;
      else reader.read(shared, length);
      shared.fill('#', 0, length);
    }
  }
  if (ends === true) reader.end();
  return seen;
}

/** The text in one piece, in two at every boundary, and octet by octet. */
export function splits(text: string): string[][] {
  const all = [[text]];
  for (let cut = 1; cut < text.length; cut++) all.push([text.slice(0, cut), text.slice(cut)]);
  all.push([...text]);
  return all;
}

export function slices(text: string, length: number): string[] {
  const found: string[] = [];
  for (let at = 0; at < text.length; at += length) found.push(text.slice(at, at + length));
  return found;
}

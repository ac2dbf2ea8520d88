// The body of a reply on its way to a client of the fast path: framed by us, with backpressure.
import type { BodySink, BodySource } from '../body.ts';
import type { Bytes } from '../bytes.ts';
import { carriesBody } from './reply-head.ts';

/** The connection, as a reply sees it. */
export interface ReplyOutput {
  /** Writes prefix and chunk; false when the client is slow. */
  writeParts(prefix: string, chunk: Bytes): boolean;
  /** Whether all that was written has gone to the system. */
  readonly isFlushed: boolean;
  onReplyDone(bodyBytes: number): void;
  /** The reply cannot be completed. `reset` when only that tells the client. */
  breakReply(reset: boolean): void;
}

/** Nothing reaches the client: HEAD, 204, 304, or a client that is gone. */
const SILENT = 0;
const BY_LENGTH = 1;
const CHUNKED = 2;
/** The end of the connection ends the body (HTTP/1.0). */
const BY_CLOSE = 3;

/** How the body of a reply is framed, as `framingLine` says it. `minor` is the client's; `length` -1 is not known. */
export function framingOf(method: string, minor: number, status: number, length: number): number {
  if (!carriesBody(method, status)) return SILENT;
  if (length >= 0) return BY_LENGTH;
  return minor > 0 ? CHUNKED : BY_CLOSE;
}

export class FastReply implements BodySink {
  readonly #output: ReplyOutput;
  readonly #framing: number;
  /** Not written yet: goes out with the first chunk, or in the next tick. */
  #head: string;
  #left: number;
  /** Of the body, handed over so far. */
  bodyBytes = 0;
  /** The line end behind a chunk's data, which travels with the next chunk's size. */
  #between = '';
  #source: BodySource | undefined = undefined;
  #over = false;
  #lost = false;

  constructor(output: ReplyOutput, head: string, framing: number, length: number) {
    this.#output = output;
    this.#head = head;
    this.#framing = framing;
    this.#left = length;
  }

  get isFlushed(): boolean {
    return this.#output.isFlushed;
  }

  begin(source: BodySource): void {
    this.#source = source;
    if (this.#lost) source.cancel();
    else process.nextTick(flush, this);
  }

  write(chunk: Bytes): boolean {
    if (this.#over || chunk.length === 0) return true;
    const head = this.#head;
    this.#head = '';
    if (this.#framing !== SILENT) this.bodyBytes += chunk.length;
    switch (this.#framing) {
      case SILENT:
        if (head !== '') this.#output.writeParts(head, '');
        return true;
      case CHUNKED: {
        const prefix = `${head}${this.#between}${chunk.length.toString(16)}\r\n`;
        this.#between = '\r\n';
        return this.#output.writeParts(prefix, chunk);
      }
      case BY_LENGTH:
        this.#left -= chunk.length;
        if (this.#left >= 0) return this.#output.writeParts(head, chunk);
        this.#source!.cancel();
        this.#break();
        return true;
      default:
        return this.#output.writeParts(head, chunk);
    }
  }

  end(): void {
    if (this.#over) return;
    if (this.#framing === BY_LENGTH && this.#left !== 0) {
      this.#break();
      return;
    }
    this.#over = true;
    const head = this.#head;
    this.#head = '';
    if (this.#framing === CHUNKED) this.#output.writeParts(`${head}${this.#between}0\r\n\r\n`, '');
    else if (head !== '') this.#output.writeParts(head, '');
    this.#output.onReplyDone(this.bodyBytes);
  }

  abort(): void {
    if (!this.#over) this.#break();
  }

  /** The client takes more. */
  resume(): void {
    this.#source?.resume();
  }

  /** The client is gone. */
  lose(): void {
    this.#lost = true;
    if (this.#over) return;
    this.#over = true;
    this.#source?.cancel();
  }

  flushHead(): void {
    if (this.#over || this.#head === '') return;
    const head = this.#head;
    this.#head = '';
    this.#output.writeParts(head, '');
  }

  #break(): void {
    this.#over = true;
    this.#output.breakReply(this.#framing === BY_CLOSE);
  }
}

/** The reply to a client that is gone. */
export function lostReply(output: ReplyOutput): FastReply {
  const reply = new FastReply(output, '', SILENT, 0);
  reply.lose();
  return reply;
}

function flush(reply: FastReply): void {
  reply.flushHead();
}

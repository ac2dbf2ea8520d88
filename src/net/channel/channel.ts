// A stream between two processes of ours, with questions and answers in both directions, many at a time.
//
// A frame is `[u32le: bytes that follow][u8 kind][u32le number][body]`. Number 0 is a tell: nobody answers. Kinds below 16 are the
// channel's own; what the others mean is a protocol's. Frames of one turn of the event loop go out together.
import type { Duplex } from 'node:stream';
import { messageOf } from '../../defect.ts';
import { FrameReader, LENGTH_BYTES } from '../frames.ts';

export interface ChannelHandlers {
  /** Answers. What it throws is a ChannelError of the same message where it was asked. The body is the handler's to keep. */
  onAsk(kind: number, body: Buffer): Promise<Buffer | string> | Buffer | string;
  onTell(kind: number, body: Buffer): void;
  /** Once. Whoever was waiting for an answer has been refused. */
  onEnd(): void;
}

export interface ChannelLimits {
  /** Of kind, number and body together. A larger one that comes ends the channel; one that would go is refused. */
  readonly maxFrameBytes: number;
  /** Bytes that wait to be taken by the other side. Beyond them `ask` refuses at once, and `tell` drops. */
  readonly maxWaitingBytes: number;
  /** How often the other side is asked for a sign of life while it says nothing; never when absent. */
  readonly pingMillis?: number;
  /** Silence that ends the channel; needs `pingMillis`. */
  readonly deadMillis?: number;
}

/** The question was not answered: it was refused there, could not be sent, took too long, or the channel ended. */
export class ChannelError extends Error {}

const ANSWER = 0;
const FAILURE = 1;
const PING = 2;
const PONG = 3;
/** The first kind that a protocol may give a meaning. */
export const FIRST_KIND = 16;

/** Kind and number. */
const HEAD_BYTES = 5;
/** Larger bodies are written as they are instead of copied behind their head. */
const COPIED_BYTES = 4_096;
const MAX_NUMBER = 0xffff_ffff;
const NOTHING = Buffer.alloc(0);

interface Asked {
  resolve(answer: Buffer): void;
  reject(error: ChannelError): void;
  readonly timer: NodeJS.Timeout | undefined;
}

export class Channel {
  /** Tells that were dropped because the other side takes nothing. */
  dropped = 0;
  readonly #stream: Duplex;
  readonly #handlers: ChannelHandlers;
  readonly #limits: ChannelLimits;
  readonly #asked = new Map<number, Asked>();
  #lastNumber = 0;
  #isHeld = false;
  #isOver = false;
  /** Looks that found nothing new, one after another. Counted instead of timed: who did not run himself has heard nobody. */
  #silences = 0;
  #pinging: NodeJS.Timeout | undefined = undefined;

  constructor(stream: Duplex, handlers: ChannelHandlers, limits: ChannelLimits) {
    this.#stream = stream;
    this.#handlers = handlers;
    this.#limits = limits;
    const reader = new FrameReader(
      limits.maxFrameBytes,
      (bytes, start, end) => this.#take(bytes, start, end),
      () => this.end(),
    );
    stream.on('data', (bytes: Buffer) => {
      this.#silences = 0;
      reader.push(bytes);
    });
    // What went wrong shows in the end that follows.
    stream.on('error', () => undefined);
    stream.on('end', () => this.end());
    stream.on('close', () => this.end());
    const { pingMillis } = limits;
    if (pingMillis !== undefined)
      this.#pinging = setInterval(() => this.#look(pingMillis), pingMillis).unref();
  }

  /** Bytes that wait to be taken by the other side. */
  get waitingBytes(): number {
    return this.#stream.writableLength;
  }

  /** Rejects with ChannelError; a late answer is for nobody then. */
  ask(kind: number, body: Buffer | string, timeoutMillis?: number): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const refusal = this.#refusalOf(body);
      if (refusal !== undefined) {
        reject(new ChannelError(refusal));
        return;
      }
      const number = this.#nextNumber();
      const timer =
        timeoutMillis === undefined
          ? undefined
          : setTimeout(() => this.#giveUp(number, timeoutMillis), timeoutMillis);
      this.#asked.set(number, { resolve, reject, timer });
      this.#write(kind, number, body);
    });
  }

  tell(kind: number, body: Buffer | string): void {
    if (this.#refusalOf(body) === undefined) this.#write(kind, 0, body);
    else this.dropped++;
  }

  /** What has been written before still goes out. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearInterval(this.#pinging);
    const asked = [...this.#asked.values()];
    this.#asked.clear();
    for (const { reject, timer } of asked) {
      clearTimeout(timer);
      reject(new ChannelError('The other process has ended the conversation.'));
    }
    this.#stream.end();
    // Nobody reads what still comes, and its end would not be seen.
    this.#stream.resume();
    this.#handlers.onEnd();
  }

  /** Why nothing can be sent now. */
  #refusalOf(body: Buffer | string): string | undefined {
    if (this.#isOver) return 'The other process is not there any more.';
    const bytes = HEAD_BYTES + Buffer.byteLength(body);
    const { maxFrameBytes, maxWaitingBytes } = this.#limits;
    if (bytes > maxFrameBytes) return `The message of ${bytes} bytes is over the limit of ${maxFrameBytes}.`;
    const waiting = this.#stream.writableLength;
    // One that is larger than all that may wait goes alone.
    if (waiting > 0 && waiting + bytes > maxWaitingBytes)
      return 'The other process takes nothing at present.';
    return undefined;
  }

  #nextNumber(): number {
    do this.#lastNumber = this.#lastNumber === MAX_NUMBER ? 1 : this.#lastNumber + 1;
    while (this.#asked.has(this.#lastNumber));
    return this.#lastNumber;
  }

  #giveUp(number: number, timeoutMillis: number): void {
    const asked = this.#asked.get(number);
    this.#asked.delete(number);
    asked?.reject(new ChannelError(`The other process has not answered within ${timeoutMillis} ms.`));
  }

  #take(bytes: Buffer, start: number, end: number): void {
    if (this.#isOver) return;
    if (end - start < HEAD_BYTES) {
      this.end();
      return;
    }
    const kind = bytes[start]!;
    const number = bytes.readUInt32LE(start + 1);
    const body = bytes.subarray(start + HEAD_BYTES, end);
    if (kind >= FIRST_KIND) {
      if (number === 0) this.#handlers.onTell(kind, body);
      else this.#answer(kind, number, body);
      return;
    }
    switch (kind) {
      case ANSWER:
        this.#settled(number)?.resolve(body);
        return;
      case FAILURE:
        this.#settled(number)?.reject(new ChannelError(body.toString()));
        return;
      case PING:
        this.#write(PONG, 0, NOTHING);
        return;
      case PONG:
        return;
      default:
        this.end();
    }
  }

  #settled(number: number): Asked | undefined {
    const asked = this.#asked.get(number);
    if (asked === undefined) return undefined;
    this.#asked.delete(number);
    clearTimeout(asked.timer);
    return asked;
  }

  #answer(kind: number, number: number, body: Buffer): void {
    let answer: ReturnType<ChannelHandlers['onAsk']>;
    try {
      answer = this.#handlers.onAsk(kind, body);
    } catch (error) {
      this.#send(FAILURE, number, messageOf(error));
      return;
    }
    if (!(answer instanceof Promise)) {
      this.#send(ANSWER, number, answer);
      return;
    }
    answer.then(
      (found) => this.#send(ANSWER, number, found),
      (error: unknown) => this.#send(FAILURE, number, messageOf(error)),
    );
  }

  /** Answers wait however much is waiting: who has asked counts on them, and asks no more than fits. */
  #send(kind: number, number: number, body: Buffer | string): void {
    if (this.#isOver) return;
    const bytes = HEAD_BYTES + Buffer.byteLength(body);
    const { maxFrameBytes } = this.#limits;
    if (bytes <= maxFrameBytes) this.#write(kind, number, body);
    else this.#write(FAILURE, number, `The answer of ${bytes} bytes is over the limit of ${maxFrameBytes}.`);
  }

  #write(kind: number, number: number, body: Buffer | string): void {
    const stream = this.#stream;
    if (!this.#isHeld) {
      this.#isHeld = true;
      stream.cork();
      setImmediate(() => {
        this.#isHeld = false;
        stream.uncork();
      });
    }
    const bytes = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
    const isCopied = typeof body === 'string' || bytes <= COPIED_BYTES;
    const head = Buffer.allocUnsafe(LENGTH_BYTES + HEAD_BYTES + (isCopied ? bytes : 0));
    head.writeUInt32LE(HEAD_BYTES + bytes, 0);
    head[LENGTH_BYTES] = kind;
    head.writeUInt32LE(number, LENGTH_BYTES + 1);
    if (typeof body === 'string') head.write(body, LENGTH_BYTES + HEAD_BYTES);
    else if (isCopied) head.set(body, LENGTH_BYTES + HEAD_BYTES);
    stream.write(head);
    if (!isCopied) stream.write(body);
  }

  #look(pingMillis: number): void {
    const { deadMillis = Number.POSITIVE_INFINITY } = this.#limits;
    if (this.#silences++ * pingMillis >= deadMillis) {
      this.end();
      this.#stream.destroy();
      return;
    }
    // Once: nothing is lost on the way.
    if (this.#silences === 2) this.#write(PING, 0, NOTHING);
  }
}

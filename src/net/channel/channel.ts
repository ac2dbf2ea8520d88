// A stream between two processes of ours, with questions and answers in both directions, many at a time.
//
// A frame is `[u32le: bytes that follow][u8 kind][u32le number][body]`. Number 0 is a tell: nobody answers. Kinds below 16 are the
// channel's own; what the others mean is a protocol's. Frames of one turn of the event loop go out together, one behind another in one
// buffer: who passes on thousands a second pays for system calls and objects, not for bytes.
import type { Duplex } from 'node:stream';
import { messageOf } from '../../defect.ts';
import { FrameReader, LENGTH_BYTES } from '../frames.ts';

/** Who has asked. Hears one of the two, once. */
export interface Asker {
  answer(body: Buffer): void;
  /** There is no answer. */
  refuse(reason: string): void;
}

export interface ChannelHandlers {
  /** Answers. What it throws is a ChannelError of the same message where it was asked. The body is the handler's to keep. Undefined:
   *  somebody else tells the asker, such as the channel that the question is passed on to. */
  onAsk(kind: number, body: Buffer, asker: OtherSide): Promise<Buffer | string> | Buffer | string | undefined;
  onTell(kind: number, body: Buffer): void;
  /** Once. Whoever was waiting for an answer has been refused. */
  onEnd(): void;
}

export interface ChannelLimits {
  /** Of kind, number and body together. A larger one that comes ends the channel; one that would go is refused. */
  readonly maxFrameBytes: number;
  /** Bytes that wait to be taken by the other side. Beyond them `ask` refuses at once, and `tell` drops. */
  readonly maxWaitingBytes: number;
  /** How many turns of the event loop more frames are held at most while each brings others, so that one wake-up of the other side is for
   *  more of them; none when absent. One that comes alone waits for one turn, in which this process does what is ready and sleeps not. */
  readonly gatheringTurns?: number;
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
const COPIED_BYTES = 8_192;
/** Frames are put together in this much memory, which is used to its end and then left to who has written it. */
const ROOM_BYTES = 32_768;
const MAX_NUMBER = 0xffff_ffff;
const NOTHING = Buffer.alloc(0);

interface Asked {
  readonly asker: Asker;
  readonly timeoutMillis: number;
  /** Monotonic milliseconds. */
  readonly giveUpAt: number;
}

type SendTo = (number: number, kind: typeof ANSWER | typeof FAILURE, body: Buffer | string) => void;

/** Who has asked over a channel. One object for each question, for thousands a second are passed on. */
export class OtherSide implements Asker {
  readonly #number: number;
  readonly #sendTo: SendTo;

  constructor(number: number, sendTo: SendTo) {
    this.#number = number;
    this.#sendTo = sendTo;
  }

  answer(body: Buffer | string): void {
    this.#sendTo(this.#number, ANSWER, body);
  }

  refuse(reason: string): void {
    this.#sendTo(this.#number, FAILURE, reason);
  }
}

export class Channel {
  /** Tells that were dropped because the other side takes nothing. */
  dropped = 0;
  readonly #stream: Duplex;
  readonly #handlers: ChannelHandlers;
  readonly #limits: ChannelLimits;
  readonly #asked = new Map<number, Asked>();
  #lastNumber = 0;
  /** What is held of it, from here to there, is written when the turn ends. */
  #room: Buffer = NOTHING;
  #heldFrom = 0;
  #heldTo = 0;
  #isHeld = false;
  /** What was held a turn ago, and for how many turns it is held so far. */
  #seenTo = 0;
  #turnsHeld = 0;
  #isOver = false;
  /** Looks that found nothing new, one after another. Counted instead of timed: who did not run himself has heard nobody. */
  #silences = 0;
  #pinging: NodeJS.Timeout | undefined = undefined;
  /** One for all that is asked: it runs out with the first deadline. */
  #sweeping: NodeJS.Timeout | undefined = undefined;
  #sweepAt = Infinity;

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
    return this.#stream.writableLength + this.#heldTo - this.#heldFrom;
  }

  /** Rejects with ChannelError; a late answer is for nobody then. */
  ask(kind: number, body: Buffer | string, timeoutMillis?: number): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const asker: Asker = { answer: resolve, refuse: (reason) => reject(new ChannelError(reason)) };
      this.askFor(asker, kind, body, timeoutMillis);
    });
  }

  /** The same for an asker, whoever it is: one of another channel too, whose question is passed on so. */
  askFor(asker: Asker, kind: number, body: Buffer | string, timeoutMillis = Infinity): void {
    const bytes = Buffer.byteLength(body);
    const refusal = this.#refusalOf(bytes);
    if (refusal !== undefined) {
      asker.refuse(refusal);
      return;
    }
    const number = this.#nextNumber();
    let giveUpAt = Infinity;
    if (timeoutMillis !== Infinity) {
      giveUpAt = performance.now() + timeoutMillis;
      if (giveUpAt < this.#sweepAt) this.#sweepBy(giveUpAt, timeoutMillis);
    }
    this.#asked.set(number, { asker, timeoutMillis, giveUpAt });
    this.#write(kind, number, body, bytes);
  }

  tell(kind: number, body: Buffer | string): void {
    const bytes = Buffer.byteLength(body);
    if (this.#refusalOf(bytes) === undefined) this.#write(kind, 0, body, bytes);
    else this.dropped++;
  }

  /** What has been written before still goes out. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearInterval(this.#pinging);
    clearTimeout(this.#sweeping);
    const asked = [...this.#asked.values()];
    this.#asked.clear();
    for (const { asker } of asked) asker.refuse('The other process has ended the conversation.');
    this.#writeHeld();
    this.#stream.end();
    // Nobody reads what still comes, and its end would not be seen.
    this.#stream.resume();
    this.#handlers.onEnd();
  }

  /** Why nothing can be sent now. */
  #refusalOf(bodyBytes: number): string | undefined {
    if (this.#isOver) return 'The other process is not there any more.';
    const bytes = HEAD_BYTES + bodyBytes;
    const { maxFrameBytes, maxWaitingBytes } = this.#limits;
    if (bytes > maxFrameBytes) return `The message of ${bytes} bytes is over the limit of ${maxFrameBytes}.`;
    const waiting = this.waitingBytes;
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

  #sweepBy(at: number, millis: number): void {
    clearTimeout(this.#sweeping);
    this.#sweepAt = at;
    // What has come while this process did not run is read first.
    this.#sweeping = setTimeout(() => setImmediate(() => this.#sweep()), millis);
  }

  #sweep(): void {
    if (this.#isOver) return;
    this.#sweepAt = Infinity;
    const now = performance.now();
    let next = Infinity;
    for (const [number, { asker, timeoutMillis, giveUpAt }] of this.#asked) {
      if (giveUpAt > now) next = Math.min(next, giveUpAt);
      else {
        this.#asked.delete(number);
        asker.refuse(`The other process has not answered within ${timeoutMillis} ms.`);
      }
    }
    if (next < this.#sweepAt) this.#sweepBy(next, next - now);
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
        this.#settled(number)?.answer(body);
        return;
      case FAILURE:
        this.#settled(number)?.refuse(body.toString());
        return;
      case PING:
        this.#write(PONG, 0, NOTHING, 0);
        return;
      case PONG:
        return;
      default:
        this.end();
    }
  }

  #settled(number: number): Asker | undefined {
    const asked = this.#asked.get(number);
    if (asked === undefined) return undefined;
    this.#asked.delete(number);
    return asked.asker;
  }

  #answer(kind: number, number: number, body: Buffer): void {
    const asker = new OtherSide(number, this.#sendTo);
    let answer: ReturnType<ChannelHandlers['onAsk']>;
    try {
      answer = this.#handlers.onAsk(kind, body, asker);
    } catch (error) {
      this.#send(FAILURE, number, messageOf(error));
      return;
    }
    if (answer === undefined) return;
    if (!(answer instanceof Promise)) {
      this.#send(ANSWER, number, answer);
      return;
    }
    answer.then(
      (found) => this.#send(ANSWER, number, found),
      (error: unknown) => this.#send(FAILURE, number, messageOf(error)),
    );
  }

  readonly #sendTo: SendTo = (number, kind, body) => this.#send(kind, number, body);

  /** Answers wait however much is waiting: who has asked counts on them, and asks no more than fits. */
  #send(kind: number, number: number, body: Buffer | string): void {
    if (this.#isOver) return;
    const bytes = Buffer.byteLength(body);
    const { maxFrameBytes } = this.#limits;
    if (HEAD_BYTES + bytes <= maxFrameBytes) {
      this.#write(kind, number, body, bytes);
      return;
    }
    const refusal = `The answer of ${HEAD_BYTES + bytes} bytes is over the limit of ${maxFrameBytes}.`;
    this.#write(FAILURE, number, refusal, refusal.length);
  }

  #write(kind: number, number: number, body: Buffer | string, bytes: number): void {
    if (!this.#isHeld) {
      this.#isHeld = true;
      setImmediate(this.#onTurnOver);
    }
    const copied = typeof body === 'string' || bytes <= COPIED_BYTES ? bytes : 0;
    const room = this.#roomFor(LENGTH_BYTES + HEAD_BYTES + copied);
    const at = this.#heldTo;
    const bodyAt = at + LENGTH_BYTES + HEAD_BYTES;
    room.writeUInt32LE(HEAD_BYTES + bytes, at);
    room[at + LENGTH_BYTES] = kind;
    room.writeUInt32LE(number, at + LENGTH_BYTES + 1);
    this.#heldTo = bodyAt + copied;
    if (typeof body === 'string') room.write(body, bodyAt);
    else if (copied === bytes) room.set(body, bodyAt);
    else {
      this.#stream.cork();
      this.#writeHeld();
      this.#stream.write(body);
      this.#stream.uncork();
    }
  }

  /** Where frames are held, with `bytes` free behind them. */
  #roomFor(bytes: number): Buffer {
    if (this.#room.length - this.#heldTo < bytes) {
      this.#writeHeld();
      this.#room = Buffer.allocUnsafeSlow(Math.max(ROOM_BYTES, bytes));
      this.#heldFrom = this.#heldTo = this.#seenTo = 0;
    }
    return this.#room;
  }

  readonly #onTurnOver = (): void => {
    const { gatheringTurns = 0 } = this.#limits;
    if (this.#turnsHeld < gatheringTurns && this.#heldTo !== this.#seenTo) {
      this.#turnsHeld++;
      this.#seenTo = this.#heldTo;
      setImmediate(this.#onTurnOver);
      return;
    }
    this.#turnsHeld = 0;
    this.#isHeld = false;
    this.#writeHeld();
  };

  #writeHeld(): void {
    const from = this.#heldFrom;
    if (this.#heldTo === from) return;
    this.#heldFrom = this.#seenTo = this.#heldTo;
    this.#stream.write(this.#room.subarray(from, this.#heldTo));
  }

  #look(pingMillis: number): void {
    const { deadMillis = Number.POSITIVE_INFINITY } = this.#limits;
    if (this.#silences++ * pingMillis >= deadMillis) {
      this.end();
      this.#stream.destroy();
      return;
    }
    // Once: nothing is lost on the way.
    if (this.#silences === 2) this.#write(PING, 0, NOTHING, 0);
  }
}

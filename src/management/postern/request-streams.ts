// Streams of requests to those who look, as server-sent events. A viewer that does not keep up is told how many it has missed: nothing
// waits for it. A stream ends when its caller's credentials are taken away.
import { setTimeout } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { BodySink, BodySource } from '../../net/body.ts';
import { latin1Of } from '../../net/bytes.ts';
import type { RequestBatch } from '../../stage/request-summary.ts';
import { tooManyRequests } from '../../wire/errors.ts';
import type { Caller, Signer } from '../caller.ts';
import type { PosternStream } from './postern-routes.ts';
import type { RequestListener } from './requests-route.ts';

/** At one time, of all callers together. */
const MAX_STREAMS = 32;
const KEEP_ALIVE_MILLIS = 15_000;
const PROBE_MILLIS = 50;

type Subscribe = (listener: RequestListener) => Promise<(() => void) | undefined>;

export class RequestStreams {
  /** Those that are being opened, too. */
  readonly #open = new Set<RequestStream>();

  /** The stream of a caller; undefined where there is nothing to subscribe to. Throws TooManyRequestsException. */
  async open(caller: Caller, subscribe: Subscribe): Promise<PosternStream | undefined> {
    if (this.#open.size >= MAX_STREAMS) await this.#findGone();
    if (this.#open.size >= MAX_STREAMS) {
      throw tooManyRequests(
        `There are ${MAX_STREAMS} streams of requests already, which is the most: end one`,
      );
    }
    const stream = new RequestStream(caller, () => this.#open.delete(stream));
    this.#open.add(stream);
    let stop: (() => void) | undefined;
    try {
      stop = await subscribe(stream);
    } finally {
      if (stop === undefined) this.#open.delete(stream);
    }
    if (stop === undefined) return undefined;
    stream.onSubscribed(stop);
    return { contentType: 'text/event-stream', begin: (sink) => stream.begin(sink) };
  }

  /** Ends those whose callers are not what they were. */
  setCredentials(credentials: readonly Signer[]): void {
    for (const stream of this.#open) if (!isStill(stream.caller, credentials)) stream.onEnd();
  }

  close(): void {
    for (const stream of this.#open) stream.onEnd();
  }

  /** A viewer that closes its connection might still read, as far as TCP says. That it does not, its answer to what is written tells, and
   *  the next write after that. */
  async #findGone(): Promise<void> {
    for (let writes = 0; writes < 2; writes++) {
      for (const stream of this.#open) stream.comment('still there?');
      await setTimeout(PROBE_MILLIS);
    }
  }
}

/** Whether a caller would be let in as it was. */
function isStill({ identity }: Caller, credentials: readonly Signer[]): boolean {
  if (identity === undefined) return credentials.length === 0;
  const now = credentials.find(({ accessKeyId }) => accessKeyId === identity.accessKeyId);
  return (
    now !== undefined &&
    isDeepStrictEqual({ ...now, accountId: now.accountId ?? identity.accountId }, { ...identity })
  );
}

class RequestStream implements RequestListener, BodySource {
  readonly caller: Caller;
  readonly #onOver: () => void;
  #sink: BodySink | undefined = undefined;
  /** The viewer takes no more for now. */
  #isFull = false;
  #skipped = 0;
  #isOver = false;
  #stop: (() => void) | undefined = undefined;
  #timer: NodeJS.Timeout | undefined = undefined;

  constructor(caller: Caller, onOver: () => void) {
    this.caller = caller;
    this.#onOver = onOver;
  }

  /** It may have ended meanwhile. */
  onSubscribed(stop: () => void): void {
    if (this.#isOver) stop();
    else this.#stop = stop;
  }

  begin(sink: BodySink): void {
    this.#sink = sink;
    sink.begin(this);
    if (this.#isOver) return void sink.end();
    this.#timer = setInterval(() => this.comment('keep-alive'), KEEP_ALIVE_MILLIS).unref();
    // Proxies and browsers take a stream for begun when something has come.
    this.comment('stream');
  }

  comment(text: string): void {
    this.#write(`: ${text}\n\n`);
  }

  onBatch({ requests, skipped }: RequestBatch): void {
    if (this.#isFull || this.#sink === undefined) {
      this.#skipped += requests.length + skipped;
      return;
    }
    if (requests.length > 0) this.#event('requests', requests);
    this.#skipped += skipped;
    this.#tellSkipped();
  }

  onEnd(): void {
    if (this.#isOver) return;
    this.#finish();
    this.#sink?.end();
  }

  resume(): void {
    this.#isFull = false;
    this.#tellSkipped();
  }

  /** The viewer is gone. */
  cancel(): void {
    this.#finish();
  }

  #finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearInterval(this.#timer);
    this.#stop?.();
    this.#onOver();
  }

  #tellSkipped(): void {
    if (this.#skipped === 0 || this.#isFull) return;
    const count = this.#skipped;
    this.#skipped = 0;
    this.#event('skipped', { count });
  }

  /** JSON has no line ends: a text within it cannot end its event, or begin another. */
  #event(name: string, data: unknown): void {
    this.#write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  #write(text: string): void {
    if (this.#isFull || this.#isOver || this.#sink === undefined) return;
    this.#isFull = !this.#sink.write(latin1Of(text));
  }
}

// Live requests: keeps what calls and events hold when they are over, for those who look (decision 0025). What they hold is a few
// references; what is told of them is made when somebody asks.
import { setImmediate } from 'node:timers/promises';
import type { Call } from '../../http-api/call.ts';
import type { Exchange } from '../../net/exchange.ts';
import type { Onlookers } from '../../snapshot/stage-means.ts';
import type { RequestBatch, RequestFilter, RequestSummary } from '../../stage/request-summary.ts';
import type { SentPost } from '../../websocket-api/connections/open-connections.ts';
import { type Gateway, type Served, SocketServed } from '../gateway.ts';
import { whyRefused } from '../http-trace.ts';
import { hasText, isWanted } from './filter.ts';
import type { Kept } from './kept.ts';
import { KeptEvent } from './kept-event.ts';
import { KeptExchange, type KeptPlace } from './kept-exchange.ts';
import { KeptPost } from './kept-post.ts';
import type { Masks } from './masks.ts';
import type { RecordedRequest } from './recorded-request.ts';
import { type ExchangeEnds, RecordingExchange } from './recording-exchange.ts';
import { Ring } from './ring.ts';
import { settled } from './settled.ts';
import { Subscription } from './subscription.ts';

export interface RecorderMeans {
  readonly gateway: Pick<Gateway, 'whyUnlocated' | 'ownerOf'>;
  readonly onlookers: Onlookers;
  readonly masks: Masks;
}

const BATCH_MILLIS = 250;
/** Of how many all are kept in that time, and of failures. What is kept lives longer than a call does, which costs more than all else. */
const KEPT_IN_BATCH = 64;
/** Who looks is asked what they want of so many at once, at the latest. */
const COLLECTED_ENTRIES = 500;
/** Of a list. */
const EXAMINED_AT_ONCE = 25;

export class Recorder implements ExchangeEnds {
  masks: Masks;
  readonly #means: RecorderMeans;
  readonly #ring = new Ring();
  readonly #subscriptions = new Set<Subscription>();
  #isOn = false;
  /** The batch's time that is running, and what was kept in it. */
  #time = 0;
  #kept = 0;
  #keptFailures = 0;
  #timer: NodeJS.Timeout | undefined = undefined;

  constructor(means: RecorderMeans) {
    this.#means = means;
    this.masks = means.masks;
  }

  /** Whether it records. */
  get isOn(): boolean {
    return this.#isOn;
  }

  set isOn(isOn: boolean) {
    this.#isOn = isOn;
    const { calls, events } = this.#means.onlookers;
    calls.current = isOn ? { onOver: (call) => this.#onCall(call) } : undefined;
    events.current = isOn ? { onOver: (event) => this.#add(new KeptEvent(event)) } : undefined;
  }

  /** Has a request served, and records it. Where so many come that it would not be kept, it is not followed: a failure is then kept
   *  without its bodies. */
  serve(exchange: Exchange, serve: (exchange: Exchange) => Served): Served {
    if (this.#isFull) return serve(exchange);
    const recording = new RecordingExchange(exchange, this);
    recording.served = serve(recording);
    if (recording.isOver) this.onExchangeOver(recording);
    return recording.served;
  }

  /** The codec's exchange again. */
  unrecorded(exchange: Exchange): Exchange {
    return exchange instanceof RecordingExchange ? exchange.giveUp() : exchange;
  }

  onExchangeOver(recording: RecordingExchange): void {
    const { served, isTold } = recording;
    if (served === undefined || isTold) return;
    recording.isTold = true;
    this.#add(new KeptExchange(recording, undefined, this.#placeOf(recording, served)));
  }

  /** A message to a client that no request of a listener brought. */
  onPosted(post: SentPost): void {
    this.#add(new KeptPost(post));
  }

  /** The latest that somebody wants, the newest first. Others have their turn meanwhile. */
  async list(filter: RequestFilter, limit: number): Promise<readonly RequestSummary[]> {
    const found: RequestSummary[] = [];
    let examined = 0;
    for (let at = this.#ring.next - 1; at >= this.#ring.first && found.length < limit; at--) {
      const kept = this.#ring.at(at);
      if (!isWanted(kept, filter)) continue;
      const summary = this.masks.summary(kept);
      if (hasText(summary, filter)) found.push(summary);
      if (++examined % EXAMINED_AT_ONCE === 0) await setImmediate();
    }
    return found;
  }

  /** The latest of an id; undefined when it is not kept, or not the caller's. */
  one(id: string, filter: RequestFilter): RecordedRequest | undefined {
    for (let at = this.#ring.next - 1; at >= this.#ring.first; at--) {
      const kept = this.#ring.at(at);
      if (kept.id === id && isWanted(kept, filter)) return this.masks.recorded(kept);
    }
    return undefined;
  }

  /** Tells `listener` of what comes, until the returned function is called. */
  subscribe(filter: RequestFilter, listener: (batch: RequestBatch) => void): () => void {
    const subscription = new Subscription(this.#ring.next, filter, listener);
    this.#subscriptions.add(subscription);
    this.#timer ??= setInterval(() => this.#tell(), BATCH_MILLIS).unref();
    return () => {
      this.#subscriptions.delete(subscription);
      if (this.#subscriptions.size === 0) this.#stop();
    };
  }

  /** Forgets all that it keeps. */
  clear(): void {
    this.#ring.clear();
  }

  close(): void {
    this.isOn = false;
    this.#subscriptions.clear();
    this.#stop();
    this.clear();
  }

  #onCall(call: Call): void {
    const { exchange } = call;
    if (exchange instanceof RecordingExchange) exchange.isTold = true;
    this.#add(new KeptExchange(exchange, call, undefined));
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #add(kept: Kept): void {
    if (!this.#isKept(kept)) {
      for (const subscription of this.#subscriptions) subscription.miss(kept);
      return;
    }
    const entry = settled(kept);
    // Nothing goes that nobody has looked at.
    if (this.#ring.next % COLLECTED_ENTRIES === 0 || !this.#ring.hasRoom(entry)) this.#collect();
    this.#ring.add(entry);
  }

  /** The first of a batch's time, failures, and what somebody who looks wants to see. */
  #isKept(kept: Kept): boolean {
    const time = Math.floor(Date.now() / BATCH_MILLIS);
    if (time !== this.#time) {
      this.#time = time;
      this.#kept = 0;
      this.#keptFailures = 0;
    }
    if (this.#kept < KEPT_IN_BATCH) {
      this.#kept++;
      return true;
    }
    const isFailure = kept.status === 0 || kept.status >= 500;
    if (isFailure && this.#keptFailures < KEPT_IN_BATCH) {
      this.#keptFailures++;
      return true;
    }
    for (const subscription of this.#subscriptions) if (subscription.wants(kept)) return true;
    return false;
  }

  /** Nothing more is kept in the batch's time, but failures. */
  get #isFull(): boolean {
    if (this.#kept < KEPT_IN_BATCH || Math.floor(Date.now() / BATCH_MILLIS) !== this.#time) return false;
    for (const { isFull } of this.#subscriptions) if (!isFull) return false;
    return true;
  }

  #collect(): void {
    for (const subscription of this.#subscriptions) subscription.collect(this.#ring, this.masks);
  }

  #tell(): void {
    this.#collect();
    for (const subscription of this.#subscriptions) subscription.tell();
  }

  /** Of a request that no stage of an HTTP API served. */
  #placeOf(recording: RecordingExchange, served: Served): KeptPlace {
    const { gateway } = this.#means;
    const place = served instanceof SocketServed ? served.place : undefined;
    const owner = served instanceof SocketServed ? served.api : gateway.ownerOf(recording);
    return {
      kind: place === undefined ? 'http' : place.connectionId === undefined ? 'connect' : 'post',
      accountId: owner?.accountId ?? '',
      region: owner?.region ?? '',
      apiId: owner?.apiId ?? '',
      stage: place?.stage.name ?? '',
      ...(place?.connectionId === undefined ? {} : { connectionId: place.connectionId }),
      failure: place === undefined ? whyRefused(served, recording, gateway) : saidIn(recording),
    };
  }
}

/** What a reply that refuses says. */
function saidIn({ status, replyStart }: RecordingExchange): string | undefined {
  if (status < 400) return undefined;
  if (status === 410) return 'the connection is gone';
  const said = /"message":\s*("(?:[^"\\]|\\.)*")/i.exec(replyStart)?.[1];
  return said === undefined ? undefined : JSON.parse(said);
}

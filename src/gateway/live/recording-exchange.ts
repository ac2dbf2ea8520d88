// The exchange of a request while somebody looks: the codec's, with the beginnings of both bodies kept, and the reply as it was
// given to the codec. When it is over it lets go of the codec's, and with it of the connection.
import type { BodySink, IncomingBody } from '../../net/body.ts';
import type { Bytes } from '../../net/bytes.ts';
import type { ClientCertificate } from '../../net/client-certificate.ts';
import type { Aborter, Exchange, ExchangeObserver, TakenOver } from '../../net/exchange.ts';
import type { HeaderBlock } from '../../net/header-block.ts';
import type { Refusal } from '../../net/refusals.ts';
import type { TlsSession } from '../../net/tls-session.ts';
import type { Served } from '../gateway.ts';
import { KeptBody, NotedBody, NotingSink, startOf } from './kept-body.ts';

/** Where the reply to a client goes that is gone. */
const LOST: BodySink = {
  begin: (source) => source.cancel(),
  write: () => true,
  end() {},
  abort() {},
};

/** Hears of exchanges that are over. */
export interface ExchangeEnds {
  onExchangeOver(recording: RecordingExchange): void;
}

export class RecordingExchange implements Exchange, ExchangeObserver {
  readonly method: string;
  readonly target: string;
  readonly headers: HeaderBlock;
  readonly body: IncomingBody;
  readonly host: string;
  readonly remoteAddress: string;
  readonly scheme: 'http' | 'https';
  readonly requestId: string;
  readonly startedAt: number;
  replied = false;
  status = 0;
  /** Header lines of the reply, without framing. */
  headerLines = '';
  /** The beginning of its body, in latin1, of one that was sent whole; else `replyKept` has it. */
  replyStart = '';
  replyKept: KeptBody | undefined = undefined;
  /** Of the reply's body, handed to the client's connection. */
  replyBytes = 0;
  /** Whether the reply did not come to its end. */
  aborted = false;
  isOver = false;
  /** What it led to, once that is known. */
  served: Served | undefined = undefined;
  /** A stage has told of it. */
  isTold = false;
  #exchange: Exchange | undefined;
  #observer: ExchangeObserver | undefined = undefined;
  #clientCertificate: ClientCertificate | undefined = undefined;
  readonly #ends: ExchangeEnds;

  constructor(exchange: Exchange, ends: ExchangeEnds) {
    this.method = exchange.method;
    this.target = exchange.target;
    this.headers = exchange.headers;
    this.host = exchange.host;
    this.remoteAddress = exchange.remoteAddress;
    this.scheme = exchange.scheme;
    this.requestId = exchange.requestId;
    this.startedAt = exchange.startedAt;
    const { body } = exchange;
    this.body = body.whole === undefined ? new NotedBody(body) : body;
    this.#exchange = exchange;
    this.#ends = ends;
    exchange.observer = this;
  }

  get tls(): TlsSession | undefined {
    return this.#exchange?.tls;
  }

  get clientCertificate(): ClientCertificate | undefined {
    return this.#exchange === undefined ? this.#clientCertificate : this.#exchange.clientCertificate;
  }

  get aborter(): Aborter | undefined {
    return this.#exchange?.aborter;
  }

  set aborter(aborter: Aborter | undefined) {
    if (this.#exchange !== undefined) this.#exchange.aborter = aborter;
  }

  get observer(): ExchangeObserver | undefined {
    return this.#observer;
  }

  /** Who sets undefined tells the end otherwise: of a handshake its stage hears, as of an event. */
  set observer(observer: ExchangeObserver | undefined) {
    this.#observer = observer;
    if (this.#exchange !== undefined) this.#exchange.observer = observer === undefined ? undefined : this;
  }

  get canBeTakenOver(): boolean {
    return this.#exchange?.canBeTakenOver === true;
  }

  takeOver(): TakenOver | undefined {
    const taken = this.#exchange?.takeOver?.();
    if (taken !== undefined) this.replied = true;
    return taken;
  }

  send(status: number, headerLines: string, body: Bytes): void {
    this.replied = true;
    if (this.#exchange === undefined) return;
    this.status = status;
    this.headerLines = headerLines;
    this.replyStart = startOf(body);
    this.#exchange.send(status, headerLines, body);
  }

  stream(status: number, headerLines: string, length: number): BodySink {
    this.replied = true;
    if (this.#exchange === undefined) return LOST;
    this.status = status;
    this.headerLines = headerLines;
    this.replyKept = new KeptBody();
    return new NotingSink(this.replyKept, this.#exchange.stream(status, headerLines, length));
  }

  onReplied(bodyBytes: number, complete: boolean): void {
    this.replyBytes = bodyBytes;
    this.aborted = !complete;
    this.#settle();
    this.#observer?.onReplied(bodyBytes, complete);
    this.#observer = undefined;
    this.#ends.onExchangeOver(this);
  }

  onRefused(refusal: Refusal): void {
    this.replied = true;
    this.status = refusal.status;
    this.replyStart = startOf(refusal.body);
    this.replyBytes = refusal.body.length;
    this.#settle();
    this.#observer?.onRefused(refusal);
    this.#observer = undefined;
    this.#ends.onExchangeOver(this);
  }

  /** The codec's exchange again, for one that is not the gateway's: nobody records it. */
  giveUp(): Exchange {
    const exchange = this.#exchange!;
    exchange.observer = this.#observer;
    return exchange;
  }

  #settle(): void {
    this.isOver = true;
    if (this.body instanceof NotedBody) this.body.settle();
    if (this.scheme === 'https') this.#clientCertificate = this.#exchange?.clientCertificate;
    this.#exchange = undefined;
  }
}

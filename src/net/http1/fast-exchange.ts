// An Exchange of the fast path: what the scanner found, and the way back to the connection.
import { invariant } from '../../defect.ts';
import type { BodySink, IncomingBody } from '../body.ts';
import type { Bytes } from '../bytes.ts';
import type { ClientCertificate } from '../client-certificate.ts';
import type { Aborter, Exchange, ExchangeObserver, TakenOver } from '../exchange.ts';
import type { HeaderBlock } from '../header-block.ts';
import type { Refusal } from '../refusals.ts';
import { nextRequestId } from '../request-id.ts';
import type { TlsSession } from '../tls-session.ts';

/** The connection, as an exchange sees it. */
export interface ReplyPort {
  readonly remoteAddress: string;
  readonly tls: TlsSession | undefined;
  sendReply(exchange: FastExchange, status: number, headerLines: string, body: Bytes): void;
  streamReply(exchange: FastExchange, status: number, headerLines: string, length: number): BodySink;
  takeOver(exchange: FastExchange): TakenOver | undefined;
}

export class FastExchange implements Exchange {
  readonly method: string;
  readonly target: string;
  readonly headers: HeaderBlock;
  /** Put in place by the connection before the exchange is handed over. */
  body: IncomingBody;
  readonly host: string;
  readonly remoteAddress: string;
  readonly scheme: 'http' | 'https';
  readonly requestId: string;
  readonly startedAt: number;
  /** The 1 of HTTP/1.1. */
  readonly minor: number;
  /** Whether the client wants to keep the connection. */
  readonly keepAlive: boolean;
  aborter: Aborter | undefined;
  observer: ExchangeObserver | undefined;
  replied: boolean;
  status: number;
  /** The client, or what followed from it, is gone: replies go nowhere. */
  gone: boolean;
  readonly #port: ReplyPort;

  constructor(
    port: ReplyPort,
    method: string,
    target: string,
    headers: HeaderBlock,
    body: IncomingBody,
    host: string,
    minor: number,
    keepAlive: boolean,
  ) {
    this.method = method;
    this.target = target;
    this.headers = headers;
    this.body = body;
    this.host = host;
    this.remoteAddress = port.remoteAddress;
    this.scheme = port.tls === undefined ? 'http' : 'https';
    this.requestId = nextRequestId();
    this.startedAt = Date.now();
    this.minor = minor;
    this.keepAlive = keepAlive;
    this.aborter = undefined;
    this.observer = undefined;
    this.replied = false;
    this.status = 0;
    this.gone = false;
    this.#port = port;
  }

  get tls(): TlsSession | undefined {
    return this.#port.tls;
  }

  get clientCertificate(): ClientCertificate | undefined {
    return this.#port.tls?.clientCertificate;
  }

  get canBeTakenOver(): boolean {
    return !this.replied && this.minor > 0 && this.body.whole !== undefined;
  }

  takeOver(): TakenOver | undefined {
    if (!this.canBeTakenOver || this.gone) return undefined;
    const taken = this.#port.takeOver(this);
    if (taken !== undefined) this.replied = true;
    return taken;
  }

  send(status: number, headerLines: string, body: Bytes): void {
    invariant(!this.replied, 'one reply an exchange');
    this.replied = true;
    this.status = status;
    if (!this.gone) this.#port.sendReply(this, status, headerLines, body);
  }

  stream(status: number, headerLines: string, length: number): BodySink {
    invariant(!this.replied, 'one reply an exchange');
    this.replied = true;
    this.status = status;
    return this.#port.streamReply(this, status, headerLines, length);
  }

  /** Tells the observer the end, if it has not heard it. */
  settle(bodyBytes: number, complete: boolean): void {
    const { observer } = this;
    if (observer === undefined) return;
    this.observer = undefined;
    observer.onReplied(bodyBytes, complete);
  }

  /** The same for an answer of the codec's own. */
  settleRefused(refusal: Refusal): void {
    const { observer } = this;
    this.observer = undefined;
    observer?.onRefused(refusal);
  }
}

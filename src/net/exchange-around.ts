// An exchange around another: the same request and reply, but for what is said otherwise of the request.
import type { BodySink, IncomingBody } from './body.ts';
import type { Bytes } from './bytes.ts';
import type { ClientCertificate } from './client-certificate.ts';
import type { Aborter, Exchange, ExchangeObserver, TakenOver } from './exchange.ts';
import type { HeaderBlock } from './header-block.ts';
import type { TlsSession } from './tls-session.ts';

/** What may be said otherwise. */
export type SaidOfRequest = Pick<
  Exchange,
  'method' | 'headers' | 'host' | 'remoteAddress' | 'scheme' | 'requestId' | 'startedAt'
>;

export class ExchangeAround implements Exchange {
  readonly method: string;
  readonly target: string;
  readonly headers: HeaderBlock;
  readonly body: IncomingBody;
  readonly host: string;
  readonly remoteAddress: string;
  readonly scheme: 'http' | 'https';
  readonly requestId: string;
  readonly startedAt: number;
  readonly #exchange: Exchange;

  constructor(exchange: Exchange, said: SaidOfRequest = exchange) {
    this.method = said.method;
    this.target = exchange.target;
    this.headers = said.headers;
    this.body = exchange.body;
    this.host = said.host;
    this.remoteAddress = said.remoteAddress;
    this.scheme = said.scheme;
    this.requestId = said.requestId;
    this.startedAt = said.startedAt;
    this.#exchange = exchange;
  }

  get tls(): TlsSession | undefined {
    return this.#exchange.tls;
  }
  get clientCertificate(): ClientCertificate | undefined {
    return this.#exchange.clientCertificate;
  }
  get aborter(): Aborter | undefined {
    return this.#exchange.aborter;
  }
  set aborter(aborter: Aborter | undefined) {
    this.#exchange.aborter = aborter;
  }
  get observer(): ExchangeObserver | undefined {
    return this.#exchange.observer;
  }
  set observer(observer: ExchangeObserver | undefined) {
    this.#exchange.observer = observer;
  }
  get replied(): boolean {
    return this.#exchange.replied;
  }
  get status(): number {
    return this.#exchange.status;
  }
  get canBeTakenOver(): boolean {
    return this.#exchange.canBeTakenOver ?? false;
  }

  send(status: number, headerLines: string, body: Bytes): void {
    this.#exchange.send(status, headerLines, body);
  }

  stream(status: number, headerLines: string, length: number): BodySink {
    return this.#exchange.stream(status, headerLines, length);
  }

  takeOver(): TakenOver | undefined {
    return this.#exchange.takeOver?.();
  }
}

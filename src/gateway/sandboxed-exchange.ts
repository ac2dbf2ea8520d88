// An exchange whose reply is nobody's page: `Content-Security-Policy: sandbox` gives a document an origin of its own. It stands around what
// a browser asks of an API by the path form where the management door has the same origin, for a page of that origin could open a
// window of the console and use it (decision 0026).
import type { BodySink, IncomingBody } from '../net/body.ts';
import type { Bytes } from '../net/bytes.ts';
import type { ClientCertificate } from '../net/client-certificate.ts';
import type { Aborter, Exchange, ExchangeObserver, TakenOver } from '../net/exchange.ts';
import type { HeaderBlock } from '../net/header-block.ts';
import type { TlsSession } from '../net/tls-session.ts';

/** A policy besides that of the reply: what both allow is allowed. Windows that a sandboxed page opens are sandboxed too. */
const SANDBOX =
  'content-security-policy: sandbox allow-scripts allow-forms allow-popups allow-modals allow-downloads\r\n';

export class SandboxedExchange implements Exchange {
  readonly #exchange: Exchange;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  get method(): string {
    return this.#exchange.method;
  }
  get target(): string {
    return this.#exchange.target;
  }
  get headers(): HeaderBlock {
    return this.#exchange.headers;
  }
  get body(): IncomingBody {
    return this.#exchange.body;
  }
  get host(): string {
    return this.#exchange.host;
  }
  get remoteAddress(): string {
    return this.#exchange.remoteAddress;
  }
  get scheme(): 'http' | 'https' {
    return this.#exchange.scheme;
  }
  get tls(): TlsSession | undefined {
    return this.#exchange.tls;
  }
  get clientCertificate(): ClientCertificate | undefined {
    return this.#exchange.clientCertificate;
  }
  get requestId(): string {
    return this.#exchange.requestId;
  }
  get startedAt(): number {
    return this.#exchange.startedAt;
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
    this.#exchange.send(status, headerLines + SANDBOX, body);
  }

  stream(status: number, headerLines: string, length: number): BodySink {
    return this.#exchange.stream(status, headerLines + SANDBOX, length);
  }

  takeOver(): TakenOver | undefined {
    return this.#exchange.takeOver?.();
  }
}

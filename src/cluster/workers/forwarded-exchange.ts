// A request for the management door that came to a worker, as the primary serves it: what the worker says of the client's connection holds,
// not what is on the Unix socket between them (decision 0028). Nobody but workers reaches that socket, and a worker's line is the first.
import { invariant } from '../../defect.ts';
import type { BodySink, IncomingBody } from '../../net/body.ts';
import type { Bytes } from '../../net/bytes.ts';
import type { Aborter, Exchange, ExchangeObserver } from '../../net/exchange.ts';
import { HeaderBlock } from '../../net/header-block.ts';

/** What the door may want to know of a request besides what it says itself. */
export interface Forwarded {
  readonly method: string;
  readonly host: string;
  readonly remoteAddress: string;
  readonly scheme: 'http' | 'https';
  readonly requestId: string;
  readonly startedAt: number;
}

/** The name of the worker's line. A client may send one of its own, which comes behind it and means nothing. */
const FORWARDED = 'x-postern-forwarded';

/** The line and the others that a worker adds are never longer. */
export const FORWARDED_BYTES = 16_384;

export function forwardedLine({
  method,
  host,
  remoteAddress,
  scheme,
  requestId,
  startedAt,
}: Forwarded): readonly string[] {
  const of: Forwarded = { method, host, remoteAddress, scheme, requestId, startedAt };
  return [FORWARDED, Buffer.from(JSON.stringify(of)).toString('base64url')];
}

/** The request as the worker got it. */
export function forwardedExchange(exchange: Exchange): Exchange {
  const { headers } = exchange;
  invariant(headers.count > 0 && headers.is(0, FORWARDED), 'a worker says first what it forwards');
  const of = JSON.parse(Buffer.from(headers.value(0), 'base64url').toString()) as Forwarded;
  return new ForwardedExchange(exchange, of);
}

class ForwardedExchange implements Exchange {
  readonly headers: HeaderBlock;
  readonly method: string;
  readonly host: string;
  readonly remoteAddress: string;
  readonly scheme: 'http' | 'https';
  readonly requestId: string;
  readonly startedAt: number;
  readonly #exchange: Exchange;

  constructor(exchange: Exchange, { method, host, remoteAddress, scheme, requestId, startedAt }: Forwarded) {
    const { text, spans, end } = exchange.headers;
    this.headers = new HeaderBlock(text, spans.slice(4), end);
    this.method = method;
    this.host = host;
    this.remoteAddress = remoteAddress;
    this.scheme = scheme;
    this.requestId = requestId;
    this.startedAt = startedAt;
    this.#exchange = exchange;
  }

  get target(): string {
    return this.#exchange.target;
  }
  get body(): IncomingBody {
    return this.#exchange.body;
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

  send(status: number, headerLines: string, body: Bytes): void {
    this.#exchange.send(status, headerLines, body);
  }

  stream(status: number, headerLines: string, length: number): BodySink {
    return this.#exchange.stream(status, headerLines, length);
  }
}

// An Exchange in memory: tests and `explain` run the pipeline without a socket.
import { invariant } from '../../defect.ts';
import type { BodySink, BodySource, IncomingBody } from '../body.ts';
import { type Bytes, bufferOf } from '../bytes.ts';
import type { ClientCertificate } from '../client-certificate.ts';
import type { Aborter, Exchange, ExchangeObserver } from '../exchange.ts';
import { HeaderBlock } from '../header-block.ts';
import { nextRequestId } from '../request-id.ts';
import type { TlsSession } from '../tls-session.ts';
import { WholeBody } from '../whole-body.ts';
import { scanHeaderLines } from './scan.ts';

export interface InjectedRequest {
  readonly method?: string;
  /** Origin form: `/pets/42?limit=10`. */
  readonly target: string;
  /** Flat [name, value, …]; a Host header is put in front when there is none. */
  readonly headers?: readonly string[];
  /** Bytes for a body that is all there, an IncomingBody for one that is not. */
  readonly body?: Bytes | IncomingBody;
  readonly host?: string;
  readonly remoteAddress?: string;
  readonly scheme?: 'http' | 'https';
  readonly tls?: TlsSession;
  readonly clientCertificate?: ClientCertificate;
  readonly requestId?: string;
  readonly startedAt?: number;
}

export interface InjectedReply {
  readonly status: number;
  /** As given to the codec: without framing headers. */
  readonly headers: HeaderBlock;
  readonly body: Buffer;
  /** The length the reply was begun with: -1 when it was unknown. */
  readonly length: number;
  /** The body ended before its end: a client would have seen the connection close. */
  readonly aborted: boolean;
}

/** Serves one request in memory. Resolves when the reply is complete; rejects when `serve` throws. */
export function inject(
  serve: (exchange: Exchange) => void,
  request: InjectedRequest,
): Promise<InjectedReply> {
  return new Promise((resolve) => serve(new InjectedExchange(request, resolve)));
}

/** For tests that need the exchange itself, for instance to call `aborter`. */
export class InjectedExchange implements Exchange {
  readonly method: string;
  readonly target: string;
  readonly headers: HeaderBlock;
  readonly body: IncomingBody;
  readonly host: string;
  readonly remoteAddress: string;
  readonly scheme: 'http' | 'https';
  readonly tls: TlsSession | undefined;
  readonly clientCertificate: ClientCertificate | undefined;
  readonly requestId: string;
  readonly startedAt: number;
  aborter: Aborter | undefined;
  observer: ExchangeObserver | undefined;
  replied = false;
  status = 0;
  readonly #done: (reply: InjectedReply) => void;

  constructor(request: InjectedRequest, done: (reply: InjectedReply) => void) {
    const headers = HeaderBlock.fromPairs(request.headers ?? []);
    this.host = request.host ?? headers.first('host') ?? 'localhost';
    this.headers =
      headers.first('host') === undefined
        ? HeaderBlock.fromPairs(['Host', this.host, ...(request.headers ?? [])])
        : headers;
    this.method = request.method ?? 'GET';
    this.target = request.target;
    const body = request.body ?? '';
    this.body = typeof body === 'string' || Buffer.isBuffer(body) ? new WholeBody(body) : body;
    this.remoteAddress = request.remoteAddress ?? '127.0.0.1';
    this.scheme = request.scheme ?? 'http';
    this.tls = request.tls;
    this.clientCertificate = request.clientCertificate ?? request.tls?.clientCertificate;
    this.requestId = request.requestId ?? nextRequestId();
    this.startedAt = request.startedAt ?? Date.now();
    this.aborter = undefined;
    this.observer = undefined;
    this.#done = done;
  }

  send(status: number, headerLines: string, body: Bytes): void {
    const sink = this.stream(status, headerLines, body.length);
    new WholeBody(body).pipe(sink);
  }

  stream(status: number, headerLines: string, length: number): BodySink {
    invariant(!this.replied, 'one reply an exchange');
    this.replied = true;
    this.status = status;
    const spans: number[] = [];
    const end = scanHeaderLines(`${headerLines}\r\n`, 0, spans);
    invariant(end === headerLines.length + 2, `header lines are well-formed: ${JSON.stringify(headerLines)}`);
    const headers = new HeaderBlock(headerLines, spans, headerLines.length);
    const hasBody = this.method !== 'HEAD' && status !== 204 && status !== 304;
    return new InjectedSink(hasBody, (body, aborted) => {
      this.observer?.onReplied(body.length, !aborted);
      this.#done({ status, headers, body, length, aborted });
    });
  }
}

class InjectedSink implements BodySink {
  readonly #hasBody: boolean;
  readonly #done: (body: Buffer, aborted: boolean) => void;
  readonly #chunks: Buffer[] = [];

  constructor(hasBody: boolean, done: (body: Buffer, aborted: boolean) => void) {
    this.#hasBody = hasBody;
    this.#done = done;
  }

  begin(_source: BodySource): void {}

  write(chunk: Bytes): boolean {
    if (this.#hasBody) this.#chunks.push(bufferOf(chunk));
    return true;
  }

  end(): void {
    this.#done(Buffer.concat(this.#chunks), false);
  }

  abort(): void {
    this.#done(Buffer.concat(this.#chunks), true);
  }
}

// The Lambda Runtime API of one instance (2018-06-01), which custom runtimes and the official runtime interface clients
// speak: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
import { randomInt } from 'node:crypto';
import { platform } from 'node:process';
import { MAX_INVOKE_BYTES } from '../backends/lambda-function.ts';
import { latin1Of } from '../net/bytes.ts';
import type { Exchange } from '../net/exchange.ts';
import { createListener, type Listener } from '../net/listener/listener.ts';
import { RESPONSE_TOO_LARGE } from './error-document.ts';
import type { FunctionCall } from './function-instance.ts';

export interface RuntimeApiObserver {
  /** The first call is asked for. */
  ready(): void;
  answered(payload: string, failed: boolean): void;
  /** The runtime says that it cannot start; an error document. */
  initFailed(document: string): void;
}

const PREFIX = '/2018-06-01/runtime/';
const JSON_TYPE = 'Content-Type: application/json\r\n';
/** A runtime needs one. */
const MAX_CONNECTIONS = 64;
/** Up to here a scan for non-ASCII is cheaper than a Buffer. */
const SHORT_EVENT = 1_024;

export class RuntimeApi {
  readonly #observer: RuntimeApiObserver;
  readonly #listener: Listener;
  /** A `next` that has no call yet. */
  #asking: Exchange | undefined;
  /** A call that nobody has asked for yet. */
  #offered: FunctionCall | undefined;
  /** Handed out and not answered. */
  #running: string | undefined;
  #isReady = false;

  constructor(observer: RuntimeApiObserver) {
    this.#observer = observer;
    this.#listener = createListener({
      onExchange: (exchange) => this.#serve(exchange),
      // Answers are refused by their own limit, which the call hears of.
      limits: { bodyBytes: Number.MAX_SAFE_INTEGER, connections: MAX_CONNECTIONS },
    });
  }

  /** Resolves with what AWS_LAMBDA_RUNTIME_API says. Clients take no more than host and port, so where the whole of 127.0.0.0/8 is
   *  this machine the host is what other functions cannot guess; elsewhere only the port is. */
  async listen(): Promise<{ readonly host: string; readonly port: number }> {
    const host =
      platform === 'linux' ? `127.${randomInt(1, 255)}.${randomInt(256)}.${randomInt(1, 255)}` : '127.0.0.1';
    const { port } = await this.#listener.listen(host, 0);
    return { host, port };
  }

  offer(call: FunctionCall): void {
    this.#offered = call;
    this.#match();
  }

  close(): void {
    void this.#listener.close(0);
  }

  #serve(exchange: Exchange): void {
    const { method, target } = exchange;
    const path = target.startsWith(PREFIX) ? target.slice(PREFIX.length) : '';
    if (method === 'GET' && path === 'invocation/next') {
      exchange.body.discard();
      this.#asking = exchange;
      exchange.aborter = {
        abort: () => {
          if (this.#asking === exchange) this.#asking = undefined;
        },
      };
      if (!this.#isReady) {
        this.#isReady = true;
        this.#observer.ready();
      }
      this.#match();
      return;
    }
    const found = method === 'POST' ? /^invocation\/([^/]+)\/(response|error)$/.exec(path) : null;
    if (found !== null) this.#end(exchange, found[1]!, found[2] === 'error');
    else if (method === 'POST' && path === 'init/error') this.#failInit(exchange);
    else {
      exchange.body.discard();
      reply(exchange, 404, 'ResourceNotFound', 'No such resource');
    }
  }

  #match(): void {
    const asking = this.#asking;
    const call = this.#offered;
    if (asking === undefined || call === undefined) return;
    this.#asking = undefined;
    this.#offered = undefined;
    this.#running = call.awsRequestId;
    const { event } = call;
    asking.aborter = undefined;
    asking.send(
      200,
      `${JSON_TYPE}Lambda-Runtime-Aws-Request-Id: ${call.awsRequestId}\r\nLambda-Runtime-Deadline-Ms: ${call.deadline}\r\n` +
        `Lambda-Runtime-Invoked-Function-Arn: ${call.functionArn}\r\n` +
        (call.traceId === undefined ? '' : `Lambda-Runtime-Trace-Id: ${call.traceId}\r\n`) +
        (call.clientContext === undefined
          ? ''
          : `Lambda-Runtime-Client-Context: ${latin1Of(call.clientContext)}\r\n`),
      event.length <= SHORT_EVENT ? latin1Of(event) : Buffer.from(event),
    );
  }

  #end(exchange: Exchange, awsRequestId: string, failed: boolean): void {
    if (awsRequestId !== this.#running) {
      exchange.body.discard();
      reply(exchange, 400, 'InvalidRequestID', 'Invalid request ID');
      return;
    }
    this.#running = undefined;
    exchange.body.read(MAX_INVOKE_BYTES, (body, cause) => {
      if (body !== undefined) {
        exchange.send(202, JSON_TYPE, '{"status":"OK"}');
        const payload = body.toString('utf8');
        this.#tell(failed && payload === '' ? namelessError(exchange) : payload, failed);
      } else if (cause !== 'oversize') {
        // The connection ended in the middle of it: so does the runtime, or it tries again.
        this.#running = awsRequestId;
      } else {
        reply(
          exchange,
          413,
          'RequestEntityTooLarge',
          `Exceeded maximum allowed payload size (${MAX_INVOKE_BYTES} bytes).`,
        );
        this.#tell(RESPONSE_TOO_LARGE, true);
      }
    });
  }

  /** A turn of the event loop later, when what the function wrote before it answered has been read as well. */
  #tell(payload: string, failed: boolean): void {
    setImmediate(() => this.#observer.answered(payload, failed));
  }

  #failInit(exchange: Exchange): void {
    exchange.body.read(MAX_INVOKE_BYTES, (body) => {
      if (!exchange.replied) exchange.send(202, JSON_TYPE, '{"status":"OK"}');
      this.#observer.initFailed(body?.toString('utf8') || namelessError(exchange));
    });
  }
}

/** A runtime may tell an error by its header alone. */
function namelessError(exchange: Exchange): string {
  const errorType = exchange.headers.first('lambda-runtime-function-error-type') ?? 'Runtime.UnknownReason';
  return JSON.stringify({ errorType, errorMessage: '' });
}

function reply(exchange: Exchange, status: number, errorType: string, errorMessage: string): void {
  exchange.send(status, JSON_TYPE, JSON.stringify({ errorMessage, errorType }));
}

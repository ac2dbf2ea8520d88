// One event of a connection: its connect, a message of it, its end (spec/websocket-api.md §1.11.3, §3.2). What the steps
// find out is kept here for mappings, templates and logs.

import { nextRequestId, requestIdOf } from '../net/request-id.ts';
import { queryPairs } from '../stage/event-query.ts';
import type { TraceContext } from '../stage/trace-context.ts';
import { traceIdOf } from '../stage/trace-id.ts';
import type { VMap } from '../template/values.ts';
import { connectHeaders, type Multimap } from './connect-parameters.ts';
import type { Connection, ConnectRequest } from './connections/connection.ts';
import { contextMap } from './context-map.ts';
import type { SentRequest } from './execution-log.ts';
import type { SocketFailure } from './failures.ts';
import { MessageJson } from './message-json.ts';
import type { SocketRoute, WebSocketStage } from './stage.ts';

export type EventKind = 'CONNECT' | 'MESSAGE' | 'DISCONNECT';

/** The call of a Lambda authorizer. */
export interface AuthorizerCall {
  /** Of the Invoke call. */
  readonly status: number | undefined;
  readonly requestId: string | undefined;
}

export class SocketEvent {
  readonly kind: EventKind;
  readonly connection: Connection;
  readonly stage: WebSocketStage;
  /** Also `extendedRequestId`. That of an end follows from the connection's id: told twice, because who told it died, it is the
   *  same one. */
  readonly requestId: string;
  /** Epoch milliseconds. */
  readonly requestedAt = Date.now();
  /** Monotonic milliseconds; the other times of this kind are behind it, -1 for what has not happened. */
  readonly startedAt = performance.now();
  /** Of messages. */
  readonly messageId: string | undefined;
  /** The message's text; empty elsewhere. */
  readonly body: string;
  /** Of connect events. */
  readonly request: ConnectRequest | undefined;
  /** Of disconnect events (§7.6). */
  readonly disconnect: { readonly code: number; readonly reason: string } | undefined;

  route: SocketRoute | undefined = undefined;
  /** What the client got: the handshake's status, or the status of the message's result; 0 before. */
  status = 0;
  failure: SocketFailure | undefined = undefined;
  /** `$context.error.validationErrorString`. */
  validationError: string | undefined = undefined;
  /** `$context.authorizer.error`. */
  authorizerError: string | undefined = undefined;
  /** What the call of a Lambda authorizer was, for logs. */
  authorizerCall: AuthorizerCall | undefined = undefined;
  /** The API key that a Lambda authorizer names (§2.7.2). */
  usageIdentifierKey: string | undefined = undefined;
  authorizerBegan = -1;
  authorizerEnded = -1;
  integrationBegan = -1;
  integrationEnded = -1;
  /** What the service or backend answered, and what the function's code said (§9.5). */
  integrationStatus: number | undefined = undefined;
  functionStatus: number | undefined = undefined;
  integrationRequestId: string | undefined = undefined;
  /** What the integration sent, and what came of it, where data are traced (§9.3), and while somebody looks. */
  sent: SentRequest | undefined = undefined;
  /** `$context.integration.error`. */
  integrationError: string | undefined = undefined;
  /** What is known beyond it, for logs: whom it was about, and why. */
  integrationDetail: string | undefined = undefined;
  #traceId: string | undefined = undefined;
  #trace: TraceContext | undefined = undefined;
  #headers: Multimap | undefined = undefined;
  #query: Multimap | undefined = undefined;
  #context: VMap | undefined = undefined;
  #json: MessageJson | undefined = undefined;

  constructor(
    connection: Connection,
    stage: WebSocketStage,
    what:
      | { readonly kind: 'CONNECT'; readonly request: ConnectRequest }
      | { readonly kind: 'MESSAGE'; readonly body: string }
      | { readonly kind: 'DISCONNECT'; readonly code: number; readonly reason: string },
  ) {
    this.kind = what.kind;
    this.requestId = what.kind === 'DISCONNECT' ? requestIdOf(connection.id) : nextRequestId();
    this.connection = connection;
    this.stage = stage;
    this.messageId = what.kind === 'MESSAGE' ? nextRequestId() : undefined;
    this.body = what.kind === 'MESSAGE' ? what.body : '';
    this.request = what.kind === 'CONNECT' ? what.request : undefined;
    this.disconnect = what.kind === 'DISCONNECT' ? { code: what.code, reason: what.reason } : undefined;
  }

  /** The trace that the event belongs to. */
  get traceId(): string {
    this.#traceId ??= traceIdOf(this.request?.headers.first('x-amzn-trace-id'), this.requestedAt);
    return this.#traceId;
  }

  /** What its spans have in common; undefined where no traces are configured. */
  get trace(): TraceContext | undefined {
    this.#trace ??= this.stage.tracer?.begin(this.request?.headers);
    return this.#trace;
  }

  /** What the connection's authorizer found. */
  get authorization(): Connection['authorization'] {
    return this.connection.authorization;
  }

  /** Headers of the connect request as integrations see them (§3.3.5). Connect events alone have any. */
  get headers(): Multimap {
    this.#headers ??= connectHeaders(this, false);
    return this.#headers;
  }

  /** Decoded parameters of the connect request; empty for other events. */
  get query(): Multimap {
    this.#query ??= queryPairs(this.request?.query ?? '');
    return this.#query;
  }

  /** The message as JSON. */
  get json(): MessageJson {
    this.#json ??= new MessageJson(this.body);
    return this.#json;
  }

  /** `$context` of this event's templates, one for request and response, with the overrides (§5.1.4, §5.7.5). */
  get context(): VMap {
    this.#context ??= contextMap(this);
    return this.#context;
  }

  /** Whether a template has had its hand on the overrides. */
  get hasContext(): boolean {
    return this.#context !== undefined;
  }

  /** Notes what an integration sends, where that is traced. */
  note(uri: string, headers: ReadonlyMap<string, string>, body: string | Buffer): void {
    if (!this.stage.watch.tracesData(this.route?.key)) return;
    this.sent = { uri, headers, body, answer: undefined, reply: undefined };
  }

  /** Milliseconds since the event began. */
  elapsed(): number {
    return performance.now() - this.startedAt;
  }
}

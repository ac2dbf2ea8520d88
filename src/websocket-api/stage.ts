// What a deployed stage of a WebSocket API is at run time: flat, immutable values that the pipeline only reads. Built by
// snapshot/websocket/compile-stage.ts.

import type { HeaderBlock } from '../net/header-block.ts';
import type { Callee } from '../stage/callee.ts';
import type { StageIdentity } from '../stage/stage-identity.ts';
import type { Throttle } from '../stage/throttle.ts';
import type { Tracer } from '../stage/tracer.ts';
import type { Watch } from '../stage/watch.ts';
import type { SocketEvent } from './event.ts';
import type { IntegrationStory, SocketAuthorizerStory } from './explain/trace.ts';
import type { SocketFailure } from './failures.ts';
import type { Selection } from './selection.ts';

export interface WebSocketStage extends StageIdentity {
  /** spec/websocket-api.md §1.3. */
  readonly executeApiDisabled: boolean;
  /** Of a message: its route's key (§2.2). */
  readonly routeSelection: Selection;
  /** The same as configured. */
  readonly routeSelectionExpression: string;
  /** Custom routes by key; `$default` among them. */
  readonly routes: ReadonlyMap<string, SocketRoute>;
  /** Where the API key of a connect request is (§2.7.2). */
  readonly apiKeySource: 'header' | 'authorizer';
  readonly connectRoute: SocketRoute | undefined;
  /** Of connect requests, with `$connect` or without (§1.6.1). */
  readonly connectThrottle: Throttle | undefined;
  readonly disconnectRoute: SocketRoute | undefined;
  /** Begins the traces of its events; undefined where none are configured. */
  readonly tracer?: Tracer | undefined;
  /** Hears of every event that is over: access log, execution log, metrics (§9). */
  readonly watch: StageWatch;
}

/** Follows the events of a stage. */
export interface StageWatch extends Watch<SocketEvent> {
  /** A message went to a client outside of an event's reply: by @connections. */
  onPosted(): void;
  /** What an event that is over wrote into the access log; undefined where the stage has none. */
  accessLogEntry(event: SocketEvent): string | undefined;
  /** Whether what the integrations of a route send is to be noted in the event. */
  tracesData(routeKey: string | undefined): boolean;
}

export interface SocketRoute {
  readonly key: string;
  readonly routeId: string;
  /** `NONE`, `AWS_IAM` or `CUSTOM`. */
  readonly authorizationType: string;
  readonly authorizer: SocketAuthorizer | undefined;
  readonly apiKeyRequired: boolean;
  /** Names of parameters that the connect request must have (§2.9.3), as written. */
  readonly requiredParameters: readonly RequiredParameter[];
  /** Of messages. */
  readonly throttle: Throttle | undefined;
  /** Checks a message against the model that its key selects; returns what is wrong (§2.5). */
  readonly validate: ((event: SocketEvent) => string | undefined) | undefined;
  /** The name of the model that its key selects, for who explains. */
  readonly modelOf: ((event: SocketEvent) => string | undefined) | undefined;
  /** Undefined for a route without target. */
  readonly integration: SocketIntegration | undefined;
  /** Whether clients get an answer (§4.1.1). */
  readonly isTwoWay: boolean;
}

export interface RequiredParameter {
  readonly location: 'header' | 'querystring';
  readonly name: string;
  readonly lowerName: string;
}

export type SocketDecision =
  | { readonly granted: true }
  /** `error` is `$context.authorizer.error`. */
  | { readonly granted: false; readonly failure: SocketFailure; readonly error: string };

/** Decides about connect requests; what it finds is put into the event's connection. A throw or rejection is a defect and
 *  refuses with 500. */
export interface SocketAuthorizer {
  /** Why it lets nobody in, when that is known since the deployment. */
  readonly problem?: string;
  /** Whom it calls, where it calls anybody. */
  readonly callee?: Callee;
  authorize(event: SocketEvent): Promise<SocketDecision>;
  /** What it asks for. */
  explain(): SocketAuthorizerStory;
}

/** What a backend answered. */
export interface SocketAnswer {
  readonly kind: 'answered';
  readonly status: number;
  readonly headers: HeaderBlock;
  /** UTF-8 text, or bytes that are none. */
  readonly body: string | Buffer;
  /** The `errorMessage` of a Lambda function under type AWS that threw (§4.3.2). */
  readonly errorMessage?: string | undefined;
}

/** No answer of the backend. `error` is `$context.integration.error`, for logs. */
export interface SocketFailed {
  readonly kind: 'failed';
  readonly failure: SocketFailure;
  readonly error: string;
  /** What is known beyond it, for logs: whom it was about, and why. */
  readonly detail?: string | undefined;
}

/** What becomes of an answer: a two-way route's frame, a connect request's status and subprotocol. */
export interface SocketReply {
  readonly kind: 'reply';
  /** The handshake's status, the logged one of messages. */
  readonly status: number;
  /** A text frame, or a binary one. */
  readonly data: string | Buffer;
  /** The header of the 101 (§1.9). */
  readonly subprotocol: string | undefined;
}

/** Makes of an answer what the client is to get. */
export type ResponsePlan = (event: SocketEvent, answer: SocketAnswer) => SocketReply | SocketFailed;

/** What a route does with an event, compiled once per deployment. */
export interface SocketIntegration {
  /** Why it cannot run, when that is known since the deployment: every event fails then. */
  readonly problem?: string;
  /** Whom it calls; absent where nobody is called. */
  readonly callee?: Callee | undefined;
  /** Nobody is called: there is no latency to measure (§9.6). */
  readonly isImaginary?: boolean;
  /** Calls the backend. Never rejects; answers at once where it can. */
  invoke(event: SocketEvent): SocketAnswer | SocketFailed | Promise<SocketAnswer | SocketFailed>;
  /** Integration response and template of non-proxy types, the answer as it is of others (§4.2 to §4.4). Asked on two-way
   *  routes and on `$connect` alone. */
  readonly reply: ResponsePlan;
  /** What it did with an event that is over. */
  explain(event: SocketEvent): IntegrationStory;
}

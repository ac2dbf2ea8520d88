// A connect request from its arrival to its refusal or upgrade (spec/websocket-api.md §1.6, §1.10).
import { randomUUID } from 'node:crypto';
import { unreachable } from '../defect.ts';
import { httpDate } from '../net/date.ts';
import type { Aborter, Exchange } from '../net/exchange.ts';
import { nextRequestId } from '../net/request-id.ts';
import { upgrade } from '../net/websocket/upgrade.ts';
import type { AccountConnections } from '../websocket-api/connections/account-connections.ts';
import type { ConnectGate, Connecting } from '../websocket-api/connections/connect-gate.ts';
import type { Hub } from '../websocket-api/connections/hub.ts';
import type { SocketEvent } from '../websocket-api/event.ts';
import {
  handshakeBody,
  INTERNAL_ERROR,
  type SocketFailure,
  THROTTLED,
  UNAVAILABLE,
} from '../websocket-api/failures.ts';
import { type ConnectMeans, type ConnectOutcome, serveConnect } from '../websocket-api/serve-connect.ts';

export interface HandshakeMeans {
  readonly hub: Hub;
  readonly connect: ConnectMeans;
  readonly gate: ConnectGate;
  readonly accounts: AccountConnections;
}

/** Of `Retry-After`. Who is refused at the same moment comes back spread over them. */
const MOST_RETRY_SECONDS = 10;

export class Handshake implements Aborter, Connecting {
  readonly #means: HandshakeMeans;
  readonly #exchange: Exchange;
  readonly #event: SocketEvent;
  #isGone = false;

  constructor(means: HandshakeMeans, exchange: Exchange, event: SocketEvent) {
    this.#means = means;
    this.#exchange = exchange;
    this.#event = event;
  }

  start(): void {
    // From here on the stage watches the event.
    this.#exchange.observer = undefined;
    this.#exchange.aborter = this;
    const { accounts, gate } = this.#means;
    if (accounts.enter(this.#event.connection)) gate.enter(this);
    else this.#turnAway(THROTTLED);
  }

  /** The client is gone. Who waits is not served. */
  abort(): void {
    this.#isGone = true;
    if (this.#means.gate.forget(this)) this.refuse();
  }

  begin(): void {
    const event = this.#event;
    const { connect, gate, hub } = this.#means;
    const { takeovers } = hub;
    serveConnect(event, connect)
      .then((outcome) => {
        this.#exchange.aborter = undefined;
        // Others have told its end by then.
        const isTold = hub.takeovers !== takeovers && outcome.kind === 'accepted';
        this.#conclude(isTold ? { kind: 'refused', failure: UNAVAILABLE } : outcome);
      })
      .catch((error: unknown) => {
        connect.onDefect(error, event);
        if (!this.#exchange.replied) refuse(this.#exchange, event, INTERNAL_ERROR);
      })
      .finally(() => gate.leave());
  }

  refuse(): void {
    this.#means.accounts.leave(this.#event.connection);
    const seconds = Math.ceil(Math.random() * MOST_RETRY_SECONDS);
    this.#turnAway(UNAVAILABLE, `Retry-After: ${seconds}\r\n`);
  }

  #turnAway(failure: SocketFailure, lines = ''): void {
    const event = this.#event;
    this.#exchange.aborter = undefined;
    event.failure = failure;
    event.status = failure.status;
    event.stage.watch.onOver(event);
    refuse(this.#exchange, event, failure, lines);
  }

  #conclude(outcome: ConnectOutcome): void {
    const { hub, accounts } = this.#means;
    const exchange = this.#exchange;
    const { connection } = this.#event;
    if (outcome.kind !== 'accepted') accounts.leave(connection);
    switch (outcome.kind) {
      case 'accepted': {
        const subprotocol = headerText(outcome.subprotocol);
        hub.enter(connection, (makeHandler) =>
          this.#isGone ? undefined : upgrade(exchange, subprotocol, makeHandler),
        );
        return;
      }
      case 'rejected':
        // What HTTP cannot say as a final status counts as the integration's failure.
        return answer(exchange, isStatus(outcome.status) ? outcome.status : 502, '', '');
      case 'refused':
        return refuse(exchange, this.#event, outcome.failure);
      default:
        unreachable(outcome);
    }
  }
}

function refuse(exchange: Exchange, event: SocketEvent, failure: SocketFailure, lines = ''): void {
  answer(exchange, failure.status, failure.errorType, handshakeBody(failure, event), lines);
}

/** §1.10.5. */
export function answer(
  exchange: Exchange,
  status: number,
  errorType: string,
  body: string,
  lines = '',
): void {
  exchange.body.discard();
  exchange.send(
    status,
    `Content-Type: application/json\r\nDate: ${httpDate(Date.now())}\r\nx-amzn-RequestId: ${randomUUID()}\r\n` +
      `x-amz-apigw-id: ${nextRequestId()}\r\n` +
      (errorType === '' ? '' : `x-amzn-ErrorType: ${errorType}\r\n`) +
      lines,
    body,
  );
}

function isStatus(status: number): boolean {
  return status >= 200 && status <= 599;
}

/** A subprotocol that can stand in a header line. */
function headerText(text: string | undefined): string | undefined {
  return text === undefined || /[^\t -~]/.test(text) || text === '' ? undefined : text;
}

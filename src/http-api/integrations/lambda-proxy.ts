// The Lambda proxy integration of a route: event → function → its response → reply plan (spec/http-api.md §3.6).

import { textOfDetail } from '../../backends/failures.ts';
import type { InvocationOutcome, LambdaFunction } from '../../backends/lambda-function.ts';
import type { RequestChange, ResponseChange } from '../../grammar/mapping.ts';
import type { Bytes } from '../../net/bytes.ts';
import {
  API_CONFIGURATION_ERROR,
  BAD_REQUEST,
  INTERNAL_SERVER_ERROR,
  type Refusal,
} from '../../net/refusals.ts';
import { WholeBody } from '../../net/whole-body.ts';
import { failureOf } from '../../stage/lambda-outcome.ts';
import { type Call, MAX_PAYLOAD_BYTES } from '../call.ts';
import type { Cors } from '../cors.ts';
import { DOT_SEGMENT_MADE } from '../mapping/path-pieces.ts';
import type { ReplyPlan } from '../mapping/reply-plan.ts';
import type { ValueScope } from '../mapping/values.ts';
import type { RouteIntegration } from '../stage.ts';
import type { EventPlan } from './lambda/event.ts';
import { type FunctionResponse, Malformed, readResponse } from './lambda/response.ts';

export interface LambdaProxyParts {
  readonly function: LambdaFunction;
  /** The function's ARN, for `explain` alone. */
  readonly functionArn: string;
  readonly format: '1.0' | '2.0';
  readonly event: EventPlan;
  /** Plans of the statuses that ResponseParameters names. */
  readonly replies: ReadonlyMap<number, ReplyPlan>;
  /** The plan of every other status. */
  readonly plainReply: ReplyPlan;
  readonly cors: Cors | undefined;
  readonly timeoutInMillis: number;
  /** Hears of every call without a usable response. `message` is `$context.integrationErrorMessage`. */
  readonly onFailed: (call: Call, message: string, detail?: unknown) => void;
  /** The mappings as they were configured, for `explain` alone. */
  readonly configured: {
    readonly requestChanges: readonly RequestChange[];
    readonly responseChanges: ReadonlyMap<number, readonly ResponseChange[]>;
    readonly scope: (side: ValueScope['side']) => ValueScope;
  };
}

const DEFECT = 'The Lambda function could not be called';

export class LambdaProxy implements RouteIntegration {
  readonly parts: LambdaProxyParts;

  constructor(parts: LambdaProxyParts) {
    this.parts = parts;
  }

  invoke(call: Call): void {
    const { body } = call.exchange;
    if (body.whole !== undefined) return this.#send(call, body.whole);
    body.read(MAX_PAYLOAD_BYTES, (bytes) => {
      // Without its whole body the request is the codec's to refuse, or its client is gone.
      if (bytes !== undefined) this.#send(call, bytes);
    });
  }

  #send(call: Call, bytes: Bytes): void {
    call.setRequestBytes(bytes);
    const { exchange } = call;
    const event = this.parts.event.build(call, bytes);
    if (event === undefined) {
      // The function was not called.
      call.integrationBegan = -1;
      return this.#fail(call, BAD_REQUEST, DOT_SEGMENT_MADE);
    }
    call.event = event;
    this.parts.function
      .invoke({
        event,
        type: 'RequestResponse',
        timeoutInMillis: this.parts.timeoutInMillis,
        requestId: exchange.requestId,
        traceId: call.traceId,
      })
      .then((outcome) => {
        call.outcome = outcome;
        // A function that runs is not stopped when nobody waits for its answer any more.
        if (!call.isOver) this.#take(call, outcome);
      })
      .catch((error: unknown) => this.#fail(call, INTERNAL_SERVER_ERROR, DEFECT, error));
  }

  #take(call: Call, outcome: InvocationOutcome): void {
    const failure = failureOf(outcome);
    if (failure !== undefined) return this.#fail(call, failure.refusal, failure.message, failure.detail);
    const { payload } = outcome as InvocationOutcome & { kind: 'returned' };
    const response = readResponse(this.parts.format, payload);
    if (response instanceof Malformed) this.#fail(call, API_CONFIGURATION_ERROR, response.message);
    else this.#finish(call, response);
  }

  #finish(call: Call, { status, headers, body }: FunctionResponse): void {
    const { cors, replies, plainReply } = this.parts;
    const reply = { status, headers, canonical: true, body: new WholeBody(body) };
    call.reply = reply;
    const plan = replies.get(status) ?? plainReply;
    if (plan.readsBody) call.setReplyBytes(body);
    const sent = plan.status(call, reply);
    let lines = plan.headerLines(call, reply);
    const origin = cors === undefined ? undefined : call.exchange.headers.first('origin');
    if (origin !== undefined) lines += cors!.replyLines(origin);
    call.send(sent, lines, sent === 204 || sent === 304 ? '' : body);
  }

  #fail(call: Call, refusal: Refusal, message: string, detail?: unknown): void {
    call.failure = message;
    call.failureDetail = textOfDetail(detail);
    this.parts.onFailed(call, message, detail);
    if (!call.exchange.replied) call.refuse(refusal);
  }
}

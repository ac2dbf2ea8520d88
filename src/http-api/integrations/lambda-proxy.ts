// The Lambda proxy integration of a route: event → function → its response → its ending (spec/http-api.md §3.6).

import type { InvocationOutcome, LambdaFunction } from '../../backends/lambda-function.ts';
import type { Bytes } from '../../net/bytes.ts';
import { API_CONFIGURATION_ERROR, BAD_REQUEST, INTERNAL_SERVER_ERROR } from '../../net/refusals.ts';
import { WholeBody } from '../../net/whole-body.ts';
import { type Callee, functionCallee } from '../../stage/callee.ts';
import { failureOf } from '../../stage/lambda-outcome.ts';
import type { Call, RequestReader } from '../call.ts';
import { explainFunctionCall } from '../explain/function-call.ts';
import type { RequestMappings } from '../explain/mappings.ts';
import type { IntegrationStory, SentReply } from '../explain/trace.ts';
import type { EventPlan } from '../lambda-event/event.ts';
import { DOT_SEGMENT_MADE } from '../mapping/path-pieces.ts';
import type { RouteIntegration } from '../stage.ts';
import type { Ending } from './ending.ts';
import { Malformed, readResponse } from './lambda-response.ts';

export interface LambdaProxyParts {
  readonly function: LambdaFunction;
  /** The function's ARN, for `explain` and spans. */
  readonly functionArn: string;
  readonly format: '1.0' | '2.0';
  readonly event: EventPlan;
  readonly timeoutInMillis: number;
  readonly ending: Ending;
  /** For `explain` alone. */
  readonly configured: RequestMappings;
}

const DEFECT = 'The Lambda function could not be called';

export class LambdaProxy implements RouteIntegration, RequestReader {
  readonly callee: Callee;
  readonly #parts: LambdaProxyParts;

  constructor(parts: LambdaProxyParts) {
    this.callee = functionCallee(parts.functionArn);
    this.#parts = parts;
  }

  invoke(call: Call): void {
    call.readRequest(this);
  }

  onRequest(call: Call, bytes: Bytes): void {
    const { ending, event: plan, function: lambda, timeoutInMillis } = this.#parts;
    const event = plan.build(call, bytes);
    if (event === undefined) return ending.decline(call, BAD_REQUEST, DOT_SEGMENT_MADE);
    call.event = event;
    lambda
      .invoke({
        event,
        type: 'RequestResponse',
        timeoutInMillis,
        requestId: call.exchange.requestId,
        traceId: call.traceId,
      })
      .then((outcome) => {
        call.outcome = outcome;
        // A function that runs is not stopped when nobody waits for its answer any more.
        if (!call.isOver) this.#take(call, outcome);
      })
      .catch((error: unknown) => ending.fail(call, INTERNAL_SERVER_ERROR, DEFECT, error));
  }

  calls(): string {
    return this.#parts.functionArn;
  }

  explain(call: Call, sent: SentReply): IntegrationStory {
    const { configured, ending } = this.#parts;
    return {
      ...explainFunctionCall(call, this.#parts, configured),
      responseMappings: ending.explain(call, sent),
    };
  }

  #take(call: Call, outcome: InvocationOutcome): void {
    const { ending, format } = this.#parts;
    const failure = failureOf(outcome);
    if (failure !== undefined) return ending.fail(call, failure.refusal, failure.message, failure.detail);
    const { payload } = outcome as InvocationOutcome & { kind: 'returned' };
    const response = readResponse(format, payload);
    if (response instanceof Malformed) {
      return ending.fail(call, API_CONFIGURATION_ERROR, response.message);
    }
    const { status, headers, body } = response;
    ending.reply(call, { status, headers, canonical: true, body: new WholeBody(body) });
  }
}

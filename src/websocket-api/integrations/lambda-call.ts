// The call of a function for an event, and what its failure is to the client (spec/websocket-api.md §3.3.8, §3.3.9, §1.7).

import type { Invocation, InvocationOutcome, LambdaFunction } from '../../backends/lambda-function.ts';
import { unreachable } from '../../defect.ts';
import type { Callee } from '../../stage/callee.ts';
import { awsRequestIdOf, errorTextOf, invokeStatusOf } from '../../stage/lambda-outcome.ts';
import type { SocketEvent } from '../event.ts';
import { BAD_GATEWAY, INTEGRATION_TIMEOUT, INTERNAL_ERROR } from '../failures.ts';
import type { SocketFailed } from '../stage.ts';
import { failed } from './failed.ts';

export interface FunctionCall {
  readonly function: LambdaFunction;
  /** The integration's, for logs. */
  readonly uri: string;
  readonly callee: Callee;
  readonly timeoutInMillis: number;
}

/** Calls the function with `payload`, JSON text. The outcome is to be noted. */
export function callFunction(
  event: SocketEvent,
  target: FunctionCall,
  payload: string,
  headers: ReadonlyMap<string, string>,
  type: Invocation['type'],
): Promise<InvocationOutcome> {
  event.note(target.uri, headers, payload);
  return target.function.invoke({
    event: payload,
    type,
    timeoutInMillis: target.timeoutInMillis,
    requestId: event.requestId,
    traceId: event.traceId,
  });
}

/** Notes in the event what became of the call. */
export function noteOutcome(event: SocketEvent, outcome: InvocationOutcome): void {
  event.integrationStatus = invokeStatusOf(outcome);
  event.integrationRequestId = awsRequestIdOf(outcome);
}

/** The failure of a call that brought no answer; undefined for the two that did. */
export function failureOf(outcome: InvocationOutcome): SocketFailed | undefined {
  switch (outcome.kind) {
    case 'returned':
      return undefined;
    case 'functionError':
      return failed(BAD_GATEWAY, `The Lambda function returned an error: ${wordsOf(outcome.payload)}`);
    case 'refused':
      return failed(INTERNAL_ERROR, `Invalid permissions on Lambda function: ${outcome.message}`);
    case 'notConfigured':
      return failed(INTERNAL_ERROR, outcome.message);
    case 'throttled':
      return failed(INTERNAL_ERROR, 'The Lambda function was throttled');
    case 'tooLarge':
      return failed(INTERNAL_ERROR, 'The event is too large for a Lambda function');
    case 'unavailable':
      return failed(INTERNAL_ERROR, `Lambda could not be called: ${outcome.message}`);
    case 'timeout':
      return failed(INTEGRATION_TIMEOUT, INTEGRATION_TIMEOUT.message);
    default:
      unreachable(outcome);
  }
}

/** Type and message of the error, without its trace, which the function's own log has. */
function wordsOf(payload: string): string {
  return errorTextOf(payload) ?? payload.slice(0, 1_024);
}

// What became of a function's call, for integrations that need its answer (spec/websocket-api.md §3.3.8, §3.3.9, §1.7).

import type { InvocationOutcome } from '../../backends/lambda-function.ts';
import { unreachable } from '../../defect.ts';
import { awsRequestIdOf, errorTextOf, invokeStatusOf } from '../../stage/lambda-outcome.ts';
import type { SocketEvent } from '../event.ts';
import { BAD_GATEWAY, INTEGRATION_TIMEOUT, INTERNAL_ERROR } from '../failures.ts';
import type { SocketFailed } from '../stage.ts';
import { failed } from './failed.ts';

/** Notes the call in the event. */
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
      return failed(INTEGRATION_TIMEOUT, 'Endpoint request timed out');
    default:
      unreachable(outcome);
  }
}

/** Type and message of the error, without its trace, which the function's own log has. */
function wordsOf(payload: string): string {
  return errorTextOf(payload) ?? payload.slice(0, 1_024);
}

/** Of Lambda's error document; undefined when it has none. */
export function errorMessageOf(payload: string): string | undefined {
  try {
    const document = JSON.parse(payload) as { errorMessage?: unknown } | null;
    return typeof document?.errorMessage === 'string' ? document.errorMessage : undefined;
  } catch {
    return undefined;
  }
}

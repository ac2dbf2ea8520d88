// What became of a function's call → the refusal that the client gets, with the text for logs (spec/http-api.md §3.6.7,
// Choice C25). An answer without a refusal is a response to read.
import { failures, NO_PERMISSION } from '../backends/failures.ts';
import { type InvocationOutcome, isTooLarge, MAX_INVOKE_BYTES } from '../backends/lambda-function.ts';
import { unreachable } from '../defect.ts';
import { isObject } from '../grammar/json-object.ts';
import {
  ENTITY_TOO_LARGE,
  INTERNAL_SERVER_ERROR,
  type Refusal,
  SERVICE_UNAVAILABLE,
} from '../net/refusals.ts';
import { parseJson } from '../wire/json.ts';

export interface InvocationFailure {
  readonly refusal: Refusal;
  /** `$context.integrationErrorMessage`. */
  readonly message: string;
  /** For the log alone. */
  readonly detail: string | undefined;
}

const FUNCTION_ERROR =
  'The Lambda function returned the following error: Unhandled. Check your Lambda function code and try again.';

/** undefined when the function returned. */
export function failureOf(outcome: InvocationOutcome): InvocationFailure | undefined {
  switch (outcome.kind) {
    case 'returned':
      return isTooLarge(outcome.payload)
        ? failure(
            INTERNAL_SERVER_ERROR,
            `The Lambda function answered with more than ${MAX_INVOKE_BYTES} bytes`,
          )
        : undefined;
    case 'functionError':
      return failure(INTERNAL_SERVER_ERROR, FUNCTION_ERROR, errorTextOf(outcome.payload));
    case 'refused':
      return failure(INTERNAL_SERVER_ERROR, NO_PERMISSION, outcome.message);
    case 'notConfigured':
      return failure(INTERNAL_SERVER_ERROR, outcome.message);
    case 'throttled':
      return failure(SERVICE_UNAVAILABLE, 'The Lambda function was throttled');
    case 'tooLarge':
      return failure(ENTITY_TOO_LARGE, `The event has more than ${MAX_INVOKE_BYTES} bytes`);
    case 'unavailable':
      return { ...failures.connect, detail: outcome.message };
    case 'timeout':
      return { ...failures.timeout, detail: undefined };
    default:
      unreachable(outcome);
  }
}

/** The status of the Invoke call (Choice C64); undefined when there was no answer to it. */
export function invokeStatusOf(outcome: InvocationOutcome): number | undefined {
  switch (outcome.kind) {
    case 'returned':
    case 'functionError':
      return 200;
    case 'refused':
    case 'unavailable':
      return outcome.status;
    case 'throttled':
      return 429;
    case 'tooLarge':
      return 413;
    case 'notConfigured':
    case 'timeout':
      return undefined;
    default:
      unreachable(outcome);
  }
}

/** Of the Invoke call. */
export function awsRequestIdOf(outcome: InvocationOutcome): string | undefined {
  const id = outcome.kind === 'returned' || outcome.kind === 'functionError' ? outcome.awsRequestId : '';
  return id === '' ? undefined : id;
}

/** Characters of a function's error in a log. */
const MAX_ERROR_TEXT = 1_024;

function failure(refusal: Refusal, message: string, detail?: string): InvocationFailure {
  return { refusal, message, detail };
}

/** `TypeError: pet is undefined`, of Lambda's error document; undefined where it says neither. */
export function errorTextOf(payload: string): string | undefined {
  const { errorType, errorMessage } = errorDocument(payload);
  const words = [errorType, errorMessage].filter((word) => typeof word === 'string');
  return words.length === 0 ? undefined : words.join(': ').slice(0, MAX_ERROR_TEXT);
}

/** Of Lambda's error document; undefined when it has none. */
export function errorMessageOf(payload: string): string | undefined {
  const { errorMessage } = errorDocument(payload);
  return typeof errorMessage === 'string' ? errorMessage : undefined;
}

/** A function may say anything. */
function errorDocument(payload: string): { readonly [member: string]: unknown } {
  try {
    const document = parseJson(payload);
    return isObject(document) ? document : {};
  } catch {
    return {};
  }
}

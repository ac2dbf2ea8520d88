// Errors of the Lambda API, as Lambda writes them (https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html, Errors).
import { ServiceError } from '../../wire/errors.ts';

/** An error of Lambda's own model: its body has a Type besides the text. */
class LambdaError extends ServiceError {
  readonly reason: string | undefined;

  constructor(code: string, status: number, message: string, options: LambdaErrorOptions = {}) {
    super(code, status, message, options);
    this.name = 'LambdaError';
    this.reason = options.reason;
  }
}

interface LambdaErrorOptions extends ErrorOptions {
  /** The body's Reason. */
  readonly reason?: string;
}

export function functionNotFound(arn: string): LambdaError {
  return new LambdaError('ResourceNotFoundException', 404, `Function not found: ${arn}`);
}

export function otherRegion(region: string, here: string): LambdaError {
  return new LambdaError(
    'ResourceNotFoundException',
    404,
    `Functions from '${region}' are not reachable in this region ('${here}')`,
  );
}

export function invalidParameter(text: string): LambdaError {
  return new LambdaError('InvalidParameterValueException', 400, text);
}

export function invalidContent(why: string): LambdaError {
  return new LambdaError(
    'InvalidRequestContentException',
    400,
    `Could not parse request body into json: Could not parse payload into json: ${why}`,
  );
}

/** `rule` is the constraint that the value breaks: `Member must …`. */
export function invalidMember(member: string, value: string, rule: string): ServiceError {
  return new ServiceError(
    'ValidationException',
    400,
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${rule}`,
  );
}

/** Lambda's text and class as it answers live, which its model calls RequestTooLargeException. */
export function requestTooLarge(text: string): LambdaError {
  return new LambdaError('RequestEntityTooLargeException', 413, text);
}

export function throttled(): LambdaError {
  const reason = 'ReservedFunctionConcurrentInvocationLimitExceeded';
  return new LambdaError('TooManyRequestsException', 429, 'Rate Exceeded.', { reason });
}

export function serviceFailure(text: string): LambdaError {
  return new LambdaError('ServiceException', 500, text);
}

/** The JSON of an error's body. */
export function printLambdaError(error: ServiceError): string {
  const { code, message, status } = error;
  if (code === 'UnknownOperationException') return '{}';
  if (!(error instanceof LambdaError)) return JSON.stringify({ message });
  const Type = status < 500 ? 'User' : 'Service';
  // Errors of Lambda's older classes spell it in capitals.
  if (code === 'ResourceNotFoundException' || code === 'ServiceException') {
    return JSON.stringify({ Type, Message: message });
  }
  const Reason = error.reason;
  return JSON.stringify({ ...(Reason === undefined ? {} : { Reason }), Type, message });
}

// Service errors: what the caller of the management API did wrong, in API Gateway's classes (spec/management-api.md §1.5).
// Thrown by rules, printed by the management door.

/** An error the caller sees. `code` travels in `x-amzn-ErrorType`, the message in the body's `message`. */
export class ServiceError extends Error {
  readonly code: string;
  readonly status: number;
  /** When a client may try again. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: string,
    status: number,
    message: string,
    options?: ErrorOptions & { readonly retryAfterSeconds?: number },
  ) {
    super(message, options);
    this.name = 'ServiceError';
    this.retryAfterSeconds = options?.retryAfterSeconds;
    this.code = code;
    this.status = status;
  }
}

export function badRequest(text: string, options?: ErrorOptions): ServiceError {
  return new ServiceError('BadRequestException', 400, text, options);
}

export function notFound(text: string): ServiceError {
  return new ServiceError('NotFoundException', 404, text);
}

export function conflict(text: string): ServiceError {
  return new ServiceError('ConflictException', 409, text);
}

export function accessDenied(text: string): ServiceError {
  return new ServiceError('AccessDeniedException', 403, text);
}

/** Clients try again on their own. */
export function tooManyRequests(text: string, options?: ErrorOptions): ServiceError {
  return new ServiceError('TooManyRequestsException', 429, text, options);
}

/** An operation this version does not run, and what it will be. AWS has no such answer. */
export function notImplemented(operation: string, whatItWillBe: string): ServiceError {
  return new ServiceError(
    'NotImplementedException',
    501,
    `${operation} is not implemented yet. ${whatItWillBe}`,
  );
}

/** JSON that cannot be read, or a value of the wrong kind (spec/management-api.md §1.3). */
export function serializationError(
  text = 'Unable to parse request body',
  options?: ErrorOptions,
): ServiceError {
  return new ServiceError('SerializationException', 400, text, options);
}

/** A path or verb of no operation. It has no text: its body is `{}`. */
export function unknownOperation(): ServiceError {
  return new ServiceError('UnknownOperationException', 404, '');
}

/** A write is committed, but requests do not meet it yet. Its status is one that clients do not try again on their own, as they
 *  do after 500, 502, 503 and 504: a second try would make a second resource. AWS has no such answer. */
export function notYetLive(text: string): ServiceError {
  return new ServiceError('NotYetLiveException', 507, text);
}

/** What the door needs is away, and comes back: clients try again on their own. */
export function serviceUnavailable(text: string, options?: ErrorOptions): ServiceError {
  return new ServiceError('ServiceUnavailableException', 503, text, { ...options, retryAfterSeconds: 5 });
}

export function internalError(text = 'Internal server error'): ServiceError {
  return new ServiceError('InternalServerException', 500, text);
}

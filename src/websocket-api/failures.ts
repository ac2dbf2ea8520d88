// What a client sees when the gateway itself ends an event: an HTTP reply to a connect request, an error frame to a message
// (spec/websocket-api.md §1.10, §4.5, §3.9.2).

export interface SocketFailure {
  /** Of the handshake. */
  readonly status: number;
  /** `x-amzn-ErrorType` of the handshake's reply. */
  readonly errorType: string;
  /** In the error frame, and in the handshake's body unless that has a text of its own. */
  readonly message: string;
  readonly handshakeMessage: string;
  /** `$context.error.responseType`. */
  readonly responseType: string;
}

function failure(
  status: number,
  errorType: string,
  message: string,
  responseType: string,
  handshakeMessage = message,
): SocketFailure {
  return Object.freeze({ status, errorType, message, responseType, handshakeMessage });
}

const SERVER = 'InternalServerErrorException';
const INTERNAL = 'Internal server error';

export const FORBIDDEN = failure(403, 'ForbiddenException', 'Forbidden', 'ACCESS_DENIED');
export const UNAUTHORIZED = failure(401, 'UnauthorizedException', 'Unauthorized', 'UNAUTHORIZED');
export const THROTTLED = failure(429, 'TooManyRequestsException', 'Too Many Requests', 'THROTTLED');
export const QUOTA_EXCEEDED = failure(429, 'LimitExceededException', 'Limit Exceeded', 'QUOTA_EXCEEDED');
/** More want to connect than can be served, or the connection cannot be written down, so that its end might not be told; AWS has no
 *  such failure. */
export const UNAVAILABLE = failure(503, 'ServiceUnavailableException', 'Service Unavailable', 'DEFAULT_5XX');
/** A configuration that cannot work, or a service that may not be called. */
export const INTERNAL_ERROR = failure(500, SERVER, INTERNAL, 'API_CONFIGURATION_ERROR');
export const AUTHORIZER_FAILURE = failure(500, SERVER, INTERNAL, 'AUTHORIZER_FAILURE');
/** A function that threw, or answered what no proxy response is (§1.7.2). */
export const BAD_GATEWAY = failure(502, SERVER, INTERNAL, 'DEFAULT_5XX');
export const INTEGRATION_TIMEOUT = failure(504, SERVER, 'Endpoint request timed out', 'INTEGRATION_TIMEOUT');
/** The error frame of a backend that cannot be reached says what any other says (§1.10 row s, §3.5.6). */
export const UNREACHABLE = failure(
  504,
  SERVER,
  INTERNAL,
  'INTEGRATION_FAILURE',
  'Network error communicating with endpoint',
);
export const UNSUPPORTED_MEDIA_TYPE = failure(
  415,
  'BadRequestException',
  'Unsupported Media Type',
  'UNSUPPORTED_MEDIA_TYPE',
);
export const BAD_REQUEST_BODY = failure(400, 'BadRequestException', 'Bad request body', 'BAD_REQUEST_BODY');
export const INVALID_JSON = failure(
  400,
  'BadRequestException',
  'Invalid JSON in request body',
  'BAD_REQUEST_BODY',
);

/** A required parameter of the connect request is missing (§1.10 row t). */
export function missingParameters(names: readonly string[]): SocketFailure {
  const message = `Missing required request parameters: [${names.join(', ')}]`;
  return failure(400, 'BadRequestException', message, 'BAD_REQUEST_PARAMETERS');
}

/** A policy or signature refuses the connect request. `message` is the one of its row (§1.10). */
export function denied(errorType: string, message: string): SocketFailure {
  return failure(403, errorType, message, 'ACCESS_DENIED');
}

/** What of an event its failure tells the client. */
interface FailedEvent {
  readonly connection: { readonly id: string };
  readonly requestId: string;
  readonly messageId: string | undefined;
}

/** The error frame of a failed message, byte for byte (§4.5.1, §2.5.5). */
export function errorFrame(failed: SocketFailure, { connection, requestId, messageId }: FailedEvent): string {
  return failed === BAD_REQUEST_BODY
    ? frame(failed.message, connection.id, 'messageId', messageId!)
    : frame(failed.message, connection.id, 'requestId', requestId);
}

/** The body of the reply to a failed connect request: the template of error frames (Choice U01). */
export function handshakeBody(failed: SocketFailure, { connection, requestId }: FailedEvent): string {
  return frame(failed.handshakeMessage, connection.id, 'requestId', requestId);
}

function frame(message: string, connectionId: string, name: string, id: string): string {
  return `{"message": ${JSON.stringify(message)}, "connectionId":"${connectionId}", "${name}":"${id}"}`;
}

// What the gateway answers by itself (spec/http-api.md §14): frozen values, returned, never thrown.
import { httpDate } from './date.ts';

export interface Refusal {
  readonly status: number;
  readonly message: string;
  /** Compact JSON envelope (spec/http-api.md §0.5). */
  readonly body: string;
  /** `$context.error.responseType` (spec/http-api.md §9.4). */
  readonly responseType: string;
}

function refusal(status: number, message: string, responseType: string): Refusal {
  return Object.freeze({ status, message, body: JSON.stringify({ message }), responseType });
}

/** The header lines of every reply that the gateway makes itself (spec/http-api.md §0.5). */
export function ownReplyLines(requestId: string): string {
  return `Date: ${httpDate(Date.now())}\r\nApigw-Requestid: ${requestId}\r\n`;
}

/** Header lines of a refusal, without framing. */
export function refusalLines(requestId: string): string {
  return `Content-Type: application/json\r\n${ownReplyLines(requestId)}`;
}

export const BAD_REQUEST = refusal(400, 'Bad Request', 'DEFAULT_4XX');
export const UNAUTHORIZED = refusal(401, 'Unauthorized', 'UNAUTHORIZED');
export const FORBIDDEN = refusal(403, 'Forbidden', 'ACCESS_DENIED');
export const NOT_FOUND = refusal(404, 'Not Found', 'NOT_FOUND');
export const ENTITY_TOO_LARGE = refusal(413, 'Request Entity Too Large', 'REQUEST_TOO_LARGE');
export const TOO_MANY_REQUESTS = refusal(429, 'Too Many Requests', 'THROTTLED');
export const HEADERS_TOO_LARGE = refusal(431, 'Request Header Fields Too Large', 'DEFAULT_4XX');
export const INTERNAL_SERVER_ERROR = refusal(500, 'Internal Server Error', 'DEFAULT_5XX');
/** An authorizer failed or could not be asked. */
export const AUTHORIZER_FAILURE = refusal(500, 'Internal Server Error', 'AUTHORIZER_FAILURE');
/** A function's answer is not what its integration or authorizer can use. */
export const API_CONFIGURATION_ERROR = refusal(500, 'Internal Server Error', 'API_CONFIGURATION_ERROR');
export const SERVICE_UNAVAILABLE = refusal(503, 'Service Unavailable', 'INTEGRATION_FAILURE');
export const INTEGRATION_TIMEOUT = refusal(503, 'Service Unavailable', 'INTEGRATION_TIMEOUT');

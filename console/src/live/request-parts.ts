// What of a recorded request can be sent again: by a form, or by curl.
import type { RecordedBody, RecordedRequest } from '../../../src/gateway/live/recorded-request.ts';
import type { SocketTrace } from '../../../src/websocket-api/explain/trace.ts';
import { isOfSocket } from './traces.ts';

export type Pairs = readonly (readonly [name: string, value: string])[];

export interface HttpParts {
  readonly kind: 'http';
  readonly method: string;
  /** Absolute. */
  readonly url: string;
  readonly headers: Pairs;
  readonly body: RecordedBody | undefined;
}

/** A connect request, or a message on a connection that is made for it. */
export interface SocketParts {
  readonly kind: 'connect' | 'message';
  /** `ws:` or `wss:`. */
  readonly url: string;
  readonly headers: Pairs;
  /** Of a message. */
  readonly body: RecordedBody | undefined;
  /** Of a message: whose it is. */
  readonly connection?: Partial<SocketTrace['connection']>;
}

export type RequestParts = HttpParts | SocketParts;

/** Undefined of what a client does not send: a disconnect, a call of @connections. */
export function requestPartsOf({
  kind,
  host,
  trace,
  requestBody,
}: RecordedRequest): RequestParts | undefined {
  if (trace === undefined) return undefined;
  if (!isOfSocket(trace)) {
    const { method, url, headers } = trace.request;
    return kind === 'http' ? { kind, method, url, headers, body: requestBody } : undefined;
  }
  if (trace.handshake !== undefined) {
    const { target, headers } = trace.handshake;
    const origin = `ws://${host ?? 'localhost'}`;
    return { kind: 'connect', url: `${origin}${target}`, headers, body: undefined };
  }
  if (trace.message === undefined) return undefined;
  const { apiId, region, name } = trace.stage;
  // By the name that every gateway knows; the headers of the connect request are not kept.
  const url = `wss://${apiId}.execute-api.${region}.amazonaws.com/${name}`;
  const { sourceIp, authorizer } = trace.connection;
  return {
    kind: 'message',
    url,
    headers: [],
    body: requestBody ?? recordedBodyOf(trace.message),
    connection: { sourceIp, ...(authorizer === undefined ? {} : { authorizer }) },
  };
}

/** A body of a trace, as those that are recorded. */
export function recordedBodyOf({ body, bodyBytes, isBase64Encoded }: TracedBody): RecordedBody {
  const shown = isBase64Encoded === true ? { base64: body } : { text: body };
  return { bytes: bodyBytes, isTruncated: bytesOf(shown).length < bodyBytes, ...shown };
}

interface TracedBody {
  readonly body: string;
  readonly bodyBytes: number;
  readonly isBase64Encoded?: true;
}

export function bytesOf({ text, base64 }: Pick<RecordedBody, 'text' | 'base64'>): Uint8Array {
  if (text !== undefined) return new TextEncoder().encode(text);
  return Uint8Array.from(atob(base64 ?? ''), (character) => character.charCodeAt(0));
}

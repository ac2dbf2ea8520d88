// Replies of the management door: headers of spec/management-api.md §1.4, errors of §1.5.
import { randomUUID } from 'node:crypto';
import type { BodySink } from '../net/body.ts';
import { type Bytes, latin1Of } from '../net/bytes.ts';
import { httpDate } from '../net/date.ts';
import type { Exchange } from '../net/exchange.ts';
import type { ServiceError } from '../wire/errors.ts';
import { printError } from '../wire/print.ts';

export const JSON_TYPE = 'application/json';

export interface Reply {
  readonly status: number;
  readonly contentType: string;
  /** Text is sent as UTF-8, `undefined` as no body and no content type. */
  readonly body: string | Uint8Array | undefined;
  /** Of the answer to a write: a change that is not before it (`x-postern-change`). */
  readonly change?: number | undefined;
  /** How old at most what was read is, in seconds (`x-postern-behind`); absent where it is what is stored now. */
  readonly behind?: number | undefined;
}

/** `nowMillis` is epoch time. */
export function sendReply(
  exchange: Exchange,
  nowMillis: number,
  { status, contentType, body, change, behind }: Reply,
): void {
  const lines = commonLines(exchange, nowMillis) + changeLine(change) + behindLine(behind);
  if (body === undefined) exchange.send(status, lines, '');
  else exchange.send(status, `content-type: ${contentType}\r\n${lines}`, bytesOf(body));
}

/** Begins a reply that goes on for as long as somebody reads it, of what is new each time. */
export function beginStream(exchange: Exchange, nowMillis: number, contentType: string): BodySink {
  const lines = `content-type: ${contentType}\r\ncache-control: no-store\r\n${commonLines(exchange, nowMillis)}`;
  return exchange.stream(200, lines, -1);
}

export function sendError(exchange: Exchange, nowMillis: number, error: ServiceError): void {
  const lines = `content-type: ${JSON_TYPE}\r\nx-amzn-ErrorType: ${error.code}\r\n${retryLine(error)}${commonLines(exchange, nowMillis)}`;
  exchange.send(error.status, lines, latin1Of(printError(error)));
}

/** The header line that says which change an answer to a write is of: what `GET /_postern/fence` waits for. */
export function changeLine(change: number | undefined): string {
  return change === undefined ? '' : `x-postern-change: ${change}\r\n`;
}

export function behindLine(seconds: number | undefined): string {
  return seconds === undefined ? '' : `x-postern-behind: ${seconds}\r\n`;
}

export function retryLine({ retryAfterSeconds }: ServiceError): string {
  return retryAfterSeconds === undefined ? '' : `retry-after: ${retryAfterSeconds}\r\n`;
}

function commonLines(exchange: Exchange, nowMillis: number): string {
  return (
    `x-amzn-requestid: ${randomUUID()}\r\nx-amz-apigw-id: ${exchange.requestId}\r\n` +
    `date: ${httpDate(nowMillis)}\r\n`
  );
}

function bytesOf(body: string | Uint8Array): Bytes {
  if (typeof body === 'string') return latin1Of(body);
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
}

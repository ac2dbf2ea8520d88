// A request for the management door that came to a worker, as the primary serves it: what the worker says of the client's connection holds,
// not what is on the Unix socket between them (decision 0028). Nobody but workers reaches that socket, and a worker's line is the first.
import { invariant } from '../../defect.ts';
import type { Exchange } from '../../net/exchange.ts';
import { ExchangeAround, type SaidOfRequest } from '../../net/exchange-around.ts';
import { HeaderBlock } from '../../net/header-block.ts';

/** What the door may want to know of a request besides what it says itself. */
export type Forwarded = Omit<SaidOfRequest, 'headers'>;

/** The name of the worker's line. A client may send one of its own, which comes behind it and means nothing. */
const FORWARDED = 'x-postern-forwarded';

/** The line and the others that a worker adds are never longer. */
export const FORWARDED_BYTES = 16_384;

export function forwardedLine({
  method,
  host,
  remoteAddress,
  scheme,
  requestId,
  startedAt,
}: Forwarded): readonly string[] {
  const of: Forwarded = { method, host, remoteAddress, scheme, requestId, startedAt };
  return [FORWARDED, Buffer.from(JSON.stringify(of)).toString('base64url')];
}

/** The request as the worker got it. */
export function forwardedExchange(exchange: Exchange): Exchange {
  const { headers } = exchange;
  invariant(headers.count > 0 && headers.is(0, FORWARDED), 'a worker says first what it forwards');
  const of = JSON.parse(Buffer.from(headers.value(0), 'base64url').toString()) as Forwarded;
  const { text, spans, end } = headers;
  return new ExchangeAround(exchange, { ...of, headers: new HeaderBlock(text, spans.slice(4), end) });
}

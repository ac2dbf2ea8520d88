// Replies that the gateway makes itself outside a call's refusals (spec/http-api.md §0.5, §5.3, §14).
import type { Exchange } from '../net/exchange.ts';
import { ownReplyLines, type Refusal, refusalLines } from '../net/refusals.ts';
import type { Call } from './call.ts';
import type { Cors } from './cors.ts';

/** Refuses a request that no stage was found for. */
export function refuse(exchange: Exchange, refusal: Refusal): void {
  exchange.body.discard();
  exchange.send(refusal.status, refusalLines(exchange.requestId), refusal.body);
}

/** Answers a preflight (spec/http-api.md §5.3). */
export function answerPreflight(call: Call, cors: Cors): void {
  const { exchange } = call;
  exchange.body.discard();
  call.send(
    204,
    ownReplyLines(exchange.requestId) + cors.preflightLines(exchange.headers.first('origin')!),
    '',
  );
}

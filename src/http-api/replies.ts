// Replies that the gateway makes itself (spec/http-api.md §0.5, §5.3, §5.4, §14).
import type { Exchange } from '../net/exchange.ts';
import { ownReplyLines, type Refusal, refusalLines } from '../net/refusals.ts';
import type { Cors } from './cors.ts';

/** Sends a refusal, with CORS headers for an allowed origin (Choice C49). */
export function refuse(exchange: Exchange, refusal: Refusal, cors?: Cors): void {
  exchange.body.discard();
  const origin = cors === undefined ? undefined : exchange.headers.first('origin');
  const corsLines = origin === undefined ? '' : cors!.replyLines(origin);
  exchange.send(refusal.status, refusalLines(exchange.requestId) + corsLines, refusal.body);
}

/** Answers a preflight (spec/http-api.md §5.3). */
export function answerPreflight(exchange: Exchange, cors: Cors): void {
  exchange.body.discard();
  exchange.send(
    204,
    ownReplyLines(exchange.requestId) + cors.preflightLines(exchange.headers.first('origin')!),
    '',
  );
}

// One request of an HTTP API stage, from route selection to the reply. The order of lines is the order of
// spec/http-api.md §0.4 from step 4 on.
import { NOT_FOUND } from '../net/refusals.ts';
import type { Call } from './call.ts';
import { isPreflight } from './cors.ts';
import { answerPreflight, refuse } from './replies.ts';

export function serveHttp(call: Call): void {
  const { exchange, stage } = call;
  const match = stage.router.match(exchange.method, call.path);
  // A preflight is answered here unless its route wants an authorization first (§5.3, Choice C47).
  if (
    stage.cors !== undefined &&
    isPreflight(exchange) &&
    (match === undefined || match.route.authorizationType === 'NONE')
  ) {
    return answerPreflight(exchange, stage.cors);
  }
  if (match === undefined) return refuse(exchange, NOT_FOUND, stage.cors);
  call.route = match.route;
  call.values = match.values;
  if (match.route.denied !== undefined) return refuse(exchange, match.route.denied, stage.cors);
  match.route.integration.invoke(call);
}

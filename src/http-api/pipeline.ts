// One request of an HTTP API stage, from route selection to the reply. The order of lines is the order of
// spec/http-api.md §0.4 from step 4 on.
import { INTERNAL_SERVER_ERROR, NOT_FOUND } from '../net/refusals.ts';
import type { Decision } from './authorization.ts';
import type { Call } from './call.ts';
import { isPreflight } from './cors.ts';
import { answerPreflight } from './replies.ts';
import type { HttpRoute } from './stage.ts';

/** Hears of a step that threw: a defect of ours. The client gets a 500 if it has got nothing. */
export type OnDefect = (error: unknown, call: Call) => void;

export function serveHttp(call: Call, onDefect: OnDefect): void {
  const { exchange, stage } = call;
  const match = stage.router.match(exchange.method, call.path);
  // A preflight is answered here unless its route wants an authorization first (§5.3, Choice C47).
  if (
    stage.cors !== undefined &&
    isPreflight(exchange) &&
    (match === undefined || match.route.authorizationType === 'NONE')
  ) {
    return answerPreflight(call, stage.cors);
  }
  if (match === undefined) return call.refuse(NOT_FOUND);
  const { route } = match;
  call.route = route;
  call.values = match.values;
  if (route.authorizer === undefined) route.integration.invoke(call);
  else authorize(call, route, route.authorizer, onDefect);
}

function authorize(
  call: Call,
  route: HttpRoute,
  authorizer: NonNullable<HttpRoute['authorizer']>,
  onDefect: OnDefect,
): void {
  const decision = authorizer.authorize(call);
  if (!(decision instanceof Promise)) return follow(call, route, decision);
  let isGone = false;
  call.exchange.onAbort = () => {
    isGone = true;
  };
  decision
    .then((decided) => {
      call.exchange.onAbort = undefined;
      if (!isGone) follow(call, route, decided);
    })
    .catch((error: unknown) => {
      onDefect(error, call);
      if (!call.exchange.replied) call.refuse(INTERNAL_SERVER_ERROR);
    });
}

function follow(call: Call, route: HttpRoute, decision: Decision): void {
  if (decision.granted) {
    call.authorization = decision.authorization;
    route.integration.invoke(call);
  } else {
    call.authorizerError = decision.error;
    call.refuse(decision.refusal, decision.headerLines);
  }
}

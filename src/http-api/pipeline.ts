// One request of an HTTP API stage, from route selection to the reply. The order of lines is the order of
// spec/http-api.md §0.4 from step 4 on.
import { AUTHORIZER_FAILURE, INTERNAL_SERVER_ERROR, NOT_FOUND, TOO_MANY_REQUESTS } from '../net/refusals.ts';
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
    const throttle = match === undefined ? stage.throttle : match.route.throttle;
    const admitted = throttle === undefined || throttle.admits(call.startedAt);
    if (admitted === true) return answerPreflight(call, stage.cors);
    return judge(call, admitted, preflight, onDefect);
  }
  if (match === undefined) return call.refuse(NOT_FOUND);
  const { route } = match;
  call.route = route;
  call.values = match.values;
  const admitted = route.throttle === undefined || route.throttle.admits(call.startedAt);
  if (admitted === true) enter(call, route, onDefect, 0);
  else judge(call, admitted, enterLater, onDefect);
}

/** `after`: microseconds behind the call's beginning. */
function enter(call: Call, route: HttpRoute, onDefect: OnDefect, after: number): void {
  if (route.authorizer === undefined) {
    call.integrationBegan = after;
    route.integration.invoke(call);
  } else authorize(call, route, route.authorizer, onDefect);
}

/** A step that may come later. */
type Step = (call: Call, onDefect: OnDefect) => void;

/** Refuses what the throttle does not admit, or goes on as soon as it does. The client may be gone by then, which has ended the
 *  call; its body stays unread meanwhile, as it does before an authorizer. */
function judge(call: Call, admitted: false | Promise<boolean>, next: Step, onDefect: OnDefect): void {
  if (admitted === false) return call.refuse(TOO_MANY_REQUESTS);
  admitted
    .then((isAdmitted) => {
      if (call.isOver) return;
      if (isAdmitted) next(call, onDefect);
      else call.refuse(TOO_MANY_REQUESTS);
    })
    .catch((error: unknown) => {
      onDefect(error, call);
      if (!call.exchange.replied) call.refuse(INTERNAL_SERVER_ERROR);
    });
}

function preflight(call: Call): void {
  answerPreflight(call, call.stage.cors!);
}

function enterLater(call: Call, onDefect: OnDefect): void {
  enter(call, call.route!, onDefect, call.elapsed());
}

function authorize(
  call: Call,
  route: HttpRoute,
  authorizer: NonNullable<HttpRoute['authorizer']>,
  onDefect: OnDefect,
): void {
  call.authorizerBegan = call.elapsed();
  let decision: Decision | Promise<Decision>;
  try {
    decision = authorizer.authorize(call);
  } catch (error) {
    onDefect(error, call);
    return call.refuse(AUTHORIZER_FAILURE);
  }
  if (!(decision instanceof Promise)) return follow(call, route, decision);
  decision
    .then((decided) => {
      if (!call.isOver) follow(call, route, decided);
    })
    .catch((error: unknown) => {
      onDefect(error, call);
      if (call.exchange.replied) return;
      call.refuse(call.authorization === undefined ? AUTHORIZER_FAILURE : INTERNAL_SERVER_ERROR);
    });
}

function follow(call: Call, route: HttpRoute, decision: Decision): void {
  call.authorizerEnded = call.elapsed();
  if (decision.granted) {
    call.authorization = decision.authorization;
    call.integrationBegan = call.authorizerEnded;
    route.integration.invoke(call);
  } else {
    call.authorizerError = decision.error;
    call.refuse(decision.refusal, decision.headerLines);
  }
}

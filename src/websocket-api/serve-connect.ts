// A connect request: throttle, authorize, API key, required parameters, a row in the registry, the `$connect` integration. Its end
// decides about the upgrade (spec/websocket-api.md §1.6, §1.7).
import { queryValue } from '../stage/query.ts';
import { isOfGateway } from './connect-parameters.ts';
import { type Registry, rowOf } from './connections/registry.ts';
import type { SocketEvent } from './event.ts';
import {
  AUTHORIZER_FAILURE,
  FORBIDDEN,
  INTERNAL_ERROR,
  missingParameters,
  type SocketFailure,
  THROTTLED,
  UNAVAILABLE,
} from './failures.ts';
import { endIntegration } from './integrations/ending.ts';
import type { RequiredParameter, SocketReply, SocketRoute } from './stage.ts';

export type ConnectOutcome =
  | { readonly kind: 'accepted'; readonly subprotocol: string | undefined }
  /** The gateway refuses. */
  | { readonly kind: 'refused'; readonly failure: SocketFailure }
  /** The integration refuses: its status, nothing else of it (Choice U02). */
  | { readonly kind: 'rejected'; readonly status: number };

/** Checks the API key of a connect request, and keeps it in the connection (§2.7). */
export type CheckApiKey = (
  event: SocketEvent,
) => SocketFailure | undefined | Promise<SocketFailure | undefined>;

export interface ConnectMeans {
  readonly checkApiKey: CheckApiKey;
  /** Whether the account may open one more connection now (§7.3); without it any may. */
  readonly admitsOne?: ((event: SocketEvent) => boolean | Promise<boolean>) | undefined;
  /** Where the connection is written down before the API hears of it; without it nobody will be connected. */
  readonly registry?: Registry | undefined;
  /** A step threw: a defect of ours. The client is refused. */
  onDefect(error: unknown, event: SocketEvent): void;
}

/** Never rejects. Tells the stage's watch. */
export async function serveConnect(event: SocketEvent, means: ConnectMeans): Promise<ConnectOutcome> {
  let outcome: ConnectOutcome;
  try {
    outcome = await decide(event, means);
  } catch (error) {
    means.onDefect(error, event);
    outcome = { kind: 'refused', failure: INTERNAL_ERROR };
  }
  if (outcome.kind === 'refused') event.failure = outcome.failure;
  event.status =
    outcome.kind === 'accepted' ? 200 : outcome.kind === 'refused' ? outcome.failure.status : outcome.status;
  event.stage.watch.onOver(event);
  return outcome;
}

const ACCEPTED: ConnectOutcome = Object.freeze({ kind: 'accepted', subprotocol: undefined });

async function decide(event: SocketEvent, means: ConnectMeans): Promise<ConnectOutcome> {
  const { stage, connection } = event;
  event.route = stage.connectRoute;
  const failure = await failureOf(event, means);
  if (failure !== undefined) return refused(failure);
  const { registry } = means;
  // Whoever may not tell its end must not take it, and a row that nobody waits for says nothing of that.
  if (registry?.mayTell() === false) return refused(UNAVAILABLE);
  const entering = registry?.enter(rowOf(connection));
  // Without anybody to tell, nobody waits. The row is written all the same: a later deployment may have the route.
  const tells = stage.disconnectRoute?.integration !== undefined;
  if (tells && (await entering) === false) return refused(UNAVAILABLE);
  let outcome: ConnectOutcome | undefined;
  try {
    outcome = await integrate(event);
    return outcome;
  } finally {
    if (outcome?.kind !== 'accepted') registry?.leave(connection.id);
  }
}

/** Why the gateway does not let a client in. */
async function failureOf(event: SocketEvent, means: ConnectMeans): Promise<SocketFailure | undefined> {
  const { route } = event;
  const one = means.admitsOne?.(event) ?? true;
  if (one !== true && !(await one)) return THROTTLED;
  const admitted = event.stage.connectThrottle?.admits(performance.now()) ?? true;
  if (admitted !== true && !(await admitted)) return THROTTLED;
  if (route === undefined) return undefined;
  const unauthorized = await authorize(event, route);
  if (unauthorized !== undefined) return unauthorized;
  const keyProblem = route.apiKeyRequired ? await means.checkApiKey(event) : undefined;
  if (keyProblem !== undefined) return keyProblem;
  const missing = route.requiredParameters.filter((parameter) => !isThere(event, parameter));
  return missing.length > 0 ? missingParameters(missing.map(({ name }) => name)) : undefined;
}

async function integrate(event: SocketEvent): Promise<ConnectOutcome> {
  const integration = event.route?.integration;
  if (integration === undefined) return ACCEPTED;
  event.integrationBegan = event.elapsed();
  const reply = endIntegration(event, await integration.invoke(event), integration)!;
  if (reply.kind === 'failed') return refused(reply.failure);
  return isSuccess(reply)
    ? { kind: 'accepted', subprotocol: reply.subprotocol }
    : { kind: 'rejected', status: reply.status };
}

async function authorize(event: SocketEvent, route: SocketRoute): Promise<SocketFailure | undefined> {
  if (route.authorizer === undefined) return route.authorizationType === 'NONE' ? undefined : FORBIDDEN;
  event.authorizerBegan = event.elapsed();
  try {
    const decision = await route.authorizer.authorize(event);
    if (decision.granted) return undefined;
    event.authorizerError = decision.error;
    return decision.failure;
  } catch (error) {
    event.authorizerError = String(error);
    return AUTHORIZER_FAILURE;
  } finally {
    event.authorizerEnded = event.elapsed();
  }
}

function refused(failure: SocketFailure): ConnectOutcome {
  return { kind: 'refused', failure };
}

function isThere({ request }: SocketEvent, { location, name, lowerName }: RequiredParameter): boolean {
  if (location === 'querystring') return queryValue(request!.query, name) !== undefined;
  return isOfGateway(lowerName) || request!.headers.joined(lowerName) !== undefined;
}

function isSuccess({ status }: SocketReply): boolean {
  return status >= 200 && status <= 299;
}

// A finished event → its trace (decision 0017): what the event holds, and what its route's authorizer and integration tell of it.
// `explain` and whoever keeps events that are over ask here; running them pays nothing for it.

import { authorizerValue } from '../../stage/authorization-context.ts';
import { printHeaders } from '../../stage/print-headers.ts';
import type { SocketEvent } from '../event.ts';
import { errorOf } from '../event-lines.ts';
import { errorFrame, handshakeBody } from '../failures.ts';
import { shownBody } from './shown-body.ts';
import type { SocketTrace } from './trace.ts';

/** What an event is called where it is told of. */
export const EVENT_KINDS = { CONNECT: 'connect', MESSAGE: 'message', DISCONNECT: 'disconnect' } as const;

/** `millis` is how long it took. What was sent and answered is there where the stage's watch traced data (`tracesData`). */
export function traceOfEvent(event: SocketEvent, millis: number): SocketTrace {
  const { stage, route, kind, request, disconnect } = event;
  const refused = refusalOf(event);
  const accessLog = stage.watch.accessLogEntry(event);
  return {
    kind: EVENT_KINDS[kind],
    requestId: event.requestId,
    connectionId: event.connection.id,
    connection: clientOf(event),
    stage: {
      apiId: stage.apiId,
      accountId: stage.accountId,
      region: stage.region,
      name: stage.name,
      deploymentId: stage.deploymentId,
      variables: Object.fromEntries(stage.variables),
    },
    ...(request === undefined
      ? {}
      : { handshake: { target: request.target, headers: printHeaders(request.headers) } }),
    ...(kind === 'MESSAGE' ? { message: shownBody(event.body), selection: selectionOf(event) } : {}),
    ...(disconnect === undefined ? {} : { disconnect }),
    ...(route === undefined ? {} : { route: routeOf(event) }),
    ...authorizationOf(event),
    ...validationOf(event),
    ...integrationOf(event),
    ...replyOf(event),
    ...(refused === undefined ? {} : { refused }),
    ...(accessLog === undefined ? {} : { accessLog }),
    millis: Math.round(millis * 10) / 10,
  };
}

function clientOf(event: SocketEvent): SocketTrace['connection'] {
  const { connectedAt, sourceIp, userAgent, authorization } = event.connection;
  const base = { connectedAt, sourceIp, ...(userAgent === undefined ? {} : { userAgent }) };
  if (authorization?.kind === 'iam') return { ...base, userArn: authorization.userArn };
  if (authorization?.kind !== 'lambda') return base;
  const { principalId, context } = authorization;
  const values = [...(context?.keys() ?? [])].map((key) => [key, authorizerValue(event, key) ?? '']);
  const authorizer = Object.fromEntries(
    principalId === undefined ? values : [['principalId', principalId], ...values],
  );
  return { ...base, authorizer };
}

function selectionOf(event: SocketEvent): NonNullable<SocketTrace['selection']> {
  const { routeSelectionExpression, routeSelection } = event.stage;
  return { expression: routeSelectionExpression, value: routeSelection(event) };
}

function routeOf(event: SocketEvent): NonNullable<SocketTrace['route']> {
  const { key, routeId, isTwoWay } = event.route!;
  const route = { key, routeId, isTwoWay };
  if (event.kind !== 'MESSAGE' || key !== '$default') return route;
  const value = event.stage.routeSelection(event);
  if (value === '$default') return route;
  return { ...route, why: value === '' ? 'the expression selects nothing' : `no route has the key ${value}` };
}

function authorizationOf({
  kind,
  route,
  authorizerBegan,
  authorizerEnded,
  authorizerError,
}: SocketEvent): Pick<SocketTrace, 'authorization'> {
  if (kind !== 'CONNECT' || route === undefined) return {};
  const { authorizationType: type, authorizer } = route;
  const decided = authorizerError === undefined ? 'granted' : `refused: ${authorizerError}`;
  const result =
    authorizer === undefined
      ? 'not required'
      : authorizerBegan < 0 || authorizerEnded < 0
        ? 'not decided'
        : decided;
  return {
    authorization: {
      type,
      result,
      ...(authorizer === undefined ? {} : { authorizer: authorizer.explain() }),
    },
  };
}

function validationOf(event: SocketEvent): Pick<SocketTrace, 'validation'> {
  if (event.route?.modelOf === undefined) return {};
  const model = event.route.modelOf(event);
  const error = event.validationError;
  return {
    validation: { ...(model === undefined ? {} : { model }), ...(error === undefined ? {} : { error }) },
  };
}

function integrationOf(event: SocketEvent): Pick<SocketTrace, 'request' | 'answer' | 'response'> {
  const { sent, route } = event;
  const { request, response } = route?.integration?.explain(event) ?? {};
  const answer = sent?.answer;
  return {
    ...(request === undefined && sent === undefined
      ? {}
      : {
          request: {
            ...(request ?? { parameters: [] }),
            ...(sent === undefined ? {} : shownBody(sent.body)),
            ...(sent === undefined || sent.uri === '' ? {} : { uri: sent.uri, headers: [...sent.headers] }),
          },
        }),
    ...(answer === undefined
      ? {}
      : {
          answer: { status: answer.status, headers: printHeaders(answer.headers), ...shownBody(answer.body) },
        }),
    ...(response === undefined ? {} : { response }),
  };
}

function replyOf(event: SocketEvent): Pick<SocketTrace, 'reply'> {
  const { kind, failure, status, sent } = event;
  if (kind === 'DISCONNECT') return {};
  if (failure !== undefined) {
    const text = kind === 'CONNECT' ? handshakeBody(failure, event) : errorFrame(failure, event);
    return { reply: { status, ...shownBody(text) } };
  }
  const reply = sent?.reply;
  if (kind === 'MESSAGE') return reply === undefined ? {} : { reply: { status, ...shownBody(reply.data) } };
  const isAccepted = status === 200;
  const subprotocol = isAccepted ? reply?.subprotocol : undefined;
  return {
    reply: {
      status: isAccepted ? 101 : status,
      ...(subprotocol === undefined ? {} : { subprotocol }),
      ...shownBody(''),
    },
  };
}

/** Why the gateway answered by itself; undefined where it did not. */
function refusalOf(event: SocketEvent): string | undefined {
  const { kind, route, stage, failure } = event;
  if (failure === undefined) return undefined;
  if (kind !== 'MESSAGE' || route !== undefined) return errorOf(event);
  const value = stage.routeSelection(event);
  const key =
    value === '' ? `${stage.routeSelectionExpression} selects nothing` : `no route has the key ${value}`;
  return `${key}, and there is no $default`;
}

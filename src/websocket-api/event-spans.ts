// The spans of an event that is over: its own, its authorizer's and its integration's (docs/guide/traces.md). A connect request goes
// on with its client's trace; what comes later begins traces of its own, which link to it: a connection may last for hours.
import type { Attributes } from '../backends/traces/span.ts';
import type { StageIdentity } from '../stage/stage-identity.ts';
import type { TraceContext } from '../stage/trace-context.ts';
import { authorizerFacts, stageAttributes, type Tracer } from '../stage/tracer.ts';
import type { SocketEvent } from './event.ts';

export class EventSpans {
  readonly #tracer: Tracer;
  readonly #ofStage: Attributes;

  constructor(tracer: Tracer, stage: StageIdentity) {
    this.#tracer = tracer;
    this.#ofStage = stageAttributes(stage);
  }

  write(event: SocketEvent): void {
    const context = event.trace ?? this.#tracer.begin(event.request?.headers);
    if (event.kind === 'CONNECT' && context.isSampled) event.connection.connectSpan = context;
    if (!context.isSampled) return;
    const { kind, route, requestedAt: beganAt, connection, status } = event;
    const endedAt = beganAt + event.elapsed();
    if (event.authorizerBegan >= 0) this.#addAuthorizer(event, context);
    if (event.integrationBegan >= 0) this.#addIntegration(event, context, endedAt);
    const facts = {
      name: route === undefined ? kind : `${kind} ${route.key}`,
      kind: 'server' as const,
      beganAt,
      endedAt,
      attributes: { ...this.#ofStage, ...eventAttributes(event) },
      error:
        status >= 500
          ? (event.integrationError ?? event.authorizerError ?? event.failure?.message ?? '')
          : undefined,
    };
    const { connectSpan } = connection;
    const isLater = kind !== 'CONNECT' && connectSpan !== undefined;
    this.#tracer.addOwn(context, facts, isLater ? [connectSpan] : undefined);
  }

  #addAuthorizer(event: SocketEvent, context: TraceContext): void {
    const { route, status, authorizerError: error, requestedAt } = event;
    const facts = authorizerFacts({
      callee: route?.authorizer?.callee,
      authorizationType: route?.authorizationType,
      beganAt: requestedAt + event.authorizerBegan,
      endedAt: requestedAt + event.authorizerEnded,
      error,
      status,
    });
    this.#tracer.addChild(context, 'authorizer', facts);
  }

  #addIntegration(event: SocketEvent, context: TraceContext, eventEndedAt: number): void {
    const callee = event.route?.integration?.callee;
    const { integrationError, integrationStatus: status, integrationDetail, requestedAt, failure } = event;
    const isHttp = callee !== undefined && 'http.request.method' in callee.attributes;
    const isError = integrationError !== undefined || (isHttp && status !== undefined && status >= 400);
    const text =
      integrationDetail === undefined ? integrationError : `${integrationError}: ${integrationDetail}`;
    this.#tracer.addChild(context, 'integration', {
      name: callee?.name ?? 'integration',
      kind: callee === undefined ? 'internal' : 'client',
      beganAt: requestedAt + event.integrationBegan,
      endedAt: event.integrationEnded < 0 ? eventEndedAt : requestedAt + event.integrationEnded,
      attributes: {
        ...callee?.attributes,
        ...(isHttp && status !== undefined ? { 'http.response.status_code': status } : {}),
        ...(isError ? { 'error.type': String(failure?.status ?? status ?? '_OTHER') } : {}),
      },
      error: isError ? (text ?? '') : undefined,
    });
  }
}

function eventAttributes(event: SocketEvent): Attributes {
  const { connection, request, route, messageId, status, kind } = event;
  return {
    'aws.api_gateway.event_type': kind,
    'aws.api_gateway.connection_id': connection.id,
    'aws.api_gateway.request_id': event.requestId,
    ...(route === undefined ? {} : { 'aws.api_gateway.route_key': route.key }),
    ...(messageId === undefined ? {} : { 'aws.api_gateway.message_id': messageId }),
    'server.address': connection.domain.name,
    'client.address': connection.sourceIp,
    'network.peer.address': connection.sourceIp,
    'network.protocol.name': 'websocket',
    ...(connection.userAgent === undefined ? {} : { 'user_agent.original': connection.userAgent }),
    ...(request === undefined ? {} : connectAttributes(request.target, status)),
    ...(request === undefined ? { 'aws.api_gateway.status': status } : {}),
    ...(status >= 500 ? { 'error.type': String(status) } : {}),
  };
}

/** Of the upgrade request. */
function connectAttributes(target: string, status: number): Attributes {
  const mark = target.indexOf('?');
  return {
    'http.request.method': 'GET',
    'url.path': mark < 0 ? target : target.slice(0, mark),
    // What is accepted switches protocols.
    'http.response.status_code': status === 200 ? 101 : status,
  };
}

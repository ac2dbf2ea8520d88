// The spans of a call that is over: its own, its authorizer's and its integration's, read off what it holds
// (docs/guide/traces.md; OpenTelemetry semantic conventions for HTTP).
import { printOrigin } from '../backends/failures.ts';
import type { Attributes } from '../backends/traces/span.ts';
import { INTEGRATION_TIMEOUT } from '../net/refusals.ts';
import { textOfHeader } from '../stage/header-value.ts';
import type { StageIdentity } from '../stage/stage-identity.ts';
import type { TraceContext } from '../stage/trace-context.ts';
import { authorizerFacts, methodAttributes, stageAttributes, type Tracer } from '../stage/tracer.ts';
import type { Call } from './call.ts';

export class CallSpans {
  readonly #tracer: Tracer;
  readonly #ofStage: Attributes;

  constructor(tracer: Tracer, stage: StageIdentity) {
    this.#tracer = tracer;
    this.#ofStage = stageAttributes(stage);
  }

  write(call: Call): void {
    const context = call.trace ?? this.#tracer.begin(call.exchange.headers);
    if (!context.isSampled) return;
    const { exchange, route, status } = call;
    const beganAt = exchange.startedAt;
    if (call.authorizerBegan >= 0) this.#addAuthorizer(call, context, beganAt);
    if (call.integrationBegan >= 0) this.#addIntegration(call, context, beganAt);
    const { name, attributes } = methodAttributes(exchange.method);
    const of = routeOf(route?.key);
    this.#tracer.addOwn(context, {
      name: of === undefined ? name : `${name} ${of}`,
      kind: 'server',
      beganAt,
      endedAt: beganAt + call.endedAfter / 1_000,
      attributes: { ...this.#ofStage, ...attributes, ...requestAttributes(call), ...replyAttributes(call) },
      error: status >= 500 ? (call.failure ?? call.refusal?.message ?? '') : undefined,
    });
  }

  #addAuthorizer(call: Call, context: TraceContext, callBeganAt: number): void {
    const { route, status, authorizerError: error } = call;
    const beganAt = callBeganAt + call.authorizerBegan / 1_000;
    const facts = authorizerFacts({
      callee: route?.authorizer?.callee,
      authorizationType: route?.authorizationType,
      beganAt,
      endedAt: beganAt + call.authorizerMicros / 1_000,
      error,
      status,
    });
    this.#tracer.addChild(context, 'authorizer', facts);
  }

  #addIntegration(call: Call, context: TraceContext, callBeganAt: number): void {
    const callee = call.route?.integration.callee;
    const isHttp = call.head !== '';
    const answered = callee !== undefined || isHttp;
    const beganAt = callBeganAt + call.integrationBegan / 1_000;
    const error = integrationError(call, isHttp);
    this.#tracer.addChild(context, 'integration', {
      name: callee?.name ?? (isHttp ? methodAttributes(call.method).name : 'integration'),
      kind: answered ? 'client' : 'internal',
      beganAt,
      endedAt: beganAt + call.integrationMicros / 1_000,
      attributes: {
        ...callee?.attributes,
        ...(isHttp ? backendAttributes(call) : {}),
        ...(error === undefined ? {} : { 'error.type': error }),
      },
      error: error === undefined ? undefined : (textOfFailure(call) ?? ''),
    });
  }
}

/** The path of a route key; undefined for what is none. */
function routeOf(key: string | undefined): string | undefined {
  return key === undefined ? undefined : key.slice(key.indexOf(' ') + 1);
}

function requestAttributes({ exchange, domain, route }: Call): Attributes {
  const { target, host, scheme } = exchange;
  const mark = target.indexOf('?');
  const port = /:(\d{1,5})$/.exec(host)?.[1];
  const userAgent = exchange.headers.first('user-agent');
  const of = routeOf(route?.key);
  return {
    'url.scheme': scheme,
    'url.path': mark < 0 ? target : target.slice(0, mark),
    ...(of?.startsWith('/') ? { 'http.route': of } : {}),
    'server.address': domain.name,
    'server.port': port === undefined ? (scheme === 'https' ? 443 : 80) : Number(port),
    'client.address': exchange.remoteAddress,
    'network.peer.address': exchange.remoteAddress,
    'network.protocol.name': 'http',
    ...(userAgent === undefined ? {} : { 'user_agent.original': textOfHeader(userAgent) }),
    'http.request.body.size': exchange.body.receivedBytes,
    'aws.api_gateway.request_id': exchange.requestId,
    ...(route === undefined ? {} : { 'aws.api_gateway.route_key': route.key }),
  };
}

function replyAttributes({ status, responseBytes }: Call): Attributes {
  // The client was gone before there was any.
  if (status === 0) return {};
  return {
    'http.response.status_code': status,
    'http.response.body.size': responseBytes,
    ...(status >= 500 ? { 'error.type': String(status) } : {}),
  };
}

/** Of the request that an HTTP integration sent; its query may have secrets. */
function backendAttributes({ head, method, upstream, reply }: Call): Attributes {
  const origin = upstream?.origin;
  const start = head.indexOf(' ') + 1;
  const target = head.slice(start, head.indexOf(' ', start));
  const mark = target.indexOf('?');
  return {
    ...methodAttributes(method).attributes,
    ...(origin === undefined
      ? {}
      : {
          'server.address': origin.host,
          'server.port': origin.port,
          'url.full': printOrigin(origin) + (mark < 0 ? target : target.slice(0, mark)),
        }),
    ...(reply === undefined ? {} : { 'http.response.status_code': reply.status }),
  };
}

/** `error.type`; clients of HTTP take 4xx for errors too. */
function integrationError({ failure, refusal, reply }: Call, isHttp: boolean): string | undefined {
  if (failure !== undefined) {
    if (refusal === INTEGRATION_TIMEOUT) return 'timeout';
    return refusal === undefined ? '_OTHER' : String(refusal.status);
  }
  return isHttp && reply !== undefined && reply.status >= 400 ? String(reply.status) : undefined;
}

function textOfFailure({ failure, failureDetail }: Call): string | undefined {
  return failureDetail === undefined ? failure : `${failure}: ${failureDetail}`;
}

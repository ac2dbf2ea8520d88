// `postern explain`: serves one request for real, then reads off the call what happened (decision 0017).

import { Call } from '../http-api/call.ts';
import { isPreflight } from '../http-api/cors.ts';
import { printHeaders } from '../http-api/explain/headers.ts';
import { type IntegrationStory, NOTHING_DONE, type Trace } from '../http-api/explain/trace.ts';
import { ROUTABLE_METHODS } from '../http-api/router.ts';
import { InjectedExchange, type InjectedReply } from '../net/http1/inject.ts';
import { FORBIDDEN, type Refusal } from '../net/refusals.ts';
import type { DomainChoice } from '../stage/domain-choice.ts';
import type { Gateway, Served } from './gateway.ts';

export interface ExplainRequest {
  readonly method: string;
  /** Absolute URL; its host selects the API. */
  readonly url: string;
  /** Flat [name, value, …]. */
  readonly headers: readonly string[];
  readonly body: string;
}

const SHOWN_BODY_CHARACTERS = 4096;

/** Serves the request through the gateway and tells what happened. `listening` is the gateway's URL. Throws TypeError when the
 *  request's URL is not absolute. */
export async function explain(gateway: Gateway, listening: string, request: ExplainRequest): Promise<Trace> {
  const url = new URL(request.url);
  const body = Buffer.from(request.body, 'utf8');
  const headers = [...request.headers];
  const names = headers.filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase());
  if (body.length > 0 && !names.includes('content-length'))
    headers.push('Content-Length', String(body.length));
  // The path is taken from the text: URL would resolve `..` and re-encode.
  const target = request.url.replace(/^[a-z]+:\/\/[^/?#]*/i, '').replace(/#.*$/, '');
  const injected = {
    method: request.method,
    target: target.startsWith('/') ? target : `/${target}`,
    headers,
    host: url.host,
    body,
  };
  const startedAt = performance.now();
  let located: Served | undefined;
  let exchange!: InjectedExchange;
  const reply = await new Promise<InjectedReply>((resolve) => {
    exchange = new InjectedExchange(injected, resolve);
    located = gateway.serve(exchange);
  });
  const call = located instanceof Call ? located : undefined;
  const story = call?.route?.integration.explain(call, reply) ?? NOTHING_DONE;
  return {
    request: { method: request.method, url: request.url, headers: printHeaders(exchange.headers) },
    requestId: exchange.requestId,
    ...reachNotes(url, listening),
    ...(call === undefined ? {} : callParts(call, story, reply)),
    requestMappings: story.requestMappings,
    responseMappings: story.responseMappings,
    ...refusedBecause(call, located, exchange, gateway),
    ...accessLogLine(call),
    reply: {
      status: reply.status,
      headers: printHeaders(reply.headers),
      body: reply.body.toString('utf8').slice(0, SHOWN_BODY_CHARACTERS),
      bodyBytes: reply.body.length,
    },
    millis: Math.round((performance.now() - startedAt) * 10) / 10,
  };
}

function callParts(call: Call, story: IntegrationStory, reply: InjectedReply): Partial<Trace> {
  const { stage, route, domainChoice } = call;
  return {
    ...(domainChoice === undefined ? {} : { domain: domainOf(domainChoice) }),
    stage: {
      apiId: stage.apiId,
      accountId: stage.accountId,
      region: stage.region,
      name: stage.name,
      deploymentId: stage.deploymentId,
      variables: Object.fromEntries(stage.variables),
      path: call.path,
    },
    ...(route === undefined
      ? {}
      : {
          route: {
            key: route.key,
            routeId: route.routeId,
            variables: Object.fromEntries(route.variableNames.map((name, i) => [name, call.values[i] ?? ''])),
          },
          authorization: {
            type: route.authorizationType,
            result: authorizationResult(call),
            ...(route.authorizer === undefined ? {} : { authorizer: route.authorizer.explain(call) }),
          },
        }),
    ...story.called,
    ...(call.reply === undefined
      ? {}
      : { backendReply: { status: call.reply.status, headers: printHeaders(call.reply.headers) } }),
    ...(reply.aborted ? { refused: 'the reply ended before its end' } : {}),
  };
}

function domainOf({ domainName, kind, id, basePath }: DomainChoice): NonNullable<Trace['domain']> {
  return { name: domainName, kind, id, basePath };
}

function authorizationResult({ route, authorization, authorizerError }: Call): string {
  if (route?.authorizer === undefined) return 'not required';
  if (authorizerError !== undefined) return `refused: ${authorizerError}`;
  return authorization === undefined ? 'not decided' : 'granted';
}

function refusedBecause(
  call: Call | undefined,
  located: Served | undefined,
  exchange: InjectedExchange,
  gateway: Gateway,
): { refused?: string } {
  if (located === 'socket') {
    const isUnlocated = exchange.status === FORBIDDEN.status && !exchange.target.includes('connections');
    return { refused: isUnlocated ? gateway.whyUnlocated(exchange, FORBIDDEN) : FOR_SOCKETS };
  }
  if (call === undefined) return { refused: gateway.whyUnlocated(exchange, located as Refusal) };
  if (call.route === undefined)
    return isPreflight(call.exchange)
      ? { refused: 'a CORS preflight, answered by the gateway' }
      : { refused: noRoute(call) };
  if (call.authorizerError !== undefined) return { refused: `authorization ${call.route.authorizationType}` };
  const { problem } = call.route.integration;
  if (problem !== undefined) return { refused: problem };
  const { failure, failureDetail, refusal } = call;
  if (failure !== undefined)
    return { refused: failureDetail === undefined ? failure : `${failure}: ${failureDetail}` };
  return refusal === undefined ? {} : { refused: refusal.message };
}

const FOR_SOCKETS =
  'the request is for a WebSocket API, which wants a WebSocket client; explain shows HTTP APIs';

/** What keeps a client from sending this request to this gateway; `listening` is the gateway's own URL. Names of others and
 *  ports in front of it are not ours to judge. */
function reachNotes(url: URL, listening: string): { notes?: readonly string[] } {
  const own = new URL(listening);
  const isHere = url.hostname === own.hostname || /(?:^|\.)localhost$|^127\./.test(url.hostname);
  if (!isHere) return {};
  const notes: string[] = [];
  if (portOf(url) !== portOf(own)) {
    notes.push(
      `the URL names port ${portOf(url)}, which is not this gateway's: it listens at ${listening}, and a client would ask another server or none`,
    );
  } else if (url.protocol !== own.protocol) {
    notes.push(
      `the URL says ${url.protocol.slice(0, -1)}, and the gateway speaks ${own.protocol.slice(0, -1)}`,
    );
  }
  return notes.length === 0 ? {} : { notes };
}

function portOf({ port, protocol }: URL): string {
  return port === '' ? (protocol === 'https:' ? '443' : '80') : port;
}

/** With the methods that the path has. */
function noRoute({ exchange, stage, path }: Call): string {
  const methods = [...ROUTABLE_METHODS].filter((method) => stage.router.match(method, path) !== undefined);
  return methods.length === 0
    ? `no route matches the path ${path} of the stage ${stage.name}`
    : `no route matches: the path ${path} has no ${exchange.method}, but ${methods.join(', ')}`;
}

/** What its request wrote into the access log of the stage. */
function accessLogLine(call: Call | undefined): Pick<Trace, 'accessLog'> {
  const accessLog = call?.stage.watch.accessLogEntry(call);
  return accessLog === undefined ? {} : { accessLog };
}

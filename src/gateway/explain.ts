// `postern explain`: serves one request for real, then reads off the call what happened (decision 0017).

import { printOrigin } from '../backends/failures.ts';
import { Call } from '../http-api/call.ts';
import { CallWatch } from '../http-api/call-watch.ts';
import { isPreflight } from '../http-api/cors.ts';
import {
  explainParameters,
  explainRequestMappings,
  explainResponseMappings,
  printHeaderValue,
  type Trace,
} from '../http-api/explain.ts';
import { LambdaProxy } from '../http-api/integrations/lambda-proxy.ts';
import { HttpProxy } from '../http-api/integrations/proxy.ts';
import { RefusingIntegration } from '../http-api/integrations/refusing.ts';
import { ServiceProxy } from '../http-api/integrations/service-proxy.ts';
import { ROUTABLE_METHODS } from '../http-api/router.ts';
import { HeaderBlock } from '../net/header-block.ts';
import { InjectedExchange, type InjectedReply } from '../net/http1/inject.ts';
import { scanHeaderLines } from '../net/http1/scan.ts';
import { FORBIDDEN, type Refusal } from '../net/refusals.ts';
import type { Origin } from '../net/upstream/upstream.ts';
import type { DomainChoice } from '../stage/domain-choice.ts';
import { eventMappings, functionCallOf } from './explain-function.ts';
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
  return {
    request: { method: request.method, url: request.url, headers: pairs(exchange.headers) },
    requestId: exchange.requestId,
    ...reachNotes(url, listening),
    ...(call === undefined ? {} : callParts(call, reply)),
    requestMappings: call === undefined ? [] : requestMappings(call),
    responseMappings: call === undefined ? [] : responseMappings(call, reply),
    ...refusedBecause(call, located, exchange, gateway),
    ...accessLogLine(call),
    reply: {
      status: reply.status,
      headers: pairs(reply.headers),
      body: reply.body.toString('utf8').slice(0, SHOWN_BODY_CHARACTERS),
      bodyBytes: reply.body.length,
    },
    millis: Math.round((performance.now() - startedAt) * 10) / 10,
  };
}

function callParts(call: Call, reply: InjectedReply): Partial<Trace> {
  const { stage, route, domainChoice } = call;
  const sent = call.head === '' ? undefined : parseHead(call.head);
  const proxy = route?.integration instanceof HttpProxy ? route.integration : undefined;
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
          authorization: { type: route.authorizationType, result: authorizationResult(call) },
        }),
    ...(sent === undefined || proxy === undefined
      ? {}
      : {
          backendRequest: {
            origin: originText(call.upstream?.origin),
            line: sent.line,
            headers: pairs(sent.headers),
            bodyBytes: Math.max(0, call.body.length),
          },
        }),
    ...functionCall(call),
    ...serviceCall(call),
    ...(call.reply === undefined
      ? {}
      : { backendReply: { status: call.reply.status, headers: pairs(call.reply.headers) } }),
    ...(reply.aborted ? { refused: 'the reply ended before its end' } : {}),
  };
}

function functionCall(call: Call): Pick<Trace, 'functionCall'> {
  const found = functionCallOf(call);
  return found === undefined ? {} : { functionCall: found };
}

function domainOf({ domainName, kind, id, basePath }: DomainChoice): NonNullable<Trace['domain']> {
  return { name: domainName, kind, id, basePath };
}

function serviceCall(call: Call): Pick<Trace, 'serviceCall'> {
  const integration = call.route?.integration;
  if (!(integration instanceof ServiceProxy) || wasNotCalled(call)) return {};
  const { operation, parameters, region: own, roleArn } = integration.parts;
  const resolved = parameters.resolve(call);
  if (resolved.unresolved !== undefined) return {};
  const { input, region = own } = resolved;
  return { serviceCall: { operation: operation.subtype, region, roleArn, input: readable(input) } };
}

/** The integration's turn did not come. */
function wasNotCalled(call: Call): boolean {
  return call.reply === undefined && call.failure === undefined;
}

/** With bytes in base64. */
function readable(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return value.toString('base64');
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, readable(member)]));
}

function authorizationResult({ route, authorization, authorizerError }: Call): string {
  if (route?.authorizer === undefined) return 'not required';
  if (authorizerError !== undefined) return `refused: ${authorizerError}`;
  return authorization === undefined ? 'not decided' : 'granted';
}

function requestMappings(call: Call): Trace['requestMappings'] {
  const integration = call.route?.integration;
  if (integration instanceof ServiceProxy && !wasNotCalled(call)) {
    const { parameters, scope } = integration.parts.configured;
    return explainParameters(call, parameters, scope('request'));
  }
  if (integration instanceof LambdaProxy) return eventMappings(call);
  if (!(integration instanceof HttpProxy) || call.head === '') return [];
  const { requestChanges, scope } = integration.parts.configured;
  const { line, headers } = parseHead(call.head);
  return explainRequestMappings(call, requestChanges, scope('request'), headers, line.split(' ')[1]!);
}

function responseMappings(call: Call, reply: InjectedReply): Trace['responseMappings'] {
  const integration = call.route?.integration;
  const isProxy =
    integration instanceof HttpProxy ||
    integration instanceof LambdaProxy ||
    integration instanceof ServiceProxy;
  if (!isProxy || call.reply === undefined) return [];
  const { responseChanges, scope } = integration.parts.configured;
  const changes = responseChanges.get(call.reply.status) ?? [];
  return explainResponseMappings(call, changes, scope('response'), reply.headers, reply.status);
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
  if (call.route.integration instanceof RefusingIntegration)
    return { refused: call.route.integration.message };
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

function parseHead(head: string): { line: string; headers: HeaderBlock } {
  const lineEnd = head.indexOf('\r\n');
  const text = `${head.slice(lineEnd + 2)}\r\n`;
  const spans: number[] = [];
  scanHeaderLines(text, 0, spans);
  return { line: head.slice(0, lineEnd), headers: new HeaderBlock(text, spans, text.length - 2) };
}

function pairs(headers: HeaderBlock): [string, string][] {
  return Array.from({ length: headers.count }, (_, i) => [
    headers.name(i),
    printHeaderValue(headers.value(i)),
  ]);
}

function originText(origin: Origin | undefined): string {
  return origin === undefined ? 'no target' : printOrigin(origin);
}

/** What its request wrote into the access log of the stage. */
function accessLogLine(call: Call | undefined): Pick<Trace, 'accessLog'> {
  const watch = call?.stage.watch;
  const log = watch instanceof CallWatch ? watch.parts.accessLog : undefined;
  return log === undefined ? {} : { accessLog: log.line(call!) };
}

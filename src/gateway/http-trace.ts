// A request that is over → what happened to it, as plain data: for `postern explain`, which serves one, and for live requests,
// which have seen one (decisions 0017 and 0025).
import { Call } from '../http-api/call.ts';
import { isPreflight } from '../http-api/cors.ts';
import {
  type IntegrationStory,
  NOTHING_DONE,
  type SentReply,
  type Trace,
} from '../http-api/explain/trace.ts';
import { ROUTABLE_METHODS } from '../http-api/router.ts';
import type { Exchange } from '../net/exchange.ts';
import { FORBIDDEN } from '../net/refusals.ts';
import type { DomainChoice } from '../stage/domain-choice.ts';
import { printHeaders } from '../stage/print-headers.ts';
import { type Gateway, type Served, SocketServed } from './gateway.ts';

/** What the client got. */
export interface FinishedReply extends SentReply {
  /** All of the body, or its beginning. */
  readonly body: Buffer;
  /** Of the whole body. */
  readonly bodyBytes: number;
  /** The body ended before its end. */
  readonly aborted: boolean;
}

/** A request that is over. */
export interface Finished {
  readonly exchange: Pick<Exchange, 'method' | 'headers' | 'requestId'>;
  readonly url: string;
  /** Undefined where no stage of an HTTP API was found. */
  readonly call: Call | undefined;
  /** Why the gateway answered by itself. */
  readonly refused: string | undefined;
  readonly reply: FinishedReply;
  readonly millis: number;
}

const SHOWN_BODY_CHARACTERS = 4096;

export function httpTrace({ exchange, url, call, refused, reply, millis }: Finished): Trace {
  const story = call?.route?.integration.explain(call, reply) ?? NOTHING_DONE;
  const { method, headers, requestId } = exchange;
  const accessLog = call?.stage.watch.accessLogEntry(call);
  return {
    request: { method, url, headers: printHeaders(headers) },
    requestId,
    ...(call === undefined ? {} : callParts(call, story)),
    requestMappings: story.requestMappings,
    responseMappings: story.responseMappings,
    ...(refused === undefined ? {} : { refused }),
    ...(accessLog === undefined ? {} : { accessLog }),
    reply: {
      status: reply.status,
      headers: printHeaders(reply.headers),
      body: reply.body.toString('utf8').slice(0, SHOWN_BODY_CHARACTERS),
      bodyBytes: reply.bodyBytes,
    },
    millis: Math.round(millis * 10) / 10,
  };
}

function callParts(call: Call, story: IntegrationStory): Partial<Trace> {
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

/** Why a request that is over got no answer of an integration, as a sentence without its end; undefined where it got one. Asked at
 *  once: where requests lead to may be different later. */
export function whyRefused(
  served: Served | undefined,
  exchange: Exchange,
  gateway: Pick<Gateway, 'whyUnlocated'>,
): string | undefined {
  if (served instanceof Call) return whyCallRefused(served);
  if (!(served instanceof SocketServed)) {
    return served === undefined ? undefined : gateway.whyUnlocated(exchange, served);
  }
  return served.place === undefined ? gateway.whyUnlocated(exchange, FORBIDDEN) : FOR_SOCKETS;
}

export function whyCallRefused(call: Call): string | undefined {
  if (call.route === undefined) {
    return isPreflight(call.exchange) ? 'a CORS preflight, answered by the gateway' : noRoute(call);
  }
  if (call.authorizerError !== undefined) return `authorization ${call.route.authorizationType}`;
  const { problem } = call.route.integration;
  if (problem !== undefined) return problem;
  const { failure, failureDetail, refusal } = call;
  if (failure !== undefined) return failureDetail === undefined ? failure : `${failure}: ${failureDetail}`;
  return refusal?.message;
}

const FOR_SOCKETS = 'the request is for a WebSocket API, which wants a WebSocket client; explain it as ws://';

/** With the methods that the path has. */
function noRoute({ exchange, stage, path }: Call): string {
  const methods = [...ROUTABLE_METHODS].filter((method) => stage.router.match(method, path) !== undefined);
  return methods.length === 0
    ? `no route matches the path ${path} of the stage ${stage.name}`
    : `no route matches: the path ${path} has no ${exchange.method}, but ${methods.join(', ')}`;
}

// `evaluateMapping` of `postern/testing`: what the parameter mappings of an HTTP API's integration make of a request on its way to
// a backend, and of the reply on its way back (spec/http-api.md §4). It is a stage of one route, served in memory.
import { SYSTEM_CLOCK } from '../clock.ts';
import { checkRequestMappings, checkResponseMappings } from '../grammar/mapping.ts';
import { parseHttpRouteKey } from '../grammar/route-key.ts';
import { Call } from '../http-api/call.ts';
import { normalisePath } from '../http-api/path.ts';
import { serveHttp } from '../http-api/pipeline.ts';
import { HeaderBlock } from '../net/header-block.ts';
import { InjectedExchange, type InjectedReply } from '../net/http1/inject.ts';
import type { Origin, OriginUpstream, UpstreamHandler, UpstreamRequest } from '../net/upstream/upstream.ts';
import { WholeBody } from '../net/whole-body.ts';
import { createCounters } from '../snapshot/counters.ts';
import { compileStage } from '../snapshot/http/compile-stage.ts';
import type { StageMeans } from '../snapshot/stage-means.ts';
import type { Authorization } from '../stage/authorization.ts';
import { AccountThrottles } from '../stage/throttle.ts';

/** The members of an integration and of what it stands in, as the management API has them. */
export interface Mapping {
  readonly requestParameters?: Readonly<Record<string, string>>;
  /** By the status of the backend. */
  readonly responseParameters?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** `$default` when absent. */
  readonly routeKey?: string;
  /** `http://backend.example` when absent. */
  readonly integrationUri?: string;
  /** `ANY` when absent. */
  readonly integrationMethod?: string;
  readonly stageVariables?: Readonly<Record<string, string>>;
}

/** What a client sends. */
export interface ClientRequest {
  /** `GET` when absent. */
  readonly method?: string;
  /** As sent, without the stage, with its query: `/pets/42?limit=10`. */
  readonly path: string;
  readonly headers?: HeadersGiven;
  readonly body?: string;
  /** `127.0.0.1` when absent. */
  readonly sourceIp?: string;
  /** What the route's authorizer found: `$context.authorizer`. */
  readonly authorizer?:
    | { readonly claims: Readonly<Record<string, string>> }
    | { readonly context: Readonly<Record<string, unknown>>; readonly principalId?: string };
}

/** What a backend answers. */
export interface BackendReply {
  /** 200 when absent. */
  readonly status?: number;
  readonly headers?: HeadersGiven;
  readonly body?: string;
}

export type HeadersGiven = Readonly<Record<string, string | readonly string[]>>;

/** By name in lower case; several of a name are joined by `, `. */
export type HeadersFound = Readonly<Record<string, string>>;

export interface EvaluatedMapping {
  /** What the backend gets; undefined where it is not called. */
  readonly request:
    | { readonly method: string; readonly url: string; readonly headers: HeadersFound; readonly body: string }
    | undefined;
  /** What the client gets. */
  readonly response: { readonly status: number; readonly headers: HeadersFound; readonly body: string };
  /** Why the backend is not called: `$context.integrationErrorMessage`. */
  readonly failure: string | undefined;
}

/** Throws an Error with AWS's text for what is no route key or no mapping. */
export function evaluateMapping(
  mapping: Mapping,
  request: ClientRequest,
  reply: BackendReply = {},
): EvaluatedMapping {
  const { requestParameters = {}, responseParameters = {}, routeKey = '$default' } = mapping;
  parseHttpRouteKey(routeKey);
  checkRequestMappings(requestParameters, requestParameters);
  checkResponseMappings(responseParameters, responseParameters);
  const backend = new Backend();
  const stage = stageOf(mapping, routeKey, backend);
  const { method = 'GET', path, headers = {}, body = '', sourceIp = '127.0.0.1' } = request;
  let response: InjectedReply | undefined;
  const pairs = pairsOf(headers);
  const hasLength = pairs.some((name, i) => i % 2 === 0 && name.toLowerCase() === 'content-length');
  const bytes = Buffer.from(body);
  if (bytes.length > 0 && !hasLength) pairs.push('Content-Length', String(bytes.length));
  const exchange = new InjectedExchange(
    { method, target: path, headers: pairs, body: bytes, remoteAddress: sourceIp, host: 'api.example' },
    (given) => {
      response = given;
    },
  );
  const [rawPath = '', query = ''] = path.replace(/#.*$/s, '').split(/\?(.*)/s, 2);
  const normal = normalisePath(rawPath);
  if (normal === undefined)
    throw new Error(`The path of a request begins with / and has no .. in it: ${path}`);
  const domain = { name: 'api.example', prefix: 'api', forwardedHost: 'api.example' };
  const call = new Call(exchange, stage, domain, normal, normal, query);
  call.authorization = authorizationOf(request.authorizer);
  serveHttp(call, (error) => {
    throw error;
  });
  if (call.route === undefined) throw new Error(`The route ${routeKey} does not match ${method} ${path}.`);
  backend.answer(reply);
  return {
    request: backend.request,
    response: {
      status: response!.status,
      headers: headersOf(response!.headers),
      body: response!.body.toString('utf8'),
    },
    failure: call.failure,
  };
}

function stageOf(mapping: Mapping, routeKey: string, backend: Backend) {
  const { integrationUri = 'http://backend.example', integrationMethod = 'ANY' } = mapping;
  const { requestParameters, responseParameters, stageVariables = {} } = mapping;
  // All that an HTTP integration without authorizer asks for.
  const means: Partial<StageMeans> = {
    clock: SYSTEM_CLOCK,
    pools: { acquire: (origin) => backend.at(origin), release() {}, close: async () => {} },
    accountThrottles: new AccountThrottles(undefined),
    counters: createCounters(),
    onlookers: { calls: { current: undefined }, events: { current: undefined } },
    egress: '127.0.0.1',
    onIntegrationError: () => {},
  };
  const { stage, problems } = compileStage(
    {
      Api: { ApiId: 'a1b2c3d4e5', ProtocolType: 'HTTP' },
      Routes: [{ RouteId: 'r', RouteKey: routeKey, AuthorizationType: 'NONE', Target: 'integrations/i' }],
      Integrations: [
        {
          IntegrationId: 'i',
          IntegrationType: 'HTTP_PROXY',
          IntegrationMethod: integrationMethod,
          IntegrationUri: integrationUri,
          PayloadFormatVersion: '1.0',
          ...(requestParameters === undefined ? {} : { RequestParameters: requestParameters }),
          ...(responseParameters === undefined ? {} : { ResponseParameters: responseParameters }),
        },
      ],
    },
    {
      accountId: '000000000000',
      region: 'us-east-1',
      apiId: 'a1b2c3d4e5',
      name: '$default',
      deploymentId: 'd1b2c3',
      variables: new Map(Object.entries(stageVariables)),
    },
    means as StageMeans,
  );
  const [problem] = problems;
  if (problem !== undefined) throw new Error(problem.reason);
  return stage;
}

/** Keeps what it is sent, and answers when it is told to. */
class Backend {
  request: EvaluatedMapping['request'];
  #handler: UpstreamHandler | undefined;

  at(origin: Origin): OriginUpstream {
    return {
      origin,
      send: (request, handler) => {
        this.request = requestOf(origin, request);
        this.#handler = handler;
        return { origin, abort() {} };
      },
    };
  }

  answer({ status = 200, headers = {}, body = '' }: BackendReply): void {
    this.#handler?.onReply({
      status,
      headers: HeaderBlock.fromPairs(pairsOf(headers)),
      canonical: false,
      body: new WholeBody(Buffer.from(body)),
    });
  }
}

function requestOf({ secure, host }: Origin, request: UpstreamRequest): EvaluatedMapping['request'] {
  const [start = '', ...lines] = Buffer.from(request.head, 'latin1').toString('utf8').split('\r\n');
  const [method = '', target = ''] = start.split(' ');
  const pairs = lines.filter((line) => line !== '').flatMap((line) => line.split(/: ?(.*)/s, 2));
  const headers = headersOf(HeaderBlock.fromPairs(pairs));
  let body = '';
  request.body.read(Number.MAX_SAFE_INTEGER, (bytes) => {
    body = bytes?.toString('utf8') ?? '';
  });
  return { method, url: `${secure ? 'https' : 'http'}://${headers.host ?? host}${target}`, headers, body };
}

function pairsOf(headers: HeadersGiven): string[] {
  return Object.entries(headers).flatMap(([name, value]) =>
    [value].flat().flatMap((each) => [name, Buffer.from(each).toString('latin1')]),
  );
}

function headersOf(block: HeaderBlock): HeadersFound {
  const found = new Map<string, string>();
  for (let i = 0; i < block.count; i++) {
    const name = block.name(i).toLowerCase();
    const before = found.get(name);
    found.set(name, before === undefined ? block.value(i) : `${before}, ${block.value(i)}`);
  }
  return Object.fromEntries(found);
}

function authorizationOf(authorizer: ClientRequest['authorizer']): Authorization | undefined {
  if (authorizer === undefined) return undefined;
  if ('claims' in authorizer) {
    return { kind: 'jwt', claims: new Map(Object.entries(authorizer.claims)), scopes: null };
  }
  const { context, principalId } = authorizer;
  return { kind: 'lambda', principalId, context: new Map(Object.entries(context)) };
}

// /_postern/requests: what is kept of requests and events (docs/guide/live-requests.md). With credentials a caller sees those of its
// own account, in all regions; while anybody may call, anybody sees everything.
import {
  type LiveRequests,
  REQUEST_KINDS,
  type RequestBatch,
  type RequestFilter,
  type RequestKind,
  type RequestSummary,
} from '../../stage/request-summary.ts';
import { badRequest, conflict, notFound } from '../../wire/errors.ts';
import { accountSeenBy, type Caller } from '../caller.ts';
import { jsonReply, type PosternRequest, type PosternRoutes } from './postern-routes.ts';
import type { RequestStreams } from './request-streams.ts';

const REQUESTS = '/_postern/requests';

/** Who keeps requests. */
export interface RequestsSource {
  mode(): Promise<LiveRequests>;
  /** The newest first. */
  list(filter: RequestFilter, limit: number): Promise<readonly RequestSummary[]>;
  /** Undefined when it is not kept, or is not one of the filter. */
  one(id: string, filter: RequestFilter): Promise<object | undefined>;
  /** Undefined where live requests are off. Returns what ends it. */
  subscribe(filter: RequestFilter, listener: RequestListener): Promise<(() => void) | undefined>;
}

/** Who looks at what comes. */
export interface RequestListener {
  onBatch(batch: RequestBatch): void;
  /** There will be no more: live requests were switched off, or the program ends. */
  onEnd(): void;
}

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 2_000;
const FILTERS = ['api', 'stage', 'route', 'status', 'kind', 'text'];

export function requestsRoutes(source: RequestsSource, streams: RequestStreams): PosternRoutes {
  return {
    [`GET ${REQUESTS}`]: async (request) => {
      const given = parametersOf(request, [...FILTERS, 'limit']);
      const filter = filterOf(given, request.caller);
      const limit = limitOf(given.get('limit'));
      const [mode, requests] = await Promise.all([source.mode(), source.list(filter, limit)]);
      return jsonReply(200, { mode, requests });
    },
    [`GET ${REQUESTS}/stream`]: async (request) => {
      const filter = filterOf(parametersOf(request, FILTERS), request.caller);
      const stream = await streams.open(request.caller, (listener) => source.subscribe(filter, listener));
      if (stream === undefined) {
        throw conflict(
          'Live requests are off here: start the server with --live-requests watched, or set liveRequests in its configuration file',
        );
      }
      return stream;
    },
    [`GET ${REQUESTS}/`]: async ({ name, caller }) => {
      const found = await source.one(name, ownOf(caller));
      if (found === undefined) throw notFound(`The request ${JSON.stringify(name)} is not kept here`);
      return jsonReply(200, found);
    },
  };
}

function parametersOf({ query }: PosternRequest, known: readonly string[]): URLSearchParams {
  const given = new URLSearchParams(query);
  for (const name of given.keys()) {
    if (!known.includes(name)) {
      throw badRequest(`${JSON.stringify(name)} is no filter of requests: there are ${known.join(', ')}`);
    }
  }
  return given;
}

/** What a caller may see. */
function ownOf(caller: Caller): RequestFilter {
  const accountId = accountSeenBy(caller);
  return accountId === undefined ? {} : { accountId };
}

/** An empty parameter is none. Throws BadRequestException. */
function filterOf(given: URLSearchParams, caller: Caller): RequestFilter {
  const word = (name: string) => given.get(name) || undefined;
  const [apiId, stage, routeKey, text] = [word('api'), word('stage'), word('route'), word('text')];
  const [status, kind] = [word('status'), word('kind')];
  return {
    ...ownOf(caller),
    ...(apiId === undefined ? {} : { apiId }),
    ...(stage === undefined ? {} : { stage }),
    ...(routeKey === undefined ? {} : { routeKey }),
    ...(text === undefined ? {} : { text }),
    ...(status === undefined ? {} : { status: statusOf(status) }),
    ...(kind === undefined ? {} : { kind: kindOf(kind) }),
  };
}

function statusOf(written: string): NonNullable<RequestFilter['status']> {
  const [, digit, rest = ''] = /^([1-5])(xx|\d\d)$/i.exec(written) ?? [];
  if (digit === undefined)
    throw badRequest(
      `status is ${JSON.stringify(written)}: it is a status such as 404, or a class such as 5xx`,
    );
  const hundreds = Number(digit) * 100;
  return /^\d/.test(rest)
    ? { from: Number(written), to: Number(written) }
    : { from: hundreds, to: hundreds + 99 };
}

function kindOf(written: string): RequestKind {
  const kind = REQUEST_KINDS.find((each) => each === written);
  if (kind !== undefined) return kind;
  throw badRequest(`kind is ${JSON.stringify(written)}: it is one of ${REQUEST_KINDS.join(', ')}`);
}

function limitOf(written: string | null): number {
  if (written === null) return DEFAULT_LIMIT;
  const limit = /^\d{1,6}$/.test(written) ? Number(written) : 0;
  if (limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw badRequest(`limit is ${JSON.stringify(written)}: it is a number from 1 to ${MAX_LIMIT}`);
}

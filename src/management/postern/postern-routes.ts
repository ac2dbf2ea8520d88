// Postern's own paths on the management door, below /_postern/: what API Gateway has no word for.
import { decodePercent } from '../../grammar/percent.ts';
import type { BodySink } from '../../net/body.ts';
import type { Bytes } from '../../net/bytes.ts';
import type { Exchange } from '../../net/exchange.ts';
import type { Caller } from '../caller.ts';

export interface PosternRequest {
  /** What the path has behind a route that ends in `/`, decoded; empty for the others. */
  readonly name: string;
  /** Raw, without `?`. */
  readonly query: string;
  readonly body: Bytes;
  readonly caller: Caller;
  readonly exchange: Exchange;
}

export interface PosternReply {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  /** Of the answer to a write: a change that is not before it. */
  readonly change?: number | undefined;
}

/** Awaited between the commit of a write and its reply, until clients meet the change. Tells the number of a change that is not before it. */
export type AfterWrite = () => Promise<number>;

/** A reply that goes on. */
export interface PosternStream {
  readonly contentType: string;
  /** Gets where it goes. */
  readonly begin: (sink: BodySink) => void;
}

/** Serves one path. May throw a ServiceError. */
export type PosternRoute<R extends PosternReply | PosternStream = PosternReply> = (
  request: PosternRequest,
) => R | Promise<R>;

/** Routes by method and path: `POST /_postern/explain`; of a path that ends in `/`, one segment follows. */
export type PosternRoutes = Readonly<Record<string, PosternRoute<PosternReply | PosternStream>>>;

export const POSTERN_PREFIX = '/_postern/';

/** Need no signature: load balancers ask. */
export const HEALTH = 'GET /_postern/health';
export const READY = 'GET /_postern/ready';

/** API Gateway's metrics and the process's own. */
export const METRICS = 'GET /_postern/metrics';

/** The route of a request, and the segment behind its path. */
export function findRoute(
  routes: PosternRoutes,
  method: string,
  path: string,
): { readonly route: PosternRoutes[string]; readonly name: string } | undefined {
  const key = `${method} ${path}`;
  if (Object.hasOwn(routes, key) && !key.endsWith('/')) return { route: routes[key]!, name: '' };
  const end = key.lastIndexOf('/') + 1;
  const above = key.slice(0, end);
  const name = decodePercent(key.slice(end));
  if (!Object.hasOwn(routes, above) || name === undefined || name === '') return undefined;
  return { route: routes[above]!, name };
}

/** A JSON reply; `change` where it answers a write. */
export function jsonReply(status: number, value: unknown, change?: number): PosternReply {
  return { status, contentType: 'application/json', body: JSON.stringify(value), change };
}

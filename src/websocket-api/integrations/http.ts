// HTTP and HTTP_PROXY integrations (spec/websocket-api.md §3.5).

import { HOP_BY_HOP } from '../../net/hop-by-hop.ts';
import type { Upstream } from '../../net/upstream/upstream.ts';
import { type Callee, httpCallee } from '../../stage/callee.ts';
import { TRACE_HEADERS } from '../../stage/trace-context.ts';
import { isLoop, LOOP, VIA } from '../../stage/via.ts';
import type { SocketEvent } from '../event.ts';
import { type ConfiguredMapping, explainMapping } from '../explain/explain-mapping.ts';
import type { IntegrationStory } from '../explain/trace.ts';
import { INTERNAL_ERROR } from '../failures.ts';
import type { ResponsePlan, SocketAnswer, SocketFailed, SocketIntegration } from '../stage.ts';
import { failed } from './failed.ts';
import { fillPath, setHeaders } from './parameters.ts';
import type { RequestPlan } from './request-plan.ts';
import { callBackend } from './upstream-call.ts';

/** Where an HTTP integration's requests go, with stage variables in place. */
export interface HttpTarget {
  /** Ready for the Host line. */
  readonly host: string;
  /** Scheme and host, for logs. */
  readonly origin: string;
  /** The path, with `{name}` where a path parameter goes, encoded, beginning with `/`. */
  readonly path: string;
  /** Without `?`; may be empty. */
  readonly query: string;
  readonly method: string;
}

export interface HttpParts {
  readonly target: HttpTarget;
  readonly upstream: Upstream;
  readonly request: RequestPlan;
  readonly response: ResponsePlan;
  readonly configured: ConfiguredMapping;
  readonly timeoutInMillis: number;
  readonly apiId: string;
  /** HTTP_PROXY, which passes on what the client sent with its connect request. */
  readonly isProxy: boolean;
}

/** Not forwarded with the connect request: hop-by-hop, or written anew. */
const DROPPED: ReadonlySet<string> = new Set([...HOP_BY_HOP, 'content-length', 'host', 'via', 'user-agent']);

export class HttpIntegration implements SocketIntegration {
  readonly reply: ResponsePlan;
  readonly callee: Callee;
  readonly #parts: HttpParts;

  constructor(parts: HttpParts) {
    const { method, origin, path } = parts.target;
    this.callee = httpCallee(method, origin, path);
    this.reply = parts.response;
    this.#parts = parts;
  }

  explain(event: SocketEvent): IntegrationStory {
    return explainMapping(event, this.#parts.configured);
  }

  async invoke(event: SocketEvent): Promise<SocketAnswer | SocketFailed> {
    const { target, isProxy, upstream, timeoutInMillis } = this.#parts;
    const request = this.#parts.request(event);
    if (request.kind === 'failed') return request;
    const via = event.request?.headers.joined('via') ?? '';
    if (via !== '' && isLoop(via)) return failed(INTERNAL_ERROR, LOOP);
    const headers = this.#headers(event, via);
    dropMapped(headers, request.header);
    setHeaders(headers, request.header);
    const path = fillPath(target.path, request.path);
    const query = [
      target.query,
      isProxy ? (event.request?.query ?? '') : '',
      ...[...request.querystring].flatMap(([name, values]) =>
        values.map((value) => `${encodeURIComponent(name)}=${value}`),
      ),
    ].filter((part) => part !== '');
    const body = request.payload.data;
    const requestTarget = query.length === 0 ? path : `${path}?${query.join('&')}`;
    event.note(`${target.origin}${requestTarget}`, headers, body);
    return callBackend(upstream, {
      method: target.method,
      target: requestTarget,
      headers,
      body,
      timeoutInMillis,
    });
  }

  /** Forwarded headers, then the gateway's own (§3.5.2, §3.8.9). */
  #headers(event: SocketEvent, via: string): Map<string, string> {
    const { target, apiId, isProxy } = this.#parts;
    const headers = new Map([['Host', target.host]]);
    if (isProxy && event.request !== undefined) {
      for (const [name, values] of event.headers) {
        const lower = name.toLowerCase();
        if (!DROPPED.has(lower)) headers.set(name, values.join(','));
      }
    }
    if (event.kind === 'MESSAGE') headers.set('Content-Type', 'application/json');
    if (!isProxy) headers.set('Accept', 'application/json');
    headers.set('User-Agent', `AmazonAPIGateway_${apiId}`);
    headers.set('x-amzn-apigateway-api-id', apiId);
    headers.set('Via', via === '' ? VIA : `${via}, ${VIA}`);
    headers.set('X-Amzn-Trace-Id', event.traceId);
    if (event.trace !== undefined) {
      const { tracestate } = event.trace;
      headers.set('traceparent', event.trace.traceparent('integration'));
      if (tracestate !== undefined) headers.set('tracestate', tracestate);
    }
    return headers;
  }
}

/** The headers of a trace are one thing: what maps one of them has both. */
function dropMapped(headers: Map<string, string>, mapped: ReadonlyMap<string, string>): void {
  if (![...mapped.keys()].some((name) => TRACE_HEADERS.includes(name.toLowerCase()))) return;
  for (const name of TRACE_HEADERS) headers.delete(name);
}

// HTTP and HTTP_PROXY integrations (spec/websocket-api.md §3.5).

import { HOP_BY_HOP } from '../../net/hop-by-hop.ts';
import type { Upstream } from '../../net/upstream/upstream.ts';
import { isLoop, LOOP, VIA } from '../../stage/via.ts';
import type { SocketEvent } from '../event.ts';
import { INTERNAL_ERROR } from '../failures.ts';
import type { SocketAnswer, SocketFailed, SocketIntegration, SocketReply } from '../stage.ts';
import { failed } from './failed.ts';
import { fillPath, type ParameterPlan, setHeaders } from './parameters.ts';
import type { PayloadPlan } from './request-payload.ts';
import type { ResponsePlan } from './response-plan.ts';
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
  readonly parameters: ParameterPlan;
  readonly timeoutInMillis: number;
  readonly apiId: string;
  /** Of HTTP; HTTP_PROXY passes the message and the answer as they are. */
  readonly mapped: { readonly payload: PayloadPlan; readonly response: ResponsePlan } | undefined;
}

/** Not forwarded with the connect request: hop-by-hop, or written anew. */
const DROPPED: ReadonlySet<string> = new Set([...HOP_BY_HOP, 'content-length', 'host', 'via', 'user-agent']);

export class HttpIntegration implements SocketIntegration {
  readonly #parts: HttpParts;

  constructor(parts: HttpParts) {
    this.#parts = parts;
  }

  async invoke(event: SocketEvent): Promise<SocketAnswer | SocketFailed> {
    const { target, mapped, upstream, timeoutInMillis, parameters: plan } = this.#parts;
    // Templates may override parameters, so they go first.
    const payload = mapped?.payload(event);
    if (payload?.kind === 'failed') return payload;
    const parameters = plan(event);
    if (parameters.kind === 'failed') return parameters;
    const via = event.request?.headers.joined('via') ?? '';
    if (via !== '' && isLoop(via)) return failed(INTERNAL_ERROR, LOOP);
    const headers = this.#headers(event, via);
    setHeaders(headers, parameters.header);
    const path = fillPath(target.path, parameters.path);
    const query = [
      target.query,
      mapped === undefined ? (event.request?.query ?? '') : '',
      ...[...parameters.querystring].flatMap(([name, values]) =>
        values.map((value) => `${encodeURIComponent(name)}=${value}`),
      ),
    ].filter((part) => part !== '');
    const body = payload?.data ?? event.body;
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

  reply(event: SocketEvent, answer: SocketAnswer): SocketReply | SocketFailed {
    const { mapped } = this.#parts;
    if (mapped !== undefined) return mapped.response(event, answer);
    const { status, body, headers } = answer;
    return { kind: 'reply', status, data: body, subprotocol: headers.first('sec-websocket-protocol') };
  }

  /** Forwarded headers, then the gateway's own (§3.5.2, §3.8.9). */
  #headers(event: SocketEvent, via: string): Map<string, string> {
    const { target, apiId, mapped } = this.#parts;
    const headers = new Map([['Host', target.host]]);
    if (mapped === undefined && event.request !== undefined) {
      for (const [name, values] of event.headers) {
        const lower = name.toLowerCase();
        if (!DROPPED.has(lower)) headers.set(name, values.join(','));
      }
    }
    if (event.kind === 'MESSAGE') headers.set('Content-Type', 'application/json');
    if (mapped !== undefined) headers.set('Accept', 'application/json');
    headers.set('User-Agent', `AmazonAPIGateway_${apiId}`);
    headers.set('x-amzn-apigateway-api-id', apiId);
    headers.set('Via', via === '' ? VIA : `${via}, ${VIA}`);
    headers.set('X-Amzn-Trace-Id', event.traceId);
    return headers;
  }
}

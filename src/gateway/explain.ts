// `postern explain`: serves one request for real, then reads off the call what happened (decision 0017).

import { Call } from '../http-api/call.ts';
import type { Trace } from '../http-api/explain/trace.ts';
import { InjectedExchange, type InjectedReply } from '../net/http1/inject.ts';
import type { Gateway, Served } from './gateway.ts';
import { httpTrace, whyRefused } from './http-trace.ts';

export interface ExplainRequest {
  readonly method: string;
  /** Absolute URL; its host selects the API. */
  readonly url: string;
  /** Flat [name, value, …]. */
  readonly headers: readonly string[];
  readonly body: string;
}

/** Serves the request through the gateway and tells what happened. `listening` is the gateway's URL. Throws TypeError when the
 *  request's URL is not absolute. */
export async function explain(
  gateway: Pick<Gateway, 'serve' | 'whyUnlocated'>,
  listening: string,
  request: ExplainRequest,
): Promise<Trace> {
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
  const aborted = reply.aborted ? 'the reply ended before its end' : undefined;
  return {
    ...httpTrace({
      exchange,
      url: request.url,
      call: located instanceof Call ? located : undefined,
      refused: whyRefused(located, exchange, gateway) ?? aborted,
      reply: { ...reply, bodyBytes: reply.body.length },
      millis: performance.now() - startedAt,
    }),
    ...reachNotes(url, listening),
  };
}

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

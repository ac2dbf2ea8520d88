// `postern explain`: serves one request for real, then reads off the call what happened (decision 0017).

import { Call } from '../http-api/call.ts';
import type { ExplainedRequest } from '../http-api/explain/explained-request.ts';
import type { Trace } from '../http-api/explain/trace.ts';
import { InjectedExchange, type InjectedReply } from '../net/http1/inject.ts';
import type { Gateway, Served } from './gateway.ts';
import { httpTrace, whyRefused } from './http-trace.ts';

/** What is said instead of a trace. */
export const ANOTHERS = 'the URL leads to a stage of another account';

/** Whether a URL leads to what is of another account than the caller's, who is told nothing of it and may not have it served. Without an
 *  account nothing is another's. */
export function leadsToAnother(
  gateway: Pick<Gateway, 'ownerOf'>,
  url: string,
  account: string | undefined,
): boolean {
  if (account === undefined) return false;
  const owner = gateway.ownerOf({ host: new URL(url).host, target: targetOf(url) });
  return owner !== undefined && owner.accountId !== account;
}

/** Serves the request through the gateway and tells what happened. `listening` is the gateway's URL. Throws TypeError when the
 *  request's URL is not absolute. */
export async function explain(
  gateway: Pick<Gateway, 'serve' | 'whyUnlocated'>,
  listening: string,
  request: ExplainedRequest,
): Promise<Trace> {
  const url = new URL(request.url);
  const body = Buffer.from(request.body, 'utf8');
  const headers = [...request.headers];
  const names = headers.filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase());
  if (body.length > 0 && !names.includes('content-length'))
    headers.push('Content-Length', String(body.length));
  const injected = {
    method: request.method,
    target: targetOf(request.url),
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

/** Taken from the text: URL would resolve `..` and re-encode. */
export function targetOf(url: string): string {
  const target = url.replace(/^[a-z]+:\/\/[^/?#]*/i, '').replace(/#.*$/, '');
  return target.startsWith('/') ? target : `/${target}`;
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

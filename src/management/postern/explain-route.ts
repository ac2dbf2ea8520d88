// POST /_postern/explain: a request described in JSON goes through the gateway for real and comes back as its trace
// (decision 0017).
import { TOKEN } from '../../grammar/token.ts';
import { badRequest, ServiceError } from '../../wire/errors.ts';
import { jsonTextOf } from '../request-body.ts';
import { encodeTarget, parseHeaders, parseObject } from './explained-parts.ts';
import { type ExplainedSocket, isSocketUrl, parseExplainedSocket } from './explained-socket.ts';
import { jsonReply, type PosternRoute } from './postern-routes.ts';

/** What to send through the gateway. */
export interface ExplainedRequest {
  readonly method: string;
  /** Absolute. */
  readonly url: string;
  /** Flat [name, value, …], latin1. */
  readonly headers: readonly string[];
  readonly body: string;
}

export const EXPLAIN = 'POST /_postern/explain';

interface OfAccount {
  /** The caller's, undefined while anybody may call. */
  readonly account: string | undefined;
}

/** Who serves what is to be explained. Both answer with the trace, or with the sentence that says why the URL leads to nothing of the
 *  caller's. */
export interface ExplainLink {
  explain(request: ExplainedRequest & OfAccount): Promise<object | string>;
  explainSocket(request: ExplainedSocket & OfAccount): Promise<object | string>;
}

/** The route. Its body: `{"method": "GET", "url": "http://…", "headers": [["Name", "value"], …], "body": "…"}`, or
 *  `{"url": "ws://…", "headers": […], "message": "…", "connect": false, "connection": {…}}`. */
export function explainRoute(plane: ExplainLink): PosternRoute {
  return async ({ body, caller }) => {
    const given = parseObject(jsonTextOf(body));
    const account = caller.identity === undefined ? undefined : caller.account;
    const trace = isSocketUrl(given.url)
      ? await plane.explainSocket({ ...parseExplainedSocket(given), account })
      : await plane.explain({ ...parseExplained(given), account });
    if (typeof trace === 'string') throw new ServiceError('NotFoundException', 404, sentence(trace));
    return jsonReply(200, trace);
  };
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Throws BadRequestException with a sentence. */
function parseExplained(given: Readonly<Record<string, unknown>>): ExplainedRequest {
  if (typeof given.url !== 'string' || !/^https?:\/\/./i.test(given.url) || !URL.canParse(given.url)) {
    throw badRequest('url is not an absolute http, https, ws or wss URL');
  }
  return parseRequest(given);
}

/** A request as JSON describes it, whose URL may be any. Throws BadRequestException with a sentence. */
export function parseRequest({
  method,
  url,
  headers = [],
  body = '',
}: Readonly<Record<string, unknown>>): ExplainedRequest {
  if (typeof method !== 'string' || !TOKEN.test(method)) throw badRequest('method is not an HTTP method');
  if (typeof url !== 'string') throw badRequest('url is not text');
  if (typeof body !== 'string') throw badRequest('body is not text');
  return { method, url: encodeTarget(url), headers: parseHeaders(headers), body };
}

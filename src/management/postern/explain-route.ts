// POST /_postern/explain: a request described in JSON goes through the gateway for real and comes back as its trace
// (decision 0017).
import { TOKEN } from '../../grammar/token.ts';
import type { ExplainedRequest } from '../../http-api/explain/explained-request.ts';
import type { ExplainedSocket } from '../../websocket-api/explain/explained-socket.ts';
import { badRequest, ServiceError } from '../../wire/errors.ts';
import { accountSeenBy } from '../caller.ts';
import { jsonTextOf } from '../request-body.ts';
import { encodeTarget, parseHeaders, parseObject } from './explained-parts.ts';
import { isSocketUrl, parseExplainedSocket } from './explained-socket.ts';
import { jsonReply, type PosternRoute } from './postern-routes.ts';

export const EXPLAIN = 'POST /_postern/explain';

/** Who serves what is to be explained, for a caller who sees what is of `account` alone; of all accounts where it is undefined. Both
 *  answer with the trace, or with the sentence that says why the URL leads to nothing of the caller's. */
export interface ExplainLink {
  explain(request: ExplainedRequest, account: string | undefined): Promise<object | string>;
  explainSocket(request: ExplainedSocket, account: string | undefined): Promise<object | string>;
}

/** The route. Its body: `{"method": "GET", "url": "http://…", "headers": [["Name", "value"], …], "body": "…"}`, or
 *  `{"url": "ws://…", "headers": […], "message": "…", "connect": false, "connection": {…}}`. */
export function explainRoute(plane: ExplainLink): PosternRoute {
  return async ({ body, caller }) => {
    const given = parseObject(jsonTextOf(body));
    const account = accountSeenBy(caller);
    const trace = isSocketUrl(given.url)
      ? await plane.explainSocket(parseExplainedSocket(given), account)
      : await plane.explain(parseExplained(given), account);
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

// POST /_postern/explain: a request described in JSON goes through the gateway for real and comes back as its trace
// (decision 0017).
import { TOKEN } from '../../grammar/token.ts';
import { latin1Of } from '../../net/bytes.ts';
import { badRequest } from '../../wire/errors.ts';
import { jsonTextOf } from '../request-body.ts';
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

/** The route. Its body: `{"method": "GET", "url": "http://…", "headers": [["Name", "value"], …], "body": "…"}`. */
export function explainRoute(explain: (request: ExplainedRequest) => Promise<unknown>): PosternRoute {
  return async ({ body }) => jsonReply(200, await explain(parseExplained(jsonTextOf(body))));
}

/** Throws BadRequestException with a sentence. */
function parseExplained(text: string): ExplainedRequest {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (error) {
    throw badRequest('The body is not JSON', { cause: error });
  }
  if (typeof given !== 'object' || given === null) throw badRequest('The body is not a JSON object');
  const { method, url, headers = [], body = '' }: Record<string, unknown> = { ...given };
  if (typeof method !== 'string' || !TOKEN.test(method)) throw badRequest('method is not an HTTP method');
  if (typeof url !== 'string' || !/^https?:\/\/./i.test(url) || !URL.canParse(url)) {
    throw badRequest('url is not an absolute http or https URL');
  }
  if (typeof body !== 'string') throw badRequest('body is not text');
  return { method, url: encodeTarget(url), headers: parseHeaders(headers), body };
}

function parseHeaders(headers: unknown): string[] {
  if (!Array.isArray(headers)) throw badRequest('headers is not a list of [name, value]');
  return headers.flatMap((pair: unknown) => {
    const [name, value]: unknown[] = Array.isArray(pair) ? pair : [];
    if (typeof name !== 'string' || !TOKEN.test(name)) throw badRequest('a header name is not a token');
    if (typeof value !== 'string' || /[\0-\x08\x0a-\x1f\x7f]/.test(value)) {
      throw badRequest(`the value of the header ${name} is not one line of text`);
    }
    return [name, latin1Of(value.trim())];
  });
}

/** What no client could send in a request line is percent-encoded, as clients do. */
function encodeTarget(url: string): string {
  return url.replace(/[^\x21-\x7e]+/g, (run) =>
    Buffer.from(run).reduce(
      (text, byte) => `${text}%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
      '',
    ),
  );
}

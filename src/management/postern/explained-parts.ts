// What bodies of routes below /_postern/ have in common: JSON objects, and requests to either kind of API in them.
import { isObject } from '../../grammar/json-object.ts';
import { TOKEN } from '../../grammar/token.ts';
import { latin1Of } from '../../net/bytes.ts';
import { badRequest } from '../../wire/errors.ts';
import { parseJson } from '../../wire/json.ts';

const MAX_DEPTH = 64;
const MAX_HEADERS = 1_000;

/** A JSON object. Throws BadRequestException. */
export function parseObject(text: string): Readonly<Record<string, unknown>> {
  if (isDeep(text)) throw badRequest(`The body is nested more than ${MAX_DEPTH} deep`);
  let given: unknown;
  try {
    given = parseJson(text);
  } catch (error) {
    throw badRequest('The body is not JSON', { cause: error });
  }
  if (!isObject(given)) throw badRequest('The body is not a JSON object');
  return given;
}

/** Whether JSON is nested deeper than anybody needs, which takes long to read. */
function isDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const sign = text[at]!;
    if (sign === '{' || sign === '[') {
      if (++depth > MAX_DEPTH) return true;
    } else if (sign === '}' || sign === ']') depth--;
    else if (sign === '"') {
      while (++at < text.length && text[at] !== '"') if (text[at] === '\\') at++;
    }
  }
  return false;
}

/** [name, value] pairs → flat, latin1. Throws BadRequestException. */
export function parseHeaders(headers: unknown): string[] {
  if (!Array.isArray(headers)) throw badRequest('headers is not a list of [name, value]');
  if (headers.length > MAX_HEADERS) throw badRequest(`headers has more than ${MAX_HEADERS} lines`);
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
export function encodeTarget(url: string): string {
  return url.replace(/[^\x21-\x7e]+/g, (run) =>
    Buffer.from(run).reduce(
      (text, byte) => `${text}%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
      '',
    ),
  );
}

// A function's answer → the integration's response, or what is wrong with it (spec/http-api.md §3.6.5, §3.6.6, Choice C24).
import { TOKEN } from '../../grammar/token.ts';
import { type Bytes, latin1Of } from '../../net/bytes.ts';
import { HeaderBlock } from '../../net/header-block.ts';
import { headerValueOf } from '../../stage/header-value.ts';
import { parseJson } from '../../wire/json.ts';
import { canonicalName } from '../mapping/header-names.ts';

export interface FunctionResponse {
  readonly status: number;
  /** Names in canonical spelling. */
  readonly headers: HeaderBlock;
  readonly body: Bytes;
}

/** An answer that is no response: `$context.integrationErrorMessage`. */
export class Malformed {
  readonly message: string;

  constructor(detail: string) {
    this.message = `The response from the Lambda function doesn't match the format that API Gateway expects. ${detail}`;
  }
}

const wrongType = (field: string): Malformed =>
  new Malformed(`Lambda body contains the wrong type for field "${field}"`);

const NO_JSON = new Malformed('Lambda body is not a JSON object');
const NO_RESPONSE = new Malformed('Lambda body has an "errorMessage" and no "statusCode"');

type Document = Readonly<Record<string, unknown>>;

/** Reads `payload`, a function's answer as text. */
export function readResponse(format: '1.0' | '2.0', payload: string): FunctionResponse | Malformed {
  let value: unknown;
  let isJson = true;
  try {
    value = parseJson(payload);
  } catch {
    isJson = false;
  }
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (format === '1.0') return isObject ? structured(value as Document, true) : NO_JSON;
  if (isObject && Object.hasOwn(value as Document, 'statusCode')) return structured(value as Document, false);
  if (isObject && Object.hasOwn(value as Document, 'errorMessage')) return NO_RESPONSE;
  return inferred(isJson && typeof value === 'string' ? value : payload);
}

const INFERRED_HEADERS = HeaderBlock.fromPairs(['Content-Type', 'application/json']);

function inferred(text: string): FunctionResponse {
  return { status: 200, headers: INFERRED_HEADERS, body: bytesOf(text) };
}

function structured(document: Document, isFormat1: boolean): FunctionResponse | Malformed {
  const status = statusOf(document.statusCode);
  if (status === undefined) return wrongType('statusCode');
  const pairs: string[] = [];
  const wrong =
    (isFormat1 ? undefined : addCookies(document.cookies, pairs)) ??
    addHeaders(document.headers, isFormat1 ? document.multiValueHeaders : undefined, pairs);
  if (wrong !== undefined) return wrongType(wrong);
  const body = bodyOf(document);
  if (body === undefined) return wrongType('body');
  if (body instanceof Malformed) return body;
  if (!pairs.some((name, i) => i % 2 === 0 && name === 'Content-Type')) {
    pairs.push('Content-Type', 'text/plain; charset=utf-8');
  }
  return { status, headers: HeaderBlock.fromPairs(pairs), body };
}

/** An integer from 200 to 599, as number or as text. */
function statusOf(value: unknown): number | undefined {
  const status = typeof value === 'string' && /^[0-9]{3}$/.test(value) ? Number(value) : value;
  return typeof status === 'number' && Number.isInteger(status) && status >= 200 && status <= 599
    ? status
    : undefined;
}

/** Each adder returns the name of a field that has the wrong type. */
function addCookies(value: unknown, pairs: string[]): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value) || !value.every((cookie) => typeof cookie === 'string')) return 'cookies';
  for (const cookie of value as string[]) pairs.push('Set-Cookie', headerValueOf(cookie));
  return undefined;
}

/** Of one name the single value comes first, then the list. */
function addHeaders(single: unknown, multiple: unknown, pairs: string[]): string | undefined {
  const lists = entriesOf(multiple);
  if (lists === undefined) return 'multiValueHeaders';
  const values = entriesOf(single);
  if (values === undefined) return 'headers';
  const later = new Map<string, string[]>();
  for (const [name, list] of lists) {
    if (list === null) continue;
    const texts = Array.isArray(list) ? list.map(textOf) : [];
    if (!Array.isArray(list) || texts.includes(undefined) || !TOKEN.test(name)) return 'multiValueHeaders';
    const canonical = canonicalName(name);
    later.set(canonical, [...(later.get(canonical) ?? []), ...(texts as string[])]);
  }
  const flush = (name: string): void => {
    for (const text of later.get(name) ?? []) pairs.push(name, headerValueOf(text));
    later.delete(name);
  };
  for (const [name, value] of values) {
    if (value === null) continue;
    const text = textOf(value);
    if (text === undefined || !TOKEN.test(name)) return 'headers';
    const canonical = canonicalName(name);
    pairs.push(canonical, headerValueOf(text));
    flush(canonical);
  }
  for (const name of later.keys()) flush(name);
  return undefined;
}

function entriesOf(value: unknown): [string, unknown][] | undefined {
  if (value === undefined || value === null) return [];
  return typeof value === 'object' && !Array.isArray(value) ? Object.entries(value) : undefined;
}

function textOf(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'boolean':
      return String(value);
    default:
      return undefined;
  }
}

function bodyOf({ body, isBase64Encoded }: Document): Bytes | Malformed | undefined {
  const isEncoded = isBase64Encoded ?? false;
  if (typeof isEncoded !== 'boolean') return wrongType('isBase64Encoded');
  if (body === undefined || body === null) return '';
  if (typeof body !== 'string') return undefined;
  return isEncoded ? decodeBase64(body) : bytesOf(body);
}

/** undefined for what is not base64 (RFC 4648 §4); line breaks in it are allowed, as encoders of MIME make them. */
function decodeBase64(text: string): Buffer | undefined {
  const base64 = text.includes('\n') ? text.replace(/\r?\n/g, '') : text;
  const isBase64 = base64.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(base64);
  return isBase64 ? Buffer.from(base64, 'base64') : undefined;
}

/** Up to here text without further bytes is cheaper sent as it is. */
const TEXT_LENGTH = 1_024;

function bytesOf(text: string): Bytes {
  return text.length <= TEXT_LENGTH ? latin1Of(text) : Buffer.from(text, 'utf8');
}

// Headers in events: what a function sees of the client's header lines, and the four that the gateway writes
// (spec/http-api.md §3.6.2, §3.6.3, Choice C21).
import type { Call } from '../call.ts';
import { canonicalName, connectionOptions, HeaderNames } from '../header-names.ts';
import { textOfHeader } from '../header-value.ts';
import { HOP_BY_HOP } from '../hop-by-hop.ts';
import { traceIdOf } from '../trace-id.ts';
import type { EventMessage } from './event-message.ts';
import { arrayOf, quote } from './json.ts';

const DROPPED = 1;
const CONNECTION = 2;
const COOKIE = 3;
const X_FORWARDED_FOR = 4;
const HOST = 5;

const NAMES = new HeaderNames([
  ...HOP_BY_HOP.map((name) => [name, DROPPED] as const),
  ['x-forwarded-proto', DROPPED],
  ['x-forwarded-port', DROPPED],
  ['x-amzn-trace-id', DROPPED],
  ['connection', CONNECTION],
  ['cookie', COOKIE],
  ['x-forwarded-for', X_FORWARDED_FOR],
  ['host', HOST],
]);

/** Header names in their first spelling's order, lower case, with every value as text. */
export interface EventHeaders {
  readonly names: readonly string[];
  readonly values: readonly (readonly string[])[];
  /** The values of Cookie lines. */
  readonly cookies: readonly string[];
}

/** What a function sees of a request's headers. */
export function readHeaders(call: Call, message: EventMessage): EventHeaders {
  const { text, spans } = message.headers;
  const names: string[] = [];
  const values: string[][] = [];
  const cookies: string[] = [];
  let dropped: readonly string[] = [];
  let forwardedFor = '';
  let hasHost = false;
  for (let i = 0; i < spans.length; i += 4) {
    const code = NAMES.codeAt(text, spans[i]!, spans[i + 1]!);
    if (code === DROPPED) continue;
    const value = textOfHeader(text.substring(spans[i + 2]!, spans[i + 3]!));
    if (code === CONNECTION) dropped = [...dropped, ...connectionOptions(value)];
    else if (code === COOKIE) cookies.push(value);
    else if (code === X_FORWARDED_FOR) forwardedFor += `${value}, `;
    else {
      if (code === HOST) hasHost = true;
      add(names, values, text.substring(spans[i]!, spans[i + 1]!).toLowerCase(), value);
    }
  }
  for (const name of dropped) if (name !== 'host' && name !== 'content-length') remove(names, values, name);
  const { exchange } = call;
  if (!hasHost && exchange.host !== '') add(names, values, 'host', exchange.host);
  names.push('x-amzn-trace-id', 'x-forwarded-for', 'x-forwarded-port', 'x-forwarded-proto');
  values.push(
    [traceIdOf(call)],
    [forwardedFor + exchange.remoteAddress],
    [message.forwardedPort ?? portOf(exchange.host, exchange.scheme)],
    [exchange.scheme],
  );
  return { names, values, cookies };
}

/** `"cookies":[…],"headers":{…}` of format 2.0, without `cookies` when there are none. */
export function headersV2({ names, values, cookies }: EventHeaders): string {
  const pairs = cookies.length === 0 ? cookies : cookiePairs(cookies);
  let text = pairs.length === 0 ? '"headers":{' : `"cookies":${arrayOf(pairs)},"headers":{`;
  for (let i = 0; i < names.length; i++) {
    const all = values[i]!;
    text += `${i === 0 ? '' : ','}"${names[i]!}":${quote(all.length === 1 ? all[0]! : all.join(','))}`;
  }
  return `${text}}`;
}

/** The `headers` object of format 1.0: each name's last value. */
export function headersV1({ names, values, cookies }: EventHeaders): string {
  let text = cookies.length === 0 ? '' : `,"Cookie":${quote(cookies.join('; '))}`;
  for (let i = 0; i < names.length; i++)
    text += `,"${canonicalName(names[i]!)}":${quote(values[i]!.at(-1)!)}`;
  return `{${text.substring(1)}}`;
}

/** The `multiValueHeaders` object of format 1.0. */
export function multiValueHeadersV1({ names, values, cookies }: EventHeaders): string {
  let text = cookies.length === 0 ? '' : `,"Cookie":${arrayOf([cookies.join('; ')])}`;
  for (let i = 0; i < names.length; i++) text += `,"${canonicalName(names[i]!)}":${arrayOf(values[i]!)}`;
  return `{${text.substring(1)}}`;
}

function cookiePairs(cookies: readonly string[]): string[] {
  const pairs: string[] = [];
  for (const line of cookies) {
    for (const piece of line.split(';')) {
      const pair = piece.trim();
      if (pair !== '') pairs.push(pair);
    }
  }
  return pairs;
}

function add(names: string[], values: string[][], name: string, value: string): void {
  const known = names.indexOf(name);
  if (known >= 0) values[known]!.push(value);
  else {
    names.push(name);
    values.push([value]);
  }
}

function remove(names: string[], values: string[][], name: string): void {
  const at = names.indexOf(name);
  if (at < 0) return;
  names.splice(at, 1);
  values.splice(at, 1);
}

/** The port that the client called. */
function portOf(host: string, scheme: string): string {
  return /:([0-9]{1,5})$/.exec(host)?.[1] ?? (scheme === 'https' ? '443' : '80');
}

// Headers in events: what a function sees of the client's header lines, and the four that the gateway writes
// (spec/http-api.md §3.6.2, §3.6.3, §6.3.2).
import type { HeaderBlock } from '../../net/header-block.ts';
import { HOP_BY_HOP } from '../../net/hop-by-hop.ts';
import { arrayOf, quote } from '../../stage/event-json.ts';
import { textOfHeader } from '../../stage/header-value.ts';
import { TRACE_HEADERS } from '../../stage/trace-context.ts';
import type { Call } from '../call.ts';
import { connectionOptions, HeaderNames } from '../mapping/header-names.ts';
import type { EventMessage } from './message.ts';

const DROPPED = 1;
const COOKIE = 2;
const X_FORWARDED_FOR = 3;
const HOST = 4;
const CONTENT_LENGTH = 5;
const TRACE_CONTEXT = 6;

/** Characters that JSON strings escape, and everything that is not ASCII, line ends aside. */
const NOT_PLAIN = /[^\r\n !#-[\]-~]/;
/** From so many names on a table is quicker than a look at each, and an insertion slower than a sort. */
const MANY = 32;
/** Longer texts are looked at value by value: there may be a body in them. */
const MAX_LOOK = 8_192;

const NAMES = new HeaderNames([
  ...HOP_BY_HOP.map((name) => [name, DROPPED] as const),
  ['x-forwarded-proto', DROPPED],
  ['x-forwarded-port', DROPPED],
  ['x-amzn-trace-id', DROPPED],
  ['cookie', COOKIE],
  ['x-forwarded-for', X_FORWARDED_FOR],
  ['host', HOST],
  ['content-length', CONTENT_LENGTH],
  ...TRACE_HEADERS.map((name) => [name, TRACE_CONTEXT] as const),
]);

/** What a function sees of a request's headers: names in the order of their first appearance. Made for one event, whose
 *  format may add to names and values. */
export interface EventHeaders {
  readonly names: HeaderName[];
  /** Of each name the last value, as text. */
  readonly values: string[];
  /** All values of the names that came more than once, by the name's index. */
  readonly repeated: ReadonlyMap<number, readonly string[]> | undefined;
  /** The values of Cookie lines. */
  readonly cookies: readonly string[];
  /** Nothing in any value has to be escaped. */
  readonly isPlain: boolean;
}

/** A header name with what is written of it. */
interface HeaderName {
  readonly lower: string;
  /** `"x-own":` */
  readonly v2: string;
  /** `"X-Own":`, as the client spelt it, or as the gateway spells the names it knows. */
  readonly v1: string;
  readonly spelling: string;
  readonly start: number;
}

/** Format 1.0's spelling of the names that the gateway knows, whatever the client wrote (§3.6.3). */
const SPELLINGS: ReadonlyMap<string, string> = new Map(
  [
    ...['Content-Length', 'Content-Type', 'Cookie', 'Host', 'User-Agent', 'X-Amzn-Trace-Id'],
    ...['X-Forwarded-For', 'X-Forwarded-Port', 'X-Forwarded-Proto'],
    ...['accept', 'accept-encoding', 'accept-language'],
  ].map((name) => [name.toLowerCase(), name]),
);

const known = new Map<string, HeaderName>();

/** A name as a client spelt it. Names are tokens: nothing in them has to be escaped. */
function headerName(name: string): HeaderName {
  let found = known.get(name);
  if (found === undefined) {
    const lower = name.toLowerCase();
    const spelling = SPELLINGS.get(lower) ?? name;
    found = { lower, v2: `"${lower}":`, v1: `"${spelling}":`, spelling, start: startOf(spelling) };
    // Clients choose the names, so what is remembered is bounded.
    if (known.size < 1024) known.set(name, found);
  }
  return found;
}

const LENGTH = headerName('content-length');
const COOKIES = headerName('cookie');
const TRACE_ID = headerName('x-amzn-trace-id');
const TRACEPARENT = headerName('traceparent');
const TRACESTATE = headerName('tracestate');
const FORWARDED_FOR = headerName('x-forwarded-for');
const FORWARDED_PORT = headerName('x-forwarded-port');
const FORWARDED_PROTO = headerName('x-forwarded-proto');

/** Headers on their way into an event. */
class Collected {
  readonly names: HeaderName[] = [];
  readonly values: string[] = [];
  repeated: Map<number, string[]> | undefined = undefined;
  /** Where each name is, once there are many. */
  #places: Map<string, number> | undefined = undefined;

  add(name: HeaderName, value: string): void {
    const at = this.#indexOf(name.lower);
    if (at < 0) {
      this.#places?.set(name.lower, this.names.length);
      this.names.push(name);
      this.values.push(value);
      return;
    }
    this.repeated ??= new Map();
    const all = this.repeated.get(at);
    if (all === undefined) this.repeated.set(at, [this.values[at]!, value]);
    else all.push(value);
    this.values[at] = value;
  }

  #indexOf(lower: string): number {
    const { names } = this;
    if (names.length >= MANY) {
      this.#places ??= new Map(names.map((name, i) => [name.lower, i]));
      return this.#places.get(lower) ?? -1;
    }
    for (let i = 0; i < names.length; i++) if (names[i]!.lower === lower) return i;
    return -1;
  }
}

/** What a function sees of a request's headers. `contentLength`: what it is told of the length, whatever the client said. */
export function readHeaders(call: Call, message: EventMessage, contentLength?: '0'): EventHeaders {
  const { trace } = message;
  const { text, spans } = message.headers;
  const collected = new Collected();
  const cookies: string[] = [];
  const dropped = optionsOf(message.headers);
  // One look at the whole text is cheaper than one at each value.
  let isPlain = text.length <= MAX_LOOK && !NOT_PLAIN.test(text) && message.forwardedPort === undefined;
  let forwardedFor = '';
  let hasHost = false;
  for (let i = 0; i < spans.length; i += 4) {
    const code = NAMES.codeAt(text, spans[i]!, spans[i + 1]!);
    if (code === DROPPED || (code === CONTENT_LENGTH && contentLength !== undefined)) continue;
    if (code === TRACE_CONTEXT && trace !== undefined) continue;
    const bytes = text.substring(spans[i + 2]!, spans[i + 3]!);
    const value = isPlain ? bytes : textOfHeader(bytes);
    if (code === COOKIE) cookies.push(value);
    else if (code === X_FORWARDED_FOR) forwardedFor += `${value}, `;
    else {
      if (code === HOST) hasHost = true;
      const name = headerName(text.substring(spans[i]!, spans[i + 1]!));
      if (dropped === undefined || code === HOST || !dropped.has(name.lower)) collected.add(name, value);
    }
  }
  const { exchange } = call;
  if (!hasHost && exchange.host !== '') {
    collected.add(headerName('host'), exchange.host);
    isPlain &&= !NOT_PLAIN.test(exchange.host);
  }
  if (contentLength !== undefined) collected.add(LENGTH, contentLength);
  if (trace !== undefined) {
    // An authorizer is told before there is an integration; its event is not mapped.
    collected.add(TRACEPARENT, trace.traceparent(call.integrationBegan < 0 ? 'authorizer' : 'integration'));
    if (trace.tracestate !== undefined) collected.add(TRACESTATE, trace.tracestate);
  }
  const { names, values, repeated } = collected;
  names.push(TRACE_ID, FORWARDED_FOR, FORWARDED_PORT, FORWARDED_PROTO);
  values.push(
    call.traceId,
    forwardedFor + exchange.remoteAddress,
    message.forwardedPort ?? portOf(exchange.host, exchange.scheme),
    exchange.scheme,
  );
  return { names, values, repeated, cookies, isPlain };
}

/** `"cookies":[…],"headers":{…}` of format 2.0, without `cookies` when there are none. */
export function headersV2({ names, values, repeated, cookies, isPlain }: EventHeaders): string {
  const pairs = cookies.length === 0 ? cookies : cookiePairs(cookies);
  let text = pairs.length === 0 ? '"headers":{' : `"cookies":${arrayOf(pairs)},"headers":{`;
  for (let i = 0; i < names.length; i++) {
    if (i > 0) text += ',';
    const value = repeated?.get(i)?.join(',') ?? values[i]!;
    text += names[i]!.v2 + (isPlain ? `"${value}"` : quote(value));
  }
  return `${text}}`;
}

/** `"headers":{…},"multiValueHeaders":{…}` of format 1.0: each name's last value, and all; names in the order of their bytes. */
export function headersV1({ names, values, repeated, cookies, isPlain }: EventHeaders): string {
  if (cookies.length > 0) {
    names.push(COOKIES);
    values.push(cookies.join('; '));
  }
  let last = '';
  let all = '';
  for (const i of sortedIndexes(names)) {
    const name = names[i]!.v1;
    const text = isPlain ? `"${values[i]!}"` : quote(values[i]!);
    const list = repeated?.get(i);
    const comma = last === '' ? '' : ',';
    last += comma + name + text;
    all += comma + name + (list === undefined ? `[${text}]` : arrayOf(list));
  }
  return `"headers":{${last}},"multiValueHeaders":{${all}}`;
}

/** Indexes of names in the order of their spellings. */
function sortedIndexes(names: readonly HeaderName[]): number[] {
  const order: number[] = [];
  if (names.length > MANY) {
    for (let i = 0; i < names.length; i++) order.push(i);
    return order.sort((a, b) => (isBefore(names[a]!, names[b]!) ? -1 : 1));
  }
  for (let i = 0; i < names.length; i++) {
    const name = names[i]!;
    let at = i;
    for (; at > 0 && isBefore(name, names[order[at - 1]!]!); at--) order[at] = order[at - 1]!;
    order[at] = i;
  }
  return order;
}

function isBefore(one: HeaderName, other: HeaderName): boolean {
  return one.start === other.start ? one.spelling < other.spelling : one.start < other.start;
}

/** The first four bytes of a name as a number that has its order. */
function startOf(name: string): number {
  let start = 0;
  for (let i = 0; i < 4; i++) start = start * 128 + (name.charCodeAt(i) || 0);
  return start;
}

/** The headers that Connection lines name: they are hop-by-hop too. Host and the length are never. */
function optionsOf(headers: HeaderBlock): ReadonlySet<string> | undefined {
  const connection = headers.joined('connection');
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') return undefined;
  return new Set(connectionOptions(connection).filter((name) => name !== 'content-length'));
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

/** The port that the client called. */
function portOf(host: string, scheme: string): string {
  return /:([0-9]{1,5})$/.exec(host)?.[1] ?? (scheme === 'https' ? '443' : '80');
}

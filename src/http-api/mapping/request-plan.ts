// The backend request of an HTTP proxy integration: start line and header lines in one text, untouched header bytes
// copied as runs (spec/http-api.md §3.2, §3.3, §4.7, §4.19; decision 0010).
import type { RequestChange } from '../../grammar/mapping.ts';
import { HeaderBlock } from '../../net/header-block.ts';
import { HOP_BY_HOP } from '../../net/hop-by-hop.ts';
import { BAD_REQUEST, INTERNAL_SERVER_ERROR, type Refusal } from '../../net/refusals.ts';
import type { Domain } from '../../stage/domain.ts';
import { headerValueOf } from '../../stage/header-value.ts';
import { joined } from '../../stage/query.ts';
import { TRACE_HEADERS } from '../../stage/trace-context.ts';
import { newTraceId } from '../../stage/trace-id.ts';
import { isLoop, LOOP, VIA } from '../../stage/via.ts';
import type { Call } from '../call.ts';
import { forwardedElements, forwardedNode } from '../forwarded.ts';
import { HeaderChanges } from './header-changes.ts';
import { connectionOptions, type HeaderNames, HeaderNameTables } from './header-names.ts';
import { DOT_SEGMENT_MADE } from './path-pieces.ts';
import { compilePathValue, type PathReader } from './path-value.ts';
import { changedQuery, compileQueryChanges, type QueryChange } from './query-changes.ts';
import { compileValue, readsBody, type ValueReader, type ValueScope } from './values.ts';

/** Where requests go, with stage variables already in place. */
export interface ProxyTarget {
  /** `ANY`, or the method every backend request has. */
  readonly method: string;
  /** Ready for the Host line: host and non-default port; undefined where the client's own stays. */
  readonly host: string | undefined;
  /** The URI's path for a call, encoded, beginning with `/`. */
  readonly path: PathReader;
  /** The URI's own query, without `?`; '' for none. */
  readonly query: string;
}

/** Why there is no backend request, and what the client gets instead. */
export interface Unsendable {
  /** `$context.integrationErrorMessage`. */
  readonly reason: string;
  readonly refusal: Refusal;
}

const DOT_SEGMENT: Unsendable = { reason: DOT_SEGMENT_MADE, refusal: BAD_REQUEST };
const IN_A_LOOP: Unsendable = { reason: LOOP, refusal: INTERNAL_SERVER_ERROR };

// Codes of names the gateway itself deals with; the mappings' own names follow from CHANGED on.
const DROPPED = 1;
const CONNECTION = 2;
const CONTENT_LENGTH = 3;
const FORWARDED = 4;
const X_FORWARDED_FOR = 5;
const VIA_NAME = 6;
const TRACE_ID = 7;
const CHANGED = 8;

const GATEWAY_NAMES: ReadonlyMap<string, number> = new Map([
  ...HOP_BY_HOP.map((name) => [name, DROPPED] as const),
  ['host', DROPPED],
  ['x-forwarded-host', DROPPED],
  ['x-forwarded-proto', DROPPED],
  ['x-forwarded-port', DROPPED],
  ['connection', CONNECTION],
  ['content-length', CONTENT_LENGTH],
  ['forwarded', FORWARDED],
  ['x-forwarded-for', X_FORWARDED_FOR],
  ['via', VIA_NAME],
  ['x-amzn-trace-id', TRACE_ID],
]);

/** What of a request is the gateway's to deal with besides mappings. */
export interface Gateways {
  /** Signed requests keep their Authorization header from the backend (spec/http-api.md §3.3). */
  readonly isSigned?: boolean;
  /** Spans of calls are recorded: the backend is told of them in place of the client's (docs/guide/traces.md). */
  readonly isTraced?: boolean;
}

const TABLES = [false, true].map((isSigned) =>
  [false, true].map(
    (isTraced) =>
      new HeaderNameTables(
        [
          ...GATEWAY_NAMES,
          ...(isSigned ? [['authorization', DROPPED] as const] : []),
          ...(isTraced ? TRACE_HEADERS.map((name) => [name, DROPPED] as const) : []),
        ],
        CHANGED,
      ),
  ),
);

/** Destinations without effect: hop-by-hop names and framing are settled after mapping; Host is a change of its own. */
const IGNORED: ReadonlySet<string> = new Set([...HOP_BY_HOP, 'content-length', 'host']);

export class RequestPlan {
  readonly readsBody: boolean;
  readonly #target: ProxyTarget;
  readonly #byEgress: string;
  readonly #headers: HeaderChanges;
  readonly #names: HeaderNames;
  /** x-forwarded-port may be mapped, yet the client's own never passes. Its code; harmless where it is not mapped. */
  readonly #droppedChange: number;
  /** Not where a mapping is about its headers. */
  readonly #sendsTrace: boolean;
  readonly #query: readonly QueryChange[];
  readonly #path: PathReader;
  /** The URI's own, and what the path mapping has behind a `?`. */
  readonly #ownQuery: string | ((call: Call) => string);
  readonly #host: ValueReader | undefined;
  /** What stands between the request target and the client's headers. */
  readonly #hostLine: string | undefined;
  /** The last Forwarded and Via lines of a request that came without: clients tend to come again. */
  #lastClient = '';
  #lastScheme = '';
  #lastDomain: Domain | undefined = undefined;
  #lastLines = '';

  /** `egress` is the gateway's own address, for `Forwarded: by=`; backends of VPC links are not told. */
  constructor(
    target: ProxyTarget,
    changes: readonly RequestChange[],
    scope: ValueScope,
    egress: string | undefined,
    { isSigned = false, isTraced = false }: Gateways = {},
  ) {
    this.#target = target;
    this.#byEgress = egress === undefined ? 'for=' : `by=${forwardedNode(egress)};for=`;
    this.#hostLine = target.host === undefined ? undefined : ` HTTP/1.1\r\nHost: ${target.host}\r\n`;
    const headerChanges = changes.filter((change) => change.at === 'header');
    this.#headers = new HeaderChanges(headerChanges, scope, IGNORED, (name) => name);
    this.#sendsTrace = isTraced && !TRACE_HEADERS.some((name) => this.#headers.names.includes(name));
    this.#names = TABLES[+isSigned]![+this.#sendsTrace]!.with(this.#headers.names);
    this.#droppedChange = CHANGED + this.#headers.names.indexOf('x-forwarded-port');
    this.#query = compileQueryChanges(
      changes.filter((change) => change.at === 'query'),
      scope,
    );
    const path = changes.find((change) => change.at === 'path');
    const overwrite =
      path === undefined
        ? { path: target.path, query: '' }
        : compilePathValue(path.value, scope, target.path);
    this.#path = overwrite.path;
    this.#ownQuery = bothQueries(target.query, overwrite.query);
    // `append:header.host` behaves as overwrite (Choice C39); the last in key order wins.
    const host = headerChanges.findLast(
      (change) => change.name.toLowerCase() === 'host' && change.action !== 'remove',
    );
    this.#host = host !== undefined && host.action !== 'remove' ? compileValue(host.value, scope) : undefined;
    this.readsBody = changes.some((change) => change.action !== 'remove' && readsBody(change.value));
  }

  /** Start line and header lines for a call's backend request, without framing headers and closing blank line. */
  build(call: Call): string | Unsendable {
    const target = this.#requestTarget(call);
    return target === undefined ? DOT_SEGMENT : this.#build(call, target, call.exchange.headers);
  }

  #build(call: Call, target: string, headers: HeaderBlock): string | Unsendable {
    const { exchange } = call;
    const changed = this.#headers.apply(call);
    const names = this.#names;
    const { text, spans, end } = headers;
    const count = spans.length;
    let runs = '';
    let runStart = count > 0 ? spans[0]! : end;
    let forwarded = '';
    let xForwardedFor = '';
    let via = '';
    let hasTraceId = false;
    let hasContentLength = false;
    for (let i = 0; i < count; i += 4) {
      const start = spans[i]!;
      const code = names.codeAt(text, start, spans[i + 1]!);
      if (code === 0) continue;
      if (code >= CHANGED) {
        if (changed.drops[code - CHANGED] !== true && code !== this.#droppedChange) continue;
      } else if (code === TRACE_ID) {
        hasTraceId = true;
        continue;
      } else if (code !== DROPPED) {
        const value = text.substring(spans[i + 2]!, spans[i + 3]!);
        if (code === CONTENT_LENGTH) hasContentLength = true;
        else if (code === FORWARDED) forwarded += `${value},`;
        else if (code === X_FORWARDED_FOR) xForwardedFor += `${value},`;
        else if (code === VIA_NAME) via += `${value}, `;
        else if (value.length !== 10 && value.length !== 5) {
          // Anything but keep-alive and close: the headers it names are hop-by-hop as well.
          const options = connectionOptions(value);
          if (options.length > 0) return this.#build(call, target, withoutOptions(headers, options));
        }
      }
      if (start > runStart) runs += text.substring(runStart, start);
      runStart = i + 4 < count ? spans[i + 4]! : end;
    }
    if (end > runStart) runs += text.substring(runStart, end);

    if (via !== '' && isLoop(via)) return IN_A_LOOP;
    if (xForwardedFor !== '') forwarded += forwardedElements(xForwardedFor);
    const gatewayLines =
      forwarded === '' && via === '' ? this.#plainLines(call) : this.#gatewayLines(call, forwarded, via);
    const traceLine = hasTraceId ? '' : `X-Amzn-Trace-Id: ${newTraceId(exchange.startedAt)}\r\n`;
    const contextLines = this.#sendsTrace ? call.trace!.lines('integration') : '';
    const typeLine = hasContentLength && exchange.body.length === 0 ? this.#contentType(headers) : '';
    const method = this.#target.method === 'ANY' ? exchange.method : this.#target.method;
    call.method = method;
    return (
      `${method} ${target}${this.#hostLineOf(call)}${runs}${gatewayLines}` +
      `${traceLine}${contextLines}${typeLine}${changed.lines}`
    );
  }

  #plainLines(call: Call): string {
    const { domain } = call;
    const { remoteAddress, scheme } = call.exchange;
    if (this.#lastDomain !== domain || this.#lastClient !== remoteAddress || this.#lastScheme !== scheme) {
      this.#lastDomain = domain;
      this.#lastClient = remoteAddress;
      this.#lastScheme = scheme;
      this.#lastLines = this.#gatewayLines(call, '', '');
    }
    return this.#lastLines;
  }

  /** Forwarded and Via, behind what the client sent of them. */
  #gatewayLines(call: Call, forwarded: string, via: string): string {
    const { remoteAddress, scheme } = call.exchange;
    const client = remoteAddress.includes(':') ? `"[${remoteAddress}]"` : remoteAddress;
    return (
      `Forwarded: ${forwarded}${this.#byEgress}${client};host=${call.domain.forwardedHost};proto=${scheme}\r\n` +
      `Via: ${via}${VIA}\r\n`
    );
  }

  #requestTarget(call: Call): string | undefined {
    const path = this.#path(call);
    if (path === undefined) return undefined;
    const own = this.#ownQuery;
    const query = changedQuery(
      joined(typeof own === 'string' ? own : own(call), call.query),
      this.#query,
      call,
    );
    return query === '' ? path : `${path}?${query}`;
  }

  #hostLineOf(call: Call): string {
    const host = this.#host?.(call);
    if (host === undefined && this.#hostLine !== undefined) return this.#hostLine;
    return ` HTTP/1.1\r\nHost: ${host === undefined ? call.exchange.host : headerValueOf(host)}\r\n`;
  }

  /** The content type of a request that says it has no body (spec/http-api.md §3.3). */
  #contentType(headers: HeaderBlock): string {
    const isGiven =
      headers.first('content-type') !== undefined || this.#headers.names.includes('content-type');
    return isGiven ? '' : 'Content-Type: text/plain; charset=utf-8\r\n';
  }
}

function bothQueries(
  uri: string,
  mapped: string | ((call: Call) => string),
): string | ((call: Call) => string) {
  return typeof mapped === 'string' ? joined(uri, mapped) : (call) => joined(uri, mapped(call));
}

/** The headers without those a Connection header names and without any Connection header. */
function withoutOptions(headers: HeaderBlock, options: readonly string[]): HeaderBlock {
  const all = [...headers.pairs()];
  for (let i = 0; i < headers.count; i++) {
    if (headers.is(i, 'connection')) options = [...options, ...connectionOptions(headers.value(i))];
  }
  const kept: string[] = [];
  for (let i = 0; i < all.length; i += 2) {
    const name = all[i]!.toLowerCase();
    if (name !== 'connection' && (!options.includes(name) || name === 'content-length'))
      kept.push(all[i]!, all[i + 1]!);
  }
  return HeaderBlock.fromPairs(kept);
}

// The reply to the client of an HTTP proxy integration: header lines with untouched bytes copied as runs, the status, and
// whether the body is wanted (spec/http-api.md §3.4, §4.9, §4.19, §5.2).
import type { ResponseChange } from '../../grammar/mapping.ts';
import type { MappingValue } from '../../grammar/mapping-value.ts';
import { httpDate } from '../../net/date.ts';
import { HOP_BY_HOP } from '../../net/hop-by-hop.ts';
import type { UpstreamReply } from '../../net/upstream/upstream.ts';
import type { Call } from '../call.ts';
import { type AppliedHeaderChanges, HeaderChanges } from './header-changes.ts';
import { canonicalName, connectionOptions, type HeaderNames, HeaderNameTables } from './header-names.ts';
import { compileValue, constantOf, readsBody, type ValueReader, type ValueScope } from './values.ts';

const DROPPED = 1;
const CONNECTION = 2;
const DATE = 3;
const CHANGED = 4;

const GATEWAY_NAMES: ReadonlyMap<string, number> = new Map([
  ...HOP_BY_HOP.map((name) => [name, DROPPED] as const),
  ['content-length', DROPPED],
  ['apigw-requestid', DROPPED],
  ['connection', CONNECTION],
  ['date', DATE],
]);

const TABLES = new HeaderNameTables([...GATEWAY_NAMES], CHANGED);

const IGNORED: ReadonlySet<string> = new Set([...HOP_BY_HOP, 'content-length']);

export class ReplyPlan {
  readonly readsBody: boolean;
  readonly #headers: HeaderChanges;
  readonly #names: HeaderNames;
  readonly #dateIndex: number;
  readonly #status: ValueReader | undefined;
  /** The status, when it is the same for every call. */
  readonly #fixedStatus: number | undefined;
  readonly #hasCors: boolean;

  /** The plan of one integration status; without changes it is the plan of every other status. With `hasCors` the
   *  backend's own CORS headers are ignored (spec/http-api.md §5.2). */
  constructor(changes: readonly ResponseChange[], scope: ValueScope, hasCors: boolean) {
    const headers = changes.filter((change) => change.at === 'header');
    this.#headers = new HeaderChanges(headers, scope, IGNORED, canonicalName);
    this.#dateIndex = this.#headers.names.indexOf('date');
    this.#names = TABLES.with(this.#headers.names);
    const status = changes.find((change) => change.at === 'status');
    this.#status = status === undefined ? undefined : compileValue(status.value, scope);
    const fixed = status === undefined ? undefined : statusOf(constantOf(status.value, scope));
    this.#fixedStatus = fixed;
    this.#hasCors = hasCors;
    const values: MappingValue[] = changes.flatMap((change) =>
      change.action === 'remove' ? [] : [change.value],
    );
    this.readsBody = values.some(readsBody);
  }

  /** The status to send; a value that is no status leaves the integration's (Choice C41). */
  status(call: Call, reply: UpstreamReply): number {
    if (this.#status === undefined) return reply.status;
    return this.#fixedStatus ?? statusOf(this.#status(call)) ?? reply.status;
  }

  /** Header lines for the client, without framing headers and without CORS. */
  headerLines(call: Call, reply: UpstreamReply): string {
    const changed = this.#headers.apply(call);
    const { text, spans, end } = reply.headers;
    const count = spans.length;
    if (!reply.canonical) return this.#respelled(call, reply, changed, []);
    let runs = '';
    let runStart = count > 0 ? spans[0]! : end;
    let hasDate = this.#dateIndex >= 0 && changed.lines !== '' && /^Date: /m.test(changed.lines);
    for (let i = 0; i < count; i += 4) {
      const start = spans[i]!;
      const code = this.#names.codeAt(text, start, spans[i + 1]!);
      if (code === 0) {
        if (!this.#hasCors || !isCorsHeader(text, start, spans[i + 1]!)) continue;
      } else if (code >= CHANGED) {
        if (changed.drops[code - CHANGED] !== true) {
          if (code - CHANGED === this.#dateIndex) hasDate = true;
          continue;
        }
      } else if (code === DATE) {
        hasDate = true;
        continue;
      } else if (code === CONNECTION) {
        const length = spans[i + 3]! - spans[i + 2]!;
        if (length !== 10 && length !== 5) {
          return this.#respelled(
            call,
            reply,
            changed,
            connectionOptions(reply.headers.joined('connection')!),
          );
        }
      }
      if (start > runStart) runs += text.substring(runStart, start);
      runStart = i + 4 < count ? spans[i + 4]! : end;
    }
    if (end > runStart) runs += text.substring(runStart, end);
    return finish(call, runs + changed.lines, hasDate);
  }

  /** The slow way for replies with names to respell or with headers that a Connection header names. */
  #respelled(
    call: Call,
    reply: UpstreamReply,
    changed: AppliedHeaderChanges,
    dropped: readonly string[],
  ): string {
    const { headers } = reply;
    const named = dropped.length > 0 ? dropped : connectionOptions(headers.joined('connection') ?? '');
    let lines = '';
    for (let i = 0; i < headers.count; i++) {
      const start = headers.spans[i * 4]!;
      const nameEnd = headers.spans[i * 4 + 1]!;
      const code = this.#names.codeAt(headers.text, start, nameEnd);
      if (code === DROPPED || code === CONNECTION) continue;
      if (code >= CHANGED && changed.drops[code - CHANGED] === true) continue;
      if (this.#hasCors && isCorsHeader(headers.text, start, nameEnd)) continue;
      const name = headers.name(i);
      if (named.length > 0 && named.includes(name.toLowerCase())) continue;
      lines += `${canonicalName(name)}: ${headers.value(i)}\r\n`;
    }
    lines += changed.lines;
    return finish(call, lines, /^Date: /m.test(lines));
  }
}

/** The number of a status text; undefined for anything else. */
function statusOf(text: string | undefined): number | undefined {
  return text !== undefined && /^[2-5][0-9]{2}$/.test(text) ? Number(text) : undefined;
}

function finish(call: Call, lines: string, hasDate: boolean): string {
  const dated = hasDate ? lines : `${lines}Date: ${httpDate(Date.now())}\r\n`;
  return `${dated}Apigw-Requestid: ${call.exchange.requestId}\r\n`;
}

const CORS_PREFIX = 'access-control-';

function isCorsHeader(text: string, start: number, end: number): boolean {
  if (end - start <= CORS_PREFIX.length || (text.charCodeAt(start) | 0x20) !== 0x61) return false;
  return text.substring(start, start + CORS_PREFIX.length).toLowerCase() === CORS_PREFIX;
}

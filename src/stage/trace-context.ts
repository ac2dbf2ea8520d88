// What a request's spans have in common, by W3C Trace Context: which trace they belong to, whether it is recorded, and what
// backends are told of it (docs/guide/traces.md).
import { randomFillSync } from 'node:crypto';
import type { SpanPlace } from '../backends/traces/span.ts';
import type { HeaderBlock } from '../net/header-block.ts';

/** What has a span of its own below the request's. */
export type Child = 'authorizer' | 'integration';

/** In lower case. */
export const TRACE_HEADERS: readonly string[] = Object.freeze(['traceparent', 'tracestate']);

const SAMPLED = 0x01;
/** Those that are passed on: sampled, and that the trace id is random. */
const KNOWN_FLAGS = 0x03;

export class TraceContext implements SpanPlace {
  readonly traceId: string;
  /** Of the request's own span. */
  readonly spanId: string;
  /** The client's span; undefined where the trace begins here. */
  readonly parentId: string | undefined;
  readonly flags: number;
  readonly tracestate: string | undefined;
  readonly #integration: string;
  #authorizer: string | undefined = undefined;

  /** `ids`: 32 random hex digits, of the request's span and of its integration's. */
  constructor(
    traceId: string,
    parentId: string | undefined,
    flags: number,
    tracestate: string | undefined,
    ids: string,
  ) {
    this.traceId = traceId;
    this.spanId = ids.substring(0, 16);
    this.#integration = ids.substring(16);
    this.parentId = parentId;
    this.flags = flags;
    this.tracestate = tracestate;
  }

  get isSampled(): boolean {
    return (this.flags & SAMPLED) !== 0;
  }

  /** The id of a child's span, whoever asks. */
  idOf(child: Child): string {
    if (child === 'integration') return this.#integration;
    this.#authorizer ??= randomHex(8);
    return this.#authorizer;
  }

  /** The header by which what a child calls finds its parent. */
  traceparent(child: Child): string {
    return `00-${this.traceId}-${this.idOf(child)}-0${this.flags}`;
  }

  /** Header lines of a backend request. */
  lines(child: Child): string {
    const { tracestate } = this;
    const state = tracestate === undefined ? '' : `tracestate: ${tracestate}\r\n`;
    return `traceparent: ${this.traceparent(child)}\r\n${state}`;
  }
}

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const ZEROS = /^0+$/;
const MAX_STATE_LENGTH = 2_048;
const MAX_STATE_MEMBERS = 32;
const STATE_MEMBER = /^[ \t]*(?:[a-z0-9][a-z0-9_\-*/@]{0,255}=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,256})?[ \t]*$/;

/** The context of the client's headers; undefined where there is none that can be used. What is malformed counts as absent
 *  (W3C Trace Context §3.2, §3.3). */
export function contextIn(headers: HeaderBlock): TraceContext | undefined {
  // Two lines are malformed: joined they are no value.
  const match = TRACEPARENT.exec(headers.joined('traceparent') ?? '');
  if (match === null) return undefined;
  const [, version, traceId, parentId, flags, more] = match;
  if (version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  if (ZEROS.test(traceId!) || ZEROS.test(parentId!)) return undefined;
  const state = headers.joined('tracestate');
  return new TraceContext(
    traceId!,
    parentId,
    Number.parseInt(flags!, 16) & KNOWN_FLAGS,
    state !== undefined && isTracestate(state) ? state : undefined,
    randomHex(16),
  );
}

function isTracestate(text: string): boolean {
  if (text.length > MAX_STATE_LENGTH) return false;
  const members = text.split(',');
  return members.length <= MAX_STATE_MEMBERS && members.every((member) => STATE_MEMBER.test(member));
}

/** A trace that begins here; the part `ratio` of them is recorded. */
export function newTrace(ratio: number): TraceContext {
  // One text for all of them: to make a text of bytes takes longer than to cut it.
  const ids = randomHex(32);
  const flags = Math.random() < ratio ? SAMPLED : 0;
  return new TraceContext(ids.substring(0, 32), undefined, flags, undefined, ids.substring(32));
}

const random = Buffer.alloc(8_192);
let used = random.length;

/** Asking for random bytes each time takes longer than all else that is done with them. */
function randomHex(bytes: number): string {
  if (used + bytes > random.length) {
    randomFillSync(random);
    used = 0;
  }
  used += bytes;
  return random.toString('hex', used - bytes, used);
}

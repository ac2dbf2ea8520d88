// Who records traces: decides which, and takes the spans of what is over. Stages have one where traces are configured.
import type { Attributes, Span, SpanSink } from '../backends/traces/span.ts';
import type { HeaderBlock } from '../net/header-block.ts';
import type { Callee } from './callee.ts';
import { type Child, contextIn, newTrace, type TraceContext } from './trace-context.ts';

/** What differs from span to span of one context. */
export type SpanFacts = Pick<Span, 'name' | 'kind' | 'beganAt' | 'endedAt' | 'attributes' | 'error'>;

const NO_LINKS: Span['links'] = Object.freeze([]);

export class Tracer {
  readonly #ratio: number;
  readonly #sink: SpanSink;

  /** `ratio`: of the traces that begin here; others are recorded as their parents are. */
  constructor(ratio: number, sink: SpanSink) {
    this.#ratio = ratio;
    this.#sink = sink;
  }

  /** The context of a request; `headers` are its client's, undefined where it has none. */
  begin(headers: HeaderBlock | undefined): TraceContext {
    return (headers === undefined ? undefined : contextIn(headers)) ?? newTrace(this.#ratio);
  }

  /** The span of the request itself. */
  addOwn(context: TraceContext, facts: SpanFacts, links = NO_LINKS): void {
    const { traceId, spanId, flags, tracestate, parentId } = context;
    const hasRemoteParent = parentId !== undefined;
    this.#sink.add({ traceId, spanId, flags, tracestate, parentId, hasRemoteParent, ...facts, links });
  }

  addChild(context: TraceContext, child: Child, facts: SpanFacts): void {
    const { traceId, flags, tracestate, spanId: parentId } = context;
    const spanId = context.idOf(child);
    this.#sink.add({
      ...{ traceId, spanId, flags, tracestate, parentId, hasRemoteParent: false },
      ...facts,
      links: NO_LINKS,
    });
  }
}

/** What is told of an authorizer, of either kind of API. */
export interface AuthorizerFacts {
  /** The function that it calls. */
  readonly callee: Callee | undefined;
  readonly authorizationType: string | undefined;
  /** Epoch milliseconds with their fractions. */
  readonly beganAt: number;
  readonly endedAt: number;
  readonly error: string | undefined;
  /** What the client got. */
  readonly status: number;
}

/** A refusal is what an authorizer is for, and no error of its span. */
export function authorizerFacts(told: AuthorizerFacts): SpanFacts {
  const { callee, authorizationType, beganAt, endedAt, error, status } = told;
  const isFailure = error !== undefined && status >= 500;
  return {
    name: callee?.name ?? 'authorize',
    kind: callee === undefined ? 'internal' : 'client',
    beganAt,
    endedAt,
    attributes: {
      'aws.api_gateway.authorization_type': authorizationType ?? '',
      ...(error === undefined ? {} : { 'aws.api_gateway.authorizer.error': error }),
      ...(isFailure ? { 'error.type': String(status) } : {}),
      ...callee?.attributes,
    },
    error: isFailure ? error : undefined,
  };
}

/** Attributes of ours, behind `aws.api_gateway.`: what both kinds of API say of a stage. */
export function stageAttributes(stage: {
  readonly accountId: string;
  readonly region: string;
  readonly apiId: string;
  readonly name: string;
}): Attributes {
  return {
    'cloud.account.id': stage.accountId,
    'cloud.region': stage.region,
    'aws.api_gateway.api_id': stage.apiId,
    'aws.api_gateway.stage': stage.name,
  };
}

const METHODS: ReadonlySet<string> = new Set([
  ...['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH', 'QUERY'],
]);

/** Methods as attributes, and as names of spans: clients invent some, and names are few. */
export function methodAttributes(method: string): { readonly name: string; readonly attributes: Attributes } {
  if (METHODS.has(method)) return { name: method, attributes: { 'http.request.method': method } };
  return {
    name: 'HTTP',
    attributes: { 'http.request.method': '_OTHER', 'http.request.method_original': method },
  };
}

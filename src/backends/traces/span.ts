// A span that is over, as plain data: what collectors are told of a request, its authorizer or its integration.

export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** A span by its ids. */
export interface SpanPlace {
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits. */
  readonly spanId: string;
  /** The flags of its `traceparent`. */
  readonly flags: number;
  /** As it was received; undefined where there was none. */
  readonly tracestate: string | undefined;
}

export interface Span extends SpanPlace {
  /** Undefined of spans that begin a trace. */
  readonly parentId: string | undefined;
  /** Whether the parent is of another program. */
  readonly hasRemoteParent: boolean;
  readonly name: string;
  readonly kind: 'internal' | 'server' | 'client';
  /** Epoch milliseconds with their fractions. */
  readonly beganAt: number;
  readonly endedAt: number;
  readonly attributes: Attributes;
  /** What went wrong, '' where that is not known further; undefined where nothing did. */
  readonly error: string | undefined;
  readonly links: readonly SpanPlace[];
}

/** Takes spans that are over. Never throws, never waits. */
export interface SpanSink {
  add(span: Span): void;
}

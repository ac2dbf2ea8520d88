// Spans sent to a collector by OTLP/HTTP, as JSON: OpenTelemetry's own encoder, transport and retries. Loaded by who has traces
// alone, and bundled into a part of the program (docs/decisions/0027-bundled-exporter.md). Nothing here reads the environment.
import {
  createOtlpHttpExportDelegate,
  httpAgentFactoryFromOptions,
} from '@opentelemetry/otlp-exporter-base/node-http';
import { JsonTraceSerializer, TraceExporterMetricsHelper } from '@opentelemetry/otlp-transformer';
import type { TracesSettings } from './settings.ts';
import type { Attributes, Span, SpanPlace } from './span.ts';

type ReadableSpan = Parameters<typeof JsonTraceSerializer.serializeRequest>[0][number];
type SpanContext = ReturnType<ReadableSpan['spanContext']>;

/** The collector will never take these spans. */
export class RefusedSpans extends Error {}

/** Sends spans. Rejects once the library has given up for now, and with RefusedSpans for good. */
export type SendSpans = (spans: readonly Span[]) => Promise<void>;

/** For everything that one batch takes, with the library's retries. Short, because the process does not end before. */
const TIMEOUT_MILLIS = 3_000;

// The numbers of @opentelemetry/api, whose enumerations would be all that is needed of it.
const KINDS = { internal: 0, server: 1, client: 2 } as const;
const OK = 0;
const UNSET = 0;
const ERROR = 2;

/** `endpoint` is the whole URL, `version` ours. */
export function createSender(
  endpoint: string,
  { headers, resource }: Pick<TracesSettings, 'headers' | 'resource'>,
  version: string,
): SendSpans {
  const sent = { ...Object.fromEntries(headers), 'Content-Type': 'application/json' };
  const delegate = createOtlpHttpExportDelegate(
    {
      url: endpoint,
      headers: async () => ({ ...sent }),
      timeoutMillis: TIMEOUT_MILLIS,
      concurrencyLimit: 1,
      compression: 'none',
      agentFactory: httpAgentFactoryFromOptions({ keepAlive: true }),
      userAgent: `postern/${version}`,
    },
    JsonTraceSerializer,
    'otlp_http_json_span_exporter',
    TraceExporterMetricsHelper,
    undefined,
  );
  const whose = {
    resource: resourceOf({
      'telemetry.sdk.name': 'postern',
      'telemetry.sdk.language': 'nodejs',
      'telemetry.sdk.version': version,
      ...Object.fromEntries(resource),
    }),
    instrumentationScope: { name: 'postern', version },
  };
  return (spans) =>
    new Promise((resolve, reject) => {
      delegate.export(
        spans.map((span) => readableSpan(span, whose)),
        ({ code, error }) => (code === OK ? resolve() : reject(failureOf(error))),
      );
    });
}

/** A status that the library does not send again for is in the error's code. */
function failureOf(error: Error | undefined): Error {
  if (error === undefined) return new Error('The export failed');
  const status = 'code' in error ? error.code : undefined;
  return typeof status === 'number'
    ? new RefusedSpans(`The collector answered ${status} ${error.message}`)
    : error;
}

function resourceOf(attributes: Attributes): ReadableSpan['resource'] {
  return {
    attributes,
    getRawAttributes: () => Object.entries(attributes),
    merge: () => resourceOf(attributes),
  };
}

/** What the encoder reads of a span of the SDK. */
function readableSpan(
  span: Span,
  whose: Pick<ReadableSpan, 'resource' | 'instrumentationScope'>,
): ReadableSpan {
  const context = contextOf(span, false);
  const { parentId: spanId } = span;
  return {
    name: span.name,
    kind: KINDS[span.kind],
    spanContext: () => context,
    ...(spanId === undefined
      ? {}
      : { parentSpanContext: { ...context, spanId, isRemote: span.hasRemoteParent } }),
    startTime: timeOf(span.beganAt),
    endTime: timeOf(span.endedAt),
    duration: timeOf(span.endedAt - span.beganAt),
    ended: true,
    status:
      span.error === undefined
        ? { code: UNSET }
        : { code: ERROR, ...(span.error === '' ? {} : { message: span.error }) },
    attributes: span.attributes,
    links: span.links.map((link) => ({ context: contextOf(link, true) })),
    events: [],
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
    ...whose,
  };
}

function contextOf({ traceId, spanId, flags, tracestate }: SpanPlace, isLink: boolean): SpanContext {
  return {
    traceId,
    spanId,
    traceFlags: flags,
    ...(isLink ? { isRemote: false } : {}),
    ...(tracestate === undefined ? {} : { traceState: traceStateOf(tracestate) }),
  };
}

/** It is passed on as it came. */
function traceStateOf(text: string): NonNullable<SpanContext['traceState']> {
  const state = { get: () => undefined, set: () => state, unset: () => state, serialize: () => text };
  return state;
}

/** Seconds and nanoseconds. */
function timeOf(millis: number): [number, number] {
  const seconds = Math.floor(millis / 1_000);
  return [seconds, Math.min(999_999_999, Math.round((millis - seconds * 1_000) * 1e6))];
}

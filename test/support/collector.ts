// A collector of traces: takes OTLP/HTTP as JSON, holds each post to what the protocol asks for, and hands out its spans.
// https://opentelemetry.io/docs/specs/otlp/#otlphttp, opentelemetry-proto trace/v1/trace.proto
import assert from 'node:assert/strict';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Undefined of a root. */
  readonly parentSpanId: string | undefined;
  readonly traceState: string | undefined;
  readonly flags: number;
  readonly name: string;
  readonly kind: 'internal' | 'server' | 'client';
  /** Nanoseconds since 1970. */
  readonly began: bigint;
  readonly ended: bigint;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly status: { readonly code: number; readonly message?: string };
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly resource: Readonly<Record<string, unknown>>;
  readonly scope: { readonly name: string; readonly version: string };
}

export interface Collector {
  /** Its base URL. */
  readonly endpoint: string;
  readonly headers: readonly IncomingHttpHeaders[];
  /** Answers of the next posts; what follows is taken. */
  refuse(...answers: readonly { readonly status: number; readonly headers?: Record<string, string> }[]): void;
  /** Posts that were refused so far. */
  readonly refused: number;
  /** Every span that was taken of traces in which one fits, once there are `count` of them. */
  trace(fits: (span: ReceivedSpan) => boolean, count: number): Promise<readonly ReceivedSpan[]>;
  readonly spans: readonly ReceivedSpan[];
  close(): Promise<void>;
}

export async function startCollector(): Promise<Collector> {
  const spans: ReceivedSpan[] = [];
  const headers: IncomingHttpHeaders[] = [];
  const waiting = new Set<() => void>();
  let answers: { readonly status: number; readonly headers?: Record<string, string> }[] = [];
  let refused = 0;
  let broken: unknown;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const answer = answers.shift();
      if (answer !== undefined) {
        refused++;
        response.writeHead(answer.status, answer.headers).end();
      } else {
        try {
          assert.equal(`${request.method} ${request.url}`, 'POST /v1/traces');
          assert.equal(request.headers['content-type'], 'application/json');
          spans.push(...spansOf(JSON.parse(Buffer.concat(chunks).toString('utf8'))));
          headers.push(request.headers);
        } catch (error) {
          broken = error;
        }
        response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
      }
      for (const wake of waiting) wake();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    headers,
    spans,
    get refused() {
      return refused;
    },
    refuse(...next) {
      answers = [...next];
    },
    trace(fits, count) {
      return new Promise((resolve, reject) => {
        const late = setTimeout(
          () =>
            reject(
              new Error(`${count} spans did not come: ${JSON.stringify(spans.map(({ name }) => name))}`),
            ),
          20_000,
        );
        const look = (): void => {
          if (broken !== undefined) return reject(broken);
          const traces = new Set(spans.filter(fits).map(({ traceId }) => traceId));
          const found = spans.filter(({ traceId }) => traces.has(traceId));
          if (found.length < count) return;
          waiting.delete(look);
          clearTimeout(late);
          resolve(found);
        };
        waiting.add(look);
        look();
      });
    },
    close() {
      return new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      });
    },
  };
}

type Json = Readonly<Record<string, unknown>>;

const KINDS = { 1: 'internal', 2: 'server', 3: 'client' } as const;

/** The spans of an ExportTraceServiceRequest; throws for whatever the protocol does not allow. */
function spansOf(request: Json): ReceivedSpan[] {
  assert.deepEqual(Object.keys(request), ['resourceSpans']);
  return listOf(request.resourceSpans).flatMap((ofResource) => {
    knows(ofResource, ['resource', 'scopeSpans', 'schemaUrl']);
    const resource = attributesOf(objectOf(ofResource.resource).attributes);
    return listOf(ofResource.scopeSpans).flatMap((ofScope) => {
      knows(ofScope, ['scope', 'spans', 'schemaUrl']);
      const scope = objectOf(ofScope.scope);
      assert.equal(typeof scope.name, 'string');
      return listOf(ofScope.spans).map((span) => ({
        ...spanOf(span),
        resource,
        scope: scope as unknown as ReceivedSpan['scope'],
      }));
    });
  });
}

const SPAN_MEMBERS = [
  ...['traceId', 'spanId', 'traceState', 'parentSpanId', 'flags', 'name', 'kind', 'startTimeUnixNano'],
  ...['endTimeUnixNano', 'attributes', 'droppedAttributesCount', 'events', 'droppedEventsCount'],
  ...['links', 'droppedLinksCount', 'status'],
];

function spanOf(span: Json): Omit<ReceivedSpan, 'resource' | 'scope'> {
  knows(span, SPAN_MEMBERS);
  const { traceId, spanId, parentSpanId, name, kind, flags, traceState, status } = span;
  // Of ids the JSON form is hex, not base64; of 64-bit numbers it is text.
  idOf(traceId, 32);
  idOf(spanId, 16);
  if (parentSpanId !== undefined) idOf(parentSpanId, 16);
  assert.ok(typeof name === 'string' && name !== '', 'a span has a name');
  assert.ok(typeof kind === 'number' && kind in KINDS, `${kind} is a kind`);
  assert.ok(typeof flags === 'number' && Number.isInteger(flags) && flags >= 0);
  assert.match(String(span.startTimeUnixNano), /^[1-9]\d{18}$/);
  assert.match(String(span.endTimeUnixNano), /^[1-9]\d{18}$/);
  assert.deepEqual(
    [typeof span.startTimeUnixNano, typeof span.endTimeUnixNano],
    ['string', 'string'],
    'times are text',
  );
  const { code = 0, message } = objectOf(status);
  assert.ok(code === 0 || code === 1 || code === 2);
  assert.ok(message === undefined || typeof message === 'string');
  const [began, ended] = [BigInt(String(span.startTimeUnixNano)), BigInt(String(span.endTimeUnixNano))];
  assert.ok(began <= ended, 'a span ends behind its beginning');
  const links = listOf(span.links).map((link) => {
    idOf(link.traceId, 32);
    idOf(link.spanId, 16);
    return { traceId: String(link.traceId), spanId: String(link.spanId) };
  });
  return {
    traceId: String(traceId),
    spanId: String(spanId),
    parentSpanId: parentSpanId as string | undefined,
    traceState: traceState as string | undefined,
    flags,
    name,
    kind: KINDS[kind as keyof typeof KINDS],
    began,
    ended,
    attributes: attributesOf(span.attributes),
    status: { code, ...(message === undefined ? {} : { message: String(message) }) },
    links,
  };
}

function attributesOf(given: unknown): Readonly<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const { key, value } of listOf(given)) {
    assert.ok(typeof key === 'string' && key !== '' && !Object.hasOwn(found, key), `${key} is there once`);
    const entries = Object.entries(objectOf(value));
    assert.equal(entries.length, 1);
    const [form, of] = entries[0]!;
    if (form === 'stringValue') assert.equal(typeof of, 'string');
    else if (form === 'boolValue') assert.equal(typeof of, 'boolean');
    else if (form === 'intValue') assert.ok(Number.isSafeInteger(Number(of)));
    else assert.ok(form === 'doubleValue' && typeof of === 'number', form);
    found[key] = of;
  }
  return found;
}

function idOf(id: unknown, digits: number): void {
  assert.ok(
    typeof id === 'string' && id.length === digits && /^[0-9a-f]+$/.test(id) && !/^0+$/.test(id),
    `${id}`,
  );
}

function knows(object: Json, members: readonly string[]): void {
  for (const name of Object.keys(object)) assert.ok(members.includes(name), `${name} is a member`);
}

function objectOf(value: unknown): Json {
  assert.ok(typeof value === 'object' && value !== null && !Array.isArray(value));
  return value as Json;
}

function listOf(value: unknown): readonly Json[] {
  assert.ok(Array.isArray(value));
  return value.map(objectOf);
}

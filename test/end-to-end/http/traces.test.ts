// Traces of requests of HTTP APIs, as a collector gets them (docs/guide/traces.md; W3C Trace Context; OTLP/HTTP).
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import {
  type AuthorizerStand,
  createGuardedApi,
  type GuardedApi,
  simple,
  startAuthorizerStand,
} from '../../support/authorizer-stand.ts';
import { type Collector, type ReceivedSpan, startCollector } from '../../support/collector.ts';
import { OK_INVOKED } from '../../support/invoke-server.ts';
import { valuesOf } from '../../support/raw-message.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';
const SAMPLED = `traceparent: 00-${TRACE}-${PARENT}-01`;

describe('traces of HTTP APIs', () => {
  let collector: Collector;
  let stand: AuthorizerStand;
  let api: GuardedApi;
  const ends: (() => Promise<void> | void)[] = [];
  before(async () => {
    collector = await startCollector();
    const traces = {
      endpoint: `${collector.endpoint}/v1/traces`,
      headers: new Map([['x-token', 'secret']]),
      ratio: 1,
      resource: new Map([['service.name', 'shop']]),
    };
    stand = await startAuthorizerStand(
      { after: (end: () => Promise<void>) => void ends.push(end) } as never,
      [],
      {
        traces,
      },
    );
    api = await createGuardedApi(stand, {
      routes: [
        { key: 'GET /pets/{id}', type: 'NONE' },
        { key: 'ANY /any', type: 'NONE' },
        { key: '$default', type: 'NONE' },
        { key: 'GET /hello', type: 'NONE', lambda: '2.0' },
        { key: 'GET /hello1', type: 'NONE', lambda: '1.0' },
        { key: 'GET /guarded' },
        { key: 'GET /signed', type: 'AWS_IAM' },
      ],
    });
    stand.lambda.script((_event, name) => (name.endsWith('who') ? simple(true) : OK_INVOKED));
  });
  after(async () => {
    for (const end of ends) await end();
    await collector.close();
  });

  /** Sends a request with a query of its own, and its spans by kind: its own, its integration's, its authorizer's. */
  async function traced(path: string, lines: readonly string[], count: number, method = 'GET') {
    stand.backend.script();
    const reply = await api.call(path, lines, method);
    const [requestId] = valuesOf(reply.headers, 'apigw-requestid');
    const spans = await collector.trace(
      ({ attributes }) => attributes['aws.api_gateway.request_id'] === requestId,
      count,
    );
    const own = spans.find(({ kind }) => kind === 'server')!;
    const children = spans.filter((span) => span !== own);
    for (const child of children) {
      assert.deepEqual([child.traceId, child.parentSpanId], [own.traceId, own.spanId]);
      assert.ok(child.began >= own.began && child.ended <= own.ended, 'a child is inside its parent');
      assert.equal(child.flags & 0x300, 0x100, 'the parent is of this program');
    }
    return { reply, own, children, requestId };
  }

  const sentTo = () => {
    const request = stand.backend.requests.at(-1)!;
    return {
      parent: valuesOf(request.headers, 'traceparent'),
      state: valuesOf(request.headers, 'tracestate'),
    };
  };

  test('a request without a trace begins one: its span, and its integration, whose child the backend is', async () => {
    const { own, children, requestId } = await traced('/pets/7?token=secret', ['User-Agent: u'], 2);
    assert.equal(own.parentSpanId, undefined);
    assert.deepEqual([own.name, own.kind, own.status], ['GET /pets/{id}', 'server', { code: 0 }]);
    assert.deepEqual(own.attributes, {
      'cloud.account.id': '000000000000',
      'cloud.region': 'us-east-1',
      'aws.api_gateway.api_id': api.apiId,
      'aws.api_gateway.stage': '$default',
      'aws.api_gateway.request_id': requestId,
      'aws.api_gateway.route_key': 'GET /pets/{id}',
      'http.request.method': 'GET',
      'url.scheme': 'http',
      'url.path': '/pets/7',
      'http.route': '/pets/{id}',
      'server.address': api.host,
      'server.port': 80,
      'client.address': '127.0.0.1',
      'network.peer.address': '127.0.0.1',
      'network.protocol.name': 'http',
      'user_agent.original': 'u',
      'http.request.body.size': 0,
      'http.response.status_code': 200,
      'http.response.body.size': 2,
    });
    const [child] = children;
    assert.deepEqual([child!.name, child!.kind, child!.status], ['GET', 'client', { code: 0 }]);
    assert.deepEqual(child!.attributes, {
      'http.request.method': 'GET',
      'server.address': '127.0.0.1',
      'server.port': stand.backend.port,
      'url.full': `http://127.0.0.1:${stand.backend.port}/`,
      'http.response.status_code': 200,
    });
    assert.deepEqual(sentTo(), { parent: [`00-${own.traceId}-${child!.spanId}-01`], state: [] });
    assert.ok(Math.abs(Number(own.began / 1_000_000n) - Date.now()) < 60_000);
  });

  test('the resource, the scope and the headers of posts are those of the settings', async () => {
    const { own } = await traced('/pets/7', [], 2);
    assert.equal(own.resource['service.name'], 'shop');
    assert.equal(own.resource['telemetry.sdk.language'], 'nodejs');
    assert.equal(own.scope.name, 'postern');
    assert.equal(collector.headers.at(-1)!['x-token'], 'secret');
  });

  test('a trace of the client goes on, with its tracestate', async () => {
    const { own, children } = await traced('/pets/7', [SAMPLED, 'tracestate: a=1', 'tracestate: b=2'], 2);
    assert.deepEqual([own.traceId, own.parentSpanId, own.traceState], [TRACE, PARENT, 'a=1,b=2']);
    assert.equal(own.flags & 0x300, 0x300, 'the parent is of another program');
    assert.deepEqual(sentTo(), { parent: [`00-${TRACE}-${children[0]!.spanId}-01`], state: ['a=1,b=2'] });
  });

  test('what the client does not record is not recorded, and the backend is told so', async () => {
    const trace = '1af7651916cd43dd8448eb211c80319c';
    stand.backend.script();
    await api.call('/pets/7', [`traceparent: 00-${trace}-${PARENT}-00`, 'tracestate: a=1']);
    const { parent, state } = sentTo();
    assert.match(parent[0]!, new RegExp(`^00-${trace}-[0-9a-f]{16}-00$`));
    assert.ok(!parent[0]!.includes(PARENT));
    assert.deepEqual(state, ['a=1']);
    // Spans keep their order: what is recorded later is there.
    await traced('/pets/7', [], 2);
    assert.deepEqual(
      collector.spans.filter(({ traceId }) => traceId === trace),
      [],
    );
  });

  /** W3C Trace Context §3.2.2, §3.2.3, §4.1. */
  const CONTEXTS: readonly (readonly [
    what: string,
    lines: readonly string[],
    isUsed: boolean,
    state?: string,
  ])[] = [
    ['a later version', [`traceparent: 01-${TRACE}-${PARENT}-01-more`], true],
    ['the flag of a random id stays', [`traceparent: 00-${TRACE}-${PARENT}-03`], true],
    ['flags that are not known do not', [`traceparent: 00-${TRACE}-${PARENT}-f9`], true],
    ['version ff', [`traceparent: ff-${TRACE}-${PARENT}-01`], false],
    ['more behind version 00', [`traceparent: 00-${TRACE}-${PARENT}-01-more`], false],
    ['capital letters', [`traceparent: 00-${TRACE.toUpperCase()}-${PARENT}-01`], false],
    ['no trace id', [`traceparent: 00-${'0'.repeat(32)}-${PARENT}-01`], false],
    ['no parent id', [`traceparent: 00-${TRACE}-${'0'.repeat(16)}-01`], false],
    ['an id that is too short', [`traceparent: 00-${TRACE.slice(1)}-${PARENT}-01`], false],
    ['nothing', ['traceparent:'], false],
    ['two of them', [SAMPLED, SAMPLED], false],
    ['the state of a malformed parent', ['traceparent: x', 'tracestate: a=1'], false],
    ['a state alone', ['tracestate: a=1'], false],
    ['a malformed state', [SAMPLED, 'tracestate: A=1'], true],
    ['a state with vendors and empty members', [SAMPLED, 'tracestate: t@v=1,, b= x'], true, 't@v=1,, b= x'],
    [
      'a state of 33 members',
      [SAMPLED, `tracestate: ${Array.from({ length: 33 }, (_, i) => `k${i}=1`)}`],
      true,
    ],
    ['a state that is too long', [SAMPLED, `tracestate: a=${'x'.repeat(3_000)}`], true],
  ];
  for (const [what, lines, isUsed, state] of CONTEXTS) {
    test(`traceparent and tracestate: ${what}`, async () => {
      stand.backend.script();
      await api.call('/pets/7', lines);
      const sent = sentTo();
      const flags = what.includes('random') ? '03' : '01';
      assert.match(sent.parent.join(), new RegExp(`^00-[0-9a-f]{32}-[0-9a-f]{16}-${flags}$`));
      assert.equal(sent.parent[0]!.includes(TRACE), isUsed);
      assert.deepEqual(sent.state, state === undefined ? [] : [state]);
    });
  }

  /** Names, and what is an error: OpenTelemetry semantic conventions for HTTP spans. */
  const REQUESTS: readonly (readonly [
    what: string,
    path: string,
    method: string,
    answer: string,
    own: readonly [name: string, error: unknown, code: number],
    child: readonly [error: unknown, code: number],
  ])[] = [
    ['ANY', '/any', 'POST', '200 OK', ['POST /any', undefined, 0], [undefined, 0]],
    ['$default', '/x', 'GET', '200 OK', ['GET $default', undefined, 0], [undefined, 0]],
    ['404 of the backend', '/any', 'GET', '404 No', ['GET /any', undefined, 0], ['404', 2]],
    ['500 of the backend', '/any', 'GET', '500 No', ['GET /any', '500', 2], ['500', 2]],
  ];
  for (const [what, path, method, answer, own, child] of REQUESTS) {
    test(`name and status: ${what}`, async () => {
      stand.backend.script(`HTTP/1.1 ${answer}\r\nContent-Length: 0\r\n\r\n`);
      const reply = await api.call(path, [], method);
      const [id] = valuesOf(reply.headers, 'apigw-requestid');
      const spans = await collector.trace(
        ({ attributes }) => attributes['aws.api_gateway.request_id'] === id,
        2,
      );
      const facts = ({ attributes, status }: ReceivedSpan) => [attributes['error.type'], status.code];
      const server = spans.find(({ kind }) => kind === 'server')!;
      assert.deepEqual([server.name, ...facts(server)], own);
      assert.deepEqual(facts(spans.find(({ kind }) => kind === 'client')!), child);
    });
  }

  test('a method that few know names no span', async () => {
    const { own } = await traced('/any', [], 1, 'PROPFIND');
    assert.match(own.name, /^HTTP\b/);
    assert.equal(own.attributes['http.request.method'], '_OTHER');
    assert.equal(own.attributes['http.request.method_original'], 'PROPFIND');
  });

  test('a backend that does not answer is an error of both, with its text', async () => {
    stand.backend.script('end');
    const reply = await api.call('/pets/7');
    const [id] = valuesOf(reply.headers, 'apigw-requestid');
    const spans = await collector.trace(
      ({ attributes }) => attributes['aws.api_gateway.request_id'] === id,
      2,
    );
    const [own, child] = ['server', 'client'].map((each) => spans.find(({ kind }) => kind === each)!);
    assert.deepEqual(
      [own!.attributes['error.type'], own!.status],
      ['503', { code: 2, message: 'Connection failed' }],
    );
    assert.equal(child!.attributes['error.type'], '503');
    assert.match(child!.status.message!, /^Connection failed: http:\/\/127\.0\.0\.1:\d+: /);
  });

  for (const [format, path] of [
    ['2.0', '/hello'],
    ['1.0', '/hello1'],
  ]) {
    test(`a function finds its parent in its event of format ${format}`, async () => {
      const trace = randomBytes(16).toString('hex');
      const lines = [`traceparent: 00-${trace}-${PARENT}-01`, 'tracestate: a=1'];
      const { own, children } = await traced(path!, lines, 2);
      const [child] = children;
      assert.deepEqual([child!.name, child!.kind, own.traceId], ['invoke hello', 'client', trace]);
      assert.equal(child!.attributes['faas.invoked_name'], 'hello');
      const { headers, multiValueHeaders } = JSON.parse(stand.lambda.invocations.at(-1)!.event);
      assert.equal(headers.traceparent, `00-${trace}-${child!.spanId}-01`);
      assert.equal(headers.tracestate, 'a=1');
      if (format === '1.0') assert.deepEqual(multiValueHeaders.tracestate, ['a=1']);
    });
  }

  test('a Lambda authorizer has a span, and its function is the child of that', async () => {
    const { own, children } = await traced('/guarded', ['Authorization: Bearer secret'], 3);
    const authorizer = children.find(({ name }) => name === 'invoke who')!;
    assert.equal(authorizer.attributes['aws.api_gateway.authorization_type'], 'CUSTOM');
    const event = JSON.parse(stand.lambda.invocations.at(-1)!.event);
    assert.equal(event.headers.traceparent, `00-${own.traceId}-${authorizer.spanId}-01`);
    assert.notEqual(sentTo().parent[0], event.headers.traceparent);
  });

  test('who is refused has no integration, and a refusal is no error', async () => {
    const { own, children, reply } = await traced('/signed', [], 2);
    assert.equal(reply.status, 403);
    assert.deepEqual(
      children.map(({ name, kind, status }) => [name, kind, status.code]),
      [['authorize', 'internal', 0]],
    );
    assert.equal(typeof children[0]!.attributes['aws.api_gateway.authorizer.error'], 'string');
    assert.deepEqual([own.status.code, own.attributes['http.response.status_code']], [0, 403]);
  });

  test('a mapping of a header of traces wins', async () => {
    const mapped = await createGuardedApi(stand, {
      routes: [{ key: 'GET /a', type: 'NONE' }],
      mappings: { 'overwrite:header.traceparent': 'mine' },
    });
    stand.backend.script();
    await mapped.call('/a', [SAMPLED, 'tracestate: a=1']);
    assert.deepEqual(sentTo(), { parent: ['mine'], state: ['a=1'] });
  });

  test('no header of a request and no query is in any span', async () => {
    const { own } = await traced(
      '/pets/7?api_key=secret',
      ['Authorization: Bearer secret', 'Cookie: c=secret'],
      2,
    );
    const text = JSON.stringify(
      collector.spans.filter(({ traceId }) => traceId === own.traceId),
      (_, value) => (typeof value === 'bigint' ? String(value) : value),
    );
    assert.ok(!text.includes('secret'), text);
  });

  test('what the collector cannot take now is sent again, what it refuses is counted', async () => {
    // The library waits for one second, then for longer than it may; the next posts are ours.
    collector.refuse(
      { status: 503, headers: { 'Retry-After': '1' } },
      { status: 503, headers: { 'Retry-After': '60' } },
      { status: 429 },
    );
    await traced('/pets/7', [], 2);
    assert.equal(collector.refused, 3);
    const counted = async () => {
      const text = await (await fetch(`${stand.postern.management}/_postern/metrics`)).text();
      return Number(/^postern_spans_dropped_total (\d+)$/m.exec(text)![1]);
    };
    assert.equal(await counted(), 0);
    collector.refuse({ status: 400 });
    await api.call('/pets/7');
    while ((await counted()) < 2) await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(collector.refused, 4);
  });
});

test('without traces a backend gets what its client sent', async (t) => {
  const stand = await startAuthorizerStand(t);
  const api = await createGuardedApi(stand, { routes: [{ key: 'GET /a', type: 'NONE' }] });
  stand.backend.script();
  await api.call('/a', ['traceparent: anything', 'tracestate: a=1', 'tracestate: b=2']);
  const [request] = stand.backend.requests;
  assert.deepEqual(valuesOf(request!.headers, 'traceparent'), ['anything']);
  assert.deepEqual(valuesOf(request!.headers, 'tracestate'), ['a=1', 'b=2']);
});

test('a ratio of 0 records no trace that begins here, and tells the backend', async (t) => {
  const collector = await startCollector();
  t.after(() => collector.close());
  const traces = {
    endpoint: `${collector.endpoint}/v1/traces`,
    headers: new Map(),
    ratio: 0,
    resource: new Map(),
  };
  const stand = await startAuthorizerStand(t, [], { traces });
  const api = await createGuardedApi(stand, { routes: [{ key: 'GET /a', type: 'NONE' }] });
  stand.backend.script();
  await api.call('/a');
  assert.match(valuesOf(stand.backend.requests[0]!.headers, 'traceparent')[0]!, /-00$/);
  await api.call('/a', [SAMPLED]);
  const spans = await collector.trace(({ traceId }) => traceId === TRACE, 2);
  assert.deepEqual(collector.spans, spans);
});

test('a collector that is away hurts neither requests nor the end of the program', async (t) => {
  const gone = await startCollector();
  await gone.close();
  const traces = {
    endpoint: `${gone.endpoint}/v1/traces`,
    headers: new Map(),
    ratio: 1,
    resource: new Map(),
  };
  const stand = await startAuthorizerStand(t, [], { traces });
  const api = await createGuardedApi(stand, { routes: [{ key: 'GET /a', type: 'NONE' }] });
  assert.equal((await api.call('/a')).status, 200);
  const began = performance.now();
  await stand.postern.close();
  assert.ok(performance.now() - began < 5_000);
});

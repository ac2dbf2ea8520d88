// Traces of events of WebSocket APIs, as a collector gets them (docs/guide/traces.md).
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { CreateIntegrationCommand, CreateRouteCommand } from '@aws-sdk/client-apigatewayv2';
import { type Collector, type ReceivedSpan, startCollector } from '../../support/collector.ts';
import { valuesOf } from '../../support/raw-message.ts';
import { type RecordingBackend, startRecordingBackend } from '../../support/recording-backend.ts';
import {
  closedBy,
  createWebSocketApi,
  startWebSocketStand,
  type WebSocketApi,
  type WebSocketStand,
} from '../../support/websocket-stand.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';

describe('traces of WebSocket APIs', () => {
  let collector: Collector;
  let backend: RecordingBackend;
  let stand: WebSocketStand;
  let api: WebSocketApi;
  const ends: (() => Promise<void>)[] = [];
  before(async () => {
    collector = await startCollector();
    backend = await startRecordingBackend();
    const traces = {
      endpoint: `${collector.endpoint}/v1/traces`,
      headers: new Map(),
      ratio: 1,
      resource: new Map([['service.name', 'chat']]),
    };
    stand = await startWebSocketStand(
      { after: (end) => void ends.push(end as () => Promise<void>) },
      { sections: { traces } },
    );
    stand.answer({ payload: JSON.stringify(ALLOWED) });
    api = await createWebSocketApi(stand, { type: 'CUSTOM' });
    const { client } = stand.postern;
    const { IntegrationId } = await client.send(
      new CreateIntegrationCommand({
        ApiId: api.apiId,
        IntegrationType: 'HTTP_PROXY',
        IntegrationMethod: 'POST',
        IntegrationUri: `http://127.0.0.1:${backend.port}/messages?key=secret`,
      }),
    );
    const Target = `integrations/${IntegrationId}`;
    await client.send(new CreateRouteCommand({ ApiId: api.apiId, RouteKey: 'say', Target }));
  });
  after(async () => {
    for (const end of ends) await end();
    await backend.close();
    await collector.close();
  });

  const ofKind = (spans: readonly ReceivedSpan[], wanted: string) =>
    spans.find(({ kind }) => kind === wanted)!;

  test('a connect request, a message and the end have spans; the later ones link to the first', async () => {
    const { socket } = await api.connect('/prod?token=secret', {
      traceparent: `00-${TRACE}-${PARENT}-01`,
      tracestate: 'a=1',
    });
    const connect = await collector.trace(({ traceId }) => traceId === TRACE, 3);
    const own = ofKind(connect, 'server');
    assert.deepEqual([own.name, own.parentSpanId, own.traceState], ['CONNECT $connect', PARENT, 'a=1']);
    assert.equal(own.attributes['http.response.status_code'], 101);
    assert.equal(own.attributes['url.path'], '/prod');
    const children = connect.filter((span) => span !== own);
    assert.deepEqual(children.map(({ name }) => name).sort(), ['invoke hello', 'invoke who']);
    for (const child of children) {
      assert.equal(child.parentSpanId, own.spanId);
      const [event] = stand.eventsOf(child.name.slice('invoke '.length));
      const { traceparent, tracestate } = event!.headers as Record<string, string>;
      assert.deepEqual([traceparent, tracestate], [`00-${TRACE}-${child.spanId}-01`, 'a=1']);
    }
    const connectionId = own.attributes['aws.api_gateway.connection_id'];
    const later = (type: string) =>
      collector.trace(
        ({ attributes }) =>
          attributes['aws.api_gateway.connection_id'] === connectionId &&
          attributes['aws.api_gateway.event_type'] === type,
        2,
      );

    socket!.send('{"action":"say"}');
    const message = await later('MESSAGE');
    const said = ofKind(message, 'server');
    const call = ofKind(message, 'client');
    assert.deepEqual([said.name, said.parentSpanId], ['MESSAGE say', undefined]);
    assert.notEqual(said.traceId, TRACE);
    assert.deepEqual(said.links, [{ traceId: TRACE, spanId: own.spanId }]);
    assert.deepEqual([call.name, call.parentSpanId], ['POST', said.spanId]);
    assert.equal(call.attributes['url.full'], `http://127.0.0.1:${backend.port}/messages`);
    assert.equal(call.attributes['http.response.status_code'], 200);
    assert.deepEqual(valuesOf(backend.requests[0]!.headers, 'traceparent'), [
      `00-${said.traceId}-${call.spanId}-01`,
    ]);

    const isClosed = closedBy(socket!);
    socket!.close(1000);
    await isClosed;
    const end = await later('DISCONNECT');
    const ended = ofKind(end, 'server');
    assert.deepEqual([ended.name, ended.links.length], ['DISCONNECT $disconnect', 1]);
    assert.equal(ofKind(end, 'client').name, 'invoke hello');
    const text = JSON.stringify(collector.spans, (_, value) =>
      typeof value === 'bigint' ? `${value}` : value,
    );
    assert.ok(!text.includes('secret'), text);
  });

  test('an event that fails says so', async () => {
    const { socket } = await api.connect('/prod');
    backend.script('HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n', 'end');
    for (const [error, message] of [
      ['500', ''],
      ['504', 'Network error'],
    ]) {
      const before = collector.spans.length;
      socket!.send('{"action":"say"}');
      const isNew = (span: ReceivedSpan) =>
        collector.spans.indexOf(span) >= before && span.name === 'MESSAGE say';
      const call = ofKind(await collector.trace(isNew, 2), 'client');
      assert.deepEqual([call.status.code, call.attributes['error.type']], [2, error]);
      assert.ok((call.status.message ?? '').startsWith(message!));
    }
    socket!.terminate();
  });

  test('who is refused has a span without an integration', async () => {
    stand.answer({ payload: JSON.stringify({ ...ALLOWED, policyDocument: policyOf('Deny') }) });
    const trace = '1af7651916cd43dd8448eb211c80319c';
    const { status } = await api.connect('/prod', { traceparent: `00-${trace}-${PARENT}-01` });
    assert.equal(status, 403);
    const spans = await collector.trace(({ traceId }) => traceId === trace, 2);
    assert.deepEqual(spans.map(({ name, status: { code } }) => [name, code]).sort(), [
      ['CONNECT $connect', 0],
      ['invoke who', 0],
    ]);
    assert.equal(ofKind(spans, 'server').attributes['http.response.status_code'], 403);
  });
});

function policyOf(Effect: 'Allow' | 'Deny'): object {
  return { Version: '2012-10-17', Statement: [{ Effect, Action: 'execute-api:Invoke', Resource: '*' }] };
}

const ALLOWED = { principalId: 'me', policyDocument: policyOf('Allow') };

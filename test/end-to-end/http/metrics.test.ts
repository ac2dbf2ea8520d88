// GET /_postern/metrics (spec/http-api.md §7.3, §7.5).
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { DeleteStageCommand, UpdateStageCommand } from '@aws-sdk/client-apigatewayv2';
import { makeApi } from '../../support/logged-api.ts';
import { type RunningPostern, startTestPostern } from '../../support/postern.ts';
import { type RecordingBackend, startRecordingBackend } from '../../support/recording-backend.ts';

describe('metrics', () => {
  let postern: RunningPostern;
  let backend: RecordingBackend;
  before(async () => {
    backend = await startRecordingBackend();
    postern = await startTestPostern();
  });
  after(async () => {
    await postern.close();
    await backend.close();
  });

  /** The samples of an API: `name{labels without api_id}` → value. */
  async function samples(apiId: string): Promise<Map<string, number>> {
    const reply = await fetch(`http://${postern.host}:${postern.port}/_postern/metrics`);
    assert.equal(reply.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
    const found = new Map<string, number>();
    for (const line of (await reply.text()).split('\n').slice(0, -1)) {
      if (line.startsWith('# ')) continue;
      const match = /^([a-z_0-9]+)(?:\{(.*)\})? (\d+(?:\.\d+)?(?:e-?\d+)?)$/.exec(line);
      assert.ok(match, `a sample: ${line}`);
      const [, name = '', labels = '', value] = match;
      const own = `api_id="${apiId}",`;
      if (labels === '') found.set(name, Number(value));
      else if (labels.startsWith(own)) found.set(`${name}{${labels.slice(own.length)}}`, Number(value));
    }
    return found;
  }

  test('requests that reach a stage are counted by stage, replies by the status sent', async () => {
    backend.script();
    const api = await makeApi(postern, {
      integration: {
        IntegrationUri: `http://127.0.0.1:${backend.port}`,
        ResponseParameters: { 200: { 'overwrite:statuscode': '$context.integrationStatus' } },
      },
      routes: [{ RouteKey: 'POST /a' }, { RouteKey: 'GET /mapped' }],
    });
    backend.script(
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
      'HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n',
    );
    await api.send('POST /a', [], 'hello');
    await api.send('POST /a', [], 'hello');
    await api.send('GET /nowhere');
    const found = await samples(api.apiId);
    const stage = 'stage="$default"';
    const read = (name: string) => found.get(`apigateway_${name}{${stage}}`);
    assert.equal(read('count_total'), 3);
    assert.equal(read('4xx_total'), 1);
    assert.equal(read('5xx_total'), 1);
    assert.equal(read('data_processed_bytes_total'), 5 + 2 + 5 + 0 + 23);
    assert.equal(read('latency_seconds_count'), 3);
    assert.equal(read('integration_latency_seconds_count'), 2);
    assert.ok(read('latency_seconds_sum')! >= read('integration_latency_seconds_sum')!);
    for (const name of ['latency_seconds', 'integration_latency_seconds']) {
      const buckets = [...found].filter(([key]) => key.startsWith(`apigateway_${name}_bucket`));
      const counts = buckets.map(([, value]) => value);
      assert.deepEqual(
        counts,
        [...counts].sort((a, b) => a - b),
        'buckets are cumulative',
      );
      assert.equal(found.get(`apigateway_${name}_bucket{${stage},le="+Inf"}`), read(`${name}_count`));
    }
    assert.ok(found.get('process_resident_memory_bytes')! > 0);
    assert.equal(found.get('postern_access_log_lost_lines_total'), 0);
    assert.ok(![...found.keys()].some((key) => key.startsWith('apigateway_route_')));
  });

  test('4xx and 5xx follow the response mapping', async () => {
    const api = await makeApi(postern, {
      integration: {
        IntegrationUri: `http://127.0.0.1:${backend.port}`,
        ResponseParameters: { 500: { 'overwrite:statuscode': '404' } },
      },
      routes: [{ RouteKey: 'GET /a' }],
    });
    backend.script('HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n');
    await api.send('GET /a');
    const found = await samples(api.apiId);
    assert.equal(found.get('apigateway_4xx_total{stage="$default"}'), 1);
    assert.equal(found.get('apigateway_5xx_total{stage="$default"}'), 0);
  });

  test('DetailedMetricsEnabled adds routes: of the stage or of single ones; counters outlive changes, not the stage', async () => {
    backend.script();
    const api = await makeApi(postern, {
      integration: { IntegrationUri: `http://127.0.0.1:${backend.port}` },
      routes: [{ RouteKey: 'GET /a' }, { RouteKey: 'GET /b' }],
      stage: { RouteSettings: { 'GET /a': { DetailedMetricsEnabled: true } } },
    });
    const stage = { ApiId: api.apiId, StageName: '$default' };
    const count = (found: Map<string, number>, route: string) =>
      found.get(`apigateway_route_count_total{stage="$default",route="${route}"}`);
    await api.send('GET /a');
    await api.send('GET /b');
    const before = await samples(api.apiId);
    assert.deepEqual([count(before, 'GET /a'), count(before, 'GET /b')], [1, undefined]);
    await postern.client.send(
      new UpdateStageCommand({ ...stage, DefaultRouteSettings: { DetailedMetricsEnabled: true } }),
    );
    await api.send('GET /a');
    await api.send('GET /b');
    const later = await samples(api.apiId);
    assert.deepEqual([count(later, 'GET /a'), count(later, 'GET /b')], [2, 1]);
    assert.equal(later.get('apigateway_count_total{stage="$default"}'), 4);
    await postern.client.send(new DeleteStageCommand(stage));
    assert.deepEqual(
      [...(await samples(api.apiId)).keys()].filter((key) => key.includes('{')),
      [],
    );
  });
});

test('metrics are for those who may call the management door', async () => {
  const postern = await startTestPostern({
    credentials: [{ accessKeyId: 'AKIDOTHER', secretAccessKey: 'other', accountId: '000000000000' }],
  });
  try {
    const reply = await fetch(`http://${postern.host}:${postern.port}/_postern/metrics`);
    assert.equal(reply.status, 403);
  } finally {
    await postern.close();
  }
});

// Metrics and probes on a listener of their own (docs/guide/logs-and-metrics.md).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runProgram } from '../../support/program.ts';
import { startProgram } from '../../support/program-stand.ts';

test('has metrics, health and readiness for everybody, and nothing else, whatever credentials are set', async (t) => {
  const stand = await startProgram(t, ['--metrics', '127.0.0.1:0'], {
    environment: { POSTERN_CREDENTIALS: 'AKIDEXAMPLE:secret' },
  });
  const { metrics } = await stand.program.logged('ready');
  assert.notEqual(metrics, stand.management);
  const get = (path: string, init: RequestInit = {}) => fetch(`${metrics}${path}`, init);
  const page = await get('/_postern/metrics');
  assert.equal(page.status, 200);
  assert.equal(page.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
  assert.match(await page.text(), /^process_cpu_seconds_total \d/m);
  assert.equal((await get('/_postern/metrics?x=1')).status, 200);
  assert.deepEqual(await (await get('/_postern/health')).json(), { status: 'ok' });
  assert.deepEqual(await (await get('/_postern/ready')).json(), { status: 'ready' });
  const rows: readonly [path: string, status: number, init?: RequestInit][] = [
    ['/v2/apis', 404],
    ['/_postern/explain', 404, { method: 'POST', body: '{}' }],
    ['/_postern/metrics', 404, { method: 'POST', body: 'x'.repeat(100_000) }],
    ['/_postern/', 404],
    ['/2015-03-31/functions/x/invocations', 404, { method: 'POST' }],
    ['/_postern/metrics', 403, { headers: { Origin: 'https://page.example' } }],
  ];
  for (const [path, status, init] of rows) assert.equal((await get(path, init)).status, status, path);
  assert.equal((await fetch(`${stand.management}/_postern/metrics`)).status, 403);
  assert.equal((await fetch(`${stand.management}/_postern/health`)).status, 200);
  assert.equal((await fetch(`${stand.management}/_postern/ready`)).status, 200);
  const ready = await runProgram(['ready', '--endpoint', stand.management], { cwd: stand.cwd });
  assert.deepEqual([ready.code, ready.stdout], [0, `The server at ${stand.management} is ready.\n`]);
});

test('is stopped with the program, and shares no address with a door', async (t) => {
  const stand = await startProgram(t, ['--metrics', '127.0.0.1:0']);
  const { metrics } = await stand.program.logged('ready');
  assert.equal((await stand.program.stop()).code, 0);
  await assert.rejects(fetch(`${metrics}/_postern/health`));
  const words = ['--listen', '127.0.0.1:4777', '--metrics', '127.0.0.1:4777'];
  const { code, stderr } = await runProgram(words, { cwd: stand.cwd });
  assert.equal(code, 2);
  assert.match(
    stderr,
    /^postern: --metrics is 127\.0\.0\.1:4777, where a door listens: it needs a port of its own\.$/m,
  );
});

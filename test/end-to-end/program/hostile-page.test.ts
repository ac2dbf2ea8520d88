// A page that an API serves on the shared port, in headless Chromium: under the path form it has the origin of the management
// door, and must not be able to use it (SECURITY.md).
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { CreateApiCommand, GetApisCommand } from '@aws-sdk/client-apigatewayv2';
import { launchChromium, noChromium } from '../../support/chromium.ts';
import { startTestPostern } from '../../support/postern.ts';

/** What the page tries, each an expression that resolves to a response, or rejects. */
const ATTACKS = [
  `fetch('/v2/apis')`,
  `fetch('/v2/apis', { referrerPolicy: 'no-referrer', credentials: 'omit' })`,
  `fetch('/v2/apis', { method: 'POST', body: '{"name":"stolen","protocolType":"HTTP"}' })`,
  `fetch('/v2/apis', { method: 'POST', headers: { Authorization: 'x' }, body: '{"name":"stolen","protocolType":"HTTP"}' })`,
  `fetch('/v2/apis/' + location.pathname.split('/')[3], { method: 'DELETE' })`,
  `fetch('/v2/apis/' + location.pathname.split('/')[3], { method: 'PATCH', body: '{"name":"stolen"}' })`,
  `fetch('/_postern/metrics')`,
  `fetch('/_postern/health')`,
  `fetch('/_postern/explain', { method: 'POST', body: '{"method":"GET","url":"http://127.0.0.1/"}' })`,
  `fetch('/2015-03-31/functions/hello/invocations', { method: 'POST', body: '{}' })`,
];

/** Submits a form whose text is JSON. */
const FORM = `
  const form = document.createElement('form');
  Object.assign(form, { action: '/v2/apis', method: 'post', enctype: 'text/plain' });
  const start = '{"name":"stolen","protocolType":"HTTP","x';
  form.append(Object.assign(document.createElement('input'), { name: start, value: '":1}' }));
  document.body.append(form);
  setTimeout(() => form.submit());
`;

test('a page behind the path form cannot use the management door of its port', {
  skip: noChromium,
}, async (t) => {
  const backend = createServer((_, reply) => {
    reply.setHeader('Content-Type', 'text/html');
    reply.end('<!doctype html><title>hostile</title>');
  });
  await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
  const postern = await startTestPostern();
  const browser = await launchChromium();
  t.after(async () => {
    await browser.close();
    await postern.close();
    backend.close();
    backend.closeAllConnections();
  });
  const target = `http://127.0.0.1:${(backend.address() as AddressInfo).port}`;
  const created = new CreateApiCommand({ Name: 'hostile', ProtocolType: 'HTTP', Target: target });
  const { ApiId } = await postern.client.send(created);

  for (const host of ['127.0.0.1', 'localhost']) {
    const page = await browser.newPage();
    const origin = `http://${host}:${postern.port}`;
    await page.goto(`${origin}/_aws/execute-api/${ApiId}/`);
    assert.equal(await page.title(), 'hostile');
    for (const attack of ATTACKS) {
      const got = await page.evaluate(`${attack}.then(({ status }) => status, String)`);
      assert.equal(got, 'TypeError: Failed to fetch', `${host} ${attack}`);
    }
    // What is no fetch: a frame, a form.
    const framed = page.waitForResponse((each) => each.url().endsWith('/v2/apis'));
    await page.evaluate(
      `document.body.append(Object.assign(document.createElement('iframe'), { src: '/v2/apis' }))`,
    );
    assert.equal((await framed).status(), 403, `${host} frame`);
    const answered = page.waitForResponse((each) => each.request().method() === 'POST');
    await page.evaluate(FORM);
    const answer = await answered;
    assert.equal(answer.status(), 403, `${host} form`);
    await page.close();
  }
  const { Items = [] } = await postern.client.send(new GetApisCommand({}));
  assert.deepEqual(
    Items.map(({ Name }) => Name),
    ['hostile'],
  );

  // Its user may look at what the door tells anybody.
  const page = await browser.newPage();
  const health = await page.goto(`http://127.0.0.1:${postern.port}/_postern/health`);
  assert.equal(health?.status(), 200);
});

// Pages that are not the console, in headless Chromium: what an API serves on the shared port, pages of other origins of this machine, and
// one that reached it by DNS rebinding. None of them may read or change anything (SECURITY.md, decision 0026).
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { CreateApiCommand, GetApisCommand } from '@aws-sdk/client-apigatewayv2';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchChromium, noChromium } from '../support/chromium.ts';
import { type RunningPostern, startTestPostern } from '../support/postern.ts';

/** What a page tries, each an expression that resolves to a response, or rejects. `BASE` is the origin of the door. */
const FETCHES = [
  `fetch(BASE + '/v2/apis')`,
  `fetch(BASE + '/v2/apis', { referrerPolicy: 'no-referrer', credentials: 'omit' })`,
  `fetch(BASE + '/v2/apis', { method: 'POST', body: '{"name":"stolen","protocolType":"HTTP"}' })`,
  `fetch(BASE + '/v2/apis', { method: 'POST', headers: { Authorization: 'x' }, body: '{"name":"stolen","protocolType":"HTTP"}' })`,
  `fetch(BASE + '/v2/apis/' + API, { method: 'DELETE' })`,
  `fetch(BASE + '/v2/apis/' + API, { method: 'PATCH', body: '{"name":"stolen"}' })`,
  `fetch(BASE + '/_postern/me')`,
  `fetch(BASE + '/_postern/overview')`,
  `fetch(BASE + '/_postern/metrics')`,
  `fetch(BASE + '/_postern/health')`,
  `fetch(BASE + '/_postern/explain', { method: 'POST', body: '{"method":"GET","url":"http://127.0.0.1/"}' })`,
  `fetch(BASE + '/_postern/stacks/hello', { method: 'DELETE' })`,
  `fetch(BASE + '/2015-03-31/functions/hello/invocations', { method: 'POST', body: '{}' })`,
];

/** The same without a look at the answer, which browsers send without asking. */
const BLIND = [
  `fetch(BASE + '/v2/apis', { method: 'POST', mode: 'no-cors', body: '{"name":"stolen","protocolType":"HTTP"}' })`,
  `fetch(BASE + '/_postern/explain', { method: 'POST', mode: 'no-cors', body: '{"method":"GET","url":"http://127.0.0.1/"}' })`,
  `Promise.resolve(navigator.sendBeacon(BASE + '/v2/apis', '{"name":"stolen","protocolType":"HTTP"}'))`,
];

/** Submits a form whose text is JSON. */
const FORM = `
  const form = document.createElement('form');
  Object.assign(form, { action: BASE + '/v2/apis', method: 'post', enctype: 'text/plain' });
  const start = '{"name":"stolen","protocolType":"HTTP","x';
  form.append(Object.assign(document.createElement('input'), { name: start, value: '":1}' }));
  document.body.append(form);
  setTimeout(() => form.submit());
`;

/** Resolves to what a frame or an element that loads shows of a URL: the status that it got. */
const LOADERS = {
  iframe: `document.body.append(Object.assign(document.createElement('iframe'), { src: URL }))`,
  script: `document.body.append(Object.assign(document.createElement('script'), { src: URL }))`,
  image: `document.body.append(Object.assign(document.createElement('img'), { src: URL }))`,
  object: `document.body.append(Object.assign(document.createElement('object'), { data: URL }))`,
  style: `document.head.append(Object.assign(document.createElement('link'), { rel: 'stylesheet', href: URL }))`,
};

describe('a page that is not the console', { skip: noChromium }, () => {
  let postern: RunningPostern;
  let backend: Server;
  let browser: Browser;
  let context: BrowserContext;
  let apiId = '';
  let door = '';

  before(async () => {
    // One page for whoever asks, which browsers may keep; its script is a service worker too.
    backend = createServer(({ url }, reply) => {
      const isScript = url!.endsWith('.js');
      reply.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html');
      reply.setHeader('Cache-Control', 'max-age=600');
      reply.setHeader('Service-Worker-Allowed', '/');
      reply.setHeader(
        'Content-Security-Policy',
        'sandbox allow-scripts allow-same-origin allow-popups allow-forms',
      );
      reply.end(isScript ? `self.onfetch = () => {}` : '<!doctype html><title>hostile</title>');
    });
    await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
    postern = await startTestPostern();
    browser = await launchChromium(['--host-resolver-rules=MAP evil.example 127.0.0.1']);
    context = await browser.newContext();
    context.setDefaultTimeout(10_000);
    const target = `http://127.0.0.1:${(backend.address() as AddressInfo).port}`;
    const created = new CreateApiCommand({ Name: 'hostile', ProtocolType: 'HTTP', Target: target });
    apiId = (await postern.client.send(created)).ApiId!;
    door = `http://127.0.0.1:${postern.port}`;
  });
  after(async () => {
    await browser?.close();
    await postern?.close();
    backend?.close();
    backend?.closeAllConnections();
  });

  const pathForm = (origin = door): string => `${origin}/_aws/execute-api/${apiId}/`;
  const ownPort = (): string => `http://127.0.0.1:${(backend.address() as AddressInfo).port}/`;

  /** Opens a page that attacks the door at an origin, the page's own address by default. */
  async function open(url: string, base = new URL(url).origin): Promise<Page> {
    const page = await context.newPage();
    await page.goto(url);
    assert.equal(await page.title(), 'hostile');
    await page.evaluate(
      `globalThis.BASE = ${JSON.stringify(base)}; globalThis.API = ${JSON.stringify(apiId)}`,
    );
    return page;
  }

  /** The status of what a page asks of a URL, or why it is kept from it. */
  function outcomeOf(page: Page, url: string): Promise<unknown> {
    return new Promise((resolve) => {
      page.on('response', (reply) => reply.url() === url && resolve(reply.status()));
      page.on('requestfailed', (asked) => asked.url() === url && resolve(asked.failure()?.errorText));
    });
  }

  async function nothingHasHappened(): Promise<void> {
    const { Items = [] } = await postern.client.send(new GetApisCommand({}));
    assert.deepEqual(
      Items.map(({ Name }) => Name),
      ['hostile'],
    );
  }

  for (const [name, address, base] of [
    ['behind the path form', () => pathForm(), () => door],
    [
      'behind the path form of localhost',
      () => pathForm(`http://localhost:${postern.port}`),
      () => `http://localhost:${postern.port}`,
    ],
    [
      'behind the path form, of another name of the door',
      () => pathForm(),
      () => `http://localhost:${postern.port}`,
    ],
    ['behind an API’s host name', () => `http://${apiId}.execute-api.localhost:${postern.port}/`, () => door],
    ['of another port', () => ownPort(), () => door],
    [
      'that came by DNS rebinding',
      () => pathForm(`http://evil.example:${postern.port}`),
      () => `http://evil.example:${postern.port}`,
    ],
  ] as const) {
    test(`${name} reads and changes nothing`, async () => {
      const page = await open(address(), base());
      for (const attack of FETCHES) {
        const got = await page.evaluate(`${attack}.then(({ status }) => status, String)`);
        // A page by DNS rebinding is of the origin that it asks, and told that it may not; health is told to anybody.
        const told = attack.includes('/health') ? 200 : 403;
        assert.equal(got, name.includes('rebinding') ? told : 'TypeError: Failed to fetch', attack);
      }
      for (const attack of BLIND) await page.evaluate(`${attack}.catch(String).then(() => undefined)`);
      for (const [loader, script] of Object.entries(LOADERS)) {
        const url = `${base()}/v2/apis?${loader}`;
        const outcome = outcomeOf(page, url);
        await page.evaluate(script.replace('URL', JSON.stringify(url)));
        assert.notEqual(await outcome, 200, loader);
      }
      const answered = page.waitForResponse(
        (each) => each.request().method() === 'POST' && each.url().endsWith('/v2/apis'),
      );
      await page.evaluate(FORM);
      assert.equal((await answered).status(), 403, 'form');
      // Chromium forgets to close a page that is closed while it goes elsewhere.
      await page.waitForURL((url) => url.pathname === '/v2/apis');
      await page.close();
      await nothingHasHappened();
    });
  }

  test('behind the path form has an origin of its own, whatever its own policy says, and no service worker', async () => {
    const page = await open(pathForm());
    assert.equal(await page.evaluate('self.origin'), 'null');
    const storage = await page.evaluate(
      `(() => { try { return localStorage.length } catch ({ name }) { return name } })()`,
    );
    assert.equal(storage, 'SecurityError');
    const registered = await page.evaluate(
      `(async () => navigator.serviceWorker.register('${pathForm()}worker.js', { scope: '/' }))().then(() => 'registered', ({ name }) => name)`,
    );
    assert.equal(registered, 'SecurityError');
    const worker = await page.evaluate(
      `new Promise((resolve) => { try { new Worker('${pathForm()}worker.js').onerror = () => resolve('failed') } catch ({ name }) { resolve(name) } })`,
    );
    assert.ok(worker === 'failed' || worker === 'SecurityError');
    await page.close();
  });

  test('is none of the door’s origin by having been loaded as something else before', async () => {
    const page = await open(ownPort());
    const url = `${pathForm()}kept`;
    for (const mode of ['no-cors', 'cors']) {
      await page.evaluate(
        `fetch(${JSON.stringify(url)}, { mode: '${mode}' }).catch(String).then(() => undefined)`,
      );
    }
    await page.evaluate(`location.href = ${JSON.stringify(url)}`);
    await page.waitForURL(url);
    assert.equal(await page.evaluate('self.origin'), 'null');
    await page.close();
  });

  test('can neither frame the console nor reach into a window of it', async () => {
    for (const address of [pathForm(), ownPort()]) {
      const page = await open(address, door);
      const refused = page.waitForEvent('console', (message) => message.text().includes('frame-ancestors'));
      await page.evaluate(LOADERS.iframe.replace('URL', `BASE + '/_postern/console/'`));
      await refused;
      const opened = context.waitForEvent('page');
      await page.evaluate(
        `globalThis.other = window.open(BASE + '/_postern/console/') ?? { closed: true }; undefined`,
      );
      const popup = await opened;
      await popup.waitForLoadState();
      const reached = await page.evaluate(
        `(() => { try { return String(globalThis.other.document?.title) } catch ({ name }) { return name } })()`,
      );
      assert.ok(reached === 'SecurityError' || reached === 'undefined', reached as string);
      await popup.close();
      await page.close();
    }
  });

  test('that came by DNS rebinding is not given the console', async () => {
    const page = await context.newPage();
    const reply = await page.goto(`http://evil.example:${postern.port}/_postern/console/`);
    assert.equal(reply?.status(), 403);
    await page.close();
  });

  test('is what its user looks at with the browser: the door tells what it tells anybody', async () => {
    const page = await context.newPage();
    assert.equal((await page.goto(`${door}/_postern/health`))?.status(), 200);
    // What the user types has no origin to judge by, and a page that is typed is no page that calls.
    assert.equal((await page.goto(`${door}/v2/apis`))?.status(), 200);
    await page.close();
  });
});

test('what clients other than browsers get by the path form is as the API sent it', async () => {
  const postern = await startTestPostern();
  try {
    const at = `http://127.0.0.1:${postern.port}/_aws/execute-api/none/`;
    assert.equal((await fetch(at)).headers.get('content-security-policy'), null);
  } finally {
    await postern.close();
  }
});

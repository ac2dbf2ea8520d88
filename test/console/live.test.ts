// Live requests in the browser: the list, one request, and what can be done with it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { connect, createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { noChromium } from '../support/chromium.ts';
import { makePets, startPetsBackend } from '../support/console-apis.ts';
import { checkAccessible, startConsole, takeScreenshot } from '../support/console-stand.ts';

const rows = (page: Page, text: string | RegExp): Locator =>
  page.locator('tr[data-id]').filter({ hasText: text });
const step = (page: Page, title: string): Locator =>
  page.locator('details.step').filter({ has: page.getByRole('heading', { name: title, exact: true }) });

test('live requests', { skip: noChromium }, async (t) => {
  const backend = await startPetsBackend(t);
  const stand = await startConsole(t);
  const { client } = stand.postern;
  const pets = await makePets(client, backend.address);
  const url = `${stand.origin}/_aws/execute-api/${pets}/prod`;
  const open = async (path: string): Promise<void> => {
    await (await fetch(`${url}${path}`)).arrayBuffer();
  };

  await t.test('are shown as they come, after a word on how they come', async (of) => {
    const page = await stand.open(of, 'live');
    await page.getByText('No requests yet').waitFor();
    const command = await page.getByLabel('Command', { exact: true }).textContent();
    assert.ok(command?.includes(`/_aws/execute-api/${pets}/prod/`), command ?? 'no command');
    await open('/pets/7');
    const row = rows(page, 'GET /prod/pets/7');
    await row.waitFor();
    assert.match((await row.textContent())!, /200.*pets · prod.*ANY \/pets\/\{petId\}/);
    assert.equal(await page.title(), 'Live requests · Postern');
  });

  await t.test('tell why they failed, and every step on the way', async (of) => {
    const page = await stand.open(of, 'live');
    await open('/nobody');
    await rows(page, '/prod/nobody').getByRole('link').click();
    await page.locator('.detail .notice.bad', { hasText: 'no connection (ECONNREFUSED)' }).waitFor();
    assert.match((await page.locator('.timing').textContent())!, /integration [\d.]+ ms.*gateway [\d.]+ ms/);

    await open('/pets/broken');
    await rows(page, '/prod/pets/broken').getByRole('link').click();
    await step(page, 'Reply').getByText('403').waitFor();
    const mappings = step(page, 'Request mappings').getByRole('row', { name: 'overwrite:path' });
    assert.match((await mappings.textContent())!, /\/pets\/broken\/animals\/broken/);
    assert.match((await step(page, 'Backend request').textContent())!, /GET \/animals\/broken HTTP\/1\.1/);
    assert.match((await step(page, 'Backend reply').textContent())!, /500.*"method": "GET"/s);
    assert.match((await step(page, 'Response mappings').textContent())!, /overwrite:statuscode.*500.*403/);
    await checkAccessible(page);
    await takeScreenshot(page, 'live');

    const back = await stand.open(of, new URL(page.url()).pathname.replace('/_postern/console/', ''), {
      width: 800,
      colours: 'dark',
    });
    await step(back, 'Reply').waitFor();
    await checkAccessible(back);
    assert.equal(await back.evaluate('document.documentElement.scrollWidth'), 800);
    await back.getByRole('link', { name: 'Close' }).click();
    await rows(back, '/prod/pets/broken').waitFor();
  });

  await t.test('are narrowed by filters that the address keeps', async (of) => {
    const page = await stand.open(of, 'live');
    await rows(page, '/prod/pets/7').waitFor();
    await page.getByRole('combobox', { name: 'Status', exact: true }).selectOption('5xx');
    await rows(page, '/prod/pets/7').waitFor({ state: 'detached' });
    await rows(page, '/prod/nobody').waitFor();
    await page.getByRole('combobox', { name: 'API', exact: true }).selectOption(pets);
    await page.getByRole('combobox', { name: 'Route', exact: true }).selectOption('GET /nobody');
    await page.waitForURL(/api=.*route=GET\+%2Fnobody|route=GET\+%2Fnobody.*api=/);
    await page.reload();
    await rows(page, '/prod/nobody').waitFor();
    assert.equal(await page.getByRole('combobox', { name: 'Status', exact: true }).inputValue(), '5xx');
    await page.getByRole('button', { name: 'No filters' }).click();
    await page.getByRole('searchbox', { name: 'Text' }).fill('pets/bro');
    await rows(page, '/prod/nobody').waitFor({ state: 'detached' });
    await rows(page, '/prod/pets/broken').waitFor();
    await page.getByRole('searchbox', { name: 'Text' }).fill('nothing like it');
    await page.getByText('Nothing passes the filters').waitFor();
  });

  await t.test('are paused, cleared and pinned', async (of) => {
    const page = await stand.open(of, 'live');
    await rows(page, '/prod/pets/7').getByRole('button', { name: /^Pin/ }).click();
    await page.getByRole('button', { name: 'Pause' }).click();
    await open('/pets/8');
    await page.getByRole('button', { name: 'Resume (1 new)' }).waitFor();
    assert.equal(await rows(page, '/prod/pets/8').count(), 0);
    await page.getByRole('button', { name: 'Resume (1 new)' }).click();
    await rows(page, '/prod/pets/8').waitFor();
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByText('No requests yet').waitFor();
    const pinned = page.getByRole('region', { name: 'Pinned requests' });
    await pinned.getByRole('link', { name: /pets\/7/ }).click();
    await step(page, 'Reply').waitFor();
    await page.getByRole('link', { name: 'Connections' }).click();
    await page.getByRole('link', { name: 'Live requests' }).click();
    await pinned.getByRole('button', { name: /^Unpin/ }).click();
    await pinned.waitFor({ state: 'detached' });
  });

  await t.test('are walked through by the keyboard', async (of) => {
    const page = await stand.open(of, 'live');
    await page.locator('tr[data-id]').nth(1).getByRole('link').focus();
    await page.keyboard.press('Enter');
    await page.locator('.detail').waitFor();
    const second = page.url();
    await page.keyboard.press('ArrowUp');
    await page.waitForURL((at) => at.href !== second);
    await page.keyboard.press('ArrowDown');
    await page.waitForURL(second);
  });

  await t.test('are sent again with edits, masked headers filled in anew', async (of) => {
    const page = await stand.open(of, 'live');
    const headers = { Authorization: 'Bearer first-secret', 'Content-Type': 'application/json' };
    await fetch(`${url}/pets/9?token=abc`, { method: 'POST', headers, body: '{"name":"Tom"}' });
    await rows(page, '/prod/pets/9').getByRole('link').click();
    await step(page, 'Request').getByText('Bearer ••••').first().waitFor();
    assert.ok(!(await page.content()).includes('first-secret'));
    await page.getByRole('button', { name: 'Replay' }).click();
    const form = page.getByRole('region', { name: 'Replay', exact: true });
    await form.getByText('Masked when it was recorded: Authorization').waitFor();
    await form.getByRole('button', { name: 'Send' }).click();
    await form.getByText(/The URL has •••• in the place of a secret/).waitFor();
    await form.getByLabel('URL').fill(`${url}/pets/10`);
    await form.getByLabel('Body').fill('{"name":"Rex"}');
    await form.locator('input[value="Bearer"]').fill('Bearer second-secret');
    await form.getByRole('button', { name: 'Send' }).click();
    const result = page.getByRole('region', { name: 'Result of the replay' });
    await result.locator('ins', { hasText: '/animals/10' }).first().waitFor();
    await result.locator('del', { hasText: '/animals/9' }).first().waitFor();
    const last = backend.seen.at(-1)!;
    assert.deepEqual(
      [last.url, last.headers.authorization, last.body],
      ['/animals/10', 'Bearer second-secret', '{"name":"Rex"}'],
    );
    await checkAccessible(page);
    await result.scrollIntoViewIfNeeded();
    await takeScreenshot(page, 'live-replay');
  });

  await t.test('are copied as curl, quoted for a shell, with variables for what is masked', async (of) => {
    const page = await stand.open(of, 'live');
    const body = `it's "$HOME" \`id\` \\ !! é\n@end`;
    const headers = { Authorization: 'Bearer s3', 'X-Quote': `a'b"c $(id)`, 'Content-Type': 'text/plain' };
    await fetch(`${url}/pets/11?q=a'b&token=t0`, { method: 'POST', headers, body });
    await rows(page, '/prod/pets/11').getByRole('link').click();
    await page.getByRole('button', { name: 'Copy as curl' }).click();
    await page.getByText('Copied').waitFor();
    const command = String(await page.evaluate('navigator.clipboard.readText()'));
    assert.throws(() => wordsOf(command, {}), /AUTHORIZATION|TOKEN/);
    const words = wordsOf(command, { AUTHORIZATION: 'S', TOKEN: 'T' });
    assert.ok(words.includes(`${url}/pets/11?q=a%27b&token=T`), words.join('\n'));
    for (const word of ['authorization: Bearer S', `x-quote: a'b"c $(id)`, 'content-type: text/plain', body])
      assert.ok(
        words.includes(word) || words.some((each) => each.toLowerCase() === word.toLowerCase()),
        `${word} of ${JSON.stringify(words)}`,
      );
  });

  await t.test('are compared, two of them', async (of) => {
    const page = await stand.open(of, 'live');
    await rows(page, '/prod/pets/7').first().getByRole('checkbox').check();
    await page.getByText('Choose another request').waitFor();
    await rows(page, '/prod/pets/8').getByRole('checkbox').check();
    const comparison = page.getByRole('article', { name: 'Comparison' });
    await comparison.locator('del', { hasText: '/animals/7' }).first().waitFor();
    await comparison.locator('ins', { hasText: '/animals/8' }).first().waitFor();
    await comparison.getByRole('heading', { name: 'Timings' }).waitFor();
    await checkAccessible(page);
    await takeScreenshot(page, 'live-compare');
  });

  await t.test('show bodies: JSON in lines, bytes as hex', async (of) => {
    const page = await stand.open(of, 'live');
    await open('/pets/picture');
    await rows(page, '/prod/pets/picture').getByRole('link').click();
    await step(page, 'Reply').getByText('89 50 4e 47 00 01 02 ff').waitFor();
    const link = page.getByRole('link', { name: 'Open in the workbench' });
    assert.match((await link.getAttribute('href'))!, /^\/_postern\/console\/workbench\?request=.+/);
  });

  await t.test('are text, whatever somebody sends', async (of) => {
    const named = await makePets(client, backend.address, `${MARKUP}\u202egpj`);
    const page = await stand.open(of, 'live');
    await page.locator('tr[data-id]').first().waitFor();
    await sendHostile(stand.postern.port, `/_aws/execute-api/${named}/prod/pets/${encodeURI(MARKUP)}`);
    const row = rows(page, `${MARKUP}\\u{202e}gpj`);
    await row.getByRole('link').click();
    await step(page, 'Request').getByText('safe\\u{202e}gpj.exe').waitFor();
    await step(page, 'Request').getByText(MARKUP).first().waitFor();
    await page.getByRole('button', { name: 'Replay' }).click();
    await page.getByRole('region', { name: 'Replay', exact: true }).getByLabel('URL').fill(`${url}/pets/1`);
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByRole('region', { name: 'Result of the replay' }).waitFor();
    await row.getByRole('checkbox').check();
    await rows(page, '/prod/pets/picture').first().getByRole('checkbox').check();
    await page.getByRole('article', { name: 'Comparison' }).waitFor();
    assert.equal(await page.evaluate('globalThis.hacked'), undefined);
    const made = 'main :is(script, img, iframe, object, svg[onload], [onerror], [href^="javascript:"])';
    assert.equal(await page.locator(made).count(), 0);
  });

  await t.test('come again when the server does', async (of) => {
    const between = await startProxy(stand.postern.port);
    of.after(() => between.close());
    const page = await stand.open(of, 'live', { expected: /ERR_|Failed to load/, origin: between.origin });
    await rows(page, '/prod/pets/7').first().waitFor();
    between.cut();
    await page.getByText('The server does not answer').waitFor();
    await open('/pets/12');
    between.heal();
    await rows(page, '/prod/pets/12').waitFor();
    await page.getByText('The server does not answer').waitFor({ state: 'detached' });
  });
});

const MARKUP =
  '"><script>hacked=1</script><img src=x onerror=hacked=1><svg onload=hacked=1><a href=javascript:hacked=1>x';

/** As no browser would send it: bytes in the values of headers, a body that is a page. */
async function sendHostile(port: number, target: string): Promise<void> {
  const body = `<!doctype html><script>hacked=1</script>${MARKUP}\x1b[31m`;
  const socket = connect(port, '127.0.0.1');
  const head = [
    `POST ${target} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    'Connection: close',
    'Content-Type: text/html',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Markup: ${MARKUP}`,
    'X-Turned: safe\u202egpj.exe',
  ].join('\r\n');
  socket.end(`${head}\r\n\r\n${body}`);
  for await (const _ of socket);
}

/** The words of a command, of which `curl` is a function that prints them. */
function wordsOf(command: string, environment: Readonly<Record<string, string>>): readonly string[] {
  const script = `curl() { printf '%s\\0' "$@"; }\n${command}`;
  return execFileSync('/bin/sh', ['-c', script], { env: environment, encoding: 'utf8', stdio: 'pipe' }).split(
    '\0',
  );
}

interface Proxy {
  readonly origin: string;
  cut(): void;
  heal(): void;
  close(): void;
}

/** In front of a port of this machine, and what it carries is cut and let through again. */
async function startProxy(port: number): Promise<Proxy> {
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((socket) => {
    if (isCut) return void socket.destroy();
    const onward = connect(port, '127.0.0.1');
    for (const each of [socket, onward]) {
      sockets.add(each);
      each.on('error', () => undefined);
      each.on('close', () => {
        sockets.delete(each);
        socket.destroy();
        onward.destroy();
      });
    }
    socket.pipe(onward).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = (): void => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  return {
    origin: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    cut,
    heal: () => {
      isCut = false;
    },
    close: () => {
      cut();
      server.close();
    },
  };
}

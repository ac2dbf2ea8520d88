// The connections of a chat in the browser: who is there, what they say, a message to one of them, and its end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { noChromium } from '../support/chromium.ts';
import { makeChat } from '../support/console-apis.ts';
import { checkAccessible, startConsole, takeScreenshot } from '../support/console-stand.ts';
import { describeFrame, frame, SocketClient, TEXT } from '../support/socket-client.ts';

const rows = (page: Page): Locator => page.getByRole('table', { name: 'Connections' }).locator('tbody tr');

test('connections', { skip: noChromium }, async (t) => {
  const stand = await startConsole(t);
  const { client, host, port } = stand.postern;
  const page = await stand.open(t, 'connections');
  await page.getByText('There is no such API with a stage yet').waitFor();
  const chat = await makeChat(client);
  await page.reload();
  await page.getByText(`wscat -c ws://127.0.0.1:${port}/_aws/execute-api/${chat}/prod`).waitFor();
  const connect = (agent: string): Promise<SocketClient> =>
    SocketClient.open({
      host,
      port,
      path: `/_aws/execute-api/${chat}/prod`,
      authority: `${host}:${port}`,
      lines: `User-Agent: ${agent}\r\n`,
    });
  const ann = await connect('Ann');
  const bob = await connect('Bob');
  t.after(() => {
    ann.socket.destroy();
    bob.socket.destroy();
  });

  await t.test('are shown with their counts, as they come', async () => {
    await page.getByText('2 open').waitFor();
    assert.equal(await rows(page).count(), 2);
    assert.match((await rows(page).first().textContent())!, /chat · prod127\.0\.0\.1.*none00$/);
    await checkAccessible(page);
  });

  await t.test('have frames, with their routes and what is in them', async () => {
    // The newest is the first.
    await rows(page).first().getByRole('link').click();
    await page.getByText('Bob', { exact: true }).waitFor();
    const frames = page.getByRole('region', { name: 'Frames' });
    await frames.getByText('None yet').or(frames.getByText('connected')).waitFor();
    bob.send(frame(TEXT, '{"action":"say","text":"<img src=x onerror=alert(1)> “hello”"}'));
    assert.equal(describeFrame(await bob.next()), 'text {"heard": true}');
    const said = frames.getByRole('listitem').filter({ hasText: 'from the client' });
    await said.getByText('"text": "<img src=x onerror=alert(1)> “hello”"').waitFor();
    await said.getByText('say', { exact: true }).waitFor();
    await said.getByText('"heard": true').waitFor();
    await rows(page).first().getByText('1', { exact: true }).first().waitFor();
    await checkAccessible(page);
  });

  await t.test('get messages', async () => {
    await page.getByLabel('Message to the client').fill('{"from": "the console"}');
    await page.getByText('It is JSON').waitFor();
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByText('Sent.').waitFor();
    assert.equal(describeFrame(await bob.next()), 'text {"from": "the console"}');
    await page.getByRole('region', { name: 'Frames' }).getByText('sent by @connections').waitFor();
    await takeScreenshot(page, 'connections');
  });

  await t.test('are closed, once somebody has said so again', async () => {
    await page.getByRole('button', { name: 'Disconnect' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Disconnect this client?').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Disconnect' }).click();
    await dialog.getByRole('button', { name: 'Disconnect' }).click();
    assert.match(describeFrame(await bob.next()), /^close 1000/);
    bob.socket.destroy();
    await page.getByText('This connection is closed.').waitFor();
    await page.getByText('1 open').waitFor();
  });

  await t.test('say whose are missing, and not that nobody is connected', async (of) => {
    const partial = await stand.open(of, 'connections');
    await partial.route('**/_postern/connections', (route) =>
      route.fulfill({ json: { count: 0, connections: [], unanswered: ['node 1'] } }),
    );
    await partial.getByText('Without the connections of node 1: no answer came in time.').waitFor();
    assert.equal(await partial.getByText('Nobody is connected').count(), 0);
    await checkAccessible(partial);
  });

  await t.test('fit into 800 px, in the dark', async (of) => {
    const narrow = await stand.open(of, 'connections', { width: 800, colours: 'dark' });
    await rows(narrow).first().waitFor();
    await checkAccessible(narrow);
    await rows(narrow).first().getByRole('link').click();
    await narrow.getByRole('region', { name: 'Frames' }).waitFor();
    await checkAccessible(narrow);
    assert.equal(await narrow.evaluate('document.documentElement.scrollWidth'), 800);
  });
});

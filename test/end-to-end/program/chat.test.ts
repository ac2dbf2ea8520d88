// examples/chat in headless Chromium: two people in two windows, and one who is not let in.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { launchChromium, noChromium } from '../../support/chromium.ts';
import { freePort } from '../../support/free-port.ts';
import { Program } from '../../support/program.ts';

test('examples/chat works in a browser', { skip: noChromium }, async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'postern-chat-'));
  const port = await freePort();
  const chat = new Program(['0', String(port)], {
    cwd: directory,
    entry: resolve('examples/chat/run.mjs'),
    environment: { CHAT_DATA: join(directory, 'data'), NODE_NO_WARNINGS: '1' },
  });
  const browser = await launchChromium();
  t.after(async () => {
    await browser.close();
    chat.child.kill('SIGTERM');
    await chat.outcome;
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  });
  const url = (await chat.line('chat on http://')).split(' ').at(-1)!;
  const open = async (name: string): Promise<Page> => {
    const page = await browser.newPage();
    await page.goto(url);
    await page.fill('#name', name);
    await page.click('#enter button');
    return page;
  };
  const shows = (page: Page, id: string, text: string) =>
    page.waitForFunction(
      `document.getElementById(${JSON.stringify(id)}).textContent.includes(${JSON.stringify(text)})`,
    );

  const say = async (page: Page, text: string): Promise<void> => {
    await page.fill('#text', text);
    await page.click('#speak button');
  };

  const ann = await open('Ann');
  await shows(ann, 'state', 'connected as Ann');
  const bob = await open('Bob');
  await shows(bob, 'state', 'connected as Bob');
  await shows(ann, 'people', 'Ann, Bob');

  await say(ann, 'hello “Bob” ☕');
  await shows(ann, 'log', 'Ann: hello “Bob” ☕');
  await shows(bob, 'log', 'Ann: hello “Bob” ☕');
  await say(bob, 'hi');
  await shows(ann, 'log', 'Bob: hi');

  await bob.close();
  await ann.waitForFunction("document.getElementById('people').textContent === 'Ann'");

  const nobody = await open('<b>');
  await shows(nobody, 'state', 'refused');
  assert.equal(await ann.textContent('#people'), 'Ann');
});

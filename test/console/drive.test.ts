// The console from nothing: a sample in one click, the README's pets, and a mapping that is mended after a live request has failed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { noChromium } from '../support/chromium.ts';
import { makePets, startPetsBackend } from '../support/console-apis.ts';
import { startConsole, takeScreenshot } from '../support/console-stand.ts';

const row = (page: Page, text: string) => page.locator('tr[data-id]').filter({ hasText: text }).first();

test('from nothing to a mended mapping', { skip: noChromium }, async (t) => {
  const backend = await startPetsBackend(t);
  const stand = await startConsole(t);
  const page = await stand.open(t, '');
  await page.getByRole('heading', { name: 'There is no API yet' }).waitFor();
  await takeScreenshot(page, 'first-look');

  // One click, and a call of what it made is seen.
  await page.getByRole('button', { name: 'Make a sample API' }).click();
  const sample = page.getByRole('region', { name: 'The sample API' });
  const url = (await sample.getByRole('link', { name: /^http/ }).getAttribute('href'))!;
  await page.getByRole('link', { name: 'Live requests' }).click();
  await page.getByText('No requests yet').waitFor();
  // Names below localhost are the browser's to resolve.
  const tab = await stand.browser.newPage();
  await tab.goto(url);
  await tab.close();
  await row(page, '/hello/you').getByText('200').waitFor();

  // The README's pets: what the backend fails with is mapped, and both sides of it are there.
  const pets = await makePets(stand.postern.client, backend.address);
  const call = async (path: string): Promise<number> =>
    (await fetch(`${stand.origin}/_aws/execute-api/${pets}/prod${path}`, { headers: { 'X-Version': '7' } }))
      .status;
  assert.equal(await call('/pets/broken'), 403);
  await row(page, '/prod/pets/broken').getByRole('link').click();
  const step = (title: string) =>
    page.locator('details.step').filter({ has: page.getByRole('heading', { name: title, exact: true }) });
  await step('Backend request').getByText('x-client-version').waitFor();
  await step('Backend reply').getByText('500').first().waitFor();

  // One with a mistake in its mapping fails; its reason is seen, mended on the bench, and the next call is right.
  assert.equal(await call('/typo/7'), 404);
  await row(page, '/prod/typo/7').getByRole('link').click();
  await step('Backend request').getByText('GET /animal/7 HTTP/1.1').waitFor();
  await page.getByRole('link', { name: 'Open in the workbench' }).click();
  const lines = page.getByRole('list', { name: 'Backend request' });
  await lines.getByText('GET /animal/7 HTTP/1.1').waitFor();
  await page.getByRole('textbox', { name: /value of overwrite:path/ }).click();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('/animals/${request.path.petId}');
  await page.keyboard.press('Escape');
  await lines.getByText('GET /animals/7 HTTP/1.1').waitFor();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved, and live in prod.').waitFor();
  assert.equal(await call('/typo/8'), 200);
  await page.getByRole('link', { name: 'Live requests' }).click();
  await row(page, '/prod/typo/8').getByText('200').waitFor();
});

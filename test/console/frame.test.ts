// The page that is around every view.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noChromium } from '../support/chromium.ts';
import { checkAccessible, startConsole } from '../support/console-stand.ts';

test('the console', { skip: noChromium }, async (t) => {
  const stand = await startConsole(t);

  for (const [width, colours] of [
    [1280, 'light'],
    [800, 'dark'],
  ] as const) {
    await t.test(`is read by everybody and fits into ${width} px, ${colours}`, async (of) => {
      const page = await stand.open(of, '', { width, colours });
      await page.getByRole('heading', { level: 1 }).waitFor();
      await checkAccessible(page);
      assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width);
    });
  }

  await t.test('says where there is nothing', async (of) => {
    const page = await stand.open(of, 'nowhere');
    await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
    await page.getByRole('link', { name: 'Go to the overview' }).click();
    await page.waitForURL(`${stand.origin}/_postern/console/`);
  });
});

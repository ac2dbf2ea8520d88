// The console where requests have to be signed: who logs in, with what, and what a read-only identity may.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiGatewayV2Client, CreateApiCommand, UpdateApiCommand } from '@aws-sdk/client-apigatewayv2';
import type { Page } from 'playwright-core';
import { parsePolicy } from '../../src/identity/policy.ts';
import { noChromium } from '../support/chromium.ts';
import { checkAccessible, startConsole, takeScreenshot } from '../support/console-stand.ts';
import { ACCOUNT, REGION } from '../support/postern.ts';

const READER = { accessKeyId: 'AKIDREADER', secretAccessKey: 'reads/it+all=', accountId: ACCOUNT };
const READS = { Statement: [{ Effect: 'Allow', Action: 'apigateway:GET', Resource: '*' }] };
/** Refusals are answered with 403, which the browser writes to its console. */
const REFUSALS = { expected: /Failed to load resource.*40[03]/ };

async function logIn(page: Page, key: string, secret: string, region = REGION): Promise<void> {
  await page.getByLabel('Access key ID').fill(key);
  await page.getByLabel('Secret access key').fill(secret);
  await page.getByLabel('Region').fill(region);
  await page.getByRole('button', { name: 'Log in' }).click();
}

test('where requests have to be signed', { skip: noChromium }, async (t) => {
  const stand = await startConsole(t, { credentials: [{ ...READER, policies: [parsePolicy(READS)] }] });
  const { ApiId } = await stand.postern.client.send(
    new CreateApiCommand({ Name: 'pets & co', ProtocolType: 'HTTP', Target: 'https://example.com' }),
  );

  await t.test('the console asks who one is, and says why a key does not do', async (of) => {
    const page = await stand.open(of, '', REFUSALS);
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
    await checkAccessible(page);
    await takeScreenshot(page, 'login');
    const alert = page.getByRole('alert');
    await logIn(page, 'AKIDNOBODY', 'x');
    await alert.getByText('The security token included in the request is invalid').waitFor();
    await logIn(page, 'AKIDEXAMPLE', 'wrong');
    await alert
      .getByText('The request signature we calculated does not match the signature you provided')
      .waitFor();
    await checkAccessible(page);
  });

  await t.test('a machine whose clock is wrong is told so', async (of) => {
    const page = await stand.open(of, '', { ...REFUSALS, spoiled: true });
    await page.clock.setFixedTime(Date.now() + 3_600_000);
    await logIn(page, 'AKIDEXAMPLE', 'secret');
    await page.getByText('The clock of this machine is 60 minutes ahead of the server').waitFor();
  });

  await t.test('who has logged in does everything, keeps the keys in memory, and logs out', async (of) => {
    const page = await stand.open(of, `apis/${ApiId}/settings`, REFUSALS);
    await logIn(page, 'AKIDEXAMPLE', 'secret');
    await page.getByRole('heading', { name: 'pets & co' }).waitFor();
    await page.getByRole('textbox', { name: 'Description' }).fill('schöne Tiere, 100 %');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.locator('.api-head').getByText('schöne Tiere, 100 %').waitFor();
    const kept = await page.evaluate(
      'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])',
    );
    assert.equal(kept, '[{},{},""]');
    // Paths and queries that are encoded are signed as the server reads them.
    await page.getByRole('link', { name: 'OpenAPI' }).click();
    await page.getByRole('combobox', { name: /^Of/ }).selectOption('$default');
    await page.getByText('openapi: "3.0.1"').waitFor();
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
    await logIn(page, 'AKIDEXAMPLE', 'secret');
    await page.getByRole('heading', { name: 'pets & co' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
  });

  await t.test('an identity that only reads sees everything, and why it changes nothing', async (of) => {
    const page = await stand.open(of, '', REFUSALS);
    await logIn(page, READER.accessKeyId, READER.secretAccessKey);
    await page.getByText('read-only').waitFor();
    await page.getByRole('link', { name: 'pets & co' }).click();
    await page.getByRole('link', { name: /^Stages/ }).click();
    await page.getByRole('region', { name: 'Stage $default' }).waitFor();
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('heading', { name: 'CORS' }).waitFor();
    assert.equal(await page.locator('main form :is(input, textarea, select, button):enabled').count(), 0);
    const save = page.getByRole('button', { name: 'Save', exact: true });
    assert.match((await save.getAttribute('title'))!, /policies of AKIDREADER do not let it change anything/);
    await checkAccessible(page);
    const reader = new ApiGatewayV2Client({
      endpoint: stand.postern.management,
      region: REGION,
      credentials: READER,
      maxAttempts: 1,
    });
    of.after(() => reader.destroy());
    await assert.rejects(reader.send(new UpdateApiCommand({ ApiId, Name: 'stolen' })), {
      name: 'AccessDeniedException',
    });
  });
});

// Live requests and connections where requests have to be signed: who sees which, and what an identity that only reads may do.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { parsePolicy } from '../../src/identity/policy.ts';
import { noChromium } from '../support/chromium.ts';
import { makeChat, makePets, startPetsBackend } from '../support/console-apis.ts';
import { checkAccessible, startConsole } from '../support/console-stand.ts';
import { ACCOUNT } from '../support/postern.ts';
import { SocketClient } from '../support/socket-client.ts';

const READS = parsePolicy({ Statement: [{ Effect: 'Allow', Action: 'apigateway:GET', Resource: '*' }] });
const READER = { accessKeyId: 'AKIDREADER', secretAccessKey: 'reads', accountId: ACCOUNT, policies: [READS] };
const OTHER = { accessKeyId: 'AKIDOTHER', secretAccessKey: 'other', accountId: '111111111111' };

async function logIn(page: Page, { accessKeyId, secretAccessKey }: typeof OTHER): Promise<void> {
  await page.getByLabel('Access key ID').fill(accessKeyId);
  await page.getByLabel('Secret access key').fill(secretAccessKey);
  await page.getByRole('button', { name: 'Log in' }).click();
}

/** Refusals are answered with 403, which the browser writes to its console. */
const REFUSALS = { expected: /Failed to load resource.*403/ };

test('where requests are signed', { skip: noChromium }, async (t) => {
  const backend = await startPetsBackend(t);
  const stand = await startConsole(t, { credentials: [READER, OTHER] });
  const { client, host, port } = stand.postern;
  const pets = await makePets(client, backend.address);
  const chat = await makeChat(client);
  const path = `/_aws/execute-api/${chat}/prod`;
  const ann = await SocketClient.open({ host, port, path, authority: `${host}:${port}` });
  t.after(() => ann.destroy());

  await t.test('who only reads sees requests and connections, and why nothing can be sent', async (of) => {
    const page = await stand.open(of, 'live', REFUSALS);
    await logIn(page, READER);
    await page.getByText('No requests yet').waitFor();
    await fetch(`${stand.origin}/_aws/execute-api/${pets}/prod/pets/1`);
    await page.locator('tr[data-id]').getByRole('link').click();
    await page.getByRole('button', { name: 'Replay' }).click();
    const send = page.getByRole('button', { name: 'Send' });
    assert.ok(await send.isDisabled());
    assert.match((await send.getAttribute('title'))!, /policies of AKIDREADER do not let it change anything/);
    await page.getByRole('link', { name: 'Connections' }).click();
    await page.getByRole('table', { name: 'Connections' }).getByRole('link').click();
    assert.ok(await page.getByRole('button', { name: 'Disconnect' }).isDisabled());
    assert.ok(await page.getByLabel('Message to the client').isDisabled());
    await checkAccessible(page);
  });

  await t.test('who is of another account sees neither, and who does not sign nothing at all', async (of) => {
    const page = await stand.open(of, 'live', REFUSALS);
    await logIn(page, OTHER);
    await page.getByText('No requests yet').waitFor();
    await page.getByRole('link', { name: 'Connections' }).click();
    await page.getByText('Nobody is connected').waitFor();
    for (const what of ['requests', 'requests/stream', 'connections']) {
      const status = await page.evaluate(`fetch('/_postern/${what}').then(({ status }) => status)`);
      assert.equal(status, 403, what);
    }
  });
});

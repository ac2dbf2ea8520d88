// The mapping workbench in the browser: a request, its mappings, and what becomes of it.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import {
  type ApiGatewayV2Client,
  CreateApiCommand,
  CreateIntegrationCommand,
  CreateIntegrationResponseCommand,
  CreateRouteCommand,
  CreateRouteResponseCommand,
  CreateStageCommand,
  GetIntegrationCommand,
  GetIntegrationResponsesCommand,
  UpdateIntegrationCommand,
} from '@aws-sdk/client-apigatewayv2';
import type { Locator, Page } from 'playwright-core';
import { noChromium } from '../support/chromium.ts';
import {
  type ConsoleStand,
  checkAccessible,
  startConsole,
  takeScreenshot,
} from '../support/console-stand.ts';

interface Pets {
  readonly apiId: string;
  readonly integrationId: string;
}

/** A backend that has all animals but the broken one, and nothing else. */
async function startBackend(
  t: TestContext,
): Promise<{ readonly host: string; readonly asked: readonly string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const [, animal] = /^\/animals\/(\w+)/.exec(request.url!) ?? [];
    const status = animal === undefined ? 404 : animal === 'broken' ? 500 : 200;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ path: request.url }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

/** The API of the README. */
async function createPets(
  client: ApiGatewayV2Client,
  backend: string,
  name = 'pets',
  autoDeploy = true,
): Promise<Pets> {
  const { ApiId: apiId } = await client.send(new CreateApiCommand({ Name: name, ProtocolType: 'HTTP' }));
  const integration = JSON.parse(await readFile('examples/mapping/integration.json', 'utf8'));
  const { IntegrationId } = await client.send(new CreateIntegrationCommand({ ApiId: apiId, ...integration }));
  const Target = `integrations/${IntegrationId}`;
  await client.send(new CreateRouteCommand({ ApiId: apiId, RouteKey: 'GET /pets/{petId}', Target }));
  await client.send(
    new CreateStageCommand({
      ApiId: apiId,
      StageName: 'prod',
      AutoDeploy: autoDeploy,
      StageVariables: { backend, environment: 'blue' },
    }),
  );
  return { apiId: apiId!, integrationId: IntegrationId! };
}

const lines = (page: Page, label: string): Locator =>
  page.getByRole('list', { name: label }).getByRole('listitem');

/** Waits for a line with a text. */
async function waitForLine(page: Page, label: string, text: string | RegExp): Promise<void> {
  await lines(page, label).filter({ hasText: text }).first().waitFor();
}

/** Replaces what stands in an editor. */
async function write(page: Page, label: string | RegExp, text: string): Promise<void> {
  await page.getByRole('textbox', { name: label }).click();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type(text);
  await page.keyboard.press('Escape');
}

async function addHeader(page: Page, name: string, value: string): Promise<void> {
  const headers = page.getByRole('group', { name: 'Headers', exact: true });
  await headers.getByRole('button', { name: 'Add' }).click();
  await headers.getByLabel(/name/).last().fill(name);
  await headers.getByLabel(/value/).last().fill(value);
}

const waitUntilMarked = (page: Page, what: Locator): Promise<void> =>
  what.and(page.locator('.marked')).waitFor();

test('the workbench', { skip: noChromium, timeout: 240_000 }, async (t) => {
  const stand = await startConsole(t);
  const backend = await startBackend(t);
  const { client } = stand.postern;
  const pets = await createPets(client, backend.host);

  await t.test('the pets of the README are mapped, and each line knows its mapping', (of) =>
    seePets(of, stand, pets),
  );
  await t.test('a mapping is mended, saved and live', (of) => mendPets(of, stand, pets, backend.asked));
  await t.test('a stage that does not follow is deployed', (of) => deployPets(of, stand, backend.host));
  await t.test('the input of an AWS service knows its parameters', (of) => seeService(of, stand));
  await t.test('who may only read tries everything and saves nothing', (of) => onlyRead(of, stand, pets));
  await t.test('templates of a WebSocket API are tried on a message', (of) => renderTemplates(of, stand));
  await t.test('a curl command is a request', (of) => pasteCurl(of, stand, pets));
  await t.test('what is typed quickly shows nothing old', (of) => typeQuickly(of, stand, pets));
  await t.test('hostile names and values are text', (of) => seeHostile(of, stand, backend.host));
  await t.test('changes are kept while one looks elsewhere', (of) => lookElsewhere(of, stand, pets));
  await t.test('what somebody else has stored meanwhile is not saved over unsaid', (of) =>
    meetConflict(of, stand, backend.host),
  );
  await t.test('a mapping is mended after a live request failed', (of) => mendAfterFailure(of, stand, pets));
});

async function seePets(t: TestContext, stand: ConsoleStand, { apiId }: Pets): Promise<void> {
  const page = await stand.open(t, `workbench?api=${apiId}`);
  await page.getByLabel('Path or URL').fill('/pets/broken');
  await addHeader(page, 'X-Version', '7');
  await waitForLine(page, 'Backend request', 'x-client-version: 7');
  await waitForLine(page, 'Backend request', 'GET /animals/broken HTTP/1.1');
  await page.getByLabel('It answers').selectOption({ label: 'as I say' });
  await page.getByLabel('Status', { exact: true }).fill('500');
  await waitForLine(page, 'Response to the client', 'HTTP 403');
  await page.getByText('→ 7', { exact: true }).waitFor();

  // Completed from the server's words, and from what the request has.
  await page.getByRole('button', { name: 'Add a mapping' }).first().click();
  await page.getByRole('textbox', { name: /^Request mapping 5: value/ }).click();
  await page.keyboard.type('$context.identity.sou');
  await page.getByRole('option', { name: /^\$context\.identity\.sourceIp/ }).click();
  await page.getByRole('textbox', { name: /^Request mapping 5: key/ }).click();
  await page.keyboard.type('overwrite:header.x-from');
  await waitForLine(page, 'Backend request', 'x-from: 127.0.0.1');
  await page.getByRole('button', { name: 'Remove overwrite:header.x-from' }).click();
  await page.mouse.move(0, 0);

  // From the line to the mapping and back, by the keyboard.
  const piece = page.getByRole('button', {
    name: 'x-client-version: 7, made by append:header.x-client-version',
  });
  await piece.focus();
  const row = page.locator('[data-mapping="request/append:header.x-client-version"]');
  await waitUntilMarked(page, row);
  await page.keyboard.press('Enter');
  await page.waitForFunction('document.activeElement.closest("[data-mapping]") !== null');
  await waitUntilMarked(page, piece);
  await page.getByRole('button', { name: 'Where overwrite:statuscode shows' }).click();
  assert.equal(await page.evaluate('document.activeElement.textContent'), 'HTTP 403');
  await checkAccessible(page);
  await page.evaluate('scrollTo(0, 0)');
  await piece.focus();
  await takeScreenshot(page, 'workbench');

  const dark = await stand.open(t, `workbench?api=${apiId}`, { width: 800, colours: 'dark' });
  await waitForLine(dark, 'Backend request', 'GET /animals/1 HTTP/1.1');
  await checkAccessible(dark);
  assert.equal(await dark.evaluate('document.documentElement.scrollWidth'), 800);
}

async function mendPets(
  t: TestContext,
  stand: ConsoleStand,
  pets: Pets,
  asked: readonly string[],
): Promise<void> {
  const { apiId, integrationId } = pets;
  const page = await stand.open(t, `workbench?api=${apiId}&route=${encodeURIComponent('GET /pets/{petId}')}`);
  await write(page, /value of overwrite:path/, '/beasts/${request.path.nothing');
  await page.getByText('Invalid mapping expression specified: /beasts/${request.path.nothing').waitFor();
  assert.ok(await page.getByRole('button', { name: 'Save' }).isDisabled());
  await write(page, /value of overwrite:path/, '/beasts/${request.path.petId}');
  await waitForLine(page, 'Backend request', 'GET /beasts/1 HTTP/1.1');
  assert.deepEqual(asked, [], 'nobody is called while one types');

  await page.getByRole('button', { name: 'Call for real' }).click();
  await waitForLine(page, 'Response to the client', 'HTTP 404');
  await waitForLine(page, 'Response to the client', 'X-Environment: blue');
  assert.deepEqual(asked, ['GET /beasts/1']);

  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved, and live in prod.').waitFor();
  const stored = await stand.postern.client.send(
    new GetIntegrationCommand({ ApiId: apiId, IntegrationId: integrationId }),
  );
  assert.equal(stored.RequestParameters?.['overwrite:path'], '/beasts/${request.path.petId}');
  await fetch(`${stand.origin}/_aws/execute-api/${apiId}/prod/pets/7`);
  assert.deepEqual(asked, ['GET /beasts/1', 'GET /beasts/7']);
}

async function deployPets(t: TestContext, stand: ConsoleStand, backend: string): Promise<void> {
  const { apiId } = await createPets(stand.postern.client, backend, 'undeployed', false);
  const page = await stand.open(t, `workbench?api=${apiId}`);
  await page.getByRole('textbox', { name: 'Time-out (ms)' }).fill('500');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'Deploy to prod' }).click();
  await page.getByText('Deployed to prod.').waitFor();
  const reply = await fetch(`${stand.origin}/_aws/execute-api/${apiId}/prod/pets/broken`);
  assert.equal(reply.status, 403);
}

async function seeService(t: TestContext, stand: ConsoleStand): Promise<void> {
  const { client } = stand.postern;
  const { ApiId } = await client.send(new CreateApiCommand({ Name: 'queue', ProtocolType: 'HTTP' }));
  const { IntegrationId } = await client.send(
    new CreateIntegrationCommand({
      ApiId,
      IntegrationType: 'AWS_PROXY',
      IntegrationSubtype: 'SQS-SendMessage',
      PayloadFormatVersion: '1.0',
      CredentialsArn: 'arn:aws:iam::000000000000:role/sqs',
      RequestParameters: { QueueUrl: 'https://sqs/0/q', MessageBody: '$request.body.text' },
    }),
  );
  const Target = `integrations/${IntegrationId}`;
  await client.send(new CreateRouteCommand({ ApiId, RouteKey: 'POST /queue', Target }));
  const page = await stand.open(t, `workbench?api=${ApiId}`);
  await write(page, 'Body of the request', '{"text": "hi"}');
  await page.getByRole('button', { name: '"MessageBody": "hi", made by MessageBody' }).click();
  await write(page, /value of MessageBody/, 'said: ${request.body.text}');
  await waitForLine(page, 'Input of the service', '"MessageBody": "said: hi"');
  await page.getByRole('button', { name: 'Save' }).click();
  await page
    .getByText('Nothing has changed')
    .or(page.getByText(/^Saved/))
    .first()
    .waitFor();
  const stored = await client.send(new GetIntegrationCommand({ ApiId, IntegrationId }));
  assert.equal(stored.RequestParameters?.MessageBody, 'said: ${request.body.text}');
}

/** The API of the guide to WebSocket APIs. */
async function createChat(
  client: ApiGatewayV2Client,
): Promise<{ readonly ApiId: string; readonly IntegrationId: string }> {
  const { ApiId } = await client.send(
    new CreateApiCommand({
      Name: 'chat',
      ProtocolType: 'WEBSOCKET',
      RouteSelectionExpression: '$request.body.action',
    }),
  );
  const { IntegrationId } = await client.send(
    new CreateIntegrationCommand({
      ApiId,
      IntegrationType: 'MOCK',
      RequestTemplates: { $default: '{"statusCode": 200}' },
    }),
  );
  await client.send(
    new CreateIntegrationResponseCommand({
      ApiId,
      IntegrationId,
      IntegrationResponseKey: '$default',
      ResponseTemplates: { $default: '{"pong": "$context.connectionId"}' },
    }),
  );
  const { RouteId } = await client.send(
    new CreateRouteCommand({ ApiId, RouteKey: 'ping', Target: `integrations/${IntegrationId}` }),
  );
  await client.send(new CreateRouteResponseCommand({ ApiId, RouteId, RouteResponseKey: '$default' }));
  await client.send(new CreateStageCommand({ ApiId, StageName: 'prod', AutoDeploy: true }));
  return { ApiId: ApiId!, IntegrationId: IntegrationId! };
}

async function renderTemplates(t: TestContext, stand: ConsoleStand): Promise<void> {
  const { ApiId, IntegrationId } = await createChat(stand.postern.client);
  const page = await stand.open(t, `workbench?api=${ApiId}`);
  await waitForLine(page, 'Frame to the client', '"pong":');
  await write(page, 'Message', '{"action": "ping", "text": "<b>hi</b>"}');
  await write(page, 'Response template $default', '{"said": "$context.routeKey to $context.stage"}');
  await waitForLine(page, 'Frame to the client', '"said": "ping to prod"');
  await write(page, 'Request template $default', '{"statusCode": 200, "text": $input.json("$.text")}');
  await waitForLine(page, 'Backend request', '"text": "<b>hi</b>"');
  await page.getByText('$input.json("$.text")').last().waitFor();
  await checkAccessible(page);
  await takeScreenshot(page, 'workbench-websocket');
  await write(page, 'Request template $default', '#if(');
  await page.locator('[data-mapping="template/request/$default"] .error').waitFor();
  await write(page, 'Request template $default', '{"statusCode": 200}');
  await page
    .getByRole('textbox', { name: 'Route selection expression of the API' })
    .fill('$request.body.kind');
  await page.getByText(/The gateway answered by itself/).waitFor();
  await page
    .getByRole('textbox', { name: 'Route selection expression of the API' })
    .fill('$request.body.action');
  await waitForLine(page, 'Frame to the client', '"said": "ping to prod"');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved, and live in prod.').waitFor();
  const { Items = [] } = await stand.postern.client.send(
    new GetIntegrationResponsesCommand({ ApiId, IntegrationId }),
  );
  assert.deepEqual(
    Items.map(({ ResponseTemplates }) => ResponseTemplates),
    [{ $default: '{"said": "$context.routeKey to $context.stage"}' }],
  );
}

async function onlyRead(t: TestContext, stand: ConsoleStand, { apiId }: Pets): Promise<void> {
  const page = await stand.open(t, '');
  await page.route('**/_postern/me', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), canWrite: false, name: 'ann' } });
  });
  await page.goto(`${stand.origin}/_postern/console/workbench?api=${apiId}`);
  await write(page, /^Request mapping \d: value of append:header.x-request-id/, 'mine');
  await waitForLine(page, 'Backend request', 'x-request-id: mine');
  for (const name of ['Save', 'Call for real'])
    assert.ok(await page.getByRole('button', { name }).isDisabled(), name);
}

async function pasteCurl(t: TestContext, stand: ConsoleStand, { apiId }: Pets): Promise<void> {
  const page = await stand.open(t, `workbench?api=${apiId}`);
  await page.getByText('Paste as curl').click();
  const command = page.getByRole('textbox', { name: 'Command' });
  await command.fill('curl ^"http://a/^"');
  await page.getByRole('button', { name: 'Take it over' }).click();
  await page.getByText('quotes of Windows').waitFor();
  const url = `${stand.origin}/_aws/execute-api/${apiId}/prod/pets/9?color=red`;
  await command.fill(`curl '${url}' \\\n  -H 'X-Version: 12' | jq .`);
  await page.getByRole('button', { name: 'Take it over' }).click();
  await waitForLine(page, 'Backend request', 'GET /beasts/9?color=red HTTP/1.1');
  await waitForLine(page, 'Backend request', 'x-client-version: 12');
  assert.equal(await page.getByLabel('Path or URL').inputValue(), '/pets/9?color=red');
  await page.getByText('What stands behind the command was left out: | jq .').waitFor();
}

/** Answers of the server come late, the earlier the later. */
async function typeQuickly(t: TestContext, stand: ConsoleStand, { apiId }: Pets): Promise<void> {
  const page = await stand.open(t, `workbench?api=${apiId}`);
  await waitForLine(page, 'Backend request', '/beasts/1');
  let waits = 6;
  await page.route('**/_postern/workbench', async (route) => {
    waits = Math.max(0, waits - 1);
    await new Promise((resolve) => setTimeout(resolve, waits * 80));
    await route.continue();
  });
  await page.evaluate(`{
    window.shown = [];
    const list = document.querySelector('ol[aria-label="Backend request"]').closest('section').parentElement;
    new MutationObserver(() => window.shown.push(list.querySelector('ol').textContent.match(/beasts\\/(\\w*)/)?.[1]))
      .observe(list, { subtree: true, childList: true, characterData: true });
  }`);
  const field = page.getByLabel('Path or URL');
  const text = '/pets/abcdefgh';
  await field.fill('');
  for (let length = 7; length <= text.length; length++) {
    await field.fill(text.slice(0, length));
    await page.waitForTimeout(length % 3 === 0 ? 130 : 20);
  }
  await waitForLine(page, 'Backend request', '/beasts/abcdefgh');
  const shown: readonly (string | undefined)[] = await page.evaluate('window.shown');
  const names = shown.filter((name) => name !== undefined && name !== '1');
  assert.deepEqual(
    names,
    [...names].sort((a, b) => a!.length - b!.length),
    'nothing older after something newer',
  );
  assert.equal(names.at(-1), 'abcdefgh');
}

async function seeHostile(t: TestContext, stand: ConsoleStand, backend: string): Promise<void> {
  const markup = '<img src=x onerror="window.hit=1">';
  const { apiId } = await createPets(stand.postern.client, backend, markup);
  const page = await stand.open(t, `workbench?api=${apiId}`);
  await addHeader(page, 'X-Version', markup);
  await waitForLine(page, 'Backend request', `x-client-version: ${markup}`);
  await page.getByLabel('It answers').selectOption({ label: 'as I say' });
  await page.getByText(/^Headers \(1\) and body/).click();
  await write(page, 'Body of the answer', '<script>window.hit=2</script>');
  await waitForLine(page, 'Response to the client', '<script>window.hit=2</script>');
  assert.equal(await page.locator('main img[src], main script').count(), 0);
  assert.equal(await page.evaluate('window.hit'), undefined);
}

async function lookElsewhere(t: TestContext, stand: ConsoleStand, { apiId }: Pets): Promise<void> {
  const page = await stand.open(t, `workbench?api=${apiId}`);
  await write(page, /^Request mapping \d: value of append:header.x-request-id/, 'mine');
  await waitForLine(page, 'Backend request', 'x-request-id: mine');
  await page.getByRole('link', { name: 'Overview' }).click();
  await page.getByRole('link', { name: 'Workbench', exact: true }).first().click();
  await page.getByLabel('API', { exact: true }).selectOption(apiId);
  await waitForLine(page, 'Backend request', 'x-request-id: mine');
  await page.getByText('Not saved yet.').waitFor();
  const asks = page.waitForEvent('dialog');
  const leaving = page.reload().catch(() => undefined);
  const dialog = await asks;
  assert.equal(dialog.type(), 'beforeunload');
  await dialog.accept();
  await leaving;
  await waitForLine(page, 'Backend request', 'x-request-id: mine');
  await page.getByRole('button', { name: 'Discard changes' }).click();
  await page.getByRole('button', { name: 'Discard', exact: true }).click();
  await page.getByText('Not saved yet.').waitFor({ state: 'detached' });
}

async function meetConflict(t: TestContext, stand: ConsoleStand, backend: string): Promise<void> {
  const { client } = stand.postern;
  const { apiId, integrationId } = await createPets(client, backend, 'shared');
  const ids = { ApiId: apiId, IntegrationId: integrationId };
  const storedPath = async () =>
    (await client.send(new GetIntegrationCommand(ids))).RequestParameters?.['overwrite:path'];
  const page = await stand.open(t, `workbench?api=${apiId}`);
  await write(page, /^Request mapping \d: value of overwrite:path/, '/mine');
  await waitForLine(page, 'Backend request', 'GET /mine HTTP/1.1');
  await client.send(
    new UpdateIntegrationCommand({ ...ids, RequestParameters: { 'overwrite:path': '/theirs' } }),
  );
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('What is stored has changed since').waitFor();
  await page.getByText('Nothing was saved.').waitFor();
  assert.equal(await storedPath(), '/theirs');
  await checkAccessible(page);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Saved, and live in prod.').waitFor();
  assert.equal(await storedPath(), '/mine');
  await write(page, /^Request mapping \d: value of overwrite:path/, '/mine/again');
  await page.getByText('Not saved yet.').waitFor();
  assert.equal(await page.getByText('What is stored has changed since').count(), 0);
}

async function mendAfterFailure(t: TestContext, stand: ConsoleStand, { apiId }: Pets): Promise<void> {
  const url = `${stand.origin}/_aws/execute-api/${apiId}/prod/pets/7`;
  // From now on somebody looks.
  await fetch(`${stand.origin}/_postern/requests`);
  const failed = await fetch(url, { headers: { 'X-Version': '7', Authorization: 'Bearer secret' } });
  assert.equal(failed.status, 404);
  const page = await stand.open(
    t,
    `workbench?request=${encodeURIComponent(failed.headers.get('apigw-requestid')!)}`,
  );
  await waitForLine(page, 'Backend request', 'GET /beasts/7 HTTP/1.1');
  await waitForLine(page, 'Response to the client', 'HTTP 404');
  await page.getByText('Secrets were not recorded: put in what is masked (authorization)').waitFor();
  await write(page, /value of overwrite:path/, '/animals/${request.path.petId}');
  await waitForLine(page, 'Backend request', 'GET /animals/7 HTTP/1.1');
  await page.getByRole('button', { name: 'Call for real' }).click();
  await waitForLine(page, 'Response to the client', 'HTTP 200');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved, and live in prod.').waitFor();
  assert.equal((await fetch(url)).status, 200);
}

// The overview and the views of one API: from nothing to a sample, and what is changed while one tries things.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type ApiGatewayV2Client,
  CreateApiCommand,
  CreateAuthorizerCommand,
  CreateDeploymentCommand,
  CreateIntegrationCommand,
  CreateRouteCommand,
  CreateStageCommand,
  GetApiCommand,
  GetStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import { noChromium } from '../support/chromium.ts';
import { checkAccessible, startConsole, takeScreenshot } from '../support/console-stand.ts';

const HOSTILE = '<img src=x onerror="document.title=1"> {{7*7}} ${7*7}';

/** The README's pets, with a second deployment's worth of changes. */
async function makePets(client: ApiGatewayV2Client): Promise<string> {
  const api = { Name: 'pets', Description: 'The pet shop', ProtocolType: 'HTTP' as const };
  const { ApiId } = await client.send(new CreateApiCommand(api));
  const { IntegrationId } = await client.send(
    new CreateIntegrationCommand({
      ApiId,
      IntegrationType: 'HTTP_PROXY',
      IntegrationMethod: 'GET',
      IntegrationUri: 'http://${stageVariables.backend}/animals/{petId}',
      PayloadFormatVersion: '1.0',
      RequestParameters: { 'append:header.x-client-version': '$request.header.x-version' },
      ResponseParameters: { '500': { 'overwrite:statuscode': '403' } },
    }),
  );
  const { AuthorizerId } = await client.send(
    new CreateAuthorizerCommand({
      ApiId,
      Name: 'users',
      AuthorizerType: 'JWT',
      IdentitySource: ['$request.header.Authorization'],
      JwtConfiguration: { Issuer: 'https://issuer.example.com', Audience: ['pets'] },
    }),
  );
  const Target = `integrations/${IntegrationId}`;
  for (const RouteKey of ['$default', 'ANY /pets/{petId}', 'GET /pets/{rest+}', 'GET /pets/{petId}']) {
    await client.send(new CreateRouteCommand({ ApiId, RouteKey, Target }));
  }
  await client.send(
    new CreateStageCommand({
      ApiId,
      StageName: 'prod',
      StageVariables: { backend: '127.0.0.1:9', colour: 'blue' },
    }),
  );
  await client.send(new CreateDeploymentCommand({ ApiId, StageName: 'prod', Description: 'first' }));
  await client.send(
    new CreateRouteCommand({
      ApiId,
      RouteKey: 'GET /pets/all',
      Target,
      AuthorizationType: 'JWT',
      AuthorizerId,
    }),
  );
  return ApiId!;
}

test('the views of APIs', { skip: noChromium }, async (t) => {
  const stand = await startConsole(t);
  const { client } = stand.postern;

  await t.test('where there is no API, one click makes a sample and calls it', async (of) => {
    const page = await stand.open(of, '');
    await page.getByRole('heading', { name: 'There is no API yet' }).waitFor();
    await checkAccessible(page);
    await takeScreenshot(page, 'first-api');
    await page.getByRole('button', { name: 'Make a sample API' }).click();
    const sample = page.getByRole('region', { name: 'The sample API' });
    await sample.getByText('{"message":"Hello, you!","stage":"dev"}').waitFor();
    await sample.getByText('X-Environment: blue').waitFor();
    await checkAccessible(page);
    await takeScreenshot(page, 'sample');
    const url = await sample.getByRole('link', { name: /hello\/you/ }).getAttribute('href');
    const [, sampleId] = /\/\/(\w+)\./.exec(url!)!;
    const called = await fetch(`${stand.origin}/_aws/execute-api/${sampleId}/dev/hello/nobody`);
    assert.deepEqual([called.status, await called.text()], [410, 'There is nobody here.']);
    await sample.getByRole('link', { name: 'Look at its routes' }).click();
    await page.getByRole('row', { name: /GET \/hello\/\{name\}/ }).waitFor();
  });

  const apiId = await makePets(client);

  await t.test('the overview finds an API by its name, routes and integrations', async (of) => {
    const page = await stand.open(of, '');
    await page.getByRole('row', { name: /pets/ }).waitFor();
    await takeScreenshot(page, 'overview');
    await page.keyboard.press('/');
    await page.keyboard.type('animals PETS/{rest');
    await page.getByText('1 of 2').waitFor();
    await page.getByText('GET /pets/{rest+} → http://${stageVariables.backend}/animals/{petId}').waitFor();
    await checkAccessible(page);
    await page.keyboard.press('Tab');
    await page.getByRole('link', { name: 'pets', exact: true }).press('Enter');
    await page.getByRole('heading', { level: 1, name: 'pets' }).waitFor();
    await page.goBack();
    await page.getByText('1 of 2').waitFor();
    assert.equal(await page.getByRole('searchbox').inputValue(), 'animals PETS/{rest');
  });

  await t.test('a hostile name is text', async (of) => {
    const { ApiId: hostileId } = await client.send(
      new CreateApiCommand({
        Name: HOSTILE,
        Description: HOSTILE,
        ProtocolType: 'HTTP',
        Target: 'https://example.com',
      }),
    );
    const page = await stand.open(of, '');
    await page.getByRole('link', { name: HOSTILE }).click();
    await page.getByRole('heading', { level: 1, name: HOSTILE }).waitFor();
    assert.equal(await page.locator('main img').count(), 0);
    assert.equal(await page.title(), 'API · Postern');
    await page.goto(`${stand.origin}/_postern/console/apis/${hostileId}/settings`);
    assert.equal(await page.getByRole('textbox', { name: 'Description' }).inputValue(), HOSTILE);
  });

  await t.test('routes stand in the order in which they are tried, with what they do', async (of) => {
    const page = await stand.open(of, `apis/${apiId}`);
    await page.getByRole('row', { name: /GET \/pets\/all/ }).waitFor();
    assert.deepEqual(await page.locator('td code.route-key').allTextContents(), [
      'GET /pets/all',
      'GET /pets/{petId}',
      'ANY /pets/{petId}',
      'GET /pets/{rest+}',
      '$default',
    ]);
    const row = page.getByRole('row', { name: /GET \/pets\/all/ });
    for (const text of ['JWT', 'users', 'HTTP_PROXY', 'append:header.x-client-version', '← 403']) {
      await row.getByText(text).first().waitFor();
    }
    const workbench = row.getByRole('link', { name: 'Workbench of GET /pets/all' });
    assert.equal(
      await workbench.getAttribute('href'),
      `/_postern/console/workbench?api=${apiId}&route=GET+%2Fpets%2Fall`,
    );
    await checkAccessible(page);
    await takeScreenshot(page, 'routes');
  });

  await t.test('stage variables are saved, and what is wrong with one stands beside it', async (of) => {
    const page = await stand.open(of, `apis/${apiId}/stages`, { expected: /400 \(Bad Request\)/ });
    const variables = page.getByRole('group', { name: 'Variables of prod' });
    await variables.getByLabel('Variables of prod: value 2').fill('green');
    await variables.getByRole('button', { name: 'Add' }).click();
    await variables.getByLabel('Variables of prod: name 3').fill('not-one');
    await variables.getByLabel('Variables of prod: value 3').fill('x');
    await page.getByRole('button', { name: 'Save variables' }).click();
    await variables
      .getByRole('alert')
      .getByText('Invalid stage variable name: not-one.  Please use names with only word characters.')
      .waitFor();
    await checkAccessible(page);
    await takeScreenshot(page, 'stages');
    await variables.getByLabel('Variables of prod: name 3').fill('size');
    await variables.getByRole('button', { name: 'Remove backend' }).click();
    await page.getByRole('button', { name: 'Save variables' }).click();
    await page.getByRole('button', { name: 'Save variables', disabled: true }).waitFor();
    const { StageVariables } = await client.send(new GetStageCommand({ ApiId: apiId, StageName: 'prod' }));
    assert.deepEqual(StageVariables, { colour: 'green', size: 'x' });
  });

  await t.test('throttles of a stage and of a route are saved, and of the route removed', async (of) => {
    const page = await stand.open(of, `apis/${apiId}/stages`, { expected: /400 \(Bad Request\)/ });
    const all = page.getByRole('form', { name: 'Throttle of all routes on prod' });
    await all.getByLabel('Per second').fill('20');
    for (const wrong of ['abc', '1.5', '99999999999']) {
      await all.getByLabel('Burst').fill(wrong);
      await all.getByRole('button', { name: 'Save' }).click();
      await all.getByRole('alert').getByText('throttlingBurstLimit must be a').waitFor();
    }
    await all.getByLabel('Burst').fill('-5');
    await all.getByRole('button', { name: 'Save' }).click();
    await all.getByRole('alert').getByText('throttlingBurstLimit must be between 0').waitFor();
    await all.getByLabel('Burst').fill('5');
    await all.getByRole('button', { name: 'Save' }).click();
    await all.getByRole('alert').waitFor({ state: 'detached' });
    await page.getByLabel('Throttle a route of prod by itself').selectOption('GET /pets/all');
    const one = page.getByRole('form', { name: 'Throttle of GET /pets/all on prod' });
    await one.getByLabel('Per second').fill('1.5');
    await one.getByRole('button', { name: 'Save' }).click();
    await one.getByRole('button', { name: 'Remove' }).waitFor();
    const stage = () => client.send(new GetStageCommand({ ApiId: apiId, StageName: 'prod' }));
    const saved = await stage();
    assert.equal(saved.DefaultRouteSettings?.ThrottlingRateLimit, 20);
    assert.equal(saved.DefaultRouteSettings?.ThrottlingBurstLimit, 5);
    assert.equal(saved.RouteSettings?.['GET /pets/all']?.ThrottlingRateLimit, 1.5);
    await one.getByRole('button', { name: 'Remove' }).click();
    await one.waitFor({ state: 'detached' });
    assert.deepEqual((await stage()).RouteSettings, {});
  });

  await t.test('what has changed since a deployment is shown, and deployed', async (of) => {
    const page = await stand.open(of, `apis/${apiId}/deployments`);
    const changes = page.getByRole('region', { name: 'Comparison' });
    await changes.getByText('GET /pets/all').first().waitFor();
    await checkAccessible(page);
    await takeScreenshot(page, 'deployments');
    await page.getByRole('link', { name: /^Stages/ }).click();
    await page.getByLabel('Description of the deployment to prod').fill('second');
    await page.getByRole('button', { name: 'Deploy to prod' }).click();
    await page.getByRole('link', { name: 'Deployments 2' }).click();
    await page
      .getByRole('row', { name: /second/ })
      .getByText('prod')
      .waitFor();
    await changes.getByText('Nothing is different.').waitFor();
  });

  await t.test('CORS is turned on, refused with its reason beside the field, and removed', async (of) => {
    const page = await stand.open(of, `apis/${apiId}/settings`, { expected: /400 \(Bad Request\)/ });
    await page.getByLabel('Origins').fill('*');
    await page.getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Turn CORS on' }).click();
    await page.getByText("allow-credentials is not supported if 'allow-origin' is *").waitFor();
    await page.getByLabel('Origins').fill('https://example.com, http://localhost:3000');
    await page.getByRole('button', { name: 'Turn CORS on' }).click();
    await page.getByRole('button', { name: 'Remove CORS' }).waitFor();
    await checkAccessible(page);
    await takeScreenshot(page, 'settings');
    const { CorsConfiguration } = await client.send(new GetApiCommand({ ApiId: apiId }));
    assert.deepEqual(CorsConfiguration?.AllowOrigins, ['https://example.com', 'http://localhost:3000']);
    assert.equal(CorsConfiguration?.AllowCredentials, true);
    await page.getByRole('button', { name: 'Remove CORS' }).click();
    await page.getByRole('button', { name: 'Turn CORS on' }).waitFor();
    assert.equal((await client.send(new GetApiCommand({ ApiId: apiId }))).CorsConfiguration, undefined);
  });

  await t.test('authorizers, domains and the OpenAPI document are read by everybody', async (of) => {
    const page = await stand.open(of, `apis/${apiId}/authorizers`, { width: 800, colours: 'dark' });
    await page.getByRole('row', { name: /users/ }).getByText('https://issuer.example.com').waitFor();
    await checkAccessible(page);
    await page.getByRole('link', { name: 'Domains' }).click();
    await page.getByText('No custom domain leads here').waitFor();
    await checkAccessible(page);
    await page.getByRole('link', { name: 'OpenAPI' }).click();
    await page.getByText('openapi: "3.0.1"').waitFor();
    await checkAccessible(page);
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download' }).click();
    assert.equal((await downloading).suggestedFilename(), 'pets.yaml');
    await page.getByLabel('Form').selectOption('JSON');
    await page.getByText('"openapi": "3.0.1"').waitFor();
    assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 800);
  });

  await t.test('an API that is not there is AWS’s sentence', async (of) => {
    const page = await stand.open(of, 'apis/none', { expected: /404 \(Not Found\)/ });
    await page.getByRole('alert').getByText('Invalid API identifier specified').waitFor();
  });
});

// Data mapping, end to end: an unmodified AWS SDK client configures an HTTP API, then three calls show what the backend saw
// and what the caller got.
import { readFileSync } from 'node:fs';
import {
  CreateApiCommand,
  CreateIntegrationCommand,
  CreateRouteCommand,
  CreateStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import { example } from '../stand.mjs';

await example(import.meta.url, async (stand) => {
  const backend = new URL(await stand.start('../echo-backend.mjs')).host;
  await stand.startPostern();
  const { ApiId } = await stand.client.send(new CreateApiCommand({ Name: 'pets', ProtocolType: 'HTTP' }));
  const integration = JSON.parse(readFileSync(new URL('integration.json', import.meta.url), 'utf8'));
  const { IntegrationId } = await stand.client.send(new CreateIntegrationCommand({ ApiId, ...integration }));
  await stand.client.send(
    new CreateRouteCommand({ ApiId, RouteKey: 'GET /pets/{petId}', Target: `integrations/${IntegrationId}` }),
  );
  await stand.client.send(
    new CreateStageCommand({
      ApiId,
      StageName: 'prod',
      AutoDeploy: true,
      StageVariables: { backend, environment: 'blue' },
    }),
  );

  for (const petId of ['42', 'broken', 'missing']) {
    const reply = await stand.call(ApiId, `/prod/pets/${petId}`, { headers: { 'X-Version': '7' } });
    const seen = JSON.parse(reply.body);
    stand.say(`GET /prod/pets/${petId}`);
    stand.say(`  backend saw   ${seen.method} ${seen.url}`);
    stand.say(
      `                x-client-version: ${seen.headers['x-client-version']}, x-version: ${seen.headers['x-version'] ?? '(gone)'}`,
    );
    stand.say(
      `                x-request-id is ${seen.headers['x-request-id'] === reply.headers['apigw-requestid'] ? 'the' : 'NOT the'} caller's Apigw-Requestid`,
    );
    stand.say(`  caller got    ${reply.status}`);
    if (reply.headers['x-environment'] !== undefined)
      stand.say(`                x-environment: ${reply.headers['x-environment']}`);
    if (reply.headers['x-request-id'] !== undefined) stand.say('                x-request-id added');
  }
});

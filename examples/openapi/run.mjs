// From OpenAPI and back: an unmodified AWS SDK client imports a document, calls what it has made, replaces it by a changed
// document while the stage serves, and exports what is deployed. `postern deploy` would make a stack of the same document.
import { readFileSync } from 'node:fs';
import {
  CreateStageCommand,
  ExportApiCommand,
  ImportApiCommand,
  ReimportApiCommand,
} from '@aws-sdk/client-apigatewayv2';
import { example } from '../stand.mjs';

await example(import.meta.url, async (stand) => {
  const backend = new URL(await stand.start('../echo-backend.mjs')).host;
  await stand.startPostern();
  const document = readFileSync(new URL('pets.yaml', import.meta.url), 'utf8');
  const { ApiId, Name, Warnings } = await stand.client.send(
    new ImportApiCommand({ Body: document, FailOnWarnings: true }),
  );
  await stand.client.send(
    new CreateStageCommand({
      ApiId,
      StageName: 'prod',
      AutoDeploy: true,
      StageVariables: { backend, environment: 'blue' },
    }),
  );
  stand.say(`imported ${Name}, warnings: ${Warnings?.length ?? 0}`);
  await show('/pets');
  await show('/pets/42');
  await show('/pets/missing');
  await show('/pets', { Origin: 'http://shop.localhost:3000' });

  const changed = document.replace('/pets/{petId}:', '/animals/{petId}:');
  await stand.client.send(new ReimportApiCommand({ ApiId, Body: changed, FailOnWarnings: true }));
  stand.say('reimported with /animals instead of /pets');
  await show('/animals/42');
  await show('/pets/42');

  const { body } = await stand.client.send(
    new ExportApiCommand({ ApiId, Specification: 'OAS30', OutputType: 'JSON', StageName: 'prod' }),
  );
  const exported = JSON.parse(new TextDecoder().decode(body));
  stand.say('exported');
  for (const [path, { get }] of Object.entries(exported.paths)) {
    stand.say(`  ${path} ${get.operationId} ${get['x-amazon-apigateway-integration'].uri}`);
  }

  await stand.deploy('pets.yaml', '--dry-run');

  async function show(path, headers = {}) {
    const reply = await stand.call(ApiId, `/prod${path}`, { headers: { 'X-Version': '7', ...headers } });
    stand.say(`GET /prod${path}`);
    if (reply.status === 200) {
      const seen = JSON.parse(reply.body);
      const version = seen.headers['x-client-version'];
      stand.say(
        `  backend saw   ${seen.method} ${seen.url}${version === undefined ? '' : `, version ${version}`}`,
      );
    }
    const extra = ['x-environment', 'access-control-allow-origin']
      .filter((name) => reply.headers[name] !== undefined)
      .map((name) => `, ${name}: ${reply.headers[name]}`);
    stand.say(`  caller got    ${reply.status}${extra.join('')}`);
  }
});

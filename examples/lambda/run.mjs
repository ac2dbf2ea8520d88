// Three Lambda functions behind one API, in JavaScript, TypeScript and Python, and the same functions by the SDK's Lambda client.
import {
  CreateApiCommand,
  CreateIntegrationCommand,
  CreateRouteCommand,
  CreateStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { example } from '../stand.mjs';

await example(import.meta.url, async (stand) => {
  await stand.startPostern({ config: 'postern.yaml' });
  const lambda = new LambdaClient(stand.settings());
  const { ApiId } = await stand.client.send(new CreateApiCommand({ Name: 'pets', ProtocolType: 'HTTP' }));
  for (const [RouteKey, name] of [
    ['GET /pets', 'list-pets'],
    ['POST /pets', 'add-pet'],
    ['GET /tags/{name}', 'name-tag'],
  ]) {
    const { IntegrationId } = await stand.client.send(
      new CreateIntegrationCommand({
        ApiId,
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
        PayloadFormatVersion: '2.0',
      }),
    );
    await stand.client.send(
      new CreateRouteCommand({ ApiId, RouteKey, Target: `integrations/${IntegrationId}` }),
    );
  }
  await stand.client.send(new CreateStageCommand({ ApiId, StageName: '$default', AutoDeploy: true }));

  await show('GET', '/pets?kind=cat');
  await show('GET', '/pets');
  await show('POST', '/pets', '{"name":"Mia","kind":"cat"}');
  await show('POST', '/pets', '{"name":"Mia","kind":"tiger"}');
  await show('GET', '/tags/Rex');
  await show('GET', '/tags/Nobody');

  await invoke('name-tag', { pathParameters: { name: 'Mia' } });
  await invoke('name-tag', { pathParameters: { name: 'Nobody' } });

  async function show(method, path, body) {
    // A body of no text type would reach the function in base64, as on AWS.
    const typed = body === undefined ? {} : { body, headers: { 'content-type': 'application/json' } };
    const { status, headers, body: text } = await stand.call(ApiId, path, { method, ...typed });
    stand.say(`${method} ${path}${body === undefined ? '' : ` ${body}`}`);
    const more = ['x-calls', 'location']
      .filter((name) => name in headers)
      .map((name) => `${name}: ${headers[name]}`);
    stand.say(`  ${[status, ...more].join(', ')}\n  ${text}`);
  }

  /** As a test of the function alone would. */
  async function invoke(FunctionName, event) {
    const { StatusCode, FunctionError, Payload } = await lambda.send(
      new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }),
    );
    const answer = JSON.parse(Buffer.from(Payload).toString());
    stand.say(`Invoke ${FunctionName} ${JSON.stringify(event)}`);
    if (FunctionError === undefined) stand.say(`  ${StatusCode}\n  ${JSON.stringify(answer)}`);
    else stand.say(`  ${StatusCode}, ${FunctionError}\n  ${answer.errorType}: ${answer.errorMessage}`);
  }
});

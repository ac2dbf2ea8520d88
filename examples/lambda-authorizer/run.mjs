// A Lambda authorizer, end to end: an API whose routes ask a function who is calling, and calls by several.
import {
  CreateApiCommand,
  CreateAuthorizerCommand,
  CreateIntegrationCommand,
  CreateRouteCommand,
  CreateStageCommand,
  ResetAuthorizersCacheCommand,
} from '@aws-sdk/client-apigatewayv2';
import { example } from '../stand.mjs';

await example(import.meta.url, async (stand) => {
  const backend = new URL(await stand.start('../echo-backend.mjs')).host;
  await stand.startPostern({ config: 'postern.yaml' });
  const { ApiId } = await stand.client.send(new CreateApiCommand({ Name: 'pets', ProtocolType: 'HTTP' }));
  const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:who';
  const { AuthorizerId } = await stand.client.send(
    new CreateAuthorizerCommand({
      ApiId,
      Name: 'who',
      AuthorizerType: 'REQUEST',
      AuthorizerUri: `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${functionArn}/invocations`,
      AuthorizerPayloadFormatVersion: '2.0',
      IdentitySource: ['$request.header.x-api-key'],
      AuthorizerResultTtlInSeconds: 300,
    }),
  );
  const { IntegrationId } = await stand.client.send(
    new CreateIntegrationCommand({
      ApiId,
      IntegrationType: 'HTTP_PROXY',
      IntegrationMethod: 'ANY',
      IntegrationUri: `http://${backend}`,
      PayloadFormatVersion: '1.0',
      RequestParameters: {
        'overwrite:header.x-tenant': '$context.authorizer.tenant',
        'overwrite:header.x-asked': '$context.authorizer.asked',
      },
    }),
  );
  for (const RouteKey of ['GET /pets/{petId}', 'POST /pets']) {
    await stand.client.send(
      new CreateRouteCommand({
        ApiId,
        RouteKey,
        Target: `integrations/${IntegrationId}`,
        AuthorizationType: 'CUSTOM',
        AuthorizerId,
      }),
    );
  }
  await stand.client.send(new CreateStageCommand({ ApiId, StageName: '$default', AutoDeploy: true }));

  await show('GET', '/pets/1');
  await show('GET', '/pets/1', 'key-of-nobody');
  await show('GET', '/pets/1', 'key-of-ben');
  await show('GET', '/pets/2', 'key-of-ben');
  await show('POST', '/pets', 'key-of-ben');
  await show('POST', '/pets', 'key-of-anna');
  await stand.client.send(new ResetAuthorizersCacheCommand({ ApiId, StageName: '$default' }));
  await show('GET', '/pets/1', 'key-of-ben');

  async function show(method, path, key) {
    const given = key === undefined ? {} : { 'x-api-key': key };
    const { status, body } = await stand.call(ApiId, path, { method, headers: given });
    stand.say(`${method} ${path} ${key ?? 'without a key'}`);
    const headers = status === 200 ? JSON.parse(body).headers : undefined;
    if (headers === undefined) stand.say(`  ${status} ${body}`);
    else stand.say(`  200, x-tenant: ${headers['x-tenant']}, x-asked: ${headers['x-asked']}`);
  }
});

// GET /_postern/deployments/diff (docs/reference/console-api.md).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CreateApiCommand,
  CreateDeploymentCommand,
  CreateIntegrationCommand,
  CreateRouteCommand,
  CreateStageCommand,
  UpdateApiCommand,
  UpdateIntegrationCommand,
} from '@aws-sdk/client-apigatewayv2';
import type { PartChange } from '../../../src/resources/deployment/diff-deployments.ts';
import { startTestPostern } from '../../support/postern.ts';

test('two deployments, and a deployment and the API as it is now', async (t) => {
  const { client, management, close } = await startTestPostern();
  t.after(close);
  const { ApiId } = await client.send(new CreateApiCommand({ Name: 'pets', ProtocolType: 'HTTP' }));
  const { IntegrationId } = await client.send(
    new CreateIntegrationCommand({
      ApiId,
      IntegrationType: 'HTTP_PROXY',
      IntegrationMethod: 'GET',
      PayloadFormatVersion: '1.0',
      IntegrationUri: 'http://127.0.0.1:1/',
    }),
  );
  const Target = `integrations/${IntegrationId}`;
  await client.send(new CreateRouteCommand({ ApiId, RouteKey: 'GET /pets', Target }));
  const { DeploymentId: first } = await client.send(new CreateDeploymentCommand({ ApiId }));
  await client.send(
    new UpdateIntegrationCommand({ ApiId, IntegrationId, RequestParameters: { 'append:header.a': 'b' } }),
  );
  const { DeploymentId: second } = await client.send(new CreateDeploymentCommand({ ApiId }));
  await client.send(new CreateRouteCommand({ ApiId, RouteKey: 'GET /cats', Target }));
  await client.send(new UpdateApiCommand({ ApiId, CorsConfiguration: { AllowOrigins: ['*'] } }));
  await client.send(new CreateStageCommand({ ApiId, StageName: 'prod', AutoDeploy: true }));
  const { DeploymentId: failed } = await client.send(
    new CreateDeploymentCommand({ ApiId, StageName: 'prod' }),
  );

  const ask = async (query: Record<string, string>): Promise<{ status: number; body: unknown }> => {
    const response = await fetch(`${management}/_postern/deployments/diff?${new URLSearchParams(query)}`);
    return { status: response.status, body: await response.json() };
  };
  const diff = async (from: string, to: string): Promise<readonly PartChange[]> => {
    const { status, body } = await ask({ apiId: ApiId!, from, to });
    assert.equal(status, 200);
    return (body as { changes: readonly PartChange[] }).changes;
  };
  const named = (changes: readonly PartChange[]) =>
    changes.map(({ change, kind, name }) => `${change} ${kind} ${name}`);

  const [mapped, ...others] = await diff(first!, second!);
  assert.deepEqual(others, []);
  assert.deepEqual(
    [mapped?.change, mapped?.kind, mapped?.name],
    ['changed', 'integration', `${IntegrationId} of GET /pets`],
  );
  assert.deepEqual(
    [Object(mapped?.before).RequestParameters, Object(mapped?.after).RequestParameters],
    [undefined, { 'append:header.a': 'b' }],
  );
  assert.deepEqual(named(await diff(second!, 'now')), [
    'added route GET /cats',
    'added cors CorsConfiguration',
  ]);
  assert.deepEqual(named(await diff('now', second!)), [
    'removed route GET /cats',
    'removed cors CorsConfiguration',
  ]);
  assert.deepEqual(await diff('now', 'now'), []);
  for (const [query, status, message] of [
    [{ apiId: ApiId!, from: first! }, 400, 'to is missing'],
    [{ apiId: ApiId!, from: first!, to: 'none' }, 404, 'Invalid deployment identifier specified'],
    [{ apiId: 'none', from: first!, to: 'now' }, 404, 'Invalid API identifier specified 000000000000:none'],
    [
      { apiId: ApiId!, from: failed!, to: 'now' },
      400,
      `The deployment ${failed} failed, so that there is nothing it serves`,
    ],
  ] as const) {
    assert.deepEqual(await ask(query), { status, body: { message } });
  }
});

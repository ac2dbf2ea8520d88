// Stacks from their templates (spec/definitions.md §11).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deleteStack } from './delete-stack.ts';
import { StackStand } from './stacks.test.support.ts';
import { describeStack, listStacks } from './tell-stacks.ts';

const PETS = `
Resources:
  Api: {Type: 'AWS::ApiGatewayV2::Api', Properties: {Name: pets, ProtocolType: HTTP}}
  Stage:
    Type: AWS::ApiGatewayV2::Stage
    Properties: {ApiId: !Ref Api, StageName: prod, AutoDeploy: true}
  Int:
    Type: AWS::ApiGatewayV2::Integration
    Properties: {ApiId: !Ref Api, IntegrationType: HTTP_PROXY, IntegrationMethod: GET, IntegrationUri: 'https://a.example', PayloadFormatVersion: 1.0}
  R:
    Type: AWS::ApiGatewayV2::Route
    Properties: {ApiId: !Ref Api, RouteKey: GET /p, Target: !Sub 'integrations/\${Int}'}
Outputs:
  Url: {Value: !Sub 'https://\${Api}.execute-api.\${AWS::Region}.\${AWS::URLSuffix}/prod'}
`;

test('a template becomes an API', async (t) => {
  const stand = await StackStand.open(t);
  const report = await stand.deploy({ template: PETS });
  const { physicalId: apiId } = report.changes.find(({ logicalId }) => logicalId === 'Api')!;
  const { Items } = await stand.call('GetRoutes', { ApiId: apiId! });
  assert.deepEqual(
    Items!.map(({ RouteKey }) => RouteKey),
    ['GET /p'],
  );
  assert.equal(report.outputs.Url!.here, `http://${apiId}.execute-api.localhost:4700/prod`);
  const again = await stand.deploy({ template: PETS });
  assert.equal(again.outcome, 'unchanged');
});

test('a stack is listed, described and deleted', async (t) => {
  const stand = await StackStand.open(t);
  await stand.deploy({ template: PETS });
  const [summary] = await listStacks(stand.means);
  assert.equal(summary!.state, 'CREATE_COMPLETE');
  const { resources, outputs } = await describeStack('pets', stand.means);
  assert.deepEqual(
    resources.map(({ logicalId }) => logicalId),
    ['Api', 'Int', 'R', 'Stage'],
  );
  assert.match(outputs.Url!.value!, /amazonaws\.com\/prod$/);
  const { changes } = await deleteStack('pets', stand.means);
  assert.deepEqual(
    changes.map(({ action, logicalId }) => `${action} ${logicalId}`),
    ['delete Stage', 'delete R', 'delete Int', 'delete Api'],
  );
  assert.deepEqual(await listStacks(stand.means), []);
  await assert.rejects(deleteStack('pets', stand.means), /Stack with id pets does not exist/);
});

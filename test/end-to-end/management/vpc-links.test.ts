// VPC links, driven by the unmodified AWS SDK (spec/management-api.md §2.13, §2.16, §6.1).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BadRequestException, NotFoundException } from '@aws-sdk/client-apigatewayv2';
import { httpApi } from '../../support/management-seeds.ts';
import { OTHER_ACCOUNT, REGION, startManagementServer } from '../../support/management-server.ts';

test('a VPC link is created, read, listed in pages, renamed, tagged and deleted', async (t) => {
  const server = await startManagementServer();
  t.after(() => server.close());
  const sdk = server.client();
  const { $metadata, ...made } = await sdk.createVpcLink({
    Name: 'one',
    SubnetIds: ['subnet-1'],
    Tags: { a: '1' },
  });
  assert.equal($metadata.httpStatusCode, 201);
  assert.match(made.VpcLinkId!, /^[a-z0-9]{6}$/);
  assert.ok(made.CreatedDate instanceof Date);
  assert.deepEqual(
    { ...made, VpcLinkId: '', CreatedDate: '' },
    {
      VpcLinkId: '',
      CreatedDate: '',
      Name: 'one',
      SubnetIds: ['subnet-1'],
      SecurityGroupIds: [],
      Tags: { a: '1' },
      VpcLinkStatus: 'AVAILABLE',
      VpcLinkStatusMessage: 'VPC link is ready to route traffic',
      VpcLinkVersion: 'V2',
    },
  );
  const { VpcLinkId } = made as { VpcLinkId: string };
  await sdk.createVpcLink({ Name: 'two', SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] });
  const first = await sdk.getVpcLinks({ MaxResults: '1' });
  const second = await sdk.getVpcLinks({ MaxResults: '1', NextToken: first.NextToken! });
  assert.deepEqual(
    [...first.Items!, ...second.Items!].map((link) => link.Name),
    ['one', 'two'],
  );
  assert.equal(second.NextToken, undefined);
  assert.equal((await sdk.updateVpcLink({ VpcLinkId, Name: 'renamed' })).Name, 'renamed');
  await sdk.tagResource({
    ResourceArn: `arn:aws:apigateway:${REGION}::/vpclinks/${VpcLinkId}`,
    Tags: { b: '2' },
  });
  assert.deepEqual((await sdk.getVpcLink({ VpcLinkId })).Tags, { a: '1', b: '2' });
  await assert.rejects(server.client(OTHER_ACCOUNT).getVpcLink({ VpcLinkId }), NotFoundException);
  assert.equal((await sdk.deleteVpcLink({ VpcLinkId })).$metadata.httpStatusCode, 202);
  await assert.rejects(sdk.getVpcLink({ VpcLinkId }), {
    name: 'NotFoundException',
    message: `Invalid VpcLink identifier specified ${VpcLinkId}`,
  });
});

test('a VPC link needs a name and subnets', async (t) => {
  const server = await startManagementServer();
  t.after(() => server.close());
  const sdk = server.client();
  await assert.rejects(sdk.createVpcLink({ Name: 'x', SubnetIds: [] }), {
    name: 'BadRequestException',
    message: 'SubnetIds for a vpc link cannot be empty',
  });
  await assert.rejects(sdk.createVpcLink({ Name: '', SubnetIds: ['s'] }), BadRequestException);
});

test('a VPC link that an integration uses is not deleted', async (t) => {
  const server = await startManagementServer();
  t.after(() => server.close());
  const sdk = server.client();
  const { VpcLinkId } = (await sdk.createVpcLink({ Name: 'x', SubnetIds: ['s'] })) as { VpcLinkId: string };
  const { ApiId } = await httpApi(sdk);
  const { IntegrationId } = await sdk.createIntegration({
    ApiId,
    IntegrationType: 'HTTP_PROXY',
    IntegrationMethod: 'ANY',
    IntegrationUri: `arn:aws:servicediscovery:${REGION}:111111111111:service/srv-1`,
    PayloadFormatVersion: '1.0',
    ConnectionType: 'VPC_LINK',
    ConnectionId: VpcLinkId,
    TlsConfig: { ServerNameToVerify: 'internal.example' },
  });
  const { RouteId } = await sdk.createRoute({
    ApiId,
    RouteKey: 'GET /',
    Target: `integrations/${IntegrationId}`,
  });
  await assert.rejects(sdk.deleteVpcLink({ VpcLinkId }), {
    name: 'BadRequestException',
    message: `Cannot delete vpc link. Vpc link '${VpcLinkId}', is referenced in [ANY:${RouteId}] in format of [Method:Resource].`,
  });
  await sdk.deleteApi({ ApiId });
  await sdk.deleteVpcLink({ VpcLinkId });
});

// What each kind does that is not of all kinds (spec/definitions.md §5, §14.1, §14.2). That documents are those of the management API is
// held in kinds.property.test.ts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { desiredOf, LATER, type Resource, SYSTEM_TAGS, testsInOneStore } from './kind-stand.test.support.ts';
import { kindOf } from './kinds.ts';

const it = testsInOneStore();

const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:pets-Fn';
const INVOCATION = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${FUNCTION}/invocations`;
const HTTP = 'Name: pets\nProtocolType: HTTP';
const SOCKET = 'Name: c\nProtocolType: WEBSOCKET\nRouteSelectionExpression: $request.body.action';
const idOf = ({ written }: Resource): string => written.physicalId;
const members = (resource: Resource | undefined): object[] => [...resource!.written.members];

it('§5.2: Ref and attributes of an API, and the id that it is to have', async (stand) => {
  const api = await stand.create('Api', HTTP, 'a1b2c3d4e5');
  assert.deepEqual(api.written, {
    physicalId: 'a1b2c3d4e5',
    attributes: {
      ApiId: 'a1b2c3d4e5',
      ApiEndpoint: 'http://a1b2c3d4e5.example',
      ExecuteApiArn: 'arn:aws:execute-api:us-east-1:000000000000:a1b2c3d4e5',
    },
    members: [],
    findings: [],
  });
  const other = await stand.create('Api', HTTP, 'a1b2c3d4e5');
  assert.match(idOf(other), /^(?!a1b2c3d4e5)[a-z0-9]{10}$/);
});

it('§5.1.3: Ref and attributes of all others', async (stand) => {
  const ApiId = idOf(await stand.create('Api', SOCKET));
  const made = async (type: string, yaml: string, attribute: string, id?: string) => {
    const { written } = await stand.create(type, `ApiId: ${ApiId}\n${yaml}`, id);
    assert.deepEqual(written.attributes, attribute === '' ? {} : { [attribute]: written.physicalId }, type);
    if (id !== undefined) assert.equal(written.physicalId, id);
    return written.physicalId;
  };
  const integration = await made('Integration', 'IntegrationType: MOCK', 'IntegrationId', 'i1');
  await made(
    'IntegrationResponse',
    `IntegrationId: ${integration}\nIntegrationResponseKey: $default`,
    'IntegrationResponseId',
  );
  const route = await made('Route', `RouteKey: $default\nTarget: integrations/${integration}`, 'RouteId');
  await made('RouteResponse', `RouteId: ${route}\nRouteResponseKey: $default`, 'RouteResponseId');
  await made(
    'Authorizer',
    `AuthorizerType: REQUEST\nName: a\nIdentitySource: [route.request.header.a]\nAuthorizerUri: ${INVOCATION}`,
    'AuthorizerId',
  );
  await made('Model', 'Name: order\nSchema: {type: object}', 'ModelId');
  const deployment = await made('Deployment', 'Description: d', 'DeploymentId', 'de4444');
  assert.equal(await made('Stage', `StageName: prod\nDeploymentId: ${deployment}`, ''), 'prod');
  const domain = await stand.create('DomainName', DOMAIN);
  assert.equal(idOf(domain), 'pets.example');
  assert.equal(
    domain.written.attributes.DomainNameArn,
    'arn:aws:apigateway:us-east-1::/domainnames/pets.example',
  );
  assert.match(
    domain.written.attributes.RegionalDomainName!,
    /^d-[a-z0-9]{10}\.execute-api\.us-east-1\.amazonaws\.com$/,
  );
  assert.match(domain.written.attributes.RegionalHostedZoneId!, /^Z/);
  await made('ApiMapping', 'DomainName: pets.example\nStage: prod', 'ApiMappingId');
  const rule = await stand.create(
    'RoutingRule',
    `DomainNameArn: ${domain.written.attributes.DomainNameArn}\nPriority: 1\nConditions: []\nActions: [{InvokeApi: {ApiId: ${ApiId}, Stage: prod}}]`,
    'rule11',
  );
  assert.deepEqual(rule.written.attributes, { RoutingRuleArn: idOf(rule), RoutingRuleId: 'rule11' });
  assert.match(idOf(rule), /:000000000000:\/domainnames\/pets\.example\/routingrules\/rule11$/);
  const again = await stand.update(
    rule,
    `DomainNameArn: ${domain.written.attributes.DomainNameArn}\nPriority: 2\nConditions: []\nActions: [{InvokeApi: {ApiId: ${ApiId}, Stage: prod}}]`,
  );
  assert.deepEqual(members(again), [{ name: 'Priority', before: 1, after: 2 }]);
});

const DOMAIN = `DomainName: pets.example
DomainNameConfigurations: [{CertificateArn: 'arn:aws:acm:us-east-1:000000000000:certificate/12345678-1234-1234-1234-123456789012'}]`;

it('§5.1.6: tags of the template, then of the stack, then of CloudFormation, which nobody else gives', async (stand) => {
  const api = await stand.create('Api', `${HTTP}\nTags: {team: y, a: 1}`);
  const ids = { ApiId: idOf(api) };
  assert.deepEqual((await stand.stored('GetApi', ids))!.Tags, { ...SYSTEM_TAGS, team: 'y', a: '1' });
  const stage = await stand.create('Stage', `ApiId: ${idOf(api)}\nStageName: s`);
  assert.deepEqual((await stand.stored('GetStage', { ...ids, StageName: 's' }))!.Tags, SYSTEM_TAGS);
  // What clients change goes on to work.
  await stand.call('UpdateApi', { ...ids, Description: 'd' });
  const ResourceArn = `arn:aws:apigateway:us-east-1::/apis/${idOf(api)}`;
  await stand.call('TagResource', { ResourceArn, Tags: { b: '2' } });
  await assert.rejects(stand.call('TagResource', { ResourceArn, Tags: { 'aws:x': '2' } }), {
    message: 'Tag keys that begin with aws: are reserved: aws:x',
  });
  await assert.rejects(stand.create('Api', `${HTTP}\nTags: {'aws:x': y}`), {
    message: 'Tag keys that begin with aws: are reserved: aws:x',
  });
  const updated = await stand.update(api, HTTP);
  assert.deepEqual((await stand.stored('GetApi', ids))!.Tags, SYSTEM_TAGS);
  assert.deepEqual(members(updated), [
    { name: 'Tags.team', before: 'y', after: 'x' },
    { name: 'Tags.a', before: '1' },
    { name: 'Tags.b', before: '2' },
    { name: 'Description', before: 'd' },
  ]);
  assert.deepEqual(members(await stand.update(stage, `ApiId: ${idOf(api)}\nStageName: s`)), []);
});

it('§14 row 16: a target may be an invocation URI', async (stand) => {
  const ApiId = idOf(await stand.create('Api', `${HTTP}\nTarget: ${INVOCATION}`));
  const [integration] = await stand.list('GetIntegrations', { ApiId });
  assert.equal(integration!.IntegrationType, 'AWS_PROXY');
  assert.equal(integration!.PayloadFormatVersion, '2.0');
  assert.equal(integration!.ApiGatewayManaged, true);
  // Row 18.
  await assert.rejects(stand.create('Stage', `ApiId: ${ApiId}\nStageName: $default`), {
    status: 409,
    message: 'Stage already exists',
  });
});

it('§14 row 38 to 41: one member changes, and what is removed is as it was never there', async (stand) => {
  const ApiId = idOf(await stand.create('Api', HTTP));
  const authorizer = idOf(
    await stand.create(
      'Authorizer',
      `ApiId: ${ApiId}\nAuthorizerType: JWT\nName: j\nIdentitySource: [$request.header.Authorization]\nJwtConfiguration: {Audience: [a], Issuer: 'https://i.example'}`,
    ),
  );
  const integration = await stand.create(
    'Integration',
    `ApiId: ${ApiId}\nIntegrationType: HTTP_PROXY\nIntegrationMethod: GET\nIntegrationUri: https://b.example\nPayloadFormatVersion: 1.0\nDescription: d\nRequestParameters: {'append:header.a': x, 'append:header.b': y}`,
  );
  const bare = await stand.update(
    integration,
    `ApiId: ${ApiId}\nIntegrationType: HTTP_PROXY\nIntegrationMethod: GET\nIntegrationUri: https://b.example\nPayloadFormatVersion: 1.0\nRequestParameters: {'append:header.a': x}`,
  );
  assert.deepEqual(members(bare), [
    { name: 'RequestParameters.append:header.b', before: 'y' },
    { name: 'Description', before: 'd' },
  ]);
  const route = await stand.create(
    'Route',
    `ApiId: ${ApiId}\nRouteKey: GET /p\nAuthorizationType: JWT\nAuthorizerId: ${authorizer}\nAuthorizationScopes: [a]`,
  );
  const open = await stand.update(route, `ApiId: ${ApiId}\nRouteKey: GET /q`);
  assert.equal(idOf(open!), idOf(route));
  assert.deepEqual(await stand.stored('GetRoute', { ApiId, RouteId: idOf(route) }), {
    RouteId: idOf(route),
    RouteKey: 'GET /q',
    ApiKeyRequired: false,
    AuthorizationType: 'NONE',
  });
  assert.deepEqual(members(open), [
    { name: 'RouteKey', before: 'GET /p', after: 'GET /q' },
    { name: 'AuthorizationType', before: 'JWT', after: 'NONE' },
    { name: 'AuthorizerId', before: authorizer },
    { name: 'AuthorizationScopes' },
  ]);
  assert.equal(open!.written.changedOutside, undefined);
});

it('§14 row 37, 48: what nobody changed is not written, and what somebody else changed is put back', async (stand) => {
  const api = await stand.create('Api', HTTP);
  const ids = { ApiId: idOf(api) };
  const stage = await stand.create(
    'Stage',
    `ApiId: ${idOf(api)}\nStageName: s\nDefaultRouteSettings: {ThrottlingRateLimit: 1}`,
  );
  const stored = await stand.stored('GetStage', { ...ids, StageName: 's' });
  const same = await stand.update(
    stage,
    `StageName: s\nDefaultRouteSettings: {ThrottlingRateLimit: 1.0}\nApiId: ${idOf(api)}`,
  );
  assert.deepEqual(members(same), []);
  assert.deepEqual(await stand.stored('GetStage', { ...ids, StageName: 's' }), stored);
  await stand.call('UpdateApi', { ...ids, Description: 'by hand' });
  const updated = await stand.update(api, HTTP);
  assert.deepEqual(members(updated), [{ name: 'Description', before: 'by hand' }]);
  assert.equal(updated!.written.changedOutside, true);
  // A throttle cannot be unset by UpdateStage.
  const free = await stand.update(stage, `ApiId: ${idOf(api)}\nStageName: s`);
  assert.deepEqual(members(free), [{ name: 'DefaultRouteSettings.ThrottlingRateLimit', before: 1 }]);
  assert.equal(
    (await stand.stored('GetStage', { ...ids, StageName: 's' }))!.LastUpdatedDate,
    LATER.toISOString().replace('.000', ''),
  );
  await stand.call('DeleteStage', { ...ids, StageName: 's' });
  assert.equal(await stand.update(stage, `ApiId: ${idOf(api)}\nStageName: s`), undefined);
  await stand.delete(stage);
});

it('§11.4.5: a change of the template and one by hand at once', async (stand) => {
  const api = await stand.create('Api', HTTP);
  await stand.call('UpdateApi', { ApiId: idOf(api), Version: '1' });
  const updated = await stand.update(api, `${HTTP}\nDescription: d`);
  assert.deepEqual(members(updated), [
    { name: 'Description', after: 'd' },
    { name: 'Version', before: '1' },
  ]);
  assert.equal(updated!.written.changedOutside, true);
});

it('§14 row 17, §5.3.1: overrides of what quick create made, and what it made again without them', async (stand) => {
  const api = await stand.create('Api', `${HTTP}\nTarget: ${FUNCTION}`);
  const ApiId = idOf(api);
  const managed = async () => ({
    route: (await stand.list('GetRoutes', { ApiId }))[0]!,
    integration: (await stand.list('GetIntegrations', { ApiId }))[0]!,
    stage: (await stand.stored('GetStage', { ApiId, StageName: '$default' }))!,
  });
  const made = await managed();
  const overrides = await stand.create(
    'ApiGatewayManagedOverrides',
    `ApiId: ${ApiId}\nRoute: {AuthorizationType: AWS_IAM}\nIntegration: {PayloadFormatVersion: 1.0}\nStage: {StageVariables: '{"a": 1}', RouteSettings: {$default: {ThrottlingRateLimit: 1}}}`,
    'ov12345678',
  );
  assert.deepEqual(overrides.written, {
    physicalId: 'ov12345678',
    attributes: { Id: 'ov12345678' },
    members: [],
    findings: [],
  });
  const overridden = await managed();
  assert.equal(overridden.route.AuthorizationType, 'AWS_IAM');
  assert.equal(overridden.integration.PayloadFormatVersion, '1.0');
  assert.deepEqual(overridden.stage.StageVariables, { a: '1' });
  // The API keeps them.
  assert.deepEqual(members(await stand.update(api, `${HTTP}\nTarget: ${FUNCTION}`)), []);
  await assert.rejects(stand.create('ApiGatewayManagedOverrides', `ApiId: ${ApiId}`), {
    message: `${ApiId} has ApiGatewayManagedOverrides already: one resource says all that is different`,
  });
  const less = await stand.update(overrides, `ApiId: ${ApiId}\nIntegration: {PayloadFormatVersion: 1.0}`);
  assert.deepEqual(members(less), [{ name: 'Route' }, { name: 'Stage' }]);
  assert.equal((await managed()).route.AuthorizationType, 'NONE');
  await stand.call('UpdateIntegration', {
    ApiId,
    IntegrationId: made.integration.IntegrationId,
    TimeoutInMillis: 100,
  });
  const back = await stand.update(less!, `ApiId: ${ApiId}\nIntegration: {PayloadFormatVersion: 1.0}`);
  assert.deepEqual(
    [members(back), back!.written.changedOutside],
    [[{ name: 'Integration.TimeoutInMillis', before: 100, after: 30000 }], true],
  );
  await stand.delete(less!);
  // But for what its deployments say.
  const { stage, ...others } = await managed();
  const { StageVariables, RouteSettings } = made.stage;
  assert.deepEqual(others, { route: made.route, integration: made.integration });
  assert.deepEqual({ ...stage, StageVariables, RouteSettings }, stage);
  // Another target.
  const moved = await stand.update(api, `${HTTP}\nTarget: https://t.example\nRouteKey: GET /t`);
  assert.deepEqual(members(moved), [
    { name: 'Target', before: FUNCTION, after: 'https://t.example' },
    { name: 'RouteKey', after: 'GET /t' },
  ]);
  assert.deepEqual(
    [(await managed()).integration.IntegrationType, (await managed()).route.RouteKey],
    ['HTTP_PROXY', 'GET /t'],
  );
  await assert.rejects(stand.update(moved!, HTTP), {
    message: 'Target can be changed but not removed; give the API another logical id',
  });
});

it('§5.3: overrides of an API without a target', async (stand) => {
  const ApiId = idOf(await stand.create('Api', HTTP));
  await assert.rejects(stand.create('ApiGatewayManagedOverrides', `ApiId: ${ApiId}`), {
    message: `ApiGatewayManagedOverrides needs an API with Target: ${ApiId} has none`,
  });
});

it('§5.6: a deployment is made once', async (stand) => {
  const ApiId = idOf(await stand.create('Api', SOCKET));
  const integration = idOf(await stand.create('Integration', `ApiId: ${ApiId}\nIntegrationType: MOCK`));
  await stand.create('Route', `ApiId: ${ApiId}\nRouteKey: a\nTarget: integrations/${integration}`);
  const stage = await stand.create('Stage', `ApiId: ${ApiId}\nStageName: s`);
  const deployment = await stand.create('Deployment', `ApiId: ${ApiId}\nStageName: s\nDescription: one`);
  const ids = { ApiId, DeploymentId: idOf(deployment) };
  const stored = await stand.stored('GetDeployment', ids);
  const served = async () => (await stand.stored('GetStage', { ApiId, StageName: 's' }))!.DeploymentId;
  assert.equal(await served(), idOf(deployment));
  // The template does not speak of what the stage serves.
  assert.deepEqual(members(await stand.update(stage, `ApiId: ${ApiId}\nStageName: s`)), []);
  const renamed = await stand.update(deployment, `ApiId: ${ApiId}\nStageName: t\nDescription: two`);
  assert.deepEqual(members(renamed), [{ name: 'Description', before: 'one', after: 'two' }]);
  assert.match(renamed!.written.findings[0]!.text, /^A deployment is made for the StageName/);
  assert.deepEqual(await stand.stored('GetDeployment', ids), { ...stored, Description: 'two' });
  await assert.rejects(stand.delete(renamed!), {
    message: 'Active stages pointing to this deployment must be moved or deleted',
  });
  const moved = await stand.update(
    {
      ...stage,
      desired: {
        ...stage.desired,
        properties: { ...stage.desired.properties, DeploymentId: idOf(deployment) },
      },
    },
    `ApiId: ${ApiId}\nStageName: s\nDescription: d`,
  );
  assert.deepEqual(members(moved), [
    { name: 'Description', after: 'd' },
    { name: 'DeploymentId', before: idOf(deployment) },
  ]);
  assert.equal(await served(), undefined);
});

it('§5.14: a stage that follows its API keeps the deployment that it has', async (stand) => {
  const ApiId = idOf(await stand.create('Api', HTTP));
  await stand.call('CreateStage', { ApiId, StageName: 's', AutoDeploy: true, DeploymentId: undefined });
  const yaml = `ApiId: ${ApiId}\nStageName: s\nAutoDeploy: true`;
  const stored = await stand.stored('GetStage', { ApiId, StageName: 's' });
  const stage: Resource = {
    ...(await stand.create('Stage', `ApiId: ${ApiId}\nStageName: other`)),
    desired: { properties: { ApiId, StageName: 's', AutoDeploy: true } },
  };
  const same = await stand.update({ ...stage, written: { ...stage.written, physicalId: 's' } }, yaml);
  assert.deepEqual(members(same), [
    { name: 'Tags.aws:cloudformation:stack-name', after: 'pets' },
    { name: 'Tags.team', after: 'x' },
  ]);
  const after = await stand.stored('GetStage', { ApiId, StageName: 's' });
  assert.equal(after!.DeploymentId, stored!.DeploymentId);
  assert.equal(after!.LastDeploymentStatusMessage, stored!.LastDeploymentStatusMessage);
});

it('§14 row 53, §11.3.4: what is used is not deleted, unless what uses it is going to follow', async (stand) => {
  const api = await stand.create('Api', HTTP);
  const stage = await stand.create('Stage', `ApiId: ${idOf(api)}\nStageName: prod`);
  await stand.create('DomainName', DOMAIN);
  await stand.create('ApiMapping', `DomainName: pets.example\nApiId: ${idOf(api)}\nStage: prod`);
  await assert.rejects(stand.delete(api), {
    message: `Deleting API ${idOf(api)} failed. Please remove all API mappings for the API from your custom domain names.`,
  });
  await assert.rejects(stand.delete(stage), { message: /^Deleting stage prod failed/ });
  await stand.delete(stage, true);
  assert.equal(await stand.stored('GetStage', { ApiId: idOf(api), StageName: 'prod' }), undefined);
});

it('§5.7: a domain keeps its address, and its truststore goes with the property', async (stand) => {
  const domain = await stand.create(
    'DomainName',
    `${DOMAIN}\nMutualTlsAuthentication: {TruststoreUri: 's3://bucket/t'}`,
  );
  const updated = await stand.update(domain, DOMAIN);
  assert.deepEqual(members(updated), [{ name: 'MutualTlsAuthentication' }]);
  assert.deepEqual(updated!.written.attributes, domain.written.attributes);
});

it('§5.7.1: a certificate that nobody here has', async ({ context }) => {
  const said = async (name: string, means: object) => {
    const desired = desiredOf('ApiGatewayV2::DomainName', DOMAIN.replace('pets', name));
    const kind = kindOf('AWS::ApiGatewayV2::DomainName')!;
    const { findings } = await kind.create({ ...context, ...means }, desired, undefined);
    return findings.map(({ severity, text }) => `${severity} ${text}`);
  };
  const textOf = (name: string) =>
    `Nobody here has arn:aws:acm:us-east-1:000000000000:certificate/12345678-1234-1234-1234-123456789012, the certificate of ${name}.example: name its files under certificates of postern.yaml`;
  const certificateCovers = () => undefined;
  assert.deepEqual(await said('clear', { certificateCovers }), [`note ${textOf('clear')}`]);
  const endpoint = () => 'https://a.example';
  assert.deepEqual(await said('tls', { certificateCovers, endpoint }), [`warning ${textOf('tls')}`]);
  assert.deepEqual(await said('known', { certificateCovers: () => true }), []);
});

it('§6.2: a link of REST APIs is one of WebSocket APIs, with a stand-in subnet', async (stand) => {
  const kind = kindOf('AWS::ApiGateway::VpcLink')!;
  const desired = {
    properties: { Name: 'v', TargetArns: ['arn:x'], Description: 'd', Tags: [{ Key: 'a', Value: 'b' }] },
  };
  const link = await kind.create(stand.context, desired, undefined);
  assert.deepEqual(link.attributes, { VpcLinkId: link.physicalId });
  assert.deepEqual(
    link.findings.map(({ text }) => text),
    ['Description has no effect here: links of WebSocket APIs have none.'],
  );
  const stored = await stand.stored('GetVpcLink', { VpcLinkId: link.physicalId });
  assert.deepEqual(
    [stored!.Name, stored!.SubnetIds, stored!.Tags],
    ['v', ['subnet-00000000000000000'], { a: 'b' }],
  );
  const renamed = await kind.update(stand.context, link, desired, {
    properties: { ...desired.properties, Name: 'w' },
  });
  assert.deepEqual(renamed!.members, [{ name: 'Name', before: 'v', after: 'w' }]);
});

it('§5.16: a portal product is refused as its operation is', async (stand) => {
  await assert.rejects(stand.create('PortalProduct', 'DisplayName: d'), {
    status: 501,
    message: 'CreatePortalProduct is not implemented yet. It will create a product of a developer portal.',
  });
});

test('a type that Postern does not have has no kind', () =>
  assert.equal(kindOf('AWS::SQS::Queue'), undefined));

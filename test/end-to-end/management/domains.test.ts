// Custom domain names, API mappings and routing rules, driven by the unmodified AWS SDK (spec/management-api.md §2.10 to
// §2.12, §2.14, §2.16).
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { ApiGatewayV2, CreateDomainNameCommandInput } from '@aws-sdk/client-apigatewayv2';
import { BadRequestException, ConflictException, NotFoundException } from '@aws-sdk/client-apigatewayv2';
import { httpApi, plain } from '../../support/management-seeds.ts';
import {
  ACCOUNT,
  OTHER_ACCOUNT,
  REGION,
  refused,
  startManagementServer,
} from '../../support/management-server.ts';

const CERTIFICATE = `arn:aws:acm:${REGION}:${ACCOUNT}:certificate/c-1`;
const DomainName = 'api.example.com';

async function start(t: TestContext) {
  const server = await startManagementServer();
  t.after(() => server.close());
  return { server, sdk: server.client() };
}

function domain(members: Partial<CreateDomainNameCommandInput> = {}): CreateDomainNameCommandInput {
  return { DomainName, DomainNameConfigurations: [{ CertificateArn: CERTIFICATE }], ...members };
}

async function mappable(sdk: ApiGatewayV2): Promise<string> {
  const { ApiId } = await httpApi(sdk);
  await sdk.createStage({ ApiId, StageName: '$default' });
  await sdk.createStage({ ApiId, StageName: 'prod' });
  await sdk.createDomainName(domain());
  return ApiId;
}

test('a domain name is created with every default (§2.10.1)', async (t) => {
  const { sdk } = await start(t);
  const { $metadata, ...made } = await sdk.createDomainName(domain());
  assert.equal($metadata.httpStatusCode, 201);
  const [{ ApiGatewayDomainName, ...configuration } = {}] = made.DomainNameConfigurations!;
  assert.match(ApiGatewayDomainName!, /^d-[a-z0-9]{10}\.execute-api\.eu-west-1\.amazonaws\.com$/);
  assert.deepEqual(
    { ...made, DomainNameConfigurations: [configuration] },
    {
      DomainName,
      DomainNameArn: `arn:aws:apigateway:${REGION}::/domainnames/api.example.com`,
      ApiMappingSelectionExpression: '$request.basepath',
      RoutingMode: 'API_MAPPING_ONLY',
      Tags: {},
      DomainNameConfigurations: [
        {
          CertificateArn: CERTIFICATE,
          DomainNameStatus: 'AVAILABLE',
          EndpointType: 'REGIONAL',
          HostedZoneId: 'ZLY8HYME6SFDD',
          IpAddressType: 'ipv4',
          SecurityPolicy: 'TLS_1_2',
        },
      ],
    },
  );
  assert.deepEqual(plain(await sdk.getDomainName({ DomainName })), plain(made));
});

test('a domain name keeps everything that is given, and enums in any case', async (t) => {
  const { sdk } = await start(t);
  const given = domain({
    DomainName: '*.example.com',
    DomainNameConfigurations: [
      {
        CertificateArn: CERTIFICATE,
        // As Terraform's users write them (§2.10.1).
        EndpointType: 'regional' as 'REGIONAL',
        SecurityPolicy: 'tls_1_2' as 'TLS_1_2',
        IpAddressType: 'dualstack',
        OwnershipVerificationCertificateArn: `${CERTIFICATE}-owner`,
        CertificateName: 'legacy',
        ApiGatewayDomainName: 'chosen.by.nobody',
      },
    ],
    MutualTlsAuthentication: { TruststoreUri: 's3://bucket/trust.pem', TruststoreVersion: 'v1' },
    RoutingMode: 'ROUTING_RULE_ONLY',
    Tags: { team: 'a' },
  });
  await sdk.createDomainName(given);
  const { MutualTlsAuthentication, RoutingMode, Tags, DomainNameConfigurations } = await sdk.getDomainName({
    DomainName: '*.example.com',
  });
  assert.deepEqual(
    { MutualTlsAuthentication, RoutingMode, Tags },
    {
      MutualTlsAuthentication: { TruststoreUri: 's3://bucket/trust.pem', TruststoreVersion: 'v1' },
      RoutingMode: 'ROUTING_RULE_ONLY',
      Tags: { team: 'a' },
    },
  );
  const [configuration] = DomainNameConfigurations!;
  assert.deepEqual(
    [configuration!.EndpointType, configuration!.SecurityPolicy, configuration!.IpAddressType],
    ['REGIONAL', 'TLS_1_2', 'dualstack'],
  );
  assert.equal(configuration!.OwnershipVerificationCertificateArn, `${CERTIFICATE}-owner`);
  assert.match(configuration!.ApiGatewayDomainName!, /^d-/);
});

test('an update merges the one configuration; an empty truststore turns mutual TLS off (§1.10)', async (t) => {
  const { sdk } = await start(t);
  const made = await sdk.createDomainName(
    domain({ MutualTlsAuthentication: { TruststoreUri: 's3://bucket/one.pem', TruststoreVersion: 'v1' } }),
  );
  const [before] = made.DomainNameConfigurations!;
  const renewed = await sdk.updateDomainName({
    DomainName,
    DomainNameConfigurations: [{ CertificateArn: `${CERTIFICATE}2` }],
  });
  assert.deepEqual(renewed.DomainNameConfigurations, [{ ...before, CertificateArn: `${CERTIFICATE}2` }]);
  assert.deepEqual(renewed.MutualTlsAuthentication, made.MutualTlsAuthentication);
  const versioned = await sdk.updateDomainName({
    DomainName,
    MutualTlsAuthentication: { TruststoreVersion: 'v2' },
  });
  assert.deepEqual(versioned.MutualTlsAuthentication, {
    TruststoreUri: 's3://bucket/one.pem',
    TruststoreVersion: 'v2',
  });
  const moved = await sdk.updateDomainName({
    DomainName,
    MutualTlsAuthentication: { TruststoreUri: 's3://bucket/two.pem' },
  });
  assert.deepEqual(moved.MutualTlsAuthentication, { TruststoreUri: 's3://bucket/two.pem' });
  await sdk.updateDomainName({ DomainName, MutualTlsAuthentication: { TruststoreUri: '' } });
  const off = await sdk.getDomainName({ DomainName });
  assert.equal('MutualTlsAuthentication' in off, false);
  const routed = await sdk.updateDomainName({ DomainName, RoutingMode: 'ROUTING_RULE_THEN_API_MAPPING' });
  assert.equal(routed.RoutingMode, 'ROUTING_RULE_THEN_API_MAPPING');
});

test('a name is unique in a region, across accounts (§1.13)', async (t) => {
  const { server, sdk } = await start(t);
  await sdk.createDomainName(domain());
  const other = server.client(OTHER_ACCOUNT);
  const taken = 'The domain name you provided already exists.';
  const certificate = CERTIFICATE.replace(ACCOUNT, OTHER_ACCOUNT);
  const theirs = domain({ DomainNameConfigurations: [{ CertificateArn: certificate }] });
  await refused(other.createDomainName(theirs), BadRequestException, 400, taken);
  const missing = 'Invalid domain name identifier specified';
  await refused(other.getDomainName({ DomainName }), NotFoundException, 404, missing);
  const elsewhere = server.client(ACCOUNT, 'eu-west-2');
  await elsewhere.createDomainName(
    domain({ DomainNameConfigurations: [{ CertificateArn: CERTIFICATE.replace(REGION, 'eu-west-2') }] }),
  );
  await sdk.deleteDomainName({ DomainName });
  await other.createDomainName(theirs);
});

test('a domain leads to APIs of its own account and region (http-api.md §1.4)', async (t) => {
  const { server, sdk } = await start(t);
  await sdk.createDomainName(domain());
  for (const other of [server.client(OTHER_ACCOUNT), server.client(ACCOUNT, 'eu-west-2')]) {
    const { ApiId } = await httpApi(other);
    await other.createStage({ ApiId, StageName: 'prod' });
    const unknown = `Invalid API identifier specified: ${ApiId}`;
    const mapping = sdk.createApiMapping({ DomainName, ApiId, Stage: 'prod' });
    await refused(mapping, BadRequestException, 400, unknown);
    const rule = sdk.createRoutingRule({
      DomainName,
      Priority: 1,
      Conditions: [],
      Actions: [{ InvokeApi: { ApiId, Stage: 'prod' } }],
    });
    await refused(rule, BadRequestException, 400, unknown);
  }
});

test('domain names are listed in pages and tagged by their ARN (§1.9, §2.14)', async (t) => {
  const { sdk } = await start(t);
  for (const name of ['b.example.com', 'a.example.com', '*.example.com']) {
    await sdk.createDomainName(domain({ DomainName: name }));
  }
  const first = await sdk.getDomainNames({ MaxResults: '2' });
  const second = await sdk.getDomainNames({ MaxResults: '2', NextToken: first.NextToken! });
  assert.deepEqual(
    [first, second].map((page) => page.Items!.map((item) => item.DomainName)),
    [['b.example.com', 'a.example.com'], ['*.example.com']],
  );
  const { DomainNameArn: ResourceArn } = second.Items![0]!;
  await sdk.tagResource({ ResourceArn, Tags: { a: '1', b: '2' } });
  await sdk.untagResource({ ResourceArn, TagKeys: ['a'] });
  assert.deepEqual((await sdk.getTags({ ResourceArn })).Tags, { b: '2' });
  assert.deepEqual((await sdk.getDomainName({ DomainName: '*.example.com' })).Tags, { b: '2' });
});

test('a mapping is created, read, listed, moved and deleted (§2.11)', async (t) => {
  const { sdk } = await start(t);
  const ApiId = await mappable(sdk);
  const { $metadata, ...made } = await sdk.createApiMapping({ DomainName, ApiId, Stage: 'prod' });
  assert.equal($metadata.httpStatusCode, 201);
  assert.match(made.ApiMappingId!, /^[a-z0-9]{6}$/);
  assert.deepEqual(
    { ...made, ApiMappingId: '' },
    { ApiMappingId: '', ApiId, Stage: 'prod', ApiMappingKey: '' },
  );
  const { ApiMappingId } = made as { ApiMappingId: string };
  const moved = await sdk.updateApiMapping({
    DomainName,
    ApiMappingId,
    ApiId,
    ApiMappingKey: "orders/v1.0_a!*'()$-+",
  });
  assert.deepEqual(plain(moved), {
    ApiMappingId,
    ApiId,
    Stage: 'prod',
    ApiMappingKey: "orders/v1.0_a!*'()$-+",
  });
  assert.deepEqual(plain(await sdk.getApiMapping({ DomainName, ApiMappingId })), plain(moved));
  const rooted = await sdk.updateApiMapping({
    DomainName,
    ApiMappingId,
    ApiId,
    ApiMappingKey: '',
    Stage: '$default',
  });
  assert.deepEqual(plain(rooted), { ApiMappingId, ApiId, Stage: '$default', ApiMappingKey: '' });
  await sdk.createApiMapping({ DomainName, ApiId, Stage: 'prod', ApiMappingKey: 'b' });
  const { Items } = await sdk.getApiMappings({ DomainName });
  assert.deepEqual(
    Items!.map((item) => item.ApiMappingKey),
    ['', 'b'],
  );
  assert.equal((await sdk.deleteApiMapping({ DomainName, ApiMappingId })).$metadata.httpStatusCode, 204);
  await refused(
    sdk.getApiMapping({ DomainName, ApiMappingId }),
    NotFoundException,
    404,
    'The api mapping resource specified in the request was not found.',
  );
});

test('a mapping keeps its API and stage; a deleted domain takes mappings and rules along (§2.16)', async (t) => {
  const { sdk } = await start(t);
  const ApiId = await mappable(sdk);
  const { ApiMappingId } = await sdk.createApiMapping({ DomainName, ApiId, Stage: 'prod' });
  await sdk.createRoutingRule({
    DomainName,
    Priority: 1,
    Conditions: [],
    Actions: [{ InvokeApi: { ApiId, Stage: 'prod' } }],
  });
  await refused(
    sdk.deleteApi({ ApiId }),
    BadRequestException,
    400,
    `Deleting API ${ApiId} failed. Please remove all API mappings for the API from your custom domain names.`,
  );
  await refused(
    sdk.deleteStage({ ApiId, StageName: 'prod' }),
    BadRequestException,
    400,
    `Deleting stage prod failed. Please remove all base path mappings related to the stage in your domains: ${DomainName}`,
  );
  assert.equal((await sdk.deleteDomainName({ DomainName })).$metadata.httpStatusCode, 204);
  await sdk.createDomainName(domain());
  assert.deepEqual((await sdk.getApiMappings({ DomainName })).Items, []);
  assert.deepEqual((await sdk.listRoutingRules({ DomainName })).RoutingRules, []);
  await assert.rejects(sdk.getApiMapping({ DomainName, ApiMappingId }), NotFoundException);
  await sdk.deleteStage({ ApiId, StageName: 'prod' });
  await sdk.deleteApi({ ApiId });
});

test('a routing rule is created, read, replaced and deleted (§2.12)', async (t) => {
  const { sdk } = await start(t);
  const ApiId = await mappable(sdk);
  const Conditions = [
    { MatchBasePaths: { AnyOf: ['shop/v1'] } },
    { MatchHeaders: { AnyOf: [{ Header: 'X-Version', ValueGlob: '*beta*' }] } },
    { MatchHeaders: { AnyOf: [{ Header: 'x-tenant', ValueGlob: "a?-!#$%&'.^_`|~" }] } },
  ];
  const { $metadata, ...made } = await sdk.createRoutingRule({
    DomainName,
    Priority: 1_000_000,
    Conditions,
    Actions: [{ InvokeApi: { ApiId, Stage: 'prod' } }],
  });
  assert.equal($metadata.httpStatusCode, 201);
  const { RoutingRuleId } = made as { RoutingRuleId: string };
  assert.match(RoutingRuleId, /^[a-z0-9]{6}$/);
  assert.deepEqual(made, {
    RoutingRuleId,
    RoutingRuleArn: `arn:aws:apigateway:${REGION}:${ACCOUNT}:/domainnames/${DomainName}/routingrules/${RoutingRuleId}`,
    Priority: 1_000_000,
    Conditions,
    Actions: [{ InvokeApi: { ApiId, Stage: 'prod', StripBasePath: false } }],
  });
  const put = await sdk.putRoutingRule({
    DomainName,
    RoutingRuleId,
    Priority: 5,
    Conditions: [],
    Actions: [{ InvokeApi: { ApiId, Stage: '$default', StripBasePath: true } }],
  });
  assert.deepEqual(plain(put), {
    ...made,
    Priority: 5,
    Conditions: [],
    Actions: [{ InvokeApi: { ApiId, Stage: '$default', StripBasePath: true } }],
  });
  assert.deepEqual(plain(await sdk.getRoutingRule({ DomainName, RoutingRuleId })), plain(put));
  const gone = await sdk.deleteRoutingRule({ DomainName, RoutingRuleId });
  assert.equal(gone.$metadata.httpStatusCode, 204);
  await refused(
    sdk.getRoutingRule({ DomainName, RoutingRuleId }),
    NotFoundException,
    404,
    `Invalid RoutingRule identifier specified ${RoutingRuleId}`,
  );
});

test('routing rules are listed by priority, in pages (§2.12)', async (t) => {
  const { sdk } = await start(t);
  const ApiId = await mappable(sdk);
  const Actions = [{ InvokeApi: { ApiId, Stage: 'prod' } }];
  for (const Priority of [30, 10, 20]) {
    await sdk.createRoutingRule({ DomainName, Priority, Conditions: [], Actions });
  }
  const first = await sdk.listRoutingRules({ DomainName, MaxResults: 2 });
  const second = await sdk.listRoutingRules({ DomainName, MaxResults: 2, NextToken: first.NextToken! });
  assert.deepEqual(
    [first, second].map((page) => page.RoutingRules!.map((rule) => rule.Priority)),
    [[10, 20], [30]],
  );
  assert.equal(second.NextToken, undefined);
  await refused(
    sdk.listRoutingRules({ DomainName, NextToken: 'x' }),
    BadRequestException,
    400,
    'Invalid nextToken specified',
  );
});

test('the key of a whole domain is omitted, empty or (none), which are one key (§2.11)', async (t) => {
  const { sdk } = await start(t);
  const ApiId = await mappable(sdk);
  const roots = [{}, { ApiMappingKey: '' }, { ApiMappingKey: '(none)' }];
  for (const [i, given] of roots.entries()) {
    const DomainName = `root${i}.example.com`;
    await sdk.createDomainName(domain({ DomainName }));
    const { ApiMappingId, ApiMappingKey } = await sdk.createApiMapping({
      DomainName,
      ApiId,
      Stage: 'prod',
      ...given,
    });
    assert.equal(ApiMappingKey, '');
    assert.equal((await sdk.getApiMapping({ DomainName, ApiMappingId })).ApiMappingKey, '');
    for (const again of roots) {
      await refused(
        sdk.createApiMapping({ DomainName, ApiId, Stage: 'prod', ...again }),
        ConflictException,
        409,
        'ApiMapping key already exists for this domain name',
      );
    }
    const keyed = await sdk.updateApiMapping({ DomainName, ApiMappingId, ApiId, ApiMappingKey: 'a' });
    assert.equal(keyed.ApiMappingKey, 'a');
    const rooted = await sdk.updateApiMapping({ DomainName, ApiMappingId, ApiId, ...roots[2] });
    assert.equal(rooted.ApiMappingKey, '');
  }
});

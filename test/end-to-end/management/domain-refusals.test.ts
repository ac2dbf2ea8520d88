// What custom domain names, API mappings and routing rules may not be (spec/management-api.md §2.10 to §2.12, Appendix A).
import type { ApiGatewayV2, DomainNameConfiguration } from '@aws-sdk/client-apigatewayv2';
import { httpApi, webSocketApi } from '../../support/management-seeds.ts';
import { ACCOUNT, REGION } from '../../support/management-server.ts';
import { type RefusalRow, testRefusals } from '../../support/refusal-rows.ts';

const CertificateArn = `arn:aws:acm:${REGION}:${ACCOUNT}:certificate/c-1`;
const ELSEWHERE = CertificateArn.replace(REGION, 'us-east-1');

interface Domain {
  readonly DomainName: string;
  /** Has stages `$default` and `prod`. */
  readonly ApiId: string;
  /** A WebSocket API with stage `prod`. */
  readonly webSocketId: string;
}

let count = 0;

async function prepare(sdk: ApiGatewayV2): Promise<Domain> {
  const DomainName = `d${count++}.example.com`;
  const { ApiId } = await httpApi(sdk);
  await sdk.createStage({ ApiId, StageName: '$default' });
  await sdk.createStage({ ApiId, StageName: 'prod' });
  const { ApiId: webSocketId } = await webSocketApi(sdk);
  await sdk.createStage({ ApiId: webSocketId, StageName: 'prod' });
  await sdk.createDomainName({ DomainName, DomainNameConfigurations: [{ CertificateArn }] });
  return { DomainName, ApiId, webSocketId };
}

type Row = RefusalRow<Domain>;

const named = (DomainName: string, text: string, source: string): Row => ({
  source,
  name: `the name ${DomainName.slice(0, 40)}`,
  call: (sdk) => sdk.createDomainName({ DomainName, DomainNameConfigurations: [{ CertificateArn }] }),
  text,
});

const configured = (
  name: string,
  configurations: DomainNameConfiguration[] | undefined,
  text: string,
  source: string,
): Row => ({
  source,
  name,
  call: (sdk) =>
    sdk.createDomainName({
      DomainName: 'other.example.com',
      ...(configurations === undefined ? {} : { DomainNameConfigurations: configurations }),
    }),
  text,
});

const ONE = 'Invalid input. Expected one domain name configuration';
const TLS_1_0 =
  'Only REGIONAL domain names with a security policy of TLS 1.2 can be managed through the API Gateway V2 API. For TLS 1.0 domain names, please use the API Gateway V1 API to upgrade your security policy to TLS 1.2. Currently, only REST APIs can be attached to a domain name with a security policy of TLS 1.0.';

testRefusals<Domain>('domain names that are refused', prepare, [
  {
    source: '§2.10.2',
    name: 'a name that exists',
    call: (sdk, { DomainName }) =>
      sdk.createDomainName({ DomainName, DomainNameConfigurations: [{ CertificateArn }] }),
    text: 'The domain name you provided already exists.',
  },
  {
    source: '§2.10.2',
    name: 'an unknown name',
    call: (sdk) => sdk.updateDomainName({ DomainName: 'unknown.example.com' }),
    exception: 'NotFound',
    text: 'Invalid domain name identifier specified',
  },
  {
    source: '§2.16',
    name: 'deleting an unknown name',
    call: (sdk) => sdk.deleteDomainName({ DomainName: 'unknown.example.com' }),
    exception: 'NotFound',
    text: 'Invalid domain name identifier specified',
  },
  named('a_b.example.com', 'Domain names cannot contain an underscore character', '§2.10.1'),
  named('Api.Example.com', 'Invalid domain name specified: Api.Example.com', '§2.10.1'),
  named('a.*.example.com', 'Invalid domain name specified: a.*.example.com', 'http-api.md §1.4'),
  named('a*.example.com', 'Invalid domain name specified: a*.example.com', 'http-api.md §1.4'),
  named('api.example.com:8443', 'Invalid domain name specified: api.example.com:8443', '§2.10.1'),
  named('localhost', 'Invalid domain name specified: localhost', 'own rule: the management door’s name'),
  named('127.0.0.1', 'Invalid domain name specified: 127.0.0.1', 'own rule: no addresses'),
  named(
    'abc.execute-api.localhost',
    'The domain name abc.execute-api.localhost belongs to the default endpoints of APIs',
    'own rule',
  ),
  named(
    '*.example.test',
    'The domain name *.example.test belongs to the default endpoints of APIs',
    'own rule',
  ),
  {
    source: 'own rule',
    name: 'the default endpoint of an API',
    call: (sdk, { ApiId }) =>
      sdk.createDomainName({
        DomainName: `${ApiId}.example.test`,
        DomainNameConfigurations: [{ CertificateArn }],
      }),
    text: ({ ApiId }) => `The domain name ${ApiId}.example.test belongs to the default endpoints of APIs`,
  },
  named('x'.repeat(513), 'domainName must have length between 1 and 512', '§2.10.1'),
  configured('no configuration', undefined, ONE, '§2.10.1'),
  configured('an empty list', [], ONE, '§2.10.1'),
  configured('two configurations', [{ CertificateArn }, { CertificateArn }], ONE, '§2.10.1'),
  configured('no certificate', [{}], 'certificateArn is a required field', '§2.10.1'),
  configured(
    'a certificate of another region',
    [{ CertificateArn: ELSEWHERE }],
    `Invalid certificate ARN: ${ELSEWHERE}. Certificate must be in '${REGION}'.`,
    '§2.10.1',
  ),
  configured('no ARN', [{ CertificateArn: 'c-1' }], 'Invalid certificate ARN: c-1.', '§2.10.1'),
  configured(
    'an ownership certificate of another region',
    [{ CertificateArn, OwnershipVerificationCertificateArn: ELSEWHERE }],
    `Invalid certificate ARN: ${ELSEWHERE}. Certificate must be in '${REGION}'.`,
    '§2.10.1',
  ),
  configured(
    'an edge endpoint',
    [{ CertificateArn, EndpointType: 'EDGE' }],
    'EDGE endpoint type is not supported for APIGatewayV2 domainName',
    '§2.10.1',
  ),
  configured(
    'an unknown endpoint type',
    [{ CertificateArn, EndpointType: 'PRIVATE' as 'EDGE' }],
    'Invalid endpointType specified',
    '§8.21',
  ),
  configured('TLS 1.0', [{ CertificateArn, SecurityPolicy: 'TLS_1_0' }], TLS_1_0, '§2.10.2'),
  configured(
    'an unknown IP address type',
    [{ CertificateArn, IpAddressType: 'ipv6' as 'ipv4' }],
    'Invalid ipAddressType specified',
    '§8.21',
  ),
  {
    source: '§2.10.1',
    name: 'a truststore that is not in S3',
    call: (sdk, { DomainName }) =>
      sdk.updateDomainName({ DomainName, MutualTlsAuthentication: { TruststoreUri: 'file:///etc/passwd' } }),
    text: 'Invalid truststoreUri specified',
  },
  {
    source: '§2.10.1',
    name: 'a truststore version alone',
    call: (sdk, { DomainName }) =>
      sdk.updateDomainName({ DomainName, MutualTlsAuthentication: { TruststoreVersion: 'v' } }),
    text: 'truststoreUri must have length between 1 and 2048',
  },
  {
    source: '§8.21',
    name: 'an unknown routing mode',
    call: (sdk, { DomainName }) =>
      sdk.updateDomainName({ DomainName, RoutingMode: 'NONE' as 'ROUTING_RULE_ONLY' }),
    text: 'Invalid routingMode specified',
  },
  {
    source: '§2.10.1',
    name: 'an update with two configurations',
    call: (sdk, { DomainName }) =>
      sdk.updateDomainName({
        DomainName,
        DomainNameConfigurations: [{ CertificateArn }, { CertificateArn }],
      }),
    text: ONE,
  },
  {
    source: '§2.10.1',
    name: 'mutual TLS where a WebSocket API is mapped',
    call: async (sdk, { DomainName, webSocketId: ApiId }) => {
      await sdk.createApiMapping({ DomainName, ApiId, Stage: 'prod' });
      await sdk.updateDomainName({
        DomainName,
        MutualTlsAuthentication: { TruststoreUri: 's3://bucket/key' },
      });
    },
    text: 'Mutual TLS authentication is not supported for protocolType WEBSOCKET',
  },
]);

const keyed = (ApiMappingKey: string, text: string): Row => ({
  source: 'http-api.md §1.5',
  name: `the key ${ApiMappingKey.slice(0, 20)}`,
  call: (sdk, { DomainName, ApiId }) =>
    sdk.createApiMapping({ DomainName, ApiId, Stage: 'prod', ApiMappingKey }),
  text,
});
const SLASHES = "API mapping key should not start with a '/' or have consecutive '/'s.";
const LETTERS = "An ApiMapping key may contain only letters, numbers and one of $-_.+!*'(),";
const ONLY_WEBSOCKET =
  'Currently, WebSocket APIs can only be attached to a domain name with other WebSocket APIs.';

testRefusals<Domain>('mappings that are refused', prepare, [
  keyed('/a', SLASHES),
  keyed('a//b', SLASHES),
  keyed('a/', "API mapping key should not end with a '/'."),
  keyed('a b', LETTERS),
  keyed('a%20b', LETTERS),
  keyed('ä', LETTERS),
  keyed('x'.repeat(301), 'apiMappingKey must have length between 0 and 300'),
  {
    source: '§2.11',
    name: 'an unknown domain',
    call: (sdk, { ApiId }) =>
      sdk.createApiMapping({ DomainName: 'unknown.example.com', ApiId, Stage: 'prod' }),
    exception: 'NotFound',
    text: 'Invalid domain name identifier specified',
  },
  {
    source: '§2.11',
    name: 'an unknown API',
    call: (sdk, { DomainName }) => sdk.createApiMapping({ DomainName, ApiId: 'none', Stage: 'prod' }),
    text: 'Invalid API identifier specified: none',
  },
  {
    source: '§2.11',
    name: 'an unknown stage',
    call: (sdk, { DomainName, ApiId }) => sdk.createApiMapping({ DomainName, ApiId, Stage: 'none' }),
    text: 'Invalid stage identifier specified',
  },
  {
    source: '§2.11',
    name: 'the stage (none)',
    call: (sdk, { DomainName, ApiId }) => sdk.createApiMapping({ DomainName, ApiId, Stage: '(none)' }),
    text: 'Invalid stage identifier specified',
  },
  {
    source: '§2.11',
    name: 'an empty stage',
    call: (sdk, { DomainName, ApiId }) => sdk.createApiMapping({ DomainName, ApiId, Stage: '' }),
    text: 'stage must have length between 1 and 128',
  },
  {
    source: '§2.11',
    name: 'the same key again',
    call: async (sdk, { DomainName, ApiId }) => {
      await sdk.createApiMapping({ DomainName, ApiId, Stage: 'prod', ApiMappingKey: 'a' });
      await sdk.createApiMapping({ DomainName, ApiId, Stage: '$default', ApiMappingKey: 'a' });
    },
    exception: 'Conflict',
    text: 'ApiMapping key already exists for this domain name',
  },
  {
    source: '§2.11',
    name: 'an update to a key that is taken',
    call: async (sdk, { DomainName, ApiId }) => {
      await sdk.createApiMapping({ DomainName, ApiId, Stage: 'prod' });
      const { ApiMappingId } = await sdk.createApiMapping({
        DomainName,
        ApiId,
        Stage: 'prod',
        ApiMappingKey: 'a',
      });
      await sdk.updateApiMapping({ DomainName, ApiMappingId, ApiId, ApiMappingKey: '' });
    },
    exception: 'Conflict',
    text: 'ApiMapping key already exists for this domain name',
  },
  {
    source: '§2.11',
    name: 'an update to a stage that the other API does not have',
    call: async (sdk, { DomainName, ApiId, webSocketId }) => {
      const { ApiMappingId } = await sdk.createApiMapping({ DomainName, ApiId, Stage: '$default' });
      await sdk.updateApiMapping({ DomainName, ApiMappingId, ApiId: webSocketId });
    },
    text: 'Invalid stage identifier specified',
  },
  {
    source: '§2.11',
    name: 'a WebSocket API beside an HTTP API',
    call: async (sdk, { DomainName, ApiId, webSocketId }) => {
      await sdk.createApiMapping({ DomainName, ApiId, Stage: 'prod' });
      await sdk.createApiMapping({ DomainName, ApiId: webSocketId, Stage: 'prod', ApiMappingKey: 'ws' });
    },
    text: ONLY_WEBSOCKET,
  },
  {
    source: '§2.11',
    name: 'an HTTP API beside a WebSocket API',
    call: async (sdk, { DomainName, ApiId, webSocketId }) => {
      await sdk.createApiMapping({ DomainName, ApiId: webSocketId, Stage: 'prod', ApiMappingKey: 'ws' });
      await sdk.createApiMapping({ DomainName, ApiId, Stage: 'prod' });
    },
    text: ONLY_WEBSOCKET,
  },
  {
    source: '§2.11',
    name: 'a multi-level key of a WebSocket API',
    call: (sdk, { DomainName, webSocketId: ApiId }) =>
      sdk.createApiMapping({ DomainName, ApiId, Stage: 'prod', ApiMappingKey: 'a/b' }),
    text: 'Multi-level API mapping keys are not supported for protocolType WEBSOCKET',
  },
  {
    source: '§2.10.1',
    name: 'a WebSocket API behind mutual TLS',
    call: async (sdk, { DomainName, webSocketId: ApiId }) => {
      await sdk.updateDomainName({
        DomainName,
        MutualTlsAuthentication: { TruststoreUri: 's3://bucket/key' },
      });
      await sdk.createApiMapping({ DomainName, ApiId, Stage: 'prod' });
    },
    text: 'Mutual TLS authentication is not supported for protocolType WEBSOCKET',
  },
  {
    source: '§2.11',
    name: 'an unknown mapping',
    call: (sdk, { DomainName }) => sdk.deleteApiMapping({ DomainName, ApiMappingId: 'none' }),
    exception: 'NotFound',
    text: 'The api mapping resource specified in the request was not found.',
  },
]);

type Condition = NonNullable<Parameters<ApiGatewayV2['createRoutingRule']>[0]['Conditions']>[number];

const broken = (member: string, value: string, constraint: string): string =>
  `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${constraint}`;

const conditioned = (
  name: string,
  Conditions: Condition[],
  text: string,
  source = 'http-api.md §1.6',
): Row => ({
  source,
  name,
  call: (sdk, { DomainName, ApiId }) =>
    sdk.createRoutingRule({
      DomainName,
      Priority: 1,
      Conditions,
      Actions: [{ InvokeApi: { ApiId, Stage: 'prod' } }],
    }),
  text,
});

const header = (Header: string, ValueGlob = 'x'): Condition => ({
  MatchHeaders: { AnyOf: [{ Header, ValueGlob }] },
});
const basePath = (...AnyOf: string[]): Condition => ({ MatchBasePaths: { AnyOf } });
const HEADER = 'conditions.matchHeaders.anyOf.header';
const GLOB = 'conditions.matchHeaders.anyOf.valueGlob';
const PATHS = 'conditions.matchBasePaths.anyOf';
const reserved = (name: string): Row =>
  conditioned(
    `the header ${name}`,
    [header(name)],
    broken(HEADER, name, 'Member must not be a reserved header'),
  );
const globbed = (glob: string): Row =>
  conditioned(
    `the glob ${glob}`,
    [header('x-a', glob)],
    broken(
      GLOB,
      glob,
      "Member must satisfy a glob of allowed characters, with '*' only at its start and end",
    ),
  );
const prioritised = (Priority: number): Row => ({
  source: '§2.12',
  name: `the priority ${Priority}`,
  call: (sdk, { DomainName, ApiId }) =>
    sdk.createRoutingRule({
      DomainName,
      Priority,
      Conditions: [],
      Actions: [{ InvokeApi: { ApiId, Stage: 'prod' } }],
    }),
  text: broken('priority', String(Priority), 'Member must be between 1 and 1000000'),
});

testRefusals<Domain>('routing rules that are refused', prepare, [
  prioritised(0),
  prioritised(1_000_001),
  {
    source: '§2.12',
    name: 'the same priority again',
    call: async (sdk, { DomainName, ApiId }) => {
      const rule = {
        DomainName,
        Priority: 7,
        Conditions: [],
        Actions: [{ InvokeApi: { ApiId, Stage: 'prod' } }],
      };
      await sdk.createRoutingRule(rule);
      await sdk.createRoutingRule(rule);
    },
    exception: 'Conflict',
    text: 'A routing rule with priority 7 already exists for this domain name',
  },
  {
    source: '§2.12',
    name: 'no conditions member',
    call: (sdk, { DomainName, ApiId }) =>
      sdk.createRoutingRule({
        DomainName,
        Priority: 1,
        Conditions: undefined,
        Actions: [{ InvokeApi: { ApiId, Stage: 'prod' } }],
      }),
    text: broken('conditions', 'null', 'Member must not be null').replace("'null'", 'null'),
  },
  conditioned(
    'an empty condition',
    [{}],
    broken('conditions', '', 'Member must have one of matchHeaders and matchBasePaths'),
    '§2.12',
  ),
  conditioned(
    'a condition of both kinds',
    [{ ...header('x-a'), ...basePath('a') }],
    broken('conditions', '', 'Member must have one of matchHeaders and matchBasePaths'),
    '§2.12',
  ),
  conditioned(
    'three headers',
    [header('x-a'), header('x-b'), header('x-c')],
    broken(
      'conditions',
      '3 matchHeaders and 0 matchBasePaths',
      'Member must have at most 2 matchHeaders and 1 matchBasePaths',
    ),
  ),
  conditioned(
    'two base paths',
    [basePath('a'), basePath('b')],
    broken(
      'conditions',
      '0 matchHeaders and 2 matchBasePaths',
      'Member must have at most 2 matchHeaders and 1 matchBasePaths',
    ),
  ),
  conditioned('an empty anyOf', [basePath()], broken(PATHS, '[]', 'Member must have exactly one entry')),
  conditioned(
    'two entries',
    [basePath('a', 'b')],
    broken(PATHS, '["a","b"]', 'Member must have exactly one entry'),
  ),
  conditioned(
    'a header name of 40 characters',
    [header('x'.repeat(40))],
    broken(HEADER, 'x'.repeat(40), 'Member must have length between 1 and 39'),
  ),
  conditioned(
    'a header name with a blank',
    [header('x y')],
    broken(HEADER, 'x y', 'Member must be a header name'),
  ),
  ...['Authorization', 'x-amz-date', 'X-Forwarded-For', 'x-apigw-api-id', 'X-RestApi'].map(reserved),
  ...['a*b', '**a', 'a**', 'a b', 'ä', 'a/b'].map(globbed),
  conditioned(
    'a glob of 128 characters',
    [header('x-a', 'x'.repeat(128))],
    broken(GLOB, 'x'.repeat(128), 'Member must have length between 1 and 127'),
  ),
  conditioned(
    'a glob with 40 characters between wildcards',
    [header('x-a', `*${'x'.repeat(40)}*`)],
    broken(GLOB, `*${'x'.repeat(40)}*`, 'Member must have less than 40 characters between wildcards'),
  ),
  conditioned(
    'a base path of 128 characters',
    [basePath('x'.repeat(128))],
    broken(PATHS, 'x'.repeat(128), 'Member must have length between 1 and 127'),
  ),
  conditioned(
    'a base path with a slash in front',
    [basePath('/a')],
    broken(PATHS, '/a', "Member must be path segments without a '/' at its start or end"),
  ),
  {
    source: '§2.12',
    name: 'no action',
    call: (sdk, { DomainName }) =>
      sdk.createRoutingRule({ DomainName, Priority: 1, Conditions: [], Actions: [] }),
    text: broken('actions', '[]', 'Member must have exactly one entry'),
  },
  {
    source: '§8.9',
    name: 'an unknown API',
    call: (sdk, { DomainName }) =>
      sdk.createRoutingRule({
        DomainName,
        Priority: 1,
        Conditions: [],
        Actions: [{ InvokeApi: { ApiId: 'none', Stage: 'prod' } }],
      }),
    text: 'Invalid API identifier specified: none',
  },
  {
    source: '§8.9',
    name: 'an unknown stage',
    call: (sdk, { DomainName, ApiId }) =>
      sdk.createRoutingRule({
        DomainName,
        Priority: 1,
        Conditions: [],
        Actions: [{ InvokeApi: { ApiId, Stage: 'none' } }],
      }),
    text: 'Invalid stage identifier specified',
  },
  {
    source: '§2.12',
    name: 'replacing an unknown rule',
    call: (sdk, { DomainName, ApiId }) =>
      sdk.putRoutingRule({
        DomainName,
        RoutingRuleId: 'none',
        Priority: 1,
        Conditions: [],
        Actions: [{ InvokeApi: { ApiId, Stage: 'prod' } }],
      }),
    exception: 'NotFound',
    text: 'Invalid RoutingRule identifier specified none',
  },
]);

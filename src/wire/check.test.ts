import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkInput, pageSize } from './check.ts';
import type { OperationName } from './operation.ts';
import { operationNamed } from './operation.ts';

const HTTP = { Name: 'n', ProtocolType: 'HTTP' };
const RULE = { DomainName: 'd', Actions: [], Conditions: [] };

const cases: readonly (readonly [string, OperationName, Record<string, unknown>, string | undefined])[] = [
  ['§1.5', 'CreateApi', HTTP, undefined],
  ['§1.5', 'CreateApi', { ProtocolType: 'HTTP' }, 'Invalid API name specified'],
  ['App. A', 'CreateApi', { Name: 'n' }, 'Invalid protocol specified. Must be one of [HTTP, WEBSOCKET]'],
  [
    'App. A',
    'CreateApi',
    { Name: 'n', ProtocolType: 'TCP' },
    'Invalid protocol specified. Must be one of [HTTP, WEBSOCKET]',
  ],
  ['§8.21', 'CreateApi', { ...HTTP, IpAddressType: 'ipv9' }, 'Invalid ipAddressType specified'],
  ['§1.5', 'CreateRoute', { ApiId: 'a' }, 'RouteKey is a required field'],
  ['§1.5', 'CreateRoute', { ApiId: 'a', RouteKey: '$default' }, undefined],
  [
    '§8.21',
    'CreateIntegration',
    { ApiId: 'a', IntegrationType: 'MOCK', TimeoutInMillis: 100.5 },
    'Invalid timeoutInMillis specified',
  ],
  [
    '§8.21',
    'CreateRoute',
    { ApiId: 'a', RouteKey: 'x', AuthorizationType: 'OAUTH' },
    'Invalid authorizationType specified',
  ],
  [
    '§1.10',
    'UpdateRoute',
    { ApiId: 'a', RouteId: 'r', AuthorizationType: '' },
    'Invalid authorizationType specified',
  ],
  ['§1.10', 'UpdateIntegration', { ApiId: 'a', IntegrationId: 'i', ContentHandlingStrategy: '' }, undefined],
  [
    '§8.21',
    'CreateIntegration',
    { ApiId: 'a', IntegrationType: 'MOCK', ContentHandlingStrategy: '' },
    'Invalid contentHandlingStrategy specified',
  ],
  ['§1.5', 'CreateIntegration', { ApiId: 'a' }, 'IntegrationType is a required field'],
  [
    '§1.5',
    'CreateAuthorizer',
    { ApiId: 'a', AuthorizerType: 'JWT', Name: 'n' },
    'IdentitySource is a required field',
  ],
  ['App. A', 'CreateVpcLink', { Name: 'n' }, 'SubnetIds for a vpc link cannot be empty'],
  // What a definition says.
  ['§8.21', 'CreateApi', { ...HTTP, Name: ['n'] }, 'Invalid API name specified'],
  ['§8.21', 'CreateApi', { ...HTTP, CorsConfiguration: { MaxAge: 'x' } }, 'Invalid maxAge specified'],
  [
    '§8.21',
    'CreateApi',
    { ...HTTP, CorsConfiguration: { AllowOrigins: '*' } },
    'Invalid allowOrigins specified',
  ],
  [
    '§8.21',
    'CreateApi',
    { ...HTTP, CorsConfiguration: { AllowOrigins: [1] } },
    'Invalid allowOrigins specified',
  ],
  ['§8.21', 'CreateApi', { ...HTTP, CorsConfiguration: [] }, 'Invalid corsConfiguration specified'],
  ['§8.21', 'CreateApi', { ...HTTP, Tags: [] }, 'Invalid tags specified'],
  [
    '§8.21',
    'CreateApi',
    { ...HTTP, DisableExecuteApiEndpoint: 'x' },
    'Invalid disableExecuteApiEndpoint specified. Must be one of [true, false]',
  ],
  [
    '§8.21',
    'CreateStage',
    { ApiId: 'a', StageName: 's', RouteSettings: { 'GET /': { LoggingLevel: '' } } },
    'Invalid loggingLevel specified',
  ],
  ...(['CreateStage', 'UpdateStage'] as const).flatMap((operation) =>
    [
      { DefaultRouteSettings: { LoggingLevel: 'TRACE' } },
      { RouteSettings: { 'GET /': { LoggingLevel: 'DEBUG' } } },
    ].map(
      (settings) => ['§2.8.2', operation, { ApiId: 'a', StageName: 's', ...settings }, undefined] as const,
    ),
  ),
  [
    '§8.21',
    'CreateDomainName',
    { DomainName: 'd', DomainNameConfigurations: [{}, { EndpointType: 'X' }] },
    'Invalid endpointType specified',
  ],
  ['§1.5', 'UntagResource', { ResourceArn: 'x' }, 'TagKeys is a required field'],
  ['§8.2', 'GetApis', { MaxResults: '1' }, undefined],
  ['§8.2', 'GetApis', { MaxResults: '0' }, 'Invalid maxResults specified'],
  ['§8.2', 'GetApis', { MaxResults: '-1' }, 'Invalid maxResults specified'],
  ['§8.2', 'GetApis', { MaxResults: 'ten' }, 'Invalid maxResults specified'],
  ['§8.2', 'GetApis', { MaxResults: '' }, 'Invalid maxResults specified'],
  [
    '§8.21',
    'ListRoutingRules',
    { DomainName: 'd', MaxResults: 101 },
    "1 validation error detected: Value '101' at 'maxResults' failed to satisfy constraint: Member must be between 1 and 100",
  ],
  [
    '§8.21',
    'CreateRoutingRule',
    RULE,
    "1 validation error detected: Value null at 'priority' failed to satisfy constraint: Member must not be null",
  ],
  [
    '§8.21',
    'CreateRoutingRule',
    { ...RULE, Priority: 1, Actions: [{ InvokeApi: { ApiId: 'a' } }] },
    "1 validation error detected: Value null at 'actions.invokeApi.stage' failed to satisfy constraint: Member must not be null",
  ],
  [
    '§8.21',
    'UpdateProductRestEndpointPage',
    { PortalProductId: 'p', ProductRestEndpointPageId: 'q', TryItState: 'ON' },
    "1 validation error detected: Value 'ON' at 'tryItState' failed to satisfy constraint: Member must satisfy enum value set: [DISABLED, ENABLED]",
  ],
];
for (const [source, name, input, message] of cases) {
  test(`${name} ${JSON.stringify(input)} → ${message ?? 'fine'} (spec/management-api.md ${source})`, () => {
    const problem = checkInput(operationNamed(name), input);
    assert.equal(problem?.message, message);
    if (problem !== undefined) assert.deepEqual([problem.status, problem.code], [400, 'BadRequestException']);
  });
}

const BODY = { Body: 'openapi: 3.0.1' };
for (const operation of ['ImportApi', 'ReimportApi'] as const) {
  for (const [input, message] of [
    [{ ...BODY, Basepath: 'split', FailOnWarnings: false }, undefined],
    [{ ...BODY, FailOnWarnings: 'yes' }, 'Invalid failOnWarnings specified. Must be one of [true, false]'],
    [{}, 'Invalid OpenAPI input.'],
  ] as const) {
    test(`${operation} ${JSON.stringify(input)} → ${message ?? 'fine'} (spec/openapi.md Choice O3)`, () => {
      assert.equal(checkInput(operationNamed(operation), input)?.message, message);
    });
  }
}

test('a page holds 100 entries unless told, never more than 500 (spec/management-api.md §8.2)', () => {
  assert.deepEqual([undefined, '1', '500', '501', 7].map(pageSize), [100, 1, 500, 500, 7]);
});

// What CreateStage and UpdateStage refuse, driven by the unmodified AWS SDK (spec/management-api.md §2.8, Appendix A).
import type { ApiGatewayV2, CreateStageCommandInput } from '@aws-sdk/client-apigatewayv2';
import { deployableApi, webSocketApi } from '../../support/management-seeds.ts';
import { type RefusalRow, testRefusals } from '../../support/refusal-rows.ts';

type Row = readonly [source: string, name: string, given: Partial<CreateStageCommandInput>, text: string];

const LOG_GROUP = 'arn:aws:logs:eu-west-1:111111111111:log-group:pets';
const FIREHOSE = 'arn:aws:firehose:eu-west-1:111111111111:deliverystream/amazon-apigateway-x';
const FORMAT = '$context.requestId';
const BAD_NAME = 'Stage name only allows a-zA-Z0-9_';
const NO_REQUEST_ID =
  'Access Log format must include either $context.requestId or $context.extendedRequestId';
const NO_EXECUTION_LOGS = 'Execution logs are not supported on protocolType HTTP';
const destination = (resource: string): string =>
  `Access log destination must only contain characters a-z, A-Z, 0-9, '_', '-', '/', '.': '${resource}'`;
const variable = (value: string): string =>
  `Invalid stage variable value: ${value}.  Please use values with alphanumeric characters and the symbols ' ', -', '.', '_', ':', '/', '?', '&', '=', and ','.`;

const HTTP_ROWS: readonly Row[] = [
  ['App. A', 'name with a blank', { StageName: 'a b' }, BAD_NAME],
  ['App. A', 'another $ name', { StageName: '$other' }, BAD_NAME],
  ['§2.8.1', 'empty name', { StageName: '' }, BAD_NAME],
  ['§2.8.1', 'long name', { StageName: 'x'.repeat(129) }, BAD_NAME],
  [
    '§8.21',
    'long description',
    { Description: 'x'.repeat(1025) },
    'description must have length between 0 and 1024',
  ],
  ['§8.5', 'deployment that is not there', { DeploymentId: 'nothere' }, 'Deployment id does not exist'],
  [
    '§2.8.1',
    'variable name',
    { StageVariables: { 'a-b': '1' } },
    'Invalid stage variable name: a-b.  Please use names with only word characters.',
  ],
  ['§2.8.1', 'variable value', { StageVariables: { a: 'b c' } }, variable('b c')],
  ['§2.8.1', 'empty variable', { StageVariables: { a: '' } }, variable('')],
  [
    '§2.8.1',
    'long variable name',
    { StageVariables: { ['x'.repeat(65)]: '1' } },
    'stageVariables key must have length between 1 and 64',
  ],
  [
    '§2.8.1',
    'long variable value',
    { StageVariables: { a: 'x'.repeat(513) } },
    'stageVariables value must have length between 1 and 512',
  ],
  [
    '§2.8.1',
    'too many variables',
    { StageVariables: Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`v${i}`, '1'])) },
    'stageVariables must have at most 100 entries',
  ],
  [
    '§2.14',
    'too many tags',
    { Tags: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`t${i}`, '1'])) },
    'tags must have at most 50 entries',
  ],
  [
    '§2.8.1',
    'client certificate on HTTP',
    { ClientCertificateId: 'c' },
    'ClientCertificateId is not supported for protocolType HTTP',
  ],
  ['App. A', 'execution logs', { DefaultRouteSettings: { LoggingLevel: 'INFO' } }, NO_EXECUTION_LOGS],
  ['App. A', 'data trace', { DefaultRouteSettings: { DataTraceEnabled: true } }, NO_EXECUTION_LOGS],
  [
    'App. A',
    'execution logs of a route',
    { RouteSettings: { 'GET /pets/{petId}': { LoggingLevel: 'ERROR' } } },
    NO_EXECUTION_LOGS,
  ],
  [
    '§2.8.2',
    'execution logs of a level that is none',
    { DefaultRouteSettings: { LoggingLevel: 'LOUD' as never } },
    NO_EXECUTION_LOGS,
  ],
  [
    '§2.8.2',
    'negative burst',
    { DefaultRouteSettings: { ThrottlingBurstLimit: -1 } },
    'throttlingBurstLimit must be between 0 and 2147483647',
  ],
  [
    'App. A',
    'settings of no route',
    { RouteSettings: { 'GET /nothing': { ThrottlingBurstLimit: 1 } } },
    'Unable to find Route by key GET /nothing within the provided RouteSettings',
  ],
  [
    'App. A',
    'settings under another variable name',
    { RouteSettings: { 'GET /pets/{id}': { ThrottlingBurstLimit: 1 } } },
    'Unable to find Route by key GET /pets/{id} within the provided RouteSettings',
  ],
  [
    'App. A',
    'settings of a malformed key',
    { RouteSettings: { x: { ThrottlingBurstLimit: 1 } } },
    'Unable to find Route by key x within the provided RouteSettings',
  ],
  [
    'App. A',
    'format without request id',
    { AccessLogSettings: { DestinationArn: LOG_GROUP, Format: '$context.status' } },
    NO_REQUEST_ID,
  ],
  [
    'App. A',
    'a longer name is not the request id',
    { AccessLogSettings: { DestinationArn: LOG_GROUP, Format: '$context.requestIdX' } },
    NO_REQUEST_ID,
  ],
  ['§2.8.3', 'no format', { AccessLogSettings: { DestinationArn: LOG_GROUP } }, NO_REQUEST_ID],
  [
    '§2.8.3',
    'long format',
    { AccessLogSettings: { DestinationArn: LOG_GROUP, Format: FORMAT.repeat(200) } },
    'format must have length between 1 and 3072',
  ],
  [
    '§2.8.3',
    'format of two lines',
    { AccessLogSettings: { DestinationArn: LOG_GROUP, Format: `${FORMAT}\nx` } },
    'Access Log format must be single line, new line character is allowed only at end of the format',
  ],
  [
    'App. A',
    'Firehose on HTTP',
    { AccessLogSettings: { DestinationArn: FIREHOSE, Format: FORMAT } },
    destination('deliverystream/amazon-apigateway-x'),
  ],
  [
    'App. A',
    'log group of other characters',
    { AccessLogSettings: { DestinationArn: `${LOG_GROUP}!`, Format: FORMAT } },
    destination('pets!'),
  ],
  [
    '§2.8.3',
    'no destination',
    { AccessLogSettings: { Format: FORMAT } },
    'Invalid ARN specified in the request',
  ],
];

const WEBSOCKET_ROWS: readonly Row[] = [
  [
    '§2.8.3',
    'Firehose of another name',
    { AccessLogSettings: { DestinationArn: FIREHOSE.replace('amazon-', ''), Format: FORMAT } },
    destination('deliverystream/apigateway-x'),
  ],
  [
    'App. A',
    'settings of no route',
    { RouteSettings: { nothing: { ThrottlingBurstLimit: 1 } } },
    'Unable to find Route by key nothing within the provided RouteSettings',
  ],
];

const create = ([source, name, given, text]: Row): RefusalRow<{ ApiId: string }> => ({
  source,
  name,
  call: (sdk, { ApiId }) => sdk.createStage({ ApiId, StageName: 'dev', ...given }),
  text,
});

testRefusals('CreateStage on HTTP APIs', deployableApi, HTTP_ROWS.map(create));
testRefusals('CreateStage on WebSocket APIs', webSocketApi, WEBSOCKET_ROWS.map(create));

async function deployedApi(sdk: ApiGatewayV2): Promise<{ ApiId: string; StageName: string }> {
  const { ApiId } = await deployableApi(sdk);
  await sdk.createStage({ ApiId, StageName: 'dev', AutoDeploy: true });
  return { ApiId, StageName: 'dev' };
}

testRefusals('UpdateStage and paths', deployedApi, [
  {
    source: '§8.17',
    name: 'unknown deployment for a stage with AutoDeploy',
    call: (sdk, stage) => sdk.updateStage({ ...stage, DeploymentId: 'nothere' }),
    text: 'Deployment ID cannot be set on this stage because AutoDeploy is enabled',
  },
  {
    source: '§8.5',
    name: 'deployment that is not there',
    call: (sdk, stage) => sdk.updateStage({ ...stage, AutoDeploy: false, DeploymentId: 'nothere' }),
    text: 'Deployment id does not exist',
  },
  {
    source: '§1.10',
    name: 'an empty log destination',
    call: (sdk, stage) =>
      sdk.updateStage({ ...stage, AccessLogSettings: { DestinationArn: '', Format: FORMAT } }),
    text: 'Invalid ARN specified in the request',
  },
  {
    source: '§1.10',
    name: 'an empty log format',
    call: (sdk, stage) =>
      sdk.updateStage({ ...stage, AccessLogSettings: { DestinationArn: LOG_GROUP, Format: '' } }),
    text: NO_REQUEST_ID,
  },
  {
    source: 'App. A',
    name: 'settings of no route',
    call: (sdk, stage) => sdk.updateStage({ ...stage, RouteSettings: { 'GET /x': {} } }),
    text: 'Unable to find Route by key GET /x within the provided RouteSettings',
  },
  {
    source: 'App. A',
    name: 'unknown stage',
    exception: 'NotFound',
    call: (sdk, { ApiId }) => sdk.updateStage({ ApiId, StageName: 'nothere', Description: 'x'.repeat(1025) }),
    text: 'Invalid stage identifier specified',
  },
  {
    source: 'App. A',
    name: 'route settings of an unknown stage',
    exception: 'NotFound',
    call: (sdk, { ApiId }) => sdk.deleteRouteSettings({ ApiId, StageName: 'nothere', RouteKey: 'x' }),
    text: 'Invalid stage identifier specified',
  },
  {
    source: 'App. A',
    name: 'access logs of an unknown stage',
    exception: 'NotFound',
    call: (sdk, { ApiId }) => sdk.deleteAccessLogSettings({ ApiId, StageName: 'nothere' }),
    text: 'Invalid stage identifier specified',
  },
]);

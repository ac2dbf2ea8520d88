// What CreateIntegration and UpdateIntegration refuse, driven by the unmodified AWS SDK (spec/management-api.md §2.3,
// http-api.md §3.1, §4.10, Appendix A).
import type { CreateIntegrationCommandInput } from '@aws-sdk/client-apigatewayv2';
import { deployableApi, httpApi } from '../../support/management-seeds.ts';
import { ACCOUNT } from '../../support/management-server.ts';
import { type RefusalRow, testRefusals } from '../../support/refusal-rows.ts';

type Given = Partial<Omit<CreateIntegrationCommandInput, 'ApiId'>>;
type Row = readonly [source: string, name: string, given: Given, text: string];

const LAMBDA = 'arn:aws:lambda:eu-west-1:111111111111:function:hello';
const ROLE = 'arn:aws:iam::111111111111:role/caller';
const LISTENER =
  'arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener/app/lb/50dc6c495c0c9188/f2f7dc8efc522ab2';
const PROXY: Given = {
  IntegrationType: 'HTTP_PROXY',
  IntegrationMethod: 'GET',
  IntegrationUri: 'http://a.example',
  PayloadFormatVersion: '1.0',
};
const FUNCTION: Given = { IntegrationType: 'AWS_PROXY', IntegrationUri: LAMBDA, PayloadFormatVersion: '2.0' };
const SERVICE: Given = {
  IntegrationType: 'AWS_PROXY',
  IntegrationSubtype: 'SQS-SendMessage',
  PayloadFormatVersion: '1.0',
  CredentialsArn: ROLE,
  RequestParameters: { QueueUrl: 'q', MessageBody: 'b' },
};
const PRIVATE: Given = {
  ...PROXY,
  ConnectionType: 'VPC_LINK',
  ConnectionId: 'link01',
  IntegrationUri: 'arn:aws:servicediscovery:eu-west-1:111111111111:service/srv-abc',
};

const ONLY_PROXIES =
  'Currently, an API with a protocol type of HTTP may only be associated with proxy integrations (AWS_PROXY, HTTP_PROXY)';
const TIMEOUT = 'Timeout should be between 50 ms and 30000 ms';
const mapping = (inner: string): string =>
  `Invalid mapping expression specified: Validation Result: warnings : [], errors : [${inner}]`;
const missing = (subtype: string, list: string): string =>
  `Operation: ${subtype} requires enabling passthrough, or defining all of the following parameters in the parameter mapping: [${list}]`;

/** A row for each service operation: without parameters it names those it needs, in alphabetical order (§2.3.4). */
const SERVICE_ROWS: readonly Row[] = (
  [
    ['EventBridge-PutEvents', 'Detail, DetailType, Source'],
    ['SQS-SendMessage', 'MessageBody, QueueUrl'],
    ['SQS-ReceiveMessage', 'QueueUrl'],
    ['SQS-DeleteMessage', 'QueueUrl, ReceiptHandle'],
    ['SQS-PurgeQueue', 'QueueUrl'],
    ['AppConfig-GetConfiguration', 'Application, ClientId, Configuration, Environment'],
    ['Kinesis-PutRecord', 'Data, PartitionKey, StreamName'],
    ['StepFunctions-StartExecution', 'StateMachineArn'],
    ['StepFunctions-StartSyncExecution', 'StateMachineArn'],
    ['StepFunctions-StopExecution', 'ExecutionArn'],
  ] as const
).map(([subtype, list]) => [
  '§2.3.4',
  `${subtype} without parameters`,
  { ...SERVICE, IntegrationSubtype: subtype, RequestParameters: { Region: 'eu-west-1' } },
  missing(subtype, list),
]);

const HTTP_ROWS: readonly Row[] = [
  ['App. A', 'type AWS', { ...PROXY, IntegrationType: 'AWS' }, ONLY_PROXIES],
  ['App. A', 'type HTTP', { ...PROXY, IntegrationType: 'HTTP' }, ONLY_PROXIES],
  ['App. A', 'type MOCK', { IntegrationType: 'MOCK' }, ONLY_PROXIES],
  ['§8.21', 'a type that is none', { IntegrationType: 'X' as never }, 'Invalid integrationType specified'],
  ['§1.5', 'no type', {}, 'IntegrationType is a required field'],
  [
    'App. A',
    'no payload format',
    { ...PROXY, PayloadFormatVersion: undefined },
    'PayloadFormatVersion is a required parameter for integration',
  ],
  [
    'App. A',
    'HTTP_PROXY with 2.0',
    { ...PROXY, PayloadFormatVersion: '2.0' },
    'PayloadFormatVersion 2.0 is not supported for integration of type HTTP_PROXY',
  ],
  [
    'http-api §3.1',
    'HTTP_PROXY with another version',
    { ...PROXY, PayloadFormatVersion: '3.0' },
    'Unsupported PayloadFormatVersion: 3.0',
  ],
  [
    'App. A',
    'AWS_PROXY with another version',
    { ...FUNCTION, PayloadFormatVersion: '1.5' },
    'Unsupported PayloadFormatVersion: 1.5',
  ],
  [
    'App. A',
    'HTTP_PROXY without method',
    { ...PROXY, IntegrationMethod: undefined },
    'HttpMethod parameter method must be specified for integrationType HTTPPROXY',
  ],
  [
    '§2.3.1',
    'a method that is none',
    { ...PROXY, IntegrationMethod: 'GET X' },
    'Invalid HTTP method specified for integrationMethod',
  ],
  ['App. A', 'timeout too short', { ...PROXY, TimeoutInMillis: 49 }, TIMEOUT],
  ['App. A', 'timeout too long', { ...PROXY, TimeoutInMillis: 30_001 }, TIMEOUT],
  [
    'App. A',
    'URI of another scheme',
    { ...PROXY, IntegrationUri: 'ftp://a.example' },
    'Invalid HTTP endpoint specified for URI',
  ],
  [
    'App. A',
    'HTTP_PROXY without URI',
    { ...PROXY, IntegrationUri: undefined },
    'Invalid HTTP endpoint specified for URI',
  ],
  [
    '§8.21',
    'long URI',
    { ...PROXY, IntegrationUri: `http://a.example/${'x'.repeat(2048)}` },
    'integrationUri must have length between 1 and 2048',
  ],
  [
    '§8.21',
    'long description',
    { ...PROXY, Description: 'x'.repeat(1025) },
    'description must have length between 0 and 1024',
  ],
  [
    '§8.8',
    'no function ARN',
    { ...FUNCTION, IntegrationUri: 'http://a.example' },
    'Invalid function ARN or invalid uri',
  ],
  ['§8.8', 'no function', { ...FUNCTION, IntegrationUri: undefined }, 'Invalid function ARN or invalid uri'],
  [
    '§2.3.2',
    'credentials that are no role',
    { ...FUNCTION, CredentialsArn: 'role' },
    'Invalid ARN specified in the request',
  ],
  [
    '§2.3.2',
    'subtype on HTTP_PROXY',
    { ...PROXY, IntegrationSubtype: 'SQS-SendMessage' },
    'IntegrationSubtype is only supported for integrations of type AWS_PROXY',
  ],
  [
    '§2.3.2',
    'connection without VPC_LINK',
    { ...PROXY, ConnectionId: 'link01' },
    'ConnectionId is only supported for ConnectionType VPC_LINK',
  ],
  [
    '§2.3.2',
    'AWS_PROXY over VPC_LINK',
    { ...FUNCTION, ConnectionType: 'VPC_LINK' },
    'ConnectionType VPC_LINK is not supported for integrations of type AWS_PROXY',
  ],
  [
    'App. A',
    'VPC_LINK without link',
    { ...PRIVATE, ConnectionId: undefined },
    'ConnectionId must be set to vpcLinkId for ConnectionType VPC_LINK',
  ],
  [
    'App. A',
    'VPC_LINK with a URL',
    { ...PRIVATE, IntegrationUri: 'http://a.example' },
    'For VpcLink VPC_LINK, integration uri should be a valid ELB listener ARN or a valid Cloud Map service ARN.',
  ],
  ...[
    'arn:aws:servicediscovery:eu-west-1:111111111111:service/srv-abc',
    'arn:aws:servicediscovery:eu-west-1:111111111111:service/srv-abc?stage=prod',
    LISTENER,
  ].flatMap((IntegrationUri): Row[] => [
    [
      '§2.3.5',
      `${IntegrationUri} without VPC_LINK`,
      { ...PROXY, IntegrationUri },
      'Invalid HTTP endpoint specified for URI',
    ],
    [
      '§2.3.5',
      `${IntegrationUri} over the internet`,
      { ...PROXY, IntegrationUri, ConnectionType: 'INTERNET' },
      'Invalid HTTP endpoint specified for URI',
    ],
  ]),
  [
    '§2.3.4',
    'required parameter without a value',
    { ...SERVICE, RequestParameters: { QueueUrl: 'q', MessageBody: '' } },
    missing('SQS-SendMessage', 'MessageBody, QueueUrl'),
  ],
  [
    '§2.3.4',
    'unknown parameter without a value',
    { ...SERVICE, RequestParameters: { QueueUrl: 'q', MessageBody: 'b', delaySeconds: '' } },
    'Parameter: delaySeconds does not fit schema for Operation: SQS-SendMessage.',
  ],
  ['§8.5', 'VPC link that is not there', PRIVATE, 'Invalid VpcLink identifier specified: link01'],
  [
    'App. A',
    'unknown subtype',
    { ...SERVICE, IntegrationSubtype: 'SNS-Publish' },
    'Operation: SNS-Publish is not supported.',
  ],
  [
    '§2.3.2',
    'subtype with 2.0',
    { ...SERVICE, PayloadFormatVersion: '2.0' },
    'Operation: SQS-SendMessage is not supported.',
  ],
  [
    'App. A',
    'subtype without role',
    { ...SERVICE, CredentialsArn: undefined },
    'Role ARN must be specified for AWS integration configuration with Subtype: SQS-SendMessage',
  ],
  [
    '§2.3.2',
    'subtype with URI',
    { ...SERVICE, IntegrationUri: 'http://a.example' },
    'URI should not be specified for AWS_PROXY integrations with IntegrationSubtype',
  ],
  [
    'http-api §3.1',
    'unknown parameter',
    { ...SERVICE, RequestParameters: { QueueUrl: 'q', messageBody: 'b' } },
    'Parameter: messageBody does not fit schema for Operation: SQS-SendMessage.',
  ],
  [
    'http-api §4.10',
    'bad source of a parameter',
    { ...SERVICE, RequestParameters: { QueueUrl: 'q', MessageBody: '$nothing.x' } },
    'Invalid selection expression specified: Validation Result: warnings : [], errors : [Invalid source: $nothing.x specified for destination: MessageBody]',
  ],
  [
    'http-api §4.10',
    'bad request key',
    { ...PROXY, RequestParameters: { 'badaction:header.x': '1' } },
    mapping('Invalid Request Actioned Parameter destination specified: badaction:header.x'),
  ],
  [
    'http-api §4.10',
    'bad value',
    { ...PROXY, RequestParameters: { 'append:header.x': '$request.nothing' } },
    mapping('Invalid mapping expression specified: $request.nothing'),
  ],
  [
    'http-api §4.11',
    'value of a removal',
    { ...PROXY, RequestParameters: { 'remove:header.x': 'yes' } },
    mapping('Invalid mapping expression specified: yes'),
  ],
  [
    'http-api §4.10',
    'reserved header',
    { ...PROXY, RequestParameters: { 'overwrite:header.Authorization': '1' } },
    mapping('Operations on header Authorization are restricted'),
  ],
  [
    'http-api C43',
    'two bad keys',
    { ...PROXY, RequestParameters: { a: '1', b: '2' } },
    mapping(
      'Invalid Request Actioned Parameter destination specified: a, Invalid Request Actioned Parameter destination specified: b',
    ),
  ],
  [
    'http-api §4.10',
    'bad response key',
    { ...PROXY, ResponseParameters: { 200: { 'overwrite:path': '/' } } },
    mapping('Invalid Response Actioned Parameter destination specified: overwrite:path'),
  ],
  [
    'http-api §4.10',
    'bad status',
    { ...PROXY, ResponseParameters: { 600: { 'append:header.x': '1' } } },
    mapping('Status Code 600 is not valid.'),
  ],
  [
    'http-api C32',
    'request source in a response',
    { ...PROXY, ResponseParameters: { 200: { 'append:header.x': '$request.header.a' } } },
    mapping('Invalid mapping expression specified: $request.header.a'),
  ],
  ...SERVICE_ROWS,
];

const create = ([source, name, given, text]: Row): RefusalRow<{ ApiId: string }> => ({
  source,
  name,
  call: (sdk, { ApiId }) => sdk.createIntegration({ ApiId, ...given } as CreateIntegrationCommandInput),
  text,
});

testRefusals('CreateIntegration on HTTP APIs', httpApi, HTTP_ROWS.map(create));

testRefusals('UpdateIntegration and paths', deployableApi, [
  {
    source: '§2.3.5',
    name: 'the merged result is checked',
    call: (sdk, { ApiId, IntegrationId }) =>
      sdk.updateIntegration({ ApiId, IntegrationId, IntegrationMethod: '' }),
    text: 'HttpMethod parameter method must be specified for integrationType HTTPPROXY',
  },
  {
    source: '§2.3.5',
    name: 'another type needs another URI',
    call: (sdk, { ApiId, IntegrationId }) =>
      sdk.updateIntegration({ ApiId, IntegrationId, IntegrationType: 'AWS_PROXY' }),
    text: 'Invalid function ARN or invalid uri',
  },
  {
    source: 'App. A',
    name: 'bad mapping',
    call: (sdk, { ApiId, IntegrationId }) =>
      sdk.updateIntegration({ ApiId, IntegrationId, RequestParameters: { x: '1' } }),
    text: mapping('Invalid Request Actioned Parameter destination specified: x'),
  },
  {
    source: '§2.3.5',
    name: 'a subtype without its parameters',
    call: (sdk, { ApiId, IntegrationId }) =>
      sdk.updateIntegration({
        ApiId,
        IntegrationId,
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: '',
        IntegrationSubtype: 'SQS-PurgeQueue',
        CredentialsArn: ROLE,
      }),
    text: missing('SQS-PurgeQueue', 'QueueUrl'),
  },
  {
    source: 'App. A',
    name: 'unknown integration',
    exception: 'NotFound',
    call: (sdk, { ApiId }) =>
      sdk.updateIntegration({ ApiId, IntegrationId: 'nothere', IntegrationType: 'X' as never }),
    text: 'Invalid Integration identifier specified nothere',
  },
  {
    source: 'App. A',
    name: 'unknown API before a bad body (§1.5)',
    exception: 'NotFound',
    call: (sdk) => sdk.createIntegration({ ApiId: 'nothere' } as never),
    text: `Invalid API identifier specified ${ACCOUNT}:nothere`,
  },
  {
    source: 'App. A',
    name: 'unknown API',
    exception: 'NotFound',
    call: (sdk) => sdk.getIntegrations({ ApiId: 'nothere' }),
    text: `Invalid API identifier specified ${ACCOUNT}:nothere`,
  },
]);

// What an integration may be and with which text it is refused (spec/http-api.md §3.1).
import type { CreationCase, Integration } from './case.ts';

const integration = (
  name: string,
  statements: readonly string[],
  fields: Integration,
  message?: string,
): CreationCase => ({
  name,
  statements,
  creation: { create: 'integration', with: fields },
  ...(message === undefined ? {} : { refused: { name: 'BadRequestException', message } }),
});

const LAMBDA: Integration = {
  IntegrationType: 'AWS_PROXY',
  IntegrationUri: 'arn:aws:lambda:us-east-1:000000000000:function:f',
  PayloadFormatVersion: '2.0',
};
const ROLE = 'arn:aws:iam::000000000000:role/r';
const LINK: Integration = { ConnectionType: 'VPC_LINK' };

/** `IntegrationMethod: undefined` leaves the member out. */
export const integrationCreationCases: readonly CreationCase[] = [
  integration(
    'a public HTTP integration',
    ['§3.1 field: IntegrationType', '§3.1 field: IntegrationUri', '§3.1 field: RequestParameters', '§3.1-1'],
    {},
  ),
  integration('the caller’s own credentials', ['§3.1 field: CredentialsArn'], {
    ...LAMBDA,
    CredentialsArn: 'arn:aws:iam::*:user/*',
  }),
  integration('a URI of 2048 characters', ['§3.1 field: IntegrationUri'], {
    IntegrationUri: `http://h/${'u'.repeat(2039)}`,
  }),
  {
    name: 'a URI of 2049 characters',
    statements: ['§3.1 field: IntegrationUri'],
    creation: { create: 'integration', with: { IntegrationUri: `http://h/${'u'.repeat(2040)}` } },
    refused: { name: 'BadRequestException', message: /2048/ },
  },
  {
    name: 'a VPC link has subnets',
    statements: ['§3.1 error: no subnets'],
    creation: { create: 'vpcLink', with: { SubnetIds: [] } },
    refused: { name: 'BadRequestException', message: 'SubnetIds for a vpc link cannot be empty' },
  },
  integration(
    'a Lambda integration',
    ['§3.1 field: IntegrationType', '§3.1 field: PayloadFormatVersion', '§3.1 field: IntegrationUri'],
    LAMBDA,
  ),
  integration(
    'the method is required',
    ['§3.1 error: no method', '§3.1 field: IntegrationMethod'],
    { IntegrationMethod: undefined },
    'HttpMethod parameter method must be specified for integrationType HTTPPROXY',
  ),
  integration(
    'format 2.0 is not for HTTP',
    ['§3.1 error: version 2.0', '§3.1 field: PayloadFormatVersion'],
    { PayloadFormatVersion: '2.0' },
    'PayloadFormatVersion 2.0 is not supported for integration of type HTTP_PROXY',
  ),
  integration(
    'formats are known',
    ['§3.1 error: unknown version'],
    { ...LAMBDA, PayloadFormatVersion: '3.0' },
    'Unsupported PayloadFormatVersion: 3.0',
  ),
  ...[49, 30_001].map((TimeoutInMillis) =>
    integration(
      `a timeout of ${TimeoutInMillis}`,
      ['§3.1 error: timeout', '§3.1 field: TimeoutInMillis'],
      { TimeoutInMillis },
      'Timeout should be between 50 ms and 30000 ms',
    ),
  ),
  ...[50, 30_000].map((TimeoutInMillis) =>
    integration(`a timeout of ${TimeoutInMillis}`, ['§3.1 field: TimeoutInMillis'], { TimeoutInMillis }),
  ),
  integration(
    'a link has an id',
    ['§3.1 error: no link', '§3.1 field: ConnectionType'],
    { ...LINK, IntegrationUri: 'arn:aws:servicediscovery:us-east-1:000000000000:service/srv-x' },
    'ConnectionId must be set to vpcLinkId for ConnectionType VPC_LINK',
  ),
  integration(
    'a link has no URL',
    ['§3.1 error: link with URL', '§3.1 field: ConnectionType'],
    { ...LINK, ConnectionId: 'abc123' },
    'For VpcLink VPC_LINK, integration uri should be a valid ELB listener ARN or a valid Cloud Map service ARN.',
  ),
  integration(
    'a subtype needs a role',
    ['§3.1 error: no role', '§3.1 field: CredentialsArn', '§3.1 field: IntegrationSubtype'],
    {
      IntegrationType: 'AWS_PROXY',
      IntegrationSubtype: 'SQS-SendMessage',
      IntegrationMethod: undefined,
      IntegrationUri: undefined,
      PayloadFormatVersion: '1.0',
    },
    'Role ARN must be specified for AWS integration configuration with Subtype: SQS-SendMessage',
  ),
  integration(
    'subtypes are known',
    ['§3.1 error: unknown subtype'],
    {
      IntegrationType: 'AWS_PROXY',
      IntegrationSubtype: 'SQS-Nonsense',
      CredentialsArn: ROLE,
      IntegrationMethod: undefined,
      IntegrationUri: undefined,
      PayloadFormatVersion: '1.0',
    },
    'Operation: SQS-Nonsense is not supported.',
  ),
  integration(
    'required parameters of a subtype',
    ['§3.1 error: missing parameters'],
    {
      IntegrationType: 'AWS_PROXY',
      IntegrationSubtype: 'EventBridge-PutEvents',
      CredentialsArn: ROLE,
      IntegrationMethod: undefined,
      IntegrationUri: undefined,
      PayloadFormatVersion: '1.0',
      RequestParameters: { EventBusName: 'b' },
    },
    'Operation: EventBridge-PutEvents requires enabling passthrough, or defining all of the following parameters in the parameter mapping: [Detail, DetailType, Source]',
  ),
  integration(
    'parameters of a subtype are known',
    ['§3.1 error: unknown parameter'],
    {
      IntegrationType: 'AWS_PROXY',
      IntegrationSubtype: 'StepFunctions-StartSyncExecution',
      CredentialsArn: ROLE,
      IntegrationMethod: undefined,
      IntegrationUri: undefined,
      PayloadFormatVersion: '1.0',
      RequestParameters: {
        StateMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:m',
        stateMachineArn: 'x',
      },
    },
    'Parameter: stateMachineArn does not fit schema for Operation: StepFunctions-StartSyncExecution.',
  ),
  {
    name: 'TlsConfig is taken of a public integration, too',
    statements: ['§3.1 field: TlsConfig.ServerNameToVerify'],
    creation: { create: 'integration', with: { TlsConfig: { ServerNameToVerify: 'a.example' } } },
  },
  integration(
    'mapping errors',
    ['§3.1 error: mapping'],
    { RequestParameters: { 'badaction:header.x': 'y' } },
    'Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid Request Actioned Parameter destination specified: badaction:header.x]',
  ),
];

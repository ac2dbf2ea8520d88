// Requests beside those of the AWS SDK's clients (decision 0020).
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, mock, test } from 'node:test';
import { GetConfigurationCommand } from '@aws-sdk/client-appconfig';
import { CreateLogStreamCommand, PutLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { PutRecordCommand } from '@aws-sdk/client-kinesis';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import {
  DiscoverInstancesCommand,
  GetNamespaceCommand,
  GetServiceCommand,
} from '@aws-sdk/client-servicediscovery';
import { StartExecutionCommand, StartSyncExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import {
  DeleteMessageCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import type { HttpRequest } from '@smithy/types';
import fc from 'fast-check';
import { Invoke, LAMBDA } from '../../lambda/invoke-model.ts';
import {
  CreateLogStream,
  FIREHOSE,
  LOGS,
  PutLogEvents,
  PutRecordBatch,
} from '../../log-destinations/models.ts';
import {
  CLOUD_MAP,
  DiscoverInstances,
  GetNamespace,
  GetService,
} from '../../private-targets/cloud-map-model.ts';
import { COMMANDS, SERVICES } from '../../services/models.ts';
import { ServiceClient } from './client.ts';
import { type Class, CREDENTIALS, Recorder, sdkClient } from './sdk-clients.test.support.ts';
import type { Service } from './service.ts';
import { AssumeRole, STS } from './sts.ts';

/** Of a signature, what does not depend on the random id of each call. */
const signatureOf = (authorization: string) => authorization.replace(/Signature=.*/, '');
const RANDOM = new Set(['user-agent', 'x-amz-user-agent', 'amz-sdk-invocation-id']);

function wireOf({ method, protocol, hostname, port, path, query, headers, body }: HttpRequest) {
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  const lines = named
    .filter(([name]) => !RANDOM.has(name))
    .map(([name, value]) => [name, name === 'authorization' ? signatureOf(value) : value]);
  const bytes = body === undefined ? '' : Buffer.from(body as string);
  return {
    method,
    protocol,
    hostname,
    port,
    path,
    query,
    headers: lines.sort(),
    body: bytes.toString('latin1'),
  };
}

const text = fc.string({ unit: 'grapheme', maxLength: 20 });
const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
const bytes = fc.uint8Array({ maxLength: 20 });
const count = fc.integer({ min: 0, max: 1_000 });
const texts = fc.array(text, { maxLength: 3 });
const attributes = fc.dictionary(
  name,
  fc.oneof(
    fc.record({ DataType: fc.constant('String'), StringValue: text }),
    fc.record({ DataType: fc.constant('Binary'), BinaryValue: bytes }),
  ),
  { maxKeys: 3 },
);

/** All members but those named may be missing. */
const input = <T extends Record<string, fc.Arbitrary<unknown>>>(
  members: T,
  ...required: (keyof T & string)[]
) => fc.record<Record<string, unknown>>(members, { requiredKeys: required });

const execution = input(
  { stateMachineArn: name, name: text, input: text, traceHeader: text },
  'stateMachineArn',
);

const OPERATIONS: readonly (readonly [
  service: Service,
  ours: Class<never>,
  theirs: Class<unknown>,
  inputs: fc.Arbitrary<object>,
])[] = [
  [
    SERVICES.sqs,
    COMMANDS['SQS-SendMessage'] as never,
    SendMessageCommand,
    input(
      {
        QueueUrl: name,
        MessageBody: text,
        DelaySeconds: count,
        MessageAttributes: attributes,
        MessageSystemAttributes: attributes,
        MessageDeduplicationId: text,
        MessageGroupId: text,
      },
      'QueueUrl',
      'MessageBody',
    ),
  ],
  [
    SERVICES.sqs,
    COMMANDS['SQS-ReceiveMessage'] as never,
    ReceiveMessageCommand,
    input(
      {
        QueueUrl: name,
        AttributeNames: texts,
        MessageAttributeNames: texts,
        MaxNumberOfMessages: count,
        VisibilityTimeout: count,
        WaitTimeSeconds: count,
        ReceiveRequestAttemptId: text,
      },
      'QueueUrl',
    ),
  ],
  [
    SERVICES.sqs,
    COMMANDS['SQS-DeleteMessage'] as never,
    DeleteMessageCommand,
    input({ QueueUrl: name, ReceiptHandle: text }, 'QueueUrl', 'ReceiptHandle'),
  ],
  [
    SERVICES.sqs,
    COMMANDS['SQS-PurgeQueue'] as never,
    PurgeQueueCommand,
    input({ QueueUrl: name }, 'QueueUrl'),
  ],
  [
    SERVICES.eventbridge,
    COMMANDS['EventBridge-PutEvents'] as never,
    PutEventsCommand,
    input(
      {
        Entries: fc.array(
          input({
            // As an integration has it: whole milliseconds.
            Time: fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') }),
            Source: text,
            Resources: texts,
            DetailType: text,
            Detail: text,
            EventBusName: text,
            TraceHeader: text,
          }),
          { minLength: 1, maxLength: 2 },
        ),
      },
      'Entries',
    ),
  ],
  [
    SERVICES.kinesis,
    COMMANDS['Kinesis-PutRecord'] as never,
    PutRecordCommand,
    input(
      {
        StreamName: text,
        Data: bytes,
        PartitionKey: text,
        ExplicitHashKey: text,
        SequenceNumberForOrdering: text,
      },
      'Data',
    ),
  ],
  [SERVICES.sfn, COMMANDS['StepFunctions-StartExecution'] as never, StartExecutionCommand, execution],
  [SERVICES.sfn, COMMANDS['StepFunctions-StartSyncExecution'] as never, StartSyncExecutionCommand, execution],
  [
    SERVICES.sfn,
    COMMANDS['StepFunctions-StopExecution'] as never,
    StopExecutionCommand,
    input({ executionArn: name, error: text, cause: text }, 'executionArn'),
  ],
  [
    SERVICES.appconfig,
    COMMANDS['AppConfig-GetConfiguration'] as never,
    GetConfigurationCommand,
    input(
      {
        Application: name,
        Environment: name,
        Configuration: name,
        ClientId: text,
        ClientConfigurationVersion: text,
      },
      'Application',
      'Environment',
      'Configuration',
      'ClientId',
    ),
  ],
  [
    LAMBDA,
    Invoke as never,
    InvokeCommand,
    input(
      {
        FunctionName: fc.constantFrom('f', 'arn:aws:lambda:us-east-1:000000000000:function:f'),
        InvocationType: fc.constantFrom('Event', 'RequestResponse'),
        Qualifier: name,
        Payload: bytes,
      },
      'FunctionName',
      'Payload',
    ),
  ],
  [
    LOGS,
    CreateLogStream as never,
    CreateLogStreamCommand,
    input({ logGroupName: text, logStreamName: text }, 'logGroupName', 'logStreamName'),
  ],
  [
    LOGS,
    PutLogEvents as never,
    PutLogEventsCommand,
    input(
      {
        logGroupName: text,
        logStreamName: text,
        logEvents: fc.array(fc.record({ timestamp: count, message: text }), { maxLength: 3 }),
      },
      'logGroupName',
      'logStreamName',
      'logEvents',
    ),
  ],
  [
    FIREHOSE,
    PutRecordBatch as never,
    PutRecordBatchCommand,
    input(
      { DeliveryStreamName: text, Records: fc.array(fc.record({ Data: bytes }), { maxLength: 3 }) },
      'DeliveryStreamName',
      'Records',
    ),
  ],
  [CLOUD_MAP, GetService as never, GetServiceCommand, input({ Id: text }, 'Id')],
  [CLOUD_MAP, GetNamespace as never, GetNamespaceCommand, input({ Id: text }, 'Id')],
  [
    CLOUD_MAP,
    DiscoverInstances as never,
    DiscoverInstancesCommand,
    input({
      NamespaceName: text,
      ServiceName: text,
      MaxResults: count,
      QueryParameters: fc.dictionary(name, text, { maxKeys: 3 }),
      HealthStatus: fc.constant('HEALTHY'),
    }),
  ],
  [STS, AssumeRole as never, AssumeRoleCommand, input({ RoleArn: text, RoleSessionName: text })],
];

/** What says where and as whom a service is called. `given`: settings beside the region and the credentials. */
const SITUATIONS: readonly (readonly [
  region: string,
  environment?: Readonly<Record<string, string>>,
  given?: object,
])[] = [
  ['us-east-1'],
  ['cn-north-1'],
  ['us-gov-west-1', { AWS_USE_FIPS_ENDPOINT: 'true' }],
  ['eu-west-1', { AWS_USE_DUALSTACK_ENDPOINT: 'true' }],
  ['eu-west-1', { AWS_ENDPOINT_URL: 'http://127.0.0.1:4566/base' }],
  [
    'eu-west-1',
    { AWS_ENDPOINT_URL: 'http://a', AWS_ENDPOINT_URL_SQS: 'http://b', AWS_ENDPOINT_URL_SFN: 'http://b' },
  ],
  ['eu-west-1', { AWS_ENDPOINT_URL: 'http://a', AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: 'http://b' }],
  ['eu-west-1', { AWS_ENDPOINT_URL: 'http://a', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' }],
  ['eu-west-1', { AWS_ENDPOINT_URL: 'http://a' }, { endpoint: 'http://127.0.0.1:4566' }],
  ['eu-west-1', {}, { credentials: async () => ({ ...CREDENTIALS, accountId: '000000000000' }) }],
  ['eu-west-1', { AWS_ACCESS_KEY_ID: 'ENV', AWS_SECRET_ACCESS_KEY: 's' }, { credentials: undefined }],
  ['eu-west-1', { AWS_MAX_ATTEMPTS: '1' }, { maxAttempts: undefined }],
];

describe('a request is the same on the wire', () => {
  const before = { ...process.env };
  beforeEach(() => mock.timers.enable({ apis: ['Date'], now: Date.UTC(2026, 10, 30) }));
  afterEach(() => {
    mock.timers.reset();
    process.env = { ...before };
  });
  for (const [service, Ours, Theirs, inputs] of OPERATIONS) {
    test(`${service.serviceId} ${Theirs.name}`, async () => {
      for (const [region, environment, given] of SITUATIONS) {
        process.env = { ...before, ...environment };
        // Answers are another matter: they end the call.
        const [own, theirs] = [new Recorder(new Error('sent')), new Recorder(new Error('sent'))];
        const settings = { region, credentials: async () => CREDENTIALS, maxAttempts: 1, ...given };
        const client = new ServiceClient(service, { ...settings, requestHandler: own });
        const sdk = sdkClient(service, { ...settings, requestHandler: theirs });
        await fc.assert(
          fc.asyncProperty(inputs, async (sent) => {
            own.requests.length = 0;
            theirs.requests.length = 0;
            await assert.rejects(client.send(new Ours(sent)), /sent/);
            await assert.rejects(sdk.send(new Theirs(sent)), /sent/);
            assert.deepEqual(own.requests.map(wireOf), theirs.requests.map(wireOf));
          }),
          { numRuns: 5 },
        );
      }
    });
  }
});

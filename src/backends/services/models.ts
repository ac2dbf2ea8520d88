// The operations of services that HTTP APIs call directly, as they are sent. What comes back is not read (spec/http-api.md §3.7).

import {
  AwsJson1_0Protocol,
  AwsJson1_1Protocol,
  AwsQueryProtocol,
  AwsRestJsonProtocol,
  BYTES,
  type CommandOf,
  flattened,
  http,
  IN_PATH,
  inQuery,
  list,
  map,
  NUMBER,
  operation,
  type Service,
  structure,
  TEXT,
  TEXTS,
  TIME,
} from '../aws/client/service.ts';
import type { ServiceAnswer } from './answer.ts';
import type { ServiceName } from './operations.ts';

const plainFips: Service['govCloud'] = (_region, isFips, isDualStack) => isFips && isDualStack;

/** With the query protocol SQS answers in the XML that API Gateway's clients get (spec/http-api.md §3.7). */
const SQS: Service = {
  serviceId: 'SQS',
  name: 'sqs',
  protocol: AwsQueryProtocol,
  version: '2012-11-05',
  xmlNamespace: 'http://queue.amazonaws.com/doc/2012-11-05/',
  govCloud: plainFips,
};

/** Called Name and Value, by number. */
const attributes = (xmlName: string) =>
  flattened(
    xmlName,
    map(
      [TEXT, { xmlName: 'Name' }],
      [structure({ DataType: TEXT, StringValue: TEXT, BinaryValue: BYTES }), { xmlName: 'Value' }],
    ),
  );

const EVENTBRIDGE: Service = {
  serviceId: 'EventBridge',
  name: 'events',
  protocol: AwsJson1_1Protocol,
  version: '2015-10-07',
  target: 'AWSEvents',
  govCloud: () => false,
};

const KINESIS: Service = {
  serviceId: 'Kinesis',
  name: 'kinesis',
  protocol: AwsJson1_1Protocol,
  version: '2013-12-02',
  target: 'Kinesis_20131202',
  govCloud: plainFips,
  accountName: 'data-kinesis',
};

const SFN: Service = {
  serviceId: 'SFN',
  name: 'states',
  protocol: AwsJson1_0Protocol,
  version: '2016-11-23',
  target: 'AWSStepFunctions',
  govCloud: (region, isFips, isDualStack) => isDualStack || (isFips && region !== 'us-gov-west-1'),
};

const APPCONFIG: Service = {
  serviceId: 'AppConfig',
  name: 'appconfig',
  protocol: AwsRestJsonProtocol,
  version: '2019-10-09',
  govCloud: plainFips,
};

const startExecution = { stateMachineArn: TEXT, name: TEXT, input: TEXT, traceHeader: TEXT };

export const SERVICES: Readonly<Record<ServiceName, Service>> = {
  sqs: SQS,
  eventbridge: EVENTBRIDGE,
  kinesis: KINESIS,
  sfn: SFN,
  appconfig: APPCONFIG,
};

/** Input as `input` of the operations' table has it. */
export type CommandClass = new (input: object) => CommandOf<object, { readonly answer: ServiceAnswer }>;

/** By IntegrationSubtype. */
export const COMMANDS: Readonly<Record<string, CommandClass>> = {
  'SQS-SendMessage': operation(
    SQS,
    'SendMessage',
    structure({
      QueueUrl: TEXT,
      MessageBody: TEXT,
      DelaySeconds: NUMBER,
      MessageAttributes: attributes('MessageAttribute'),
      MessageSystemAttributes: attributes('MessageSystemAttribute'),
      MessageDeduplicationId: TEXT,
      MessageGroupId: TEXT,
    }),
  ),
  'SQS-ReceiveMessage': operation(
    SQS,
    'ReceiveMessage',
    structure({
      QueueUrl: TEXT,
      AttributeNames: flattened('AttributeName', TEXTS),
      MessageAttributeNames: flattened('MessageAttributeName', TEXTS),
      MaxNumberOfMessages: NUMBER,
      VisibilityTimeout: NUMBER,
      WaitTimeSeconds: NUMBER,
      ReceiveRequestAttemptId: TEXT,
    }),
  ),
  'SQS-DeleteMessage': operation(SQS, 'DeleteMessage', structure({ QueueUrl: TEXT, ReceiptHandle: TEXT })),
  'SQS-PurgeQueue': operation(SQS, 'PurgeQueue', structure({ QueueUrl: TEXT })),
  'EventBridge-PutEvents': operation(
    EVENTBRIDGE,
    'PutEvents',
    structure({
      Entries: list(
        structure({
          Time: TIME,
          Source: TEXT,
          Resources: TEXTS,
          DetailType: TEXT,
          Detail: TEXT,
          EventBusName: TEXT,
          TraceHeader: TEXT,
        }),
      ),
    }),
  ),
  'Kinesis-PutRecord': operation(
    KINESIS,
    'PutRecord',
    structure({
      Data: BYTES,
      StreamName: TEXT,
      PartitionKey: TEXT,
      ExplicitHashKey: TEXT,
      SequenceNumberForOrdering: TEXT,
    }),
  ),
  'StepFunctions-StartExecution': operation(SFN, 'StartExecution', structure(startExecution)),
  'StepFunctions-StartSyncExecution': operation(
    SFN,
    'StartSyncExecution',
    structure(startExecution),
    'unit',
    {
      endpoint: ['sync-'],
    },
  ),
  'StepFunctions-StopExecution': operation(
    SFN,
    'StopExecution',
    structure({ executionArn: TEXT, error: TEXT, cause: TEXT }),
  ),
  'AppConfig-GetConfiguration': operation(
    APPCONFIG,
    'GetConfiguration',
    structure({
      Application: IN_PATH,
      Environment: IN_PATH,
      Configuration: IN_PATH,
      ClientId: inQuery('client_id'),
      ClientConfigurationVersion: inQuery('client_configuration_version'),
    }),
    'unit',
    http('GET', '/applications/{Application}/environments/{Environment}/configurations/{Configuration}'),
  ),
};

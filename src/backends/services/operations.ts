// The AWS service operations that HTTP APIs call directly, each with its parameters and what they become (spec/http-api.md
// §3.7, management-api.md §2.3.4). One table: creation, execution and explanation read it.
import {
  type Conversion,
  toBytes,
  toInteger,
  toList,
  toMessageAttributes,
  toSegment,
  toText,
  toTime,
} from './conversions.ts';

export type ServiceName = 'sqs' | 'eventbridge' | 'kinesis' | 'sfn' | 'appconfig';

export interface ServiceOperation {
  /** The IntegrationSubtype: `SQS-SendMessage`. */
  readonly subtype: string;
  readonly service: ServiceName;
  /** Of its answers, as the service itself sends it (Choice C27); undefined where it is the content's own. */
  readonly contentType: string | undefined;
  /** In alphabetical order. */
  readonly required: readonly string[];
  /** By the parameters' names, `Region` not among them. */
  readonly conversions: ReadonlyMap<string, Conversion>;
  /** The SDK command's input, of the values that are there. */
  readonly input: (values: Values) => object;
}

const CONTENT_TYPES: Readonly<Record<ServiceName, string | undefined>> = {
  sqs: 'text/xml',
  eventbridge: 'application/x-amz-json-1.1',
  kinesis: 'application/x-amz-json-1.1',
  sfn: 'application/x-amz-json-1.0',
  appconfig: undefined,
};

export type Values = Readonly<Record<string, unknown>>;

/** What every operation has: the region of the service; the API's without it. */
export const REGION_PARAMETER = 'Region';

type Conversions = Readonly<Record<string, Conversion>>;

const asIs = (values: Values): object => values;

function operation(
  subtype: string,
  service: ServiceName,
  required: Conversions,
  optional: Conversions,
  input: (values: Values) => object = asIs,
): readonly [string, ServiceOperation] {
  const conversions = new Map(Object.entries({ ...required, ...optional }));
  const contentType = CONTENT_TYPES[service];
  const names = Object.keys(required).sort();
  return [subtype, { subtype, service, contentType, required: names, conversions, input }];
}

/** By IntegrationSubtype. Names of parameters are case-sensitive. */
export const SERVICE_OPERATIONS: ReadonlyMap<string, ServiceOperation> = new Map([
  operation(
    'EventBridge-PutEvents',
    'eventbridge',
    { Detail: toText, DetailType: toText, Source: toText },
    { Time: toTime, EventBusName: toText, Resources: toList, TraceHeader: toText },
    (values) => ({ Entries: [values] }),
  ),
  operation(
    'SQS-SendMessage',
    'sqs',
    { QueueUrl: toText, MessageBody: toText },
    {
      DelaySeconds: toInteger,
      MessageAttributes: toMessageAttributes,
      MessageDeduplicationId: toText,
      MessageGroupId: toText,
      MessageSystemAttributes: toMessageAttributes,
    },
  ),
  operation(
    'SQS-ReceiveMessage',
    'sqs',
    { QueueUrl: toText },
    {
      AttributeNames: toList,
      MaxNumberOfMessages: toInteger,
      MessageAttributeNames: toList,
      ReceiveRequestAttemptId: toText,
      VisibilityTimeout: toInteger,
      WaitTimeSeconds: toInteger,
    },
  ),
  operation('SQS-DeleteMessage', 'sqs', { ReceiptHandle: toText, QueueUrl: toText }, {}),
  operation('SQS-PurgeQueue', 'sqs', { QueueUrl: toText }, {}),
  operation(
    'AppConfig-GetConfiguration',
    'appconfig',
    // All but ClientId are segments of the call's path, which cannot be empty.
    { Application: toSegment, Environment: toSegment, Configuration: toSegment, ClientId: toText },
    { ClientConfigurationVersion: toText },
  ),
  operation(
    'Kinesis-PutRecord',
    'kinesis',
    { StreamName: toText, Data: toBytes, PartitionKey: toText },
    { SequenceNumberForOrdering: toText, ExplicitHashKey: toText },
  ),
  operation(
    'StepFunctions-StartExecution',
    'sfn',
    { StateMachineArn: toText },
    { Name: toText, Input: toText },
    camelCased,
  ),
  operation(
    'StepFunctions-StartSyncExecution',
    'sfn',
    { StateMachineArn: toText },
    { Name: toText, Input: toText, TraceHeader: toText },
    camelCased,
  ),
  operation(
    'StepFunctions-StopExecution',
    'sfn',
    { ExecutionArn: toText },
    { Cause: toText, Error: toText },
    camelCased,
  ),
]);

/** Step Functions spells its members `stateMachineArn`. */
function camelCased(values: Values): object {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name.charAt(0).toLowerCase() + name.slice(1), value]),
  );
}

// The properties of each type of event, in the order in which AWS SAM checks them (spec/definitions.md §8.11.2).
import type { PropertyTable } from '../check-properties.ts';

const PULL: PropertyTable = {
  BatchSize: 'integer',
  StartingPosition: 'any',
  StartingPositionTimestamp: 'any',
  Enabled: 'boolean',
  MaximumBatchingWindowInSeconds: 'integer',
  MaximumRetryAttempts: 'integer',
  BisectBatchOnFunctionError: 'boolean',
  MaximumRecordAgeInSeconds: 'integer',
  DestinationConfig: 'map',
  ParallelizationFactor: 'integer',
  Topics: 'list',
  Queues: 'list',
  SourceAccessConfigurations: 'list',
  SecretsManagerKmsKeyId: 'text',
  TumblingWindowInSeconds: 'integer',
  FunctionResponseTypes: 'list',
  KafkaBootstrapServers: 'list',
  FilterCriteria: 'map',
  KmsKeyArn: 'any',
  ConsumerGroupId: 'text',
  ScalingConfig: 'map',
  ProvisionedPollerConfig: 'map',
  SchemaRegistryConfig: 'map',
  MetricsConfig: 'map',
  LoggingConfig: 'map',
};

const STREAM: PropertyTable = { ...PULL, Stream: '!any', StartingPosition: '!any' };

const RULE: PropertyTable = {
  EventBusName: 'text',
  RuleName: 'text',
  Pattern: 'map',
  DeadLetterConfig: 'map',
  RetryPolicy: 'map',
  Input: 'text',
  InputPath: 'text',
  Target: 'map',
  Enabled: 'boolean',
  State: 'text',
  InputTransformer: 'map',
};

const SCHEDULE_V2: PropertyTable = {
  PermissionsBoundary: 'text',
  ScheduleExpression: '!text',
  FlexibleTimeWindow: 'map',
  Name: 'text',
  State: 'text',
  Description: 'text',
  StartDate: 'text',
  EndDate: 'text',
  ScheduleExpressionTimezone: 'text',
  GroupName: 'text',
  KmsKeyArn: 'text',
  Input: 'text',
  RoleArn: 'text',
  DeadLetterConfig: 'map',
  RetryPolicy: 'map',
  OmitName: '=boolean',
};

/** Of functions. */
export const EVENT_PROPERTIES = new Map<string, PropertyTable>([
  ['AlexaSkill', { SkillId: 'text' }],
  [
    'Api',
    {
      Path: '!text',
      Method: '!text',
      RestApiId: '!text',
      Stage: 'text',
      Auth: 'map',
      RequestModel: 'map',
      RequestParameters: 'list',
      TimeoutInMillis: 'integer',
      ResponseTransferMode: 'text',
    },
  ],
  ['CloudWatchEvent', RULE],
  ['CloudWatchLogs', { LogGroupName: '!text', FilterPattern: '!text' }],
  ['Cognito', { UserPool: '!text', Trigger: '!=text or list of texts' }],
  [
    'DocumentDB',
    { ...PULL, Cluster: '!any', DatabaseName: '!any', CollectionName: 'any', FullDocument: 'any' },
  ],
  ['DynamoDB', STREAM],
  ['EventBridgeRule', RULE],
  [
    'HttpApi',
    {
      Path: 'text',
      Method: 'text',
      ApiId: 'text',
      Stage: 'text',
      Auth: 'map',
      TimeoutInMillis: 'integer',
      RouteSettings: 'map',
      PayloadFormatVersion: 'text',
    },
  ],
  ['IoTRule', { Sql: '!text', AwsIotSqlVersion: 'text' }],
  ['Kinesis', STREAM],
  ['MQ', { ...PULL, Broker: '!any', DynamicPolicyName: '=boolean' }],
  ['MSK', STREAM],
  ['S3', { Bucket: '!text', Events: '!=text or list of texts', Filter: 'map of texts' }],
  [
    'SNS',
    {
      Topic: '!text',
      Region: 'text',
      FilterPolicy: 'any',
      FilterPolicyScope: 'any',
      SqsSubscription: 'boolean or map',
      RedrivePolicy: 'map',
    },
  ],
  ['SQS', { ...PULL, Queue: '!any' }],
  [
    'Schedule',
    {
      Schedule: '!text',
      RuleName: 'text',
      Input: 'text',
      Enabled: 'boolean',
      State: 'text',
      Name: 'text',
      Description: 'text',
      DeadLetterConfig: 'map',
      RetryPolicy: 'map',
    },
  ],
  ['ScheduleV2', SCHEDULE_V2],
  ['SelfManagedKafka', PULL],
]);

const STATE_MACHINE_RULE: PropertyTable = {
  EventBusName: 'text',
  RuleName: 'text',
  Pattern: 'map',
  Input: 'text',
  InputPath: 'text',
  DeadLetterConfig: 'map',
  RetryPolicy: 'map',
  State: 'text',
  Target: '=map',
  InputTransformer: 'map',
};

/** Of state machines. */
export const STATE_MACHINE_EVENT_PROPERTIES = new Map<string, PropertyTable>([
  [
    'Api',
    {
      Path: '!text',
      Method: '!text',
      RestApiId: '!text',
      Stage: 'text',
      Auth: 'map',
      UnescapeMappingTemplate: '=boolean',
    },
  ],
  ['CloudWatchEvent', STATE_MACHINE_RULE],
  ['EventBridgeRule', STATE_MACHINE_RULE],
  [
    'Schedule',
    {
      Schedule: '!text',
      Input: 'text',
      Enabled: 'boolean',
      State: 'text',
      Name: 'text',
      Description: 'text',
      DeadLetterConfig: 'map',
      RetryPolicy: 'map',
      Target: '=map',
      RoleArn: '=text',
    },
  ],
  ['ScheduleV2', SCHEDULE_V2],
]);

// Events that Lambda fetches from queues, streams and brokers: an event source mapping of each.
import {
  entries,
  get,
  isMap,
  isTruthy,
  madeMap,
  type Plain,
  type PlainMap,
  picked,
  set,
  stringOf,
  type TreeMap,
  truthyMember,
} from '../editing.ts';
import { isIntrinsic } from '../intrinsics.ts';
import { blameEvent, expectMap } from '../invalid.ts';
import type { Resource } from '../resource.ts';
import type { FunctionEvent } from './event.ts';

/** Which property is the source; none of a Kafka cluster of one's own. */
const SOURCES = new Map([
  ['DocumentDB', 'Cluster'],
  ['DynamoDB', 'Stream'],
  ['Kinesis', 'Stream'],
  ['MQ', 'Broker'],
  ['MSK', 'Stream'],
  ['SQS', 'Queue'],
]);
const FILTERED = ['DocumentDB', 'DynamoDB', 'Kinesis', 'MQ', 'MSK', 'SelfManagedKafka', 'SQS'];
const AS_THEY_ARE = [
  'StartingPosition',
  'StartingPositionTimestamp',
  'BatchSize',
  'Enabled',
  'MaximumBatchingWindowInSeconds',
  'MaximumRetryAttempts',
  'BisectBatchOnFunctionError',
  'MaximumRecordAgeInSeconds',
  'ParallelizationFactor',
  'Topics',
  'Queues',
  'SourceAccessConfigurations',
  'TumblingWindowInSeconds',
  'FunctionResponseTypes',
  'FilterCriteria',
  'KmsKeyArn',
  'ScalingConfig',
  'ProvisionedPollerConfig',
  'MetricsConfig',
  'LoggingConfig',
];

export function expandPullEvent(event: FunctionEvent): Resource[] {
  const { logicalId, properties, offset, target, type } = event;
  checkFilters(event);
  const servers = truthyMember(properties, 'KafkaBootstrapServers');
  return [
    {
      logicalId,
      type: 'AWS::Lambda::EventSourceMapping',
      attributes: target.passedOn,
      offset,
      properties: {
        FunctionName: target.name,
        EventSourceArn: get(properties, SOURCES.get(type) ?? ''),
        ...picked(properties, AS_THEY_ARE),
        SelfManagedEventSource:
          servers === undefined ? undefined : { Endpoints: { KafkaBootstrapServers: servers } },
        DestinationConfig: destination(event),
        DocumentDBEventSourceConfig: type === 'DocumentDB' ? documentConfig(properties) : undefined,
        ...kafkaConfig(event),
      },
    },
  ];
}

function checkFilters({ properties, type, blame }: FunctionEvent): void {
  const criteria = truthyMember(properties, 'FilterCriteria');
  if (criteria === undefined || isIntrinsic(criteria)) return;
  if (!FILTERED.includes(type)) {
    throw blame(`FilterCriteria is only available for ${FILTERED.join(', ')} events.`, criteria);
  }
  if (!isMap(criteria) || [...criteria.members.keys()].some((key) => key !== 'Filters')) {
    throw blame('FilterCriteria field has a wrong format', criteria);
  }
}

/** `Type` of the destination is for the function's role alone. */
function destination({ properties, logicalId }: FunctionEvent): Plain {
  const config = truthyMember(properties, 'DestinationConfig');
  if (config === undefined) return undefined;
  const blame = blameEvent(logicalId, config.offset);
  const failure = expectMap(get(config, 'OnFailure'), 'DestinationConfig.OnFailure', blame);
  const type = truthyMember(failure, 'Type');
  if (type === undefined) return config;
  if (!['SQS', 'SNS', 'S3', 'Kafka'].includes(stringOf(type) ?? '')) {
    throw blame("The only valid values for 'Type' are 'SQS', 'SNS', 'S3', and 'Kafka'", type);
  }
  const whole = madeMap(config.offset, {});
  for (const [name, value] of entries(config)) {
    set(whole, name, name === 'OnFailure' ? without(failure, 'Type') : value);
  }
  return whole;
}

function without(map: TreeMap, name: string): TreeMap {
  return { ...map, members: new Map([...map.members].filter(([key]) => key !== name)) };
}

function documentConfig(properties: TreeMap): PlainMap {
  return {
    DatabaseName: get(properties, 'DatabaseName'),
    CollectionName: truthyMember(properties, 'CollectionName'),
    FullDocument: truthyMember(properties, 'FullDocument'),
  };
}

function kafkaConfig({ properties, type, logicalId }: FunctionEvent): PlainMap {
  const group = truthyMember(properties, 'ConsumerGroupId');
  const registry = truthyMember(properties, 'SchemaRegistryConfig');
  const name = {
    MSK: 'AmazonManagedKafkaEventSourceConfig',
    SelfManagedKafka: 'SelfManagedKafkaEventSourceConfig',
  }[type];
  if (name === undefined && isTruthy(group)) {
    throw blameEvent(logicalId, group.offset)(
      `Property ConsumerGroupId not defined for resource of type ${type}.`,
      group,
    );
  }
  if (name === undefined || (group === undefined && registry === undefined)) return {};
  return { [name]: { ConsumerGroupId: group, SchemaRegistryConfig: registry } };
}

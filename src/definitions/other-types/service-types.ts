// Queues, topics, tables and others that are called with the AWS SDK: names here, whose services are where its endpoints lead.
import {
  type Effect,
  NOT_KNOWN,
  type OtherType,
  type OtherTypes,
  REF,
  type ServiceName,
} from './other-type.ts';
import type { Subject } from './subject.ts';

const service = (name: ServiceName): Effect => ({ kind: 'service', service: name });

/** Names that CloudFormation makes for first-in-first-out queues and topics have the suffix too. */
function fifoName(of: Subject, property: string, fifo: string): string {
  const isFifo = of.text(fifo)?.toLowerCase() === 'true';
  return of.text(property) ?? (isFifo ? `${of.physicalName(75)}.fifo` : of.physicalName(80));
}

/** `https://sqs.eu-west-1.amazonaws.com/123456789012/orders`: a queue that settings name may be of another place. */
function queueOf(of: Subject, url: string): { region: string; account: string; name: string } {
  const [, , host = '', account = of.account, name = url] = url.split('/');
  const region = /^sqs\.([a-z0-9-]+)\./.exec(host)?.[1] ?? of.region;
  return { region, account, name };
}

const lastPart = (text: string, separator: string): string => text.slice(text.lastIndexOf(separator) + 1);

/** A resource that is called by its name. */
const named = (
  property: string,
  limit: number,
  arn: readonly [service: string, kind: string],
  effect: Effect,
  more: Exclude<OtherType['attributes'], null> = {},
): OtherType => ({
  ref: (of) => of.name(property, limit),
  attributes: { Arn: (of, ref) => of.arn(arn[0], arn[1] + ref), ...more },
  effect,
});

const TABLE = named('TableName', 255, ['dynamodb', 'table/'], service('DYNAMODB'), {
  StreamArn: (of, ref) => of.arn('dynamodb', `table/${ref}/stream/1970-01-01T00:00:00.000`),
  TableId: (of) => of.uuid,
});

const configurationId = (
  attribute: string,
  more: Exclude<OtherType['attributes'], null> = {},
): OtherType => ({
  ref: (of) => of.hash(7),
  attributes: { [attribute]: REF, ...more },
  effect: service('APPCONFIG'),
});

/** Regions whose websites are at `s3-website-REGION`; in all others it is `s3-website.REGION`. */
const WEBSITES_WITH_DASH = new Set([
  ...['us-east-1', 'us-west-1', 'us-west-2', 'ap-southeast-1', 'ap-southeast-2', 'ap-northeast-1'],
  ...['eu-west-1', 'sa-east-1', 'us-gov-west-1'],
]);

export const SERVICE_TYPES: OtherTypes = {
  'AWS::SQS::Queue': {
    ref: (of) =>
      `https://sqs.${of.region}.${of.suffix}/${of.account}/${fifoName(of, 'QueueName', 'FifoQueue')}`,
    attributes: {
      QueueUrl: REF,
      QueueName: (of, ref) => queueOf(of, ref).name,
      Arn: (of, ref) => of.arn('sqs', queueOf(of, ref).name, queueOf(of, ref)),
    },
    effect: service('SQS'),
  },
  'AWS::SNS::Topic': {
    ref: (of) => of.arn('sns', fifoName(of, 'TopicName', 'FifoTopic')),
    attributes: { TopicArn: REF, TopicName: (_, ref) => lastPart(ref, ':') },
    effect: service('SNS'),
  },
  'AWS::DynamoDB::Table': TABLE,
  'AWS::DynamoDB::GlobalTable': TABLE,
  'AWS::Events::EventBus': named('Name', 256, ['events', 'event-bus/'], service('EVENTBRIDGE'), {
    Name: REF,
    Policy: NOT_KNOWN,
  }),
  'AWS::Kinesis::Stream': named('Name', 128, ['kinesis', 'stream/'], service('KINESIS'), {
    WarmThroughputObject: NOT_KNOWN,
  }),
  'AWS::StepFunctions::StateMachine': {
    ref: (of) => of.arn('states', `stateMachine:${of.name('StateMachineName', 80)}`),
    attributes: { Arn: REF, Name: (_, ref) => lastPart(ref, ':'), StateMachineRevisionId: NOT_KNOWN },
    effect: service('SFN'),
  },
  'AWS::AppConfig::Application': configurationId('ApplicationId'),
  'AWS::AppConfig::Environment': configurationId('EnvironmentId'),
  'AWS::AppConfig::ConfigurationProfile': configurationId('ConfigurationProfileId', { KmsKeyArn: NOT_KNOWN }),
  'AWS::S3::Bucket': {
    ref: (of) => of.text('BucketName') ?? of.physicalName(63).toLowerCase(),
    attributes: {
      Arn: (of, ref) => of.arn('s3', ref, { region: '', account: '' }),
      DomainName: (of, ref) => `${ref}.s3.${of.suffix}`,
      RegionalDomainName: (of, ref) => `${ref}.s3.${of.region}.${of.suffix}`,
      DualStackDomainName: (of, ref) => `${ref}.s3.dualstack.${of.region}.${of.suffix}`,
      WebsiteURL: (of, ref) =>
        `http://${ref}.s3-website${WEBSITES_WITH_DASH.has(of.region) ? '-' : '.'}${of.region}.${of.suffix}`,
    },
    effect: service('S3'),
  },
};

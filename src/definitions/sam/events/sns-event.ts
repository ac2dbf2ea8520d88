// SNS events: a subscription of the function, or of a queue that the function reads.

import { get, isTruthy, type Plain, picked, stringOf, type Tree, truthyMember } from '../editing.ts';
import { getAtt, logicalIdOf, ref } from '../intrinsics.ts';
import { expectMap } from '../invalid.ts';
import type { Resource } from '../resource.ts';
import { sendPolicy } from './dead-letters.ts';
import type { FunctionEvent } from './event.ts';
import { eventPermission } from './push-events.ts';

export function expandTopicEvent(event: FunctionEvent): Resource[] {
  const { properties, target } = event;
  const topic = get(properties, 'Topic');
  const queue = truthyMember(properties, 'SqsSubscription');
  if (queue === undefined) {
    return [
      eventPermission(event, 'sns.amazonaws.com', { SourceArn: topic }),
      subscription(event, 'lambda', target.arn),
    ];
  }
  return queue.kind === 'scalar' && queue.value === true ? ownQueue(event) : namedQueue(event, queue);
}

function subscription(
  { logicalId, properties, offset, target }: FunctionEvent,
  protocol: string,
  endpoint: Plain,
): Resource {
  const asTheyAre = ['Region', 'FilterPolicy', 'FilterPolicyScope', 'RedrivePolicy'];
  return {
    logicalId,
    type: 'AWS::SNS::Subscription',
    attributes: target.passedOn,
    offset,
    properties: {
      Protocol: protocol,
      Endpoint: endpoint,
      TopicArn: get(properties, 'Topic'),
      ...picked(properties, asTheyAre),
    },
  };
}

function ownQueue(event: FunctionEvent): Resource[] {
  const { logicalId, properties, offset, target, expansion } = event;
  const queueId = `${logicalId}Queue`;
  const arn = getAtt(queueId, 'Arn');
  const topic = get(expansion.resources, logicalIdOf(get(properties, 'Topic')) ?? '');
  const isFifo = expansion.parameters.resolved(get(get(topic, 'Properties'), 'FifoTopic'));
  return [
    sourceMapping(event, arn, 10),
    {
      logicalId: queueId,
      type: 'AWS::SQS::Queue',
      attributes: target.passedOn,
      offset,
      properties: { FifoQueue: isTruthy(isFifo) ? isFifo : undefined },
    },
    queuePolicy(event, `${logicalId}QueuePolicy`, arn, ref(queueId)),
    subscription(event, 'sqs', arn),
  ];
}

function namedQueue(event: FunctionEvent, given: Tree): Resource[] {
  const queue = expectMap(given, 'SqsSubscription', event.blame);
  const [arn, url] = [truthyMember(queue, 'QueueArn'), truthyMember(queue, 'QueueUrl')];
  if (arn === undefined || url === undefined) throw event.blame('No QueueARN or QueueURL provided.', queue);
  const policyId = stringOf(truthyMember(queue, 'QueuePolicyLogicalId')) ?? `${event.logicalId}QueuePolicy`;
  return [
    sourceMapping(event, arn, truthyMember(queue, 'BatchSize') ?? 10),
    queuePolicy(event, policyId, arn, url),
    subscription(event, 'sqs', arn),
  ];
}

function sourceMapping(
  { logicalId, offset, target }: FunctionEvent,
  queueArn: Plain,
  batch: Plain,
): Resource {
  return {
    logicalId: `${logicalId}EventSourceMapping`,
    type: 'AWS::Lambda::EventSourceMapping',
    attributes: target.passedOn,
    offset,
    properties: { FunctionName: target.name, EventSourceArn: queueArn, BatchSize: batch, Enabled: true },
  };
}

function queuePolicy(
  { properties, offset, target }: FunctionEvent,
  id: string,
  arn: Plain,
  url: Plain,
): Resource {
  return {
    logicalId: id,
    type: 'AWS::SQS::QueuePolicy',
    attributes: target.passedOn,
    offset,
    properties: { PolicyDocument: sendPolicy('*', arn, get(properties, 'Topic')), Queues: [url] },
  };
}

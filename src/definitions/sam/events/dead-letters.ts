// DeadLetterConfig of schedules and rules: a queue that is named, or one that is made.
import { get, type Plain, stringOf, type Tree } from '../editing.ts';
import { getAtt, ref } from '../intrinsics.ts';
import { blameEvent } from '../invalid.ts';
import type { Attributes, Resource } from '../resource.ts';

export interface DeadLetters {
  /** Undefined where there are none. */
  readonly target: Plain;
  readonly resources: Resource[];
}

/**
 * @param logicalId of the event, which the messages name and the queue is named after
 * @param ruleArn of the rule that may send to the queue; undefined where a role does
 */
export function deadLetters(
  config: Tree | undefined,
  logicalId: string,
  attributes: Attributes,
  ruleArn: Plain,
): DeadLetters {
  if (config === undefined) return { target: undefined, resources: [] };
  const blame = blameEvent(logicalId, config.offset);
  const arn = get(config, 'Arn');
  const type = get(config, 'Type');
  if (arn !== undefined && type !== undefined) {
    throw blame("You can either define 'Arn' or 'Type' property of DeadLetterConfig.", config);
  }
  if (type !== undefined && stringOf(type) !== 'SQS') {
    throw blame("The only valid value for 'Type' property of DeadLetterConfig is 'SQS'.", type);
  }
  if (arn === undefined && type === undefined) {
    throw blame("No 'Arn' or 'Type' property provided for DeadLetterConfig.", config);
  }
  if (arn !== undefined) return { target: { Arn: arn }, resources: [] };
  const named = get(config, 'QueueLogicalId');
  if (named !== undefined && stringOf(named) === undefined) {
    throw blame('QueueLogicalId must be a string', named);
  }
  const queueId = stringOf(named) || `${logicalId}Queue`;
  const shared = { attributes, offset: config.offset };
  const queue: Resource = { ...shared, logicalId: queueId, type: 'AWS::SQS::Queue', properties: {} };
  const policy: Resource = {
    ...shared,
    logicalId: `${logicalId}QueuePolicy`,
    type: 'AWS::SQS::QueuePolicy',
    properties: {
      PolicyDocument: sendPolicy({ Service: 'events.amazonaws.com' }, getAtt(queueId, 'Arn'), ruleArn),
      Queues: [ref(queueId)],
    },
  };
  return {
    target: { Arn: getAtt(queueId, 'Arn') },
    resources: ruleArn === undefined ? [queue] : [queue, policy],
  };
}

/** Who may send to a queue, on behalf of what. */
export function sendPolicy(principal: Plain, queueArn: Plain, sourceArn: Plain): Plain {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Action: 'sqs:SendMessage',
        Effect: 'Allow',
        Principal: principal,
        Resource: queueArn,
        Condition: { ArnEquals: { 'aws:SourceArn': sourceArn } },
      },
    ],
  };
}

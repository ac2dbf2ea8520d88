// Events of EventBridge: schedules and rules of functions and state machines.

import {
  get,
  isTrue,
  isTruthy,
  type Plain,
  type PlainMap,
  picked,
  type TreeMap,
  truthyMember,
} from '../editing.ts';
import { iamRole } from '../functions/function-role.ts';
import { getAtt } from '../intrinsics.ts';
import { type Blame, blameEvent } from '../invalid.ts';
import type { Attributes, Resource } from '../resource.ts';
import { deadLetters } from './dead-letters.ts';
import type { FunctionEvent } from './event.ts';
import { eventPermission } from './push-events.ts';

const AT_MOST = 64;

/** What a rule leads to. */
export interface RuleTarget {
  readonly arn: Plain;
  readonly role?: Plain;
  /** Of the target's id in the rule. */
  readonly suffix: string;
  readonly passedOn: Attributes;
}

/** An event, of whatever. */
export interface RuleEvent {
  readonly logicalId: string;
  readonly properties: TreeMap;
  readonly offset: number;
  readonly blame: Blame;
}

export function scheduleRule(event: RuleEvent, target: RuleTarget): Resource[] {
  const { properties } = event;
  return rule(event, target, {
    ScheduleExpression: get(properties, 'Schedule'),
    Name: get(properties, 'Name'),
    Description: get(properties, 'Description'),
  });
}

export function patternRule(event: RuleEvent, target: RuleTarget): Resource[] {
  const { properties } = event;
  return rule(event, target, {
    EventBusName: get(properties, 'EventBusName'),
    EventPattern: get(properties, 'Pattern'),
    Name: get(properties, 'RuleName'),
  });
}

function rule(event: RuleEvent, target: RuleTarget, given: PlainMap): Resource[] {
  const { logicalId, properties, offset } = event;
  const letters = deadLetters(
    get(properties, 'DeadLetterConfig'),
    logicalId,
    target.passedOn,
    getAtt(logicalId, 'Arn'),
  );
  const id = get(get(properties, 'Target'), 'Id') ?? targetId(logicalId, target.suffix);
  return [
    {
      logicalId,
      type: 'AWS::Events::Rule',
      attributes: target.passedOn,
      offset,
      properties: {
        ...given,
        State: stateOf(event),
        Targets: [
          {
            Arn: target.arn,
            Id: id,
            RoleArn: target.role,
            Input: get(properties, 'Input'),
            InputPath: get(properties, 'InputPath'),
            DeadLetterConfig: letters.target,
            RetryPolicy: get(properties, 'RetryPolicy'),
            InputTransformer: get(properties, 'InputTransformer'),
          },
        ],
      },
    },
    ...letters.resources,
  ];
}

function stateOf({ properties, blame }: RuleEvent): Plain {
  const state = get(properties, 'State');
  const enabled = get(properties, 'Enabled');
  if (isTruthy(state) && enabled !== undefined) {
    throw blame('State and Enabled Properties cannot both be specified.', state);
  }
  if (enabled !== undefined) return isTruthy(enabled) ? 'ENABLED' : 'DISABLED';
  return isTruthy(state) ? state : undefined;
}

function targetId(logicalId: string, suffix: string): string {
  return logicalId.slice(0, AT_MOST - suffix.length) + suffix;
}

function lambdaTarget({ target }: FunctionEvent): RuleTarget {
  return { arn: target.arn, suffix: 'LambdaTarget', passedOn: target.passedOn };
}

function rulePermission(event: FunctionEvent): Resource {
  return eventPermission(event, 'events.amazonaws.com', { SourceArn: getAtt(event.logicalId, 'Arn') });
}

export function expandSchedule(event: FunctionEvent): Resource[] {
  return [...scheduleRule(event, lambdaTarget(event)), rulePermission(event)];
}

export function expandRule(event: FunctionEvent): Resource[] {
  return [...patternRule(event, lambdaTarget(event)), rulePermission(event)];
}

export function expandScheduleV2(event: FunctionEvent): Resource[] {
  return schedule(event, event.target.arn, event.target.passedOn);
}

/** ScheduleV2: a schedule of EventBridge Scheduler, with the role by which it calls. */
export function schedule(event: Omit<RuleEvent, 'blame'>, arn: Plain, passedOn: Attributes): Resource[] {
  const { logicalId, properties, offset } = event;
  const isUnnamed = isTrue(get(properties, 'OmitName'));
  if (isUnnamed && isTruthy(get(properties, 'Name'))) {
    throw blameEvent(logicalId, offset)('Name cannot be set when OmitName is True', get(properties, 'Name'));
  }
  const letters = deadLetters(get(properties, 'DeadLetterConfig'), logicalId, passedOn, undefined);
  const role = truthyMember(properties, 'RoleArn');
  const asTheyAre = [
    'ScheduleExpression',
    'Description',
    'StartDate',
    'EndDate',
    'ScheduleExpressionTimezone',
    'GroupName',
    'KmsKeyArn',
  ];
  return [
    {
      logicalId,
      type: 'AWS::Scheduler::Schedule',
      attributes: passedOn,
      offset,
      properties: {
        ...picked(properties, asTheyAre),
        State: truthyMember(properties, 'State'),
        Name: isUnnamed ? undefined : (truthyMember(properties, 'Name') ?? logicalId),
        FlexibleTimeWindow: truthyMember(properties, 'FlexibleTimeWindow') ?? { Mode: 'OFF' },
        Target: {
          Arn: arn,
          RoleArn: role ?? getAtt(`${logicalId}Role`, 'Arn'),
          Input: get(properties, 'Input'),
          DeadLetterConfig: letters.target,
          RetryPolicy: get(properties, 'RetryPolicy'),
        },
      },
    },
    ...letters.resources,
    ...(role === undefined
      ? [
          iamRole(`${logicalId}Role`, offset, passedOn, 'scheduler.amazonaws.com', {
            PermissionsBoundary: truthyMember(properties, 'PermissionsBoundary'),
          }),
        ]
      : []),
  ];
}

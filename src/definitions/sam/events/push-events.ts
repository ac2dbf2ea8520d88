// Events of services that call the function: a permission, and what the service is told by.
import {
  get,
  isList,
  isMap,
  isTruthy,
  type Plain,
  set,
  stringOf,
  type TreeMap,
  truthyMember,
} from '../editing.ts';
import { getAtt, ref, sub } from '../intrinsics.ts';
import { blameResource, expectMap } from '../invalid.ts';
import { permission } from '../permissions.ts';
import { pythonStr } from '../python-text.ts';
import type { Resource } from '../resource.ts';
import { changedResource } from '../template-resource.ts';
import type { FunctionEvent } from './event.ts';

/** @param given what says on whose behalf: `SourceArn`, `SourceAccount`, `EventSourceToken` */
export function eventPermission(
  { logicalId, offset, target }: FunctionEvent,
  principal: string,
  given: Record<string, Plain>,
  prefix = logicalId,
): Resource {
  return permission(`${prefix}Permission`, offset, target.passedOn, {
    FunctionName: target.name,
    Principal: principal,
    ...given,
  });
}

/** AlexaSkill. */
export function expandPermission(event: FunctionEvent): Resource[] {
  return [
    eventPermission(event, 'alexa-appkit.amazon.com', { EventSourceToken: get(event.properties, 'SkillId') }),
  ];
}

export function expandIotRule(event: FunctionEvent): Resource[] {
  const { logicalId, properties, offset, target, expansion } = event;
  const arn = `arn:${expansion.partition}:iot:\${AWS::Region}:\${AWS::AccountId}:rule/\${RuleName}`;
  return [
    eventPermission(event, 'iot.amazonaws.com', {
      SourceArn: sub(arn, { RuleName: ref(logicalId) }),
      SourceAccount: sub('${AWS::AccountId}'),
    }),
    {
      logicalId,
      type: 'AWS::IoT::TopicRule',
      attributes: target.passedOn,
      offset,
      properties: {
        TopicRulePayload: {
          Sql: get(properties, 'Sql'),
          RuleDisabled: false,
          Actions: [{ Lambda: { FunctionArn: target.arn } }],
          AwsIotSqlVersion: truthyMember(properties, 'AwsIotSqlVersion'),
        },
      },
    },
  ];
}

export function expandLogs(event: FunctionEvent): Resource[] {
  const { logicalId, properties, offset, target, expansion } = event;
  const group = get(properties, 'LogGroupName');
  const arn = `arn:${expansion.partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:\${__LogGroupName__}:*`;
  const allowed = eventPermission(event, 'logs.amazonaws.com', {
    SourceArn: sub(arn, { __LogGroupName__: group }),
  });
  return [
    allowed,
    {
      logicalId,
      type: 'AWS::Logs::SubscriptionFilter',
      attributes: target.passedOn,
      dependsOn: [allowed.logicalId],
      offset,
      properties: {
        LogGroupName: group,
        FilterPattern: get(properties, 'FilterPattern'),
        DestinationArn: target.arn,
      },
    },
  ];
}

export function expandCognito(event: FunctionEvent): Resource[] {
  const { properties, target, expansion, blame } = event;
  const poolId = stringOf(get(get(properties, 'UserPool'), 'Ref')) ?? '';
  const pool = get(expansion.resources, poolId) as TreeMap;
  if (!isTruthy(get(pool, 'Properties'))) set(pool, 'Properties', {});
  const holder = get(pool, 'Properties') as TreeMap;
  if (get(holder, 'LambdaConfig') === undefined) set(holder, 'LambdaConfig', {});
  const config = expectMap(get(holder, 'LambdaConfig'), 'LambdaConfig', blameResource(poolId, pool.offset));
  const trigger = get(properties, 'Trigger');
  for (const each of isList(trigger) ? trigger.items : [trigger]) {
    const name = stringOf(each);
    if (name === undefined) continue;
    if (config.members.has(name)) {
      throw blame(`Cognito trigger "${pythonStr(trigger)}" defined multiple times.`, trigger);
    }
    set(config, name, target.arn!);
  }
  return [
    eventPermission(
      event,
      'cognito-idp.amazonaws.com',
      { SourceArn: getAtt(poolId, 'Arn') },
      `${target.logicalId}Cognito`,
    ),
    ...(isMap(pool) ? [changedResource(poolId, pool)] : []),
  ];
}

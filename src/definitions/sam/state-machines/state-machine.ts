// `AWS::Serverless::StateMachine` (spec/definitions.md §8.1).
import { entries, get, isTruthy, madeMap, type Plain, set, type TreeMap, truthyMember } from '../editing.ts';
import { STATE_MACHINE_EVENT_PROPERTIES } from '../events/event-tables.ts';
import { readEvent } from '../events/read-event.ts';
import { patternRule, type RuleTarget, schedule, scheduleRule } from '../events/schedule-events.ts';
import type { Expansion } from '../expansion.ts';
import { iamRole } from '../functions/function-role.ts';
import { getAtt, ref } from '../intrinsics.ts';
import { type Blame, blameEvent, blameResource, namingOwner } from '../invalid.ts';
import { bodyLocation } from '../locations.ts';
import { pythonStr } from '../python-text.ts';
import { joined, type Resource, type SamResource, tagList, withPropagatedTags } from '../resource.ts';
import { addStateMachineOperation } from '../rest/rest-state-machine-event.ts';
import { definitionString, withSubstitutions } from './state-machine-definition.ts';
import type { StateMachineEvent } from './state-machine-event.ts';

export function expandStateMachine(machine: SamResource, expansion: Expansion): Resource[] {
  const { logicalId, properties, offset } = machine;
  const blame = blameResource(logicalId, offset);
  const events = readEvents(machine, expansion);
  const role = truthyMember(properties, 'Role');
  const definition = definitionOf(properties, offset, blame);
  if (role !== undefined && isTruthy(get(properties, 'Policies'))) {
    throw blame("Specify either 'Role' or 'Policies' (but not both at the same time) or neither of them");
  }
  const tags: Plain[] = [
    { Key: 'stateMachine:createdBy', Value: 'SAM' },
    ...tagList(get(properties, 'Tags')),
  ];
  const alias = publishedAlias(machine, blame);
  const target =
    isTruthy(get(properties, 'UseAliasAsEventTarget')) && alias.length > 0 ? alias[1]!.logicalId : logicalId;
  const resources: Resource[] = [
    {
      logicalId,
      type: 'AWS::StepFunctions::StateMachine',
      attributes: machine.attributes,
      dependsOn: machine.dependsOn,
      offset,
      properties: {
        ...definition,
        RoleArn: role ?? getAtt(`${logicalId}Role`, 'Arn'),
        StateMachineName: get(properties, 'Name'),
        StateMachineType: get(properties, 'Type'),
        LoggingConfiguration: get(properties, 'Logging'),
        TracingConfiguration: get(properties, 'Tracing'),
        Tags: tags,
      },
    },
    ...(role === undefined ? [executionRole(machine, tags)] : []),
    ...alias,
    ...namingOwner(machine, () => events.flatMap((event) => expandEvent(event, target))),
  ];
  return withPropagatedTags(resources, properties);
}

function executionRole({ logicalId, properties, offset, passedOn }: SamResource, tags: Plain[]): Resource {
  return iamRole(`${logicalId}Role`, offset, passedOn, 'states.amazonaws.com', {
    Path: get(properties, 'RolePath'),
    PermissionsBoundary: get(properties, 'PermissionsBoundary'),
    Tags: tags,
  });
}

function definitionOf(properties: TreeMap, offset: number, blame: Blame): Record<string, Plain> {
  const definition = truthyMember(properties, 'Definition');
  const uri = truthyMember(properties, 'DefinitionUri');
  const given = truthyMember(properties, 'DefinitionSubstitutions');
  if (definition !== undefined && uri !== undefined) {
    throw blame("Specify either 'Definition' or 'DefinitionUri' property and not both.", uri);
  }
  if (uri !== undefined) {
    return {
      DefinitionS3Location: bodyLocation(uri, 'DefinitionUri', blame),
      DefinitionSubstitutions: given,
    };
  }
  if (definition === undefined) {
    throw blame("Either 'Definition' or 'DefinitionUri' property must be specified.");
  }
  const { tree, substitutions } = withSubstitutions(definition);
  const all = joined(offset, given, substitutions);
  return {
    DefinitionString: { 'Fn::Join': ['\n', definitionString(tree).split('\n')] },
    DefinitionSubstitutions: all.members.size === 0 ? undefined : all,
  };
}

/** A version and an alias, or nothing. */
function publishedAlias({ logicalId, properties, offset, passedOn }: SamResource, blame: Blame): Resource[] {
  const alias = truthyMember(properties, 'AutoPublishAlias');
  const preference = truthyMember(properties, 'DeploymentPreference');
  if (alias === undefined) {
    for (const name of ['UseAliasAsEventTarget', 'DeploymentPreference']) {
      const value = truthyMember(properties, name);
      if (value === undefined) continue;
      throw blame(`'${name}' requires 'AutoPublishAlias' property to be specified.`, value);
    }
    return [];
  }
  const versionId = `${logicalId}Version`;
  const preferred = joined(offset, preference ?? madeMap(offset, { Type: 'ALL_AT_ONCE' }));
  set(preferred, 'StateMachineVersionArn', ref(versionId));
  return [
    {
      logicalId: versionId,
      type: 'AWS::StepFunctions::StateMachineVersion',
      attributes: {
        ...passedOn,
        DeletionPolicy: passedOn.DeletionPolicy ?? 'Retain',
        UpdateReplacePolicy: passedOn.UpdateReplacePolicy ?? 'Retain',
      },
      offset,
      properties: {
        StateMachineArn: ref(logicalId),
        StateMachineRevisionId: getAtt(logicalId, 'StateMachineRevisionId'),
      },
    },
    {
      logicalId: `${logicalId}Alias${pythonStr(alias)}`,
      type: 'AWS::StepFunctions::StateMachineAlias',
      attributes: passedOn,
      offset: alias.offset,
      properties: { Name: alias, DeploymentPreference: preferred },
    },
  ];
}

function readEvents(machine: SamResource, expansion: Expansion): StateMachineEvent[] {
  const { logicalId, properties, passedOn } = machine;
  return namingOwner(machine, () =>
    entries(get(properties, 'Events')).map(([eventId, event]) => {
      const read = readEvent(logicalId, eventId, event, STATE_MACHINE_EVENT_PROPERTIES);
      return {
        ...read,
        eventId,
        logicalId: `${logicalId}${eventId}`,
        machineId: logicalId,
        offset: event.offset,
        blame: blameEvent(eventId, event.offset),
        passedOn,
        permissionsBoundary: truthyMember(properties, 'PermissionsBoundary'),
        expansion,
      };
    }),
  );
}

function expandEvent(event: StateMachineEvent, machineId: string): Resource[] {
  const { type, properties, passedOn, logicalId } = event;
  const arn = ref(machineId);
  const suffix = 'StepFunctionsTarget';
  const role = eventRole(event, 'events.amazonaws.com');
  const ownRole = getAtt(`${logicalId}Role`, 'Arn');
  switch (type) {
    case 'Api':
      addStateMachineOperation(event, machineId);
      return [eventRole(event, 'apigateway.amazonaws.com')];
    case 'Schedule': {
      const given = get(properties, 'RoleArn');
      const target: RuleTarget = { arn, role: given ?? ownRole, suffix, passedOn };
      return [...scheduleRule(event, target), ...(given === undefined ? [role] : [])];
    }
    case 'ScheduleV2':
      return schedule(event, arn, passedOn);
    default:
      return [...patternRule(event, { arn, role: ownRole, suffix, passedOn }), role];
  }
}

function eventRole(
  { logicalId, offset, passedOn, permissionsBoundary }: StateMachineEvent,
  service: string,
): Resource {
  return iamRole(`${logicalId}Role`, offset, passedOn, service, { PermissionsBoundary: permissionsBoundary });
}

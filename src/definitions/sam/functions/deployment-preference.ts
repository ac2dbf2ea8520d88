// DeploymentPreference: CodeDeploy's resources, which do nothing here (spec/definitions.md §8.12.2).

import { combinedConditions } from '../conditions.ts';
import {
  get,
  isList,
  isMap,
  isTruthy,
  type Plain,
  type PlainMap,
  set,
  stringOf,
  type Tree,
  type TreeMap,
} from '../editing.ts';
import type { Expansion } from '../expansion.ts';
import { getAtt, ref, sub } from '../intrinsics.ts';
import type { Blame } from '../invalid.ts';
import { joined, type Resource, type SamResource, tagList } from '../resource.ts';
import { iamRole } from './function-role.ts';

const APPLICATION = 'ServerlessDeploymentApplication';
const ROLE = 'CodeDeployServiceRole';
const CONDITION = 'ServerlessCodeDeployCondition';

interface Preference {
  readonly logicalId: string;
  readonly offset: number;
  readonly type: Tree;
  readonly given: TreeMap;
  readonly condition: Tree | undefined;
  readonly tags: Tree | undefined;
}

/** The preferences that are enabled. */
export type DeploymentPreferences = Preference[];

/** The alias with its update policy; undefined where nothing is preferred. */
export function addDeploymentPreference(
  { logicalId, properties, passedOn }: SamResource,
  alias: Resource | undefined,
  { parameters }: Expansion,
  preferences: DeploymentPreferences,
  blame: Blame,
): Resource | undefined {
  const given = get(properties, 'DeploymentPreference');
  if (!isMap(given) || given.members.size === 0) return undefined;
  const value = (name: string): Tree | undefined => parameters.resolvedWithMappings(get(given, name));
  const enabled = value('Enabled');
  if (given.members.has('Enabled') && (!isTruthy(enabled) || isFalseText(enabled))) return undefined;
  const type = value('Type');
  if (type === undefined) throw blame("'DeploymentPreference' is missing required Property 'Type'", given);
  const hooks = get(given, 'Hooks');
  if (hooks !== undefined && !isMap(hooks)) {
    throw blame("'Hooks' property of 'DeploymentPreference' must be a dictionary", hooks);
  }
  const isPassed = ['true', 'True'].includes(textOf(value('PassthroughCondition')));
  preferences.push({
    logicalId,
    offset: given.offset,
    type,
    given,
    condition: isPassed ? passedOn.Condition : undefined,
    tags: isTruthy(get(properties, 'PropagateTags')) ? get(properties, 'Tags') : undefined,
  });
  if (alias === undefined) {
    throw blame("'DeploymentPreference' requires AutoPublishAlias property to be specified.", given);
  }
  const update: PlainMap = {
    ApplicationName: ref(APPLICATION),
    DeploymentGroupName: ref(`${logicalId}DeploymentGroup`),
    BeforeAllowTrafficHook: get(hooks, 'PreTraffic'),
    AfterAllowTrafficHook: get(hooks, 'PostTraffic'),
  };
  return {
    ...alias,
    attributes: { ...alias.attributes, UpdatePolicy: { CodeDeployLambdaAliasUpdate: update } },
  };
}

function textOf(tree: Tree | undefined): string {
  return tree?.kind === 'scalar' ? String(tree.value) : '';
}

function isFalseText(tree: Tree | undefined): boolean {
  return ['false', 'False'].includes(stringOf(tree) ?? '');
}

/** What all preferences of a template share, and a group of each. */
export function deploymentResources(
  preferences: DeploymentPreferences,
  conditions: () => TreeMap,
): Resource[] {
  const [first] = preferences;
  if (first === undefined) return [];
  const { offset } = first;
  const tags = joined(offset, ...preferences.map((each) => each.tags));
  const tagged = tags.members.size > 0 ? { Tags: tagList(tags) } : {};
  const attributes = { Condition: sharedCondition(preferences, conditions) };
  const role = iamRole(ROLE, offset, attributes, 'codedeploy.amazonaws.com', tagged);
  return [
    {
      logicalId: APPLICATION,
      type: 'AWS::CodeDeploy::Application',
      attributes,
      offset,
      properties: { ComputePlatform: 'Lambda', ...tagged },
    },
    ...(preferences.every(({ given }) => isTruthy(get(given, 'Role'))) ? [] : [role]),
    ...preferences.map(deploymentGroup),
  ];
}

/** Where each preference is there under a condition, so are the shared resources. */
function sharedCondition(preferences: DeploymentPreferences, conditions: () => TreeMap): Plain {
  if (preferences.some(({ condition }) => condition === undefined)) return undefined;
  const names = [...new Set(preferences.map(({ condition }) => stringOf(condition) ?? ''))];
  if (names.length === 1) return names[0];
  for (const [name, condition] of combinedConditions(names, CONDITION)) set(conditions(), name, condition!);
  return CONDITION;
}

function deploymentGroup({ logicalId, offset, type, given, condition, tags }: Preference): Resource {
  const role = get(given, 'Role');
  const alarms = get(given, 'Alarms');
  return {
    logicalId: `${logicalId}DeploymentGroup`,
    type: 'AWS::CodeDeploy::DeploymentGroup',
    attributes: { Condition: condition },
    offset,
    properties: {
      AlarmConfiguration: isList(alarms)
        ? { Enabled: true, Alarms: alarms.items.map((alarm) => ({ Name: alarm })) }
        : undefined,
      ApplicationName: ref(APPLICATION),
      AutoRollbackConfiguration: {
        Enabled: true,
        Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST'],
      },
      DeploymentConfigName: sub('CodeDeployDefault.Lambda${ConfigName}', { ConfigName: type }),
      DeploymentStyle: { DeploymentType: 'BLUE_GREEN', DeploymentOption: 'WITH_TRAFFIC_CONTROL' },
      ServiceRoleArn: isTruthy(role) ? role : getAtt(ROLE, 'Arn'),
      TriggerConfigurations: get(given, 'TriggerConfigurations'),
      Tags: isTruthy(tags) ? tagList(tags) : undefined,
    },
  };
}

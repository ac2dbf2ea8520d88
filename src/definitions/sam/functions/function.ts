// `AWS::Serverless::Function` (spec/definitions.md §8.9).

import {
  get,
  isMap,
  isTruthy,
  type Plain,
  type PlainMap,
  picked,
  stringOf,
  type Tree,
  truthyMember,
} from '../editing.ts';
import { eventResources } from '../events/events.ts';
import type { Expansion } from '../expansion.ts';
import { type Blame, blameResource, expectString } from '../invalid.ts';
import { type Resource, type SamResource, tagList, withPropagatedTags } from '../resource.ts';
import { addDeploymentPreference, type DeploymentPreferences } from './deployment-preference.ts';
import { eventInvokeResources } from './event-invoke.ts';
import { publishedAlias } from './function-alias.ts';
import { codeOf } from './function-code.ts';
import { executionRole } from './function-role.ts';
import { functionTarget } from './function-target.ts';
import { urlResources } from './function-url.ts';

/** Properties of the Lambda function that are taken as they are. */
const AS_THEY_ARE = [
  'Handler',
  'Runtime',
  'Description',
  'MemorySize',
  'Timeout',
  'VpcConfig',
  'Environment',
  'KmsKeyArn',
  'ReservedConcurrentExecutions',
  'Layers',
  'FileSystemConfigs',
  'ImageConfig',
  'PackageType',
  'Architectures',
  'SnapStart',
  'EphemeralStorage',
  'CodeSigningConfigArn',
  'RuntimeManagementConfig',
  'LoggingConfig',
  'TenancyConfig',
  'RecursiveLoop',
  'DurableConfig',
  'PublishToLatestPublished',
];

const RESERVED_TAGS = ['lambda:createdBy', 'serverlessrepo:applicationId', 'serverlessrepo:semanticVersion'];

export function expandFunction(
  fn: SamResource,
  expansion: Expansion,
  preferences: DeploymentPreferences,
): Resource[] {
  const { logicalId, properties, offset, passedOn } = fn;
  const blame = blameResource(logicalId, offset);
  checkTogether(properties, blame);
  checkDeadLetters(truthyMember(properties, 'DeadLetterQueue'), blame);
  checkTenancy(properties, blame);
  const lambda = lambdaFunction(fn, expansion, blame);
  if (
    isTruthy(get(properties, 'ProvisionedConcurrencyConfig')) &&
    !isTruthy(get(properties, 'AutoPublishAlias'))
  ) {
    throw blame('To set ProvisionedConcurrencyConfig AutoPublishALias must be defined on the function');
  }
  const alias = publishedAlias(fn, lambda, expansion.parameters, blame);
  const target = alias?.target ?? functionTarget(logicalId, passedOn);
  const url = urlResources(fn, target, blame);
  const preference = addDeploymentPreference(fn, alias?.alias, expansion, preferences, blame);
  const role = executionRole(fn, expansion, blame);
  lambda.properties.Role = role.arn;
  const resources: Resource[] = [
    lambda,
    ...(alias === undefined ? [] : [alias.version, preference ?? alias.alias]),
    ...url,
    ...eventInvokeResources(fn, alias?.name, alias?.alias.logicalId, expansion, blame),
    ...role.resources,
    ...eventResources(fn, target, expansion),
  ];
  return withPropagatedTags(resources, properties);
}

function lambdaFunction(fn: SamResource, { parameters }: Expansion, blame: Blame): Resource {
  const { logicalId, properties, offset } = fn;
  const tracing = truthyMember(properties, 'Tracing');
  const isTraced = tracing !== undefined && stringOf(parameters.resolved(tracing)) !== 'Disabled';
  return {
    logicalId,
    type: 'AWS::Lambda::Function',
    attributes: fn.attributes,
    dependsOn: fn.dependsOn,
    offset,
    properties: {
      ...picked(properties, AS_THEY_ARE),
      FunctionName: truthyMember(properties, 'FunctionName'),
      Code: codeOf(properties, fn.attributes.Metadata, blame),
      Tags: functionTags(get(properties, 'Tags'), blame),
      TracingConfig: isTraced ? { Mode: tracing } : undefined,
      DeadLetterConfig: deadLetters(truthyMember(properties, 'DeadLetterQueue')),
      CapacityProviderConfig: capacityProvider(truthyMember(properties, 'CapacityProviderConfig')),
      FunctionScalingConfig: truthyMember(properties, 'FunctionScalingConfig'),
    },
  };
}

/** The user's tags behind that of AWS SAM. */
function functionTags(tags: Tree | undefined, blame: Blame): Plain[] {
  for (const tag of RESERVED_TAGS) {
    if (isMap(tags) && tags.members.has(tag)) {
      throw blame(
        `${tag} is a reserved Tag key name and cannot be set on your resource. Please change the tag key in the input.`,
        tags,
      );
    }
  }
  return [{ Key: 'lambda:createdBy', Value: 'SAM' }, ...tagList(tags)];
}

function deadLetters(queue: Tree | undefined): PlainMap | undefined {
  return queue === undefined ? undefined : { TargetArn: get(queue, 'TargetArn') };
}

function capacityProvider(given: Tree | undefined): PlainMap | undefined {
  if (given === undefined) return undefined;
  return {
    LambdaManagedInstancesCapacityProviderConfig: {
      CapacityProviderArn: get(given, 'Arn'),
      PerExecutionEnvironmentMaxConcurrency: get(given, 'PerExecutionEnvironmentMaxConcurrency'),
      ExecutionEnvironmentMemoryGiBPerVCpu: get(given, 'ExecutionEnvironmentMemoryGiBPerVCpu'),
    },
  };
}

function checkTogether(properties: Tree, blame: Blame): void {
  const isThere = (name: string): boolean => get(properties, name) !== undefined;
  const sentences: string[] = [];
  for (const other of ['ProvisionedConcurrencyConfig', 'VpcConfig']) {
    if (isThere('CapacityProviderConfig') && isThere(other)) {
      sentences.push(`Cannot specify 'CapacityProviderConfig' and '${other}' together.`);
    }
  }
  for (const [name, needed] of [
    ['FunctionScalingConfig', 'CapacityProviderConfig'],
    ['VersionDeletionPolicy', 'AutoPublishAlias'],
  ] as const) {
    if (isThere(name) && !isThere(needed)) sentences.push(`'${name}' requires '${needed}'.`);
  }
  if (sentences.length > 0) throw blame(sentences.join('\n'));
}

function checkDeadLetters(queue: Tree | undefined, blame: Blame): void {
  if (queue === undefined) return;
  if (!isTruthy(get(queue, 'Type')) || !isTruthy(get(queue, 'TargetArn'))) {
    throw blame("'DeadLetterQueue' requires Type and TargetArn properties to be specified.", queue);
  }
  const type = expectString(get(queue, 'Type'), 'DeadLetterQueue.Type', blame);
  if (type !== 'SQS' && type !== 'SNS') {
    throw blame("'DeadLetterQueue' requires Type of ['SQS', 'SNS']", queue);
  }
}

function checkTenancy(properties: Tree, blame: Blame): void {
  if (!isTruthy(get(properties, 'TenancyConfig'))) return;
  const refused = [
    ['ProvisionedConcurrencyConfig', 'Provisioned concurrency'],
    ['FunctionUrlConfig', 'Function URL'],
    ['SnapStart', 'SnapStart'],
  ] as const;
  for (const [name, what] of refused) {
    if (!isTruthy(get(properties, name))) continue;
    throw blame(
      `${what} is not supported for functions enabled with tenancy configuration.`,
      get(properties, name),
    );
  }
  const events = get(properties, 'Events');
  if (!isMap(events)) return;
  for (const { value } of events.members.values()) {
    const type = stringOf(get(value, 'Type'));
    if (type === 'Api' || type === 'HttpApi') continue;
    throw blame(
      `Event source '${type}' is not supported for functions enabled with tenancy configuration. Only Api and HttpApi event sources are supported.`,
      value,
    );
  }
}

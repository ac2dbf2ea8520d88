// CloudFormation resources that the expansion makes.
import {
  get,
  isMap,
  isTruthy,
  madeMap,
  type Plain,
  picked,
  set,
  type Tree,
  type TreeMap,
} from './editing.ts';
import { blameResource } from './invalid.ts';

/** Attributes beside the properties, by name. */
export type Attributes = Readonly<Record<string, Plain>>;

/** As the template has them. */
export type TemplateAttributes = Readonly<Record<string, Tree | undefined>>;

export interface Resource {
  readonly logicalId: string;
  readonly type: string;
  /** Those that are undefined are left out. */
  readonly properties: Record<string, Plain>;
  readonly attributes?: Attributes | undefined;
  readonly dependsOn?: Plain;
  /** Of what it came from. */
  readonly offset: number;
}

/** A resource of the template, under the hands of its macro. */
export interface SamResource {
  readonly logicalId: string;
  readonly type: string;
  readonly offset: number;
  readonly properties: TreeMap;
  readonly dependsOn: Tree | undefined;
  /** All that go to what it becomes in the first place. */
  readonly attributes: TemplateAttributes;
  /** Those that go to everything that it becomes. */
  readonly passedOn: TemplateAttributes;
}

const PASSED_ON = ['Condition', 'DeletionPolicy', 'UpdateReplacePolicy'] as const;

export function samResource(logicalId: string, type: string, tree: TreeMap): SamResource {
  const passedOn = picked(tree, PASSED_ON);
  return {
    logicalId,
    type,
    offset: tree.offset,
    properties: (get(tree, 'Properties') as TreeMap | undefined) ?? madeMap(tree.offset, {}),
    dependsOn: get(tree, 'DependsOn'),
    attributes: { ...passedOn, UpdatePolicy: get(tree, 'UpdatePolicy'), Metadata: get(tree, 'Metadata') },
    passedOn,
  };
}

export function treeOf({ type, properties, attributes, dependsOn, offset }: Resource): TreeMap {
  return madeMap(offset, { Type: type, DependsOn: dependsOn, ...attributes, Properties: properties });
}

/** Logical ids are made of names that users choose (§8.8.2). */
export function checkLogicalId(logicalId: string, offset: number): void {
  if (!/^[A-Za-z0-9]+$/.test(logicalId))
    throw blameResource(logicalId, offset)('Logical ids must be alphanumeric.');
}

/** `[{Key, Value}]` of a map; a value that is null is empty text. */
export function tagList(tags: Tree | undefined): Plain[] {
  if (tags?.kind !== 'map') return [];
  return Array.from(tags.members, ([key, { value }]) => ({
    Key: key,
    Value: value.kind === 'scalar' && value.value === null ? '' : value,
  }));
}

/** A map with the members of several, later ones over earlier ones. */
export function joined(offset: number, ...maps: readonly (Tree | undefined)[]): TreeMap {
  const whole = madeMap(offset, {});
  for (const map of maps) {
    if (map?.kind === 'map') for (const [key, { value }] of map.members) set(whole, key, value);
  }
  return whole;
}

/** Types whose resources have a list of tags. */
const TAGGED = [
  'AWS::ApiGateway::DomainName',
  'AWS::ApiGateway::DomainNameV2',
  'AWS::ApiGateway::RestApi',
  'AWS::ApiGateway::Stage',
  'AWS::ApiGateway::ApiKey',
  'AWS::ApiGateway::UsagePlan',
  'AWS::IAM::Role',
  'AWS::IoT::TopicRule',
  'AWS::Lambda::Function',
  'AWS::S3::Bucket',
  'AWS::SNS::Topic',
  'AWS::SQS::Queue',
  'AWS::StepFunctions::StateMachine',
];

/** PropagateTags: the tags of a resource take the place of those that the resources have which it becomes. */
export function withPropagatedTags(resources: Resource[], properties: TreeMap): Resource[] {
  const tags = get(properties, 'Tags');
  if (!isTruthy(get(properties, 'PropagateTags')) || !isMap(tags) || !isTruthy(tags)) return resources;
  return resources.map((resource) =>
    TAGGED.includes(resource.type)
      ? { ...resource, properties: { ...resource.properties, Tags: tagList(tags) } }
      : resource,
  );
}

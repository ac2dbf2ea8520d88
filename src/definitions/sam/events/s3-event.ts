// S3 events: the bucket of the template is told to call the function, and waits for the permission.
import {
  areEqual,
  get,
  isList,
  isMap,
  isTruthy,
  made,
  set,
  stringOf,
  type Tree,
  type TreeList,
  type TreeMap,
} from '../editing.ts';
import { onlyIf, ref } from '../intrinsics.ts';
import { type Blame, blameResource, expectList, expectMap } from '../invalid.ts';
import type { Resource } from '../resource.ts';
import { changedResource } from '../template-resource.ts';
import type { FunctionEvent } from './event.ts';
import { eventPermission } from './push-events.ts';

/** The bucket that an event refers to. */
export function bucketOf(
  properties: TreeMap,
  resources: TreeMap,
  blame: Blame,
): { id: string; bucket: TreeMap } {
  const given = get(properties, 'Bucket');
  const target = get(given, 'Ref');
  if (target !== undefined && stringOf(target) === undefined) {
    throw blame("'Ref' value in S3 events is not a valid string.", given);
  }
  const id = stringOf(target) ?? '';
  const bucket = get(resources, id);
  if (!isMap(bucket)) throw blame('S3 events must reference an S3 bucket in the same template.', given);
  return { id, bucket };
}

export function expandBucketEvent(event: FunctionEvent): Resource[] {
  const { properties, expansion, target } = event;
  const { id, bucket } = bucketOf(properties, expansion.resources, event.blame);
  const allowed = eventPermission(event, 's3.amazonaws.com', { SourceAccount: ref('AWS::AccountId') });
  if (!isTruthy(get(bucket, 'Properties'))) set(bucket, 'Properties', {});
  const holder = expectMap(
    get(bucket, 'Properties'),
    '',
    blameResource(id, bucket.offset),
    'Properties should be a map.',
  );
  if (target.condition === undefined) dependOn(bucket, allowed.logicalId);
  else dependByTag(id, holder, allowed.logicalId, target.condition);
  addNotifications(event, id, holder);
  return [allowed, changedResource(id, bucket)];
}

function dependOn(bucket: TreeMap, logicalId: string): void {
  const given = get(bucket, 'DependsOn');
  const others = isList(given) ? given.items : given === undefined ? [] : [given];
  const added = made(bucket.offset, logicalId);
  set(bucket, 'DependsOn', [...others.filter((each) => !areEqual(each, added)), added]);
}

/** A permission that is there under a condition cannot be depended on: a tag that refers to it can. */
function dependByTag(id: string, properties: TreeMap, logicalId: string, condition: Tree): void {
  const given = get(properties, 'Tags');
  const tags =
    given === undefined ? [] : expectList(given, 'Tags', blameResource(id, properties.offset)).items;
  const tag = {
    Key: `sam:ConditionalDependsOn:${logicalId}`,
    Value: { 'Fn::If': [condition, ref(logicalId), 'no dependency'] },
  };
  set(properties, 'Tags', [...tags, tag]);
}

function addNotifications({ properties, target, offset }: FunctionEvent, id: string, bucket: TreeMap): void {
  const blame = blameResource(id, bucket.offset);
  if (get(bucket, 'NotificationConfiguration') === undefined) set(bucket, 'NotificationConfiguration', {});
  const holder = expectMap(get(bucket, 'NotificationConfiguration'), 'NotificationConfiguration', blame);
  if (get(holder, 'LambdaConfigurations') === undefined) set(holder, 'LambdaConfigurations', []);
  const known = get(holder, 'LambdaConfigurations');
  if (!isList(known)) throw blame('Invalid type for LambdaConfigurations. Must be a list.', known);
  const events = get(properties, 'Events');
  for (const event of isList(events) ? events.items : [events]) {
    const plain = { Function: target.arn, Filter: get(properties, 'Filter'), Event: event };
    const added = made(offset, target.condition === undefined ? plain : onlyIf(target.condition, plain));
    if (!known.items.some((each) => areEqual(each, added))) (known as TreeList).items.push(added);
  }
}

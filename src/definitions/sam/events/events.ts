// What the events of a function become (spec/definitions.md §8.5, §8.9). Other than those of APIs they have no sender here (§7.8), and
// what they are made of is there because templates refer to it.
import { entries, get, isMap, stringOf, type Tree, type TreeMap } from '../editing.ts';
import type { Expansion } from '../expansion.ts';
import type { FunctionTarget } from '../functions/function-target.ts';
import { expandHttpApiEvent } from '../http/http-api-event.ts';
import { blameEvent, namingOwner } from '../invalid.ts';
import type { Resource, SamResource } from '../resource.ts';
import { expandApiEvent } from '../rest/api-event.ts';
import type { ExpandEvent, FunctionEvent } from './event.ts';
import { EVENT_PROPERTIES } from './event-tables.ts';
import { expandPullEvent } from './pull-events.ts';
import { expandCognito, expandIotRule, expandLogs, expandPermission } from './push-events.ts';
import { readEvent } from './read-event.ts';
import { bucketOf, expandBucketEvent } from './s3-event.ts';
import { expandRule, expandSchedule, expandScheduleV2 } from './schedule-events.ts';
import { expandTopicEvent } from './sns-event.ts';

const EXPANDERS = new Map<string, ExpandEvent>([
  ['AlexaSkill', expandPermission],
  ['Api', expandApiEvent],
  ['CloudWatchEvent', expandRule],
  ['CloudWatchLogs', expandLogs],
  ['Cognito', expandCognito],
  ['DocumentDB', expandPullEvent],
  ['DynamoDB', expandPullEvent],
  ['EventBridgeRule', expandRule],
  ['HttpApi', expandHttpApiEvent],
  ['IoTRule', expandIotRule],
  ['Kinesis', expandPullEvent],
  ['MQ', expandPullEvent],
  ['MSK', expandPullEvent],
  ['S3', expandBucketEvent],
  ['SNS', expandTopicEvent],
  ['SQS', expandPullEvent],
  ['Schedule', expandSchedule],
  ['ScheduleV2', expandScheduleV2],
  ['SelfManagedKafka', expandPullEvent],
]);

/** Whether each event is one, and refers to what is there. Before anything is made of the function. */
export function checkEvents(fn: SamResource, resources: TreeMap): void {
  const { logicalId, properties } = fn;
  namingOwner(fn, () => {
    for (const [eventId, event] of entries(get(properties, 'Events'))) {
      const { type, properties: given } = readEvent(logicalId, eventId, event, EVENT_PROPERTIES);
      const blame = blameEvent(eventId, event.offset);
      if (type === 'S3') bucketOf(given, resources, blame);
      if (type === 'Cognito' && !isMap(get(resources, stringOf(get(get(given, 'UserPool'), 'Ref')) ?? ''))) {
        throw blame('Cognito events must reference a Cognito UserPool in the same template.', given);
      }
    }
  });
}

export function eventResources(fn: SamResource, target: FunctionTarget, expansion: Expansion): Resource[] {
  const { logicalId, properties } = fn;
  return namingOwner(fn, () =>
    sortedByPath(entries(get(properties, 'Events'))).flatMap(([eventId, tree]) => {
      const read = readEvent(logicalId, eventId, tree, EVENT_PROPERTIES);
      const event: FunctionEvent = {
        ...read,
        eventId,
        functionId: logicalId,
        logicalId: `${logicalId}${eventId}`,
        offset: tree.offset,
        target,
        expansion,
        blame: blameEvent(eventId, tree.offset),
      };
      return EXPANDERS.get(read.type)!(event);
    }),
  );
}

/** By the path of each, or its name where it has none. */
function sortedByPath(events: readonly [string, Tree][]): [string, Tree][] {
  const keyed = events.map(([eventId, event]) => ({
    key: stringOf(get(get(event, 'Properties'), 'Path')) ?? eventId,
    entry: [eventId, event] as [string, Tree],
  }));
  return keyed
    .sort((one, other) => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0))
    .map(({ entry }) => entry);
}

// What the events of a function become (spec/definitions.md §8.5, §8.9). Other than those of APIs they have no sender here (§7.8), and
// what they are made of is there because templates refer to it.
import { checkProperties } from '../check-properties.ts';
import { entries, get, isMap, madeMap, stringOf, type Tree, type TreeMap } from '../editing.ts';
import type { Expansion } from '../expansion.ts';
import type { FunctionTarget } from '../functions/function-target.ts';
import { expandHttpApiEvent } from '../http/http-api-event.ts';
import { type Blame, blameEvent, blameResource, InvalidEvent } from '../invalid.ts';
import { pythonStr } from '../python-text.ts';
import type { Resource, SamResource } from '../resource.ts';
import { expandApiEvent } from '../rest/api-event.ts';
import type { ExpandEvent, FunctionEvent } from './event.ts';
import { EVENT_PROPERTIES } from './event-tables.ts';
import { expandPullEvent } from './pull-events.ts';
import { expandCognito, expandIotRule, expandLogs, expandPermission } from './push-events.ts';
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
export function checkEvents({ logicalId, properties, offset }: SamResource, resources: TreeMap): void {
  namingFunction(logicalId, offset, () => {
    for (const [eventId, event] of entries(get(properties, 'Events'))) {
      const type = typeOf(eventId, event, offset);
      const given = propertiesOf(logicalId, eventId, type, event, offset);
      const blame = blameEvent(eventId, event.offset);
      if (type === 'S3') bucketOf(given, resources, blame);
      if (type === 'Cognito' && !isMap(get(resources, stringOf(get(get(given, 'UserPool'), 'Ref')) ?? ''))) {
        throw blame('Cognito events must reference a Cognito UserPool in the same template.', given);
      }
    }
  });
}

export function eventResources(fn: SamResource, target: FunctionTarget, expansion: Expansion): Resource[] {
  const { logicalId, properties, offset } = fn;
  return namingFunction(logicalId, offset, () =>
    sortedByPath(entries(get(properties, 'Events'))).flatMap(([eventId, tree]) => {
      const type = typeOf(eventId, tree, offset);
      const event: FunctionEvent = {
        eventId,
        functionId: logicalId,
        logicalId: `${logicalId}${eventId}`,
        type,
        properties: propertiesOf(logicalId, eventId, type, tree, offset),
        offset: tree.offset,
        target,
        expansion,
        blame: blameEvent(eventId, tree.offset),
      };
      return EXPANDERS.get(type)!(event);
    }),
  );
}

/** Sentences of events name the function too. */
function namingFunction<T>(logicalId: string, offset: number, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof InvalidEvent)) throw error;
    throw blameResource(logicalId, error.offset ?? offset)(error.message);
  }
}

function typeOf(eventId: string, event: Tree, offset: number): string {
  const type = get(event, 'Type');
  const name = stringOf(type);
  if (name !== undefined && EXPANDERS.has(name)) return name;
  const blame: Blame = blameEvent(eventId, event.offset ?? offset);
  throw blame(
    `Resource dict has missing or invalid value for key Type. Event Type is: ${pythonStr(type)}.`,
    type ?? event,
  );
}

function propertiesOf(
  functionId: string,
  eventId: string,
  type: string,
  event: Tree,
  offset: number,
): TreeMap {
  const blame = blameResource(`${functionId}${eventId}`, event.offset ?? offset);
  if (isMap(event) && event.members.has('Properties') && !isMap(get(event, 'Properties'))) {
    throw blame('Properties of a resource must be an object.', event);
  }
  const properties = get(event, 'Properties') ?? madeMap(event.offset, {});
  checkProperties(properties as TreeMap, EVENT_PROPERTIES.get(type)!, type, blame);
  return properties as TreeMap;
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

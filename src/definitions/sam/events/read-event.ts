// One event as the template has it, of a function or a state machine: its type, and its properties as its table wants them
// (spec/definitions.md §8.11.2).
import { checkProperties, type PropertyTable } from '../check-properties.ts';
import { get, isMap, madeMap, stringOf, type Tree, type TreeMap } from '../editing.ts';
import { blameEvent, blameResource } from '../invalid.ts';
import { pythonStr } from '../python-text.ts';

/**
 * @param tables the properties of each type that its owner may have
 * @throws Invalid
 */
export function readEvent(
  ownerId: string,
  eventId: string,
  event: Tree,
  tables: ReadonlyMap<string, PropertyTable>,
): { readonly type: string; readonly properties: TreeMap } {
  const given = get(event, 'Type');
  const type = stringOf(given) ?? '';
  const table = tables.get(type);
  if (table === undefined) {
    throw blameEvent(eventId, event.offset)(
      `Resource dict has missing or invalid value for key Type. Event Type is: ${pythonStr(given)}.`,
      given ?? event,
    );
  }
  const blame = blameResource(`${ownerId}${eventId}`, event.offset);
  const properties = get(event, 'Properties');
  if (isMap(event) && event.members.has('Properties') && !isMap(properties)) {
    throw blame('Properties of a resource must be an object.', event);
  }
  const read = isMap(properties) ? properties : madeMap(event.offset, {});
  checkProperties(read, table, type, blame);
  return { type, properties: read };
}

// ResponseParameters of an Integration: lists in a template, maps in the API (spec/definitions.md §5.8.1).
import { type MapNode, memberOf } from '../../tree/node.ts';
import type { Path, Problems } from './problems.ts';

interface Given {
  readonly ResponseParameters?: readonly (Mapping | undefined)[];
}

interface Mapping {
  readonly Destination?: string;
  readonly Source?: string;
}

/** `{ 500: { 'overwrite:statuscode': '403' } }`. A status without mappings is none; a destination that is there twice is an error
 *  (Choice D27). */
export function flattenResponseParameters(
  statuses: readonly (readonly [status: string, given: unknown])[],
  members: MapNode['members'],
  path: Path,
  problems: Problems,
): object {
  const flat: [string, object][] = [];
  for (const [status, given] of statuses) {
    const mappings = new Map<string, string>();
    const list = memberOf(members.get(status)?.value, 'ResponseParameters');
    ((given as Given | undefined)?.ResponseParameters ?? []).forEach((mapping, index) => {
      const { Destination, Source } = mapping ?? {};
      if (Destination === undefined || Source === undefined) return;
      if (mappings.has(Destination)) {
        const at = list?.kind === 'list' ? list.items[index] : undefined;
        const text = `Destination ${Destination} is there twice for status ${status}`;
        problems.other([...path, status, 'ResponseParameters', String(index)], text, at ?? list!);
      }
      mappings.set(Destination, Source);
    });
    if (mappings.size > 0) flat.push([status, Object.fromEntries(mappings)]);
  }
  return Object.fromEntries(flat);
}

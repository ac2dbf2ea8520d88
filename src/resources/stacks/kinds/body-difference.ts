// Where two bodies of an Api differ, as a plan says it: `Body.paths./pets.get` (spec/definitions.md §11.4.1).
import type { MemberChange } from '../../../definitions/deploy-answer.ts';
import { type Node, plainOf } from '../../../tree/node.ts';
import { isSameTree } from './same-tree.ts';

/** A plan with more of them is no easier to read. */
const MOST = 25;

/** The places where they differ, each with all that is below it; not empty for bodies that do. */
export function bodyDifference(before: Node, after: Node): readonly MemberChange[] {
  const found: MemberChange[] = [];
  collect(before, after, 'Body', found);
  const more = found.length - MOST;
  return more <= 0 ? found : [...found.slice(0, MOST), { name: `Body (${more} more places)` }];
}

function collect(
  before: Node | undefined,
  after: Node | undefined,
  name: string,
  found: MemberChange[],
): void {
  if (before !== undefined && after !== undefined) {
    if (before.kind === 'map' && after.kind === 'map') {
      for (const key of new Set([...before.members.keys(), ...after.members.keys()])) {
        collect(before.members.get(key)?.value, after.members.get(key)?.value, `${name}.${key}`, found);
      }
      return;
    }
    if (before.kind === 'list' && after.kind === 'list' && before.items.length === after.items.length) {
      for (const [index, item] of before.items.entries())
        collect(item, after.items[index], `${name}[${index}]`, found);
      return;
    }
    if (isSameTree(before, after)) return;
  }
  found.push({
    name,
    ...(before !== undefined && { before: plainOf(before) }),
    ...(after !== undefined && { after: plainOf(after) }),
  });
}

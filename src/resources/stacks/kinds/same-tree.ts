// Whether two documents say the same, wherever it is written (spec/definitions.md §11.4.4).
import { jsonText } from '../../../definitions/evaluate/plain-text.ts';
import type { Node } from '../../../tree/node.ts';

/** The order of keys does not count; that a number was written in another way does. */
export function isSameTree(a: Node, b: Node): boolean {
  if (a.kind === 'map' && b.kind === 'map') {
    if (a.members.size !== b.members.size) return false;
    for (const [key, { value }] of a.members) {
      const other = b.members.get(key);
      if (other === undefined || !isSameTree(value, other.value)) return false;
    }
    return true;
  }
  if (a.kind === 'list' && b.kind === 'list') {
    return a.items.length === b.items.length && a.items.every((item, i) => isSameTree(item, b.items[i]!));
  }
  return a.kind === 'scalar' && b.kind === 'scalar' && jsonText(a) === jsonText(b);
}

// A tree as the text of JSON, without blanks: numbers as they were written where JSON writes them so, that `1.10` stays another text
// than `1.1`.
import { unreachable } from '../defect.ts';
import type { MapNode, Node, ScalarNode } from './node.ts';

export type KeyOrder = 'written' | 'sorted';

/** Sorted, two trees have the same text when they say the same, in whatever order. */
export function jsonOf(node: Node, order: KeyOrder = 'written'): string {
  switch (node.kind) {
    case 'map':
      return `{${keysOf(node, order)
        .map((key) => `${JSON.stringify(key)}:${jsonOf(node.members.get(key)!.value, order)}`)
        .join(',')}}`;
    case 'list':
      return `[${node.items.map((item) => jsonOf(item, order)).join(',')}]`;
    case 'scalar':
      return jsonOfScalar(node);
    default:
      return unreachable(node);
  }
}

function keysOf({ members }: MapNode, order: KeyOrder): readonly string[] {
  const keys = [...members.keys()];
  return order === 'sorted' ? keys.sort() : keys;
}

const NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$/;

function jsonOfScalar({ value, text }: ScalarNode): string {
  return typeof value === 'number' && NUMBER.test(text) ? text : JSON.stringify(value);
}

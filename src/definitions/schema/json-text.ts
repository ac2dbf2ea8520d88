// Text that holds JSON, where a map is wanted (spec/definitions.md §5.1.7).
import { OF_DEFINITIONS } from '../../tree/bounds.ts';
import type { Node } from '../../tree/node.ts';
import { readJson } from '../../tree/read-json.ts';
import { TextError } from '../../tree/text-error.ts';

/** The tree, all of which is where the text is. Undefined when the text is no JSON, or none that can be used. */
export function readJsonText(text: string, offset: number): Node | undefined {
  try {
    return placedAt(readJson(text, 0, OF_DEFINITIONS), offset);
  } catch (error) {
    if (error instanceof TextError) return undefined;
    throw error;
  }
}

function placedAt(node: Node, offset: number): Node {
  switch (node.kind) {
    case 'map':
      return {
        kind: 'map',
        offset,
        members: new Map(
          Array.from(node.members, ([key, { value }]) => [
            key,
            { keyOffset: offset, value: placedAt(value, offset) },
          ]),
        ),
      };
    case 'list':
      return { kind: 'list', offset, items: node.items.map((item) => placedAt(item, offset)) };
    default:
      return { ...node, offset };
  }
}

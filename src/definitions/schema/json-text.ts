// Text that holds JSON, where a map is wanted (spec/definitions.md §5.1.7).
import type { Node } from '../../tree/node.ts';
import { readText } from '../../tree/read-text.ts';
import { TextError } from '../../tree/text-error.ts';

/** The tree, all of which is where the text is. Undefined when the text is no JSON, or no map. */
export function readJsonText(text: string, offset: number): Node | undefined {
  // YAML, which readText reads as well, would take more.
  if (!isJson(text)) return undefined;
  try {
    return placedAt(readText(text), offset);
  } catch (error) {
    if (error instanceof TextError) return undefined;
    throw error;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
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

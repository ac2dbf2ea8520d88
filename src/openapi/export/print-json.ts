// A definition as JSON, in the form of AWS's exports (spec/openapi.md §10.2).
import type { Tree } from './tree.ts';

/** JSON text without a line break at its end: `"key" : value`, lists on the line of their brackets, `{ }` and `[ ]` for
 *  what is empty. */
export function printDefinitionJson(tree: Tree, indentation = ''): string {
  if (typeof tree !== 'object') return JSON.stringify(tree);
  if (tree instanceof Map) {
    if (tree.size === 0) return '{ }';
    const inner = `${indentation}  `;
    const members = Array.from(
      tree,
      ([key, value]) => `${inner}${JSON.stringify(key)} : ${printDefinitionJson(value, inner)}`,
    );
    return `{\n${members.join(',\n')}\n${indentation}}`;
  }
  if (tree.length === 0) return '[ ]';
  return `[ ${tree.map((item) => printDefinitionJson(item, indentation)).join(', ')} ]`;
}

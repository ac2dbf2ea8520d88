// A definition as JSON, in the form of AWS's exports (spec/openapi.md §10.2).
import type { Tree, TreeMap } from './tree.ts';

const STEP = '  ';

/** Pieces of JSON text, one for each member of the members of the root, so that others have their turn between them. The text has
 *  no line break at its end: `"key" : value`, lists on the line of their brackets, `{ }` and `[ ]` for what is empty. */
export function* printDefinitionJson(definition: TreeMap): Iterable<string> {
  let before = '{\n';
  for (const [name, value] of definition) {
    if (value instanceof Map && value.size > 0) {
      yield `${before}${STEP}${JSON.stringify(name)} : `;
      yield* printItems(value);
    } else {
      yield `${before}${printMember(name, value, STEP)}`;
    }
    before = ',\n';
  }
  yield definition.size === 0 ? '{ }' : '\n}';
}

function* printItems(items: TreeMap): Iterable<string> {
  let before = '{\n';
  for (const [key, item] of items) {
    yield `${before}${printMember(key, item, STEP + STEP)}`;
    before = ',\n';
  }
  yield `\n${STEP}}`;
}

function printMember(key: string, value: Tree, indentation: string): string {
  return `${indentation}${JSON.stringify(key)} : ${printValue(value, indentation)}`;
}

function printValue(tree: Tree, indentation: string): string {
  if (typeof tree === 'function') return printValue(tree(), indentation);
  if (typeof tree !== 'object') return JSON.stringify(tree);
  if (tree instanceof Map) {
    if (tree.size === 0) return '{ }';
    const members = Array.from(tree, ([key, value]) => printMember(key, value, indentation + STEP));
    return `{\n${members.join(',\n')}\n${indentation}}`;
  }
  if (tree.length === 0) return '[ ]';
  return `[ ${tree.map((item) => printValue(item, indentation)).join(', ')} ]`;
}

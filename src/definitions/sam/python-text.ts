// Values as AWS SAM writes them into messages and feeds them to hashes: as Python prints them.
import { unreachable } from '../../defect.ts';
import type { ScalarNode } from '../../tree/node.ts';
import { isMap, type Tree } from './editing.ts';

export function pythonQuoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replaceAll(quote, `\\${quote}`);
  return quote + escaped + quote;
}

/** As `repr` does: `{'name': 'tag1'}`, `['a', 1]`, `True`, `None`. */
function pythonRepr(tree: Tree | undefined): string {
  if (tree === undefined) return 'None';
  switch (tree.kind) {
    case 'map': {
      const members = Array.from(
        tree.members,
        ([key, { value }]) => `${pythonQuoted(key)}: ${pythonRepr(value)}`,
      );
      return `{${members.join(', ')}}`;
    }
    case 'list':
      return `[${tree.items.map(pythonRepr).join(', ')}]`;
    case 'scalar':
      if (typeof tree.value === 'string') return pythonQuoted(tree.value);
      return scalarText(tree.value, tree.text);
    default:
      return unreachable(tree);
  }
}

/** As `str` does: text without quotes, all else as `repr`. */
export function pythonStr(tree: Tree | undefined): string {
  return tree?.kind === 'scalar' && typeof tree.value === 'string' ? tree.value : pythonRepr(tree);
}

/** Of anything but text. */
export function scalarText(value: number | boolean | null, spelled: string): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return spelled;
}

/** `['a', 'b']`. */
export function pythonList(texts: readonly string[]): string {
  return `[${texts.map(pythonQuoted).join(', ')}]`;
}

/** The name of the value's type. */
export function pythonType(tree: Tree): string {
  if (tree.kind !== 'scalar') return isMap(tree) ? 'dict' : 'list';
  switch (typeof tree.value) {
    case 'string':
      return 'str';
    case 'boolean':
      return 'bool';
    case 'number':
      return Number.isInteger(tree.value) && !tree.text.includes('.') ? 'int' : 'float';
    default:
      return 'NoneType';
  }
}

/** JSON with sorted keys, without blanks, and with everything outside ASCII escaped (spec/definitions.md §8.7.2). */
export function pythonJson(tree: Tree): string {
  switch (tree.kind) {
    case 'map': {
      const members = [...tree.members].sort(([one], [other]) => (one < other ? -1 : 1));
      return `{${members.map(([key, { value }]) => `${asciiJson(JSON.stringify(key))}:${pythonJson(value)}`).join(',')}}`;
    }
    case 'list':
      return `[${tree.items.map(pythonJson).join(',')}]`;
    case 'scalar':
      return scalarJson(tree);
    default:
      return unreachable(tree);
  }
}

/** Of text, a boolean or null, or of a number as it is spelled. */
export function scalarJson({ value, text }: ScalarNode): string {
  return typeof value === 'number' ? text : asciiJson(JSON.stringify(value));
}

/** JSON with everything outside ASCII escaped. */
export function asciiJson(json: string): string {
  return json.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

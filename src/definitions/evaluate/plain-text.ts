// Values as functions see them.
import { unreachable } from '../../defect.ts';
import type { ListNode, Node, ScalarNode } from '../../tree/node.ts';
import { scalarOf } from '../../tree/scalar.ts';

/** A scalar as text: numbers as they were written, and `Yes`, which may be a name; `True` as `true` (spec/definitions.md §4.6).
 *  Undefined for null, lists and maps. */
export function plainText(node: Node | undefined): string | undefined {
  if (node?.kind !== 'scalar' || node.value === null) return undefined;
  const { value, text } = node;
  if (typeof value !== 'boolean') return typeof value === 'number' ? text : value;
  const spelling = text.toLowerCase();
  return spelling === String(value) ? spelling : text;
}

export function textNode(text: string, offset: number): ScalarNode {
  return scalarOf('string', text, offset);
}

export function listNode(texts: readonly string[], offset: number): ListNode {
  return { kind: 'list', offset, items: texts.map((text) => textNode(text, offset)) };
}

const JSON_NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$/;

/** JSON without blanks; numbers as they were written, where JSON has such (spec/definitions.md §4.4.2). */
export function jsonText(node: Node): string {
  switch (node.kind) {
    case 'map':
      return `{${Array.from(node.members, ([key, { value }]) => `${JSON.stringify(key)}:${jsonText(value)}`).join(',')}}`;
    case 'list':
      return `[${node.items.map(jsonText).join(',')}]`;
    case 'scalar':
      return typeof node.value === 'number' && JSON_NUMBER.test(node.text)
        ? node.text
        : JSON.stringify(node.value);
    default:
      return unreachable(node);
  }
}

// What a node of a document says where a flag, a number or nothing at all is meant (spec/openapi.md Choice O38).
import { memberOf, type Node } from '../../tree/node.ts';

/** The value of a member that is there. Null is nothing, as in the JSON of the management API. */
export function givenOf(node: Node | undefined, key: string): Node | undefined {
  const value = memberOf(node, key);
  return value?.kind === 'scalar' && value.value === null ? undefined : value;
}

/** A boolean, also one that was written as text. Undefined for everything else. */
export function flagOf(node: Node | undefined): boolean | undefined {
  if (node?.kind !== 'scalar') return undefined;
  if (node.value === true || node.value === 'true') return true;
  return node.value === false || node.value === 'false' ? false : undefined;
}

/** A whole number, also one that was written as text. Undefined for everything else. */
export function wholeNumberOf(node: Node): number | undefined {
  if (node.kind !== 'scalar') return undefined;
  if (typeof node.value === 'number') return Number.isInteger(node.value) ? node.value : undefined;
  // Fifteen digits are exact in any number.
  return typeof node.value === 'string' && /^-?\d{1,15}$/.test(node.value) ? Number(node.value) : undefined;
}

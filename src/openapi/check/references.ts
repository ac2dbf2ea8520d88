// References within a document: JSON pointers in fragments (RFC 6901 §6).

import { memberOf, type Node } from '../../tree/node.ts';
import { stepsOf } from '../reference.ts';

/**
 * Whether a `$ref` leads to a value of the document. The value is not read, so that it may be a reference in its turn and
 * lead in a circle. What lies outside of the document is never fetched and counts as missing (spec/openapi.md, Choice O10).
 */
export function leadsSomewhere(reference: string, root: Node): boolean {
  if (reference === '#') return true;
  const steps = stepsOf(reference);
  let node: Node | undefined = steps === undefined ? undefined : root;
  for (const each of steps ?? []) {
    if (node === undefined) return false;
    node = step(node, each);
  }
  return node !== undefined;
}

function step(node: Node, token: string): Node | undefined {
  if (node.kind !== 'list') return memberOf(node, token);
  return /^(?:0|[1-9]\d*)$/.test(token) ? node.items[Number(token)] : undefined;
}

// Calls of functions in a tree (spec/definitions.md §4.1.3).
import type { Node } from '../../tree/node.ts';
import { plainText } from './plain-text.ts';

export interface Call {
  /** `Ref`, `Condition`, `Fn::Sub` */
  readonly name: string;
  readonly argument: Node;
  readonly offset: number;
}

/** The call that a node is: a map with one key that is the name of a function. */
export function callOf(node: Node): Call | undefined {
  if (node.kind !== 'map' || node.members.size !== 1) return undefined;
  for (const [name, { value }] of node.members) {
    // A statement of a policy may have nothing but a map of conditions.
    const isCall =
      name.startsWith('Fn::') || name === 'Ref' || (name === 'Condition' && plainText(value) !== undefined);
    return isCall ? { name, argument: value, offset: node.offset } : undefined;
  }
  return undefined;
}

/** The arguments of a call with a list; none where it has no list. */
export function argumentsOf({ argument }: Call): readonly Node[] {
  return argument.kind === 'list' ? argument.items : [];
}

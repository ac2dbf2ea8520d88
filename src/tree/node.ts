// A document as a tree that remembers where each value was written and how: what everything that reads OpenAPI works with.
// JSON and YAML look alike from here on (spec/openapi.md §2).

import { unreachable } from '../defect.ts';

export type Node = MapNode | ListNode | ScalarNode;

interface Placed {
  /** Where the value begins in the text, in UTF-16 units from 0. */
  readonly offset: number;
}

export interface MapNode extends Placed {
  readonly kind: 'map';
  /** In the order of the document; no key is there twice. */
  readonly members: ReadonlyMap<string, Member>;
}

export interface Member {
  readonly keyOffset: number;
  readonly value: Node;
}

export interface ListNode extends Placed {
  readonly kind: 'list';
  readonly items: readonly Node[];
}

export interface ScalarNode extends Placed {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** As it was written, without quotes and escapes: `2.0` for the number 2 (Choice O38). */
  readonly text: string;
}

/** From 1, as editors count. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The lines and columns of offsets in a text. */
export function positionsIn(text: string): (offset: number) => Position {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let line = 0;
    let after = starts.length;
    while (after - line > 1) {
      const middle = (line + after) >> 1;
      if (starts[middle]! <= offset) line = middle;
      else after = middle;
    }
    return { line: line + 1, column: offset - starts[line]! + 1 };
  };
}

/** The value of a member, where `node` is a map that has it. */
export function memberOf(node: Node | undefined, key: string): Node | undefined {
  return node?.kind === 'map' ? node.members.get(key)?.value : undefined;
}

/** A scalar as text, numbers and booleans as they were written (Choice O38). Undefined for null, lists and maps. */
export function textOf(node: Node | undefined): string | undefined {
  if (node?.kind !== 'scalar' || node.value === null) return undefined;
  return typeof node.value === 'string' ? node.value : node.text;
}

/** A tree as plain data, for what is kept without being read. */
export function plainOf(node: Node): unknown {
  switch (node.kind) {
    case 'map':
      return Object.fromEntries(Array.from(node.members, ([key, { value }]) => [key, plainOf(value)]));
    case 'list':
      return node.items.map(plainOf);
    case 'scalar':
      return node.value;
    default:
      return unreachable(node);
  }
}

/** The same tree, written elsewhere: `moved` says where what stood at an offset stands. */
export function withOffsets<N extends Node>(node: N, moved: (offset: number) => number): N;
export function withOffsets(node: Node, moved: (offset: number) => number): Node {
  const offset = moved(node.offset);
  switch (node.kind) {
    case 'map': {
      const members = Array.from(
        node.members,
        ([key, { keyOffset, value }]) =>
          [key, { keyOffset: moved(keyOffset), value: withOffsets(value, moved) }] as const,
      );
      return { ...node, offset, members: new Map(members) };
    }
    case 'list':
      return { ...node, offset, items: node.items.map((item) => withOffsets(item, moved)) };
    case 'scalar':
      return { ...node, offset };
    default:
      return unreachable(node);
  }
}

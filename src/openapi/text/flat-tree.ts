// A tree as numbers and one text, to go from one thread to another. A structured clone of its nodes takes three microseconds
// for each, all of them at once in the thread that receives; this takes a few hundredths of that, in slices between which
// others have their turn.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { unreachable } from '../../defect.ts';
import type { ListNode, MapNode, Member, Node } from '../node.ts';
import { type ScalarType, scalarOf } from './scalar.ts';

export interface FlatTree {
  /** Nodes in document order, each as kind, offset and count: of a map's members, a list's items, a scalar's characters. A member
   *  has the offset and the length of its key before its value. */
  readonly marks: Int32Array<ArrayBuffer>;
  /** Keys and scalars, one behind the other. */
  readonly texts: string;
}

const SCALARS: readonly ScalarType[] = ['string', 'number', 'boolean', 'null'];
const MAP = SCALARS.length;
const LIST = MAP + 1;
/** A map or list that was there before: its number, from 0, in place of the offset. */
const AGAIN = LIST + 1;

/** Values in a slice: some milliseconds. */
const SLICE = 5000;

export function flatTreeOf(root: Node): FlatTree {
  const marks: number[] = [];
  const texts: string[] = [];
  const numbers = new Map<Node, number>();
  const add = (node: Node): void => {
    if (node.kind === 'scalar') {
      const { value, text, offset } = node;
      marks.push(
        SCALARS.indexOf(value === null ? 'null' : (typeof value as ScalarType)),
        offset,
        text.length,
      );
      texts.push(text);
      return;
    }
    const before = numbers.get(node);
    if (before !== undefined) {
      marks.push(AGAIN, before, 0);
      return;
    }
    numbers.set(node, numbers.size);
    switch (node.kind) {
      case 'map':
        marks.push(MAP, node.offset, node.members.size);
        for (const [key, { keyOffset, value }] of node.members) {
          marks.push(keyOffset, key.length);
          texts.push(key);
          add(value);
        }
        break;
      case 'list':
        marks.push(LIST, node.offset, node.items.length);
        for (const item of node.items) add(item);
        break;
      default:
        unreachable(node);
    }
  };
  add(root);
  return { marks: Int32Array.from(marks), texts: texts.join('') };
}

/** A map or list whose values are not all read. */
interface Open {
  readonly members: Map<string, Member> | undefined;
  readonly items: Node[];
  left: number;
}

/** The tree again, with its aliases. */
export async function treeOf(flat: FlatTree): Promise<Node> {
  const reader = new FlatReader(flat);
  for (;;) {
    for (let i = 0; i < SLICE; i++) if (reader.step()) return reader.root!;
    await nextTurn();
  }
}

class FlatReader {
  readonly #marks: Int32Array;
  readonly #texts: string;
  readonly #collections: (MapNode | ListNode)[] = [];
  readonly #open: Open[] = [];
  #mark = 0;
  #text = 0;
  root: Node | undefined;

  constructor({ marks, texts }: FlatTree) {
    this.#marks = marks;
    this.#texts = texts;
  }

  /** Reads one node; true for the last. */
  step(): boolean {
    const open = this.#open;
    const parent = open.at(-1);
    if (parent === undefined) this.root = this.#node();
    else {
      parent.left--;
      if (parent.members === undefined) parent.items.push(this.#node());
      else {
        const keyOffset = this.#next();
        const key = this.#take(this.#next());
        parent.members.set(key, { keyOffset, value: this.#node() });
      }
    }
    while (open.at(-1)?.left === 0) open.pop();
    return open.length === 0;
  }

  /** A map or list is open afterwards. */
  #node(): Node {
    const kind = this.#next();
    const offset = this.#next();
    const count = this.#next();
    if (kind === AGAIN) return this.#collections[offset]!;
    if (kind < MAP) return scalarOf(SCALARS[kind]!, this.#take(count), offset);
    const members = kind === MAP ? new Map<string, Member>() : undefined;
    const items: Node[] = [];
    const node: MapNode | ListNode =
      members === undefined ? { kind: 'list', offset, items } : { kind: 'map', offset, members };
    this.#collections.push(node);
    this.#open.push({ members, items, left: count });
    return node;
  }

  #next(): number {
    return this.#marks[this.#mark++]!;
  }

  #take(length: number): string {
    this.#text += length;
    return this.#texts.slice(this.#text - length, this.#text);
  }
}

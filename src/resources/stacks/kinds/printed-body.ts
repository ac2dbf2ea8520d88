// A document as text again, which remembers where it was written.

import { unreachable } from '../../../defect.ts';
import { jsonText } from '../../../definitions/evaluate/plain-text.ts';
import type { Node } from '../../../tree/node.ts';

export interface PrintedBody {
  readonly text: string;
  /** Where something that begins at an offset in the text was written. */
  placeOf(offset: number): number;
}

export function printedBody(root: Node): PrintedBody {
  const printer = new Printer();
  printer.print(root);
  const text = printer.pieces.join('');
  return { text, placeOf: (offset) => printer.placeOf(offset) };
}

class Printer {
  readonly pieces: string[] = [];
  #at = 0;
  /** Where values and keys begin in the text, and where they were written. */
  readonly #starts: number[] = [];
  readonly #places: number[] = [];

  print(node: Node): void {
    this.#mark(node.offset);
    switch (node.kind) {
      case 'map':
        this.#printAll('{', node.members, '}', ([key, { keyOffset, value }]) => {
          this.#mark(keyOffset);
          this.#add(`${JSON.stringify(key)}:`);
          this.print(value);
        });
        break;
      case 'list':
        this.#printAll('[', node.items, ']', (item) => this.print(item));
        break;
      case 'scalar':
        this.#add(jsonText(node));
        break;
      default:
        unreachable(node);
    }
  }

  placeOf(offset: number): number {
    let low = 0;
    let high = this.#starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#starts[middle]! <= offset) low = middle;
      else high = middle;
    }
    return this.#places[low]!;
  }

  #printAll<T>(open: string, all: Iterable<T>, close: string, print: (each: T) => void): void {
    this.#add(open);
    let isFirst = true;
    for (const each of all) {
      if (!isFirst) this.#add(',');
      isFirst = false;
      print(each);
    }
    this.#add(close);
  }

  #mark(place: number): void {
    this.#starts.push(this.#at);
    this.#places.push(place);
  }

  #add(piece: string): void {
    this.pieces.push(piece);
    this.#at += piece.length;
  }
}

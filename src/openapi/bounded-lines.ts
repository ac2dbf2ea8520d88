// Lines about a document, as many as an answer can carry.

import type { Line } from './definition.ts';

/** In UTF-16 units, all lines together. The 1,000 paths of a large API make a tenth of it. */
const MAX_CHARACTERS = 2 ** 20;

/**
 * Lines in the order in which they are added. A path of a megabyte with a thousand mistakes would be a thousand lines of a
 * megabyte: those that find no room are counted, and a last line says how many they are.
 */
export class BoundedLines {
  readonly #lines: Line[] = [];
  #characters = 0;
  #leftOut = 0;
  #firstLeftOut = 0;

  add(text: string, offset: number): void {
    const characters = this.#characters + text.length;
    if (this.#leftOut > 0 || characters > MAX_CHARACTERS) {
      if (this.#leftOut === 0) this.#firstLeftOut = offset;
      this.#leftOut++;
      return;
    }
    this.#characters = characters;
    this.#lines.push({ text, offset });
  }

  /** All lines; `rest` says how many were left out. */
  end(rest: (count: number) => string): readonly Line[] {
    if (this.#leftOut === 0) return this.#lines;
    return [...this.#lines, { text: rest(this.#leftOut), offset: this.#firstLeftOut }];
  }
}

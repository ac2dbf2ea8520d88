// What a text may take (Choices O4, O6, D12; docs/reference/limits.md), and what is said of a text that cannot be used.
import type { Node } from './node.ts';
import { TextError } from './text-error.ts';

/** 6 MB as AWS counts, of UTF-8; what aliases stand for counts as if it were written out, in characters. */
export const MAX_SIZE = 6 * 1024 * 1024;
/** Maps and lists in one another. */
export const MAX_DEPTH = 100;
/** Maps, lists, scalars and keys; what an alias stands for counts each time. A description of 6 MB has about half as many. */
const MAX_VALUES = 500_000;

/** What differs between texts for one purpose and another. */
export interface TextRules {
  /** In bytes of UTF-8. */
  readonly maxSize: number;
  /** How many values aliases may stand for altogether. */
  readonly maxAliased: number;
  /** Words of YAML that are booleans besides `true` and `false`, where they have no quotes. Their text stays. */
  readonly truths?: ReadonlyMap<string, boolean>;
  /** What a tag of YAML (`!Ref`) makes of its value; undefined for a tag that means nothing. */
  tagged(tag: string, value: Node): Node | undefined;
}

/** API definitions. */
export const OF_DEFINITIONS: TextRules = {
  maxSize: MAX_SIZE,
  maxAliased: MAX_VALUES,
  tagged: () => undefined,
};

export function unusable(offset: number, detail: string): TextError {
  return new TextError(offset, detail);
}

export function tooLarge(detail: string): TextError {
  return new TextError(0, detail, true);
}

export function tooDeep(offset: number): TextError {
  return unusable(offset, `maps and lists are nested more than ${MAX_DEPTH} deep`);
}

/** How much of the bounds a tree has taken. */
export class Extent {
  size: number;
  values = 0;
  #aliased = 0;
  readonly #rules: TextRules;

  /** `size` is that of the text, in characters. */
  constructor(size: number, rules: TextRules) {
    this.size = size;
    this.#rules = rules;
  }

  /** Throws TextError over the bounds. */
  add(values: number, size: number, offset: number): void {
    this.values += values;
    this.size += size;
    if (this.values > MAX_VALUES) throw unusable(offset, `more than ${MAX_VALUES} values`);
    const { maxSize } = this.#rules;
    if (this.size > maxSize)
      throw unusable(
        offset,
        `with all that aliases stand for the text is larger than ${maxSize / 1024 / 1024} MB`,
      );
  }

  /** Adds what an alias stands for. */
  addAliased(values: number, size: number, offset: number): void {
    const { maxAliased } = this.#rules;
    this.#aliased += values;
    if (this.#aliased > maxAliased)
      throw unusable(offset, `aliases stand for more than ${maxAliased} values`);
    this.add(values, size, offset);
  }
}

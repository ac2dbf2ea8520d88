// The texts of a definition, which offsets of its tree are counted through: each text begins where the one before ended, so that one
// number says file, line and column.
import { type Node, type Position, positionsIn, withOffsets } from '../tree/node.ts';
import type { SourceText } from './deploy-request.ts';

export interface Place extends Position {
  readonly file: string;
}

export class Sources {
  readonly #texts: {
    readonly source: SourceText;
    readonly base: number;
    at?: ReturnType<typeof positionsIn>;
  }[] = [];
  #end = 0;

  /** What is added to offsets in the text (`shifted`). */
  add(source: SourceText): number {
    const base = this.#end;
    this.#texts.push({ source, base });
    this.#end += source.text.length + 1;
    return base;
  }

  /** Undefined for an offset that no text has. */
  placeOf(offset: number): Place | undefined {
    const found = this.#texts.findLast(({ base }) => base <= offset);
    if (found === undefined || offset >= this.#end) return undefined;
    found.at ??= positionsIn(found.source.text);
    return { file: found.source.name, ...found.at(offset - found.base) };
  }
}

/** The tree with its offsets counted from `base`. What aliases share is shared again by none: its values are counted when the text is
 *  read. */
export function shifted<N extends Node>(node: N, base: number): N {
  return base === 0 ? node : withOffsets(node, (offset) => offset + base);
}

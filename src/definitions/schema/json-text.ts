// Text that holds JSON, where a map is wanted (spec/definitions.md §5.1.7).
import { OF_DEFINITIONS } from '../../tree/bounds.ts';
import { type Node, withOffsets } from '../../tree/node.ts';
import { readJson } from '../../tree/read-json.ts';
import { TextError } from '../../tree/text-error.ts';

/** The tree, all of which is where the text is. Undefined when the text is no JSON, or none that can be used. */
export function readJsonText(text: string, offset: number): Node | undefined {
  try {
    return withOffsets(readJson(text, 0, OF_DEFINITIONS), () => offset);
  } catch (error) {
    if (error instanceof TextError) return undefined;
    throw error;
  }
}

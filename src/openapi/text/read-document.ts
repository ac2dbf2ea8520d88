// A definition's text as a tree (spec/openapi.md §2).
import type { Node } from '../node.ts';
import { MAX_SIZE, tooLarge, unusable } from './bounds.ts';
import { readText } from './read-text.ts';
import { ReadingThreads } from './reading-threads.ts';

/** Characters that are read at once: the worst that can be made of them takes as long as a slow request. */
const AT_ONCE = 16_384;

const threads = new ReadingThreads({ threads: 2, waiting: 8, milliseconds: 30_000, megabytes: 512 });

/** The tree of a document, whose root is a map. Throws DefinitionError for a text that is none, TooManyTexts where too many
 *  large ones come at once. */
export async function readDocument(text: string): Promise<Node> {
  const size = Buffer.byteLength(text);
  if (size > MAX_SIZE) throw tooLarge(`${size} bytes of UTF-8; ${MAX_SIZE} may be`);
  if (text.trim() === '') throw unusable(0, 'the text is empty');
  return text.length <= AT_ONCE ? readText(text) : threads.read(text);
}

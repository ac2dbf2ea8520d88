// A definition's text as a tree (spec/openapi.md §2).
import type { Node } from '../node.ts';
import { MAX_SIZE, tooLarge, unusable } from './bounds.ts';
import { readText } from './read-text.ts';

/** The tree of a document, whose root is a map. Throws DefinitionError for a text that is none. */
export async function readDocument(text: string): Promise<Node> {
  const size = Buffer.byteLength(text);
  if (size > MAX_SIZE) throw tooLarge(`${size} bytes of UTF-8; ${MAX_SIZE} may be`);
  if (text.trim() === '') throw unusable(0, 'the text is empty');
  return readText(text);
}

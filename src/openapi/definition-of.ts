// A document's text → what it defines: everything that takes time in a document of 6 MB, off the event loop.

import { MAX_SIZE } from '../tree/bounds.ts';
import type { Definition } from './definition.ts';
import { type ReadMeans, readDefinition } from './read-definition.ts';
import { readTree } from './read-tree.ts';
import { ReadingThreads } from './reading-threads.ts';

/** Characters that are read at once: the worst that can be made of them takes as long as a slow request. */
export const AT_ONCE = 16_384;

const threads = new ReadingThreads({
  threads: 2,
  waiting: 8,
  milliseconds: 30_000,
  megabytes: 512,
  idleMilliseconds: 10_000,
});

/** Throws DefinitionError for a document that is an error, TooManyTexts where too many large ones come at once. */
export async function definitionOf(text: string, means: ReadMeans): Promise<Definition> {
  // What is too large is refused without being read.
  const isQuick = text.length <= AT_ONCE || text.length > MAX_SIZE;
  return isQuick ? readDefinition(readTree(text), means) : threads.read(text, means);
}

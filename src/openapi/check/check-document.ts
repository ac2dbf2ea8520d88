// What is to be said about a document before anything is made of it: nothing in here stops an import by itself.

import type { MapNode } from '../../tree/node.ts';
import type { Line } from '../definition.ts';
import { infoLines } from './info-lines.ts';
import { parseIssues } from './parse-issues.ts';

/**
 * The parse issues (spec/openapi.md §5.4) and the info lines (§5.2) of a document of version 3.0. Works in time linear in the
 * document with its aliases written out, which the reader of texts keeps within the limit of a document (Choice O6).
 */
export function checkDocument(root: MapNode): {
  readonly warnings: readonly Line[];
  readonly info: readonly Line[];
} {
  return { warnings: parseIssues(root), info: infoLines(root) };
}

// What spec/openapi.md shows by example and decides: the rows of §14, the documents of §15 and the choices of §17, as the page
// lists them. Ids: see ../statements.ts; those of this page begin with `oas`.
import { readFileSync } from 'node:fs';
import type { Statements } from '../statements.ts';

const page = readFileSync('docs/spec/openapi.md', 'utf8');
const section = (from: string, to: string): string => page.slice(page.indexOf(from), page.indexOf(to));

/** What a pattern finds: id behind the prefix, and text. */
const listed = (prefix: string, text: string, pattern: RegExp): Statements =>
  Object.fromEntries([...text.matchAll(pattern)].map(([, id, what]) => [`${prefix}${id}`, what!]));

export const openApiStatements: Statements = {
  ...listed('oas §14#', section('## §14 ', '## §15 '), /^\| (\d+) \| (.*?) \| /gm),
  ...listed('oas §15 ', section('## §15 ', '## §16 '), /^### (D\d) — (.*)$/gm),
  ...listed('oas §17 ', section('## §17 ', '## §18 '), /^\| (O\d+) \| (.*?) \| /gm),
};

// Formats of access logs (spec/http-api.md §9.1): literal text with `$context.NAME` in it; nothing else is interpreted.

export type LogPart =
  | { readonly kind: 'text'; readonly text: string }
  /** `name` is without `$context.`. */
  | { readonly kind: 'variable'; readonly name: string };

// Names that a token issuer or authorizer chose may hold `-` and `:`; a separator after any other name is text.
const VARIABLE = /\$context\.(authorizer(?:\.\w+(?:[-:]+\w+)*)+|\w+(?:\.\w+)*)/g;

/** Parses a format. Every text is one: what is no variable is literal. A line end at its end is not part of it. */
export function parseLogFormat(format: string): readonly LogPart[] {
  const line = format.replace(/\r?\n$/, '');
  const parts: LogPart[] = [];
  let at = 0;
  for (const match of line.matchAll(VARIABLE)) {
    if (match.index > at) parts.push({ kind: 'text', text: line.slice(at, match.index) });
    parts.push({ kind: 'variable', name: match[1]! });
    at = match.index + match[0].length;
  }
  if (at < line.length) parts.push({ kind: 'text', text: line.slice(at) });
  return parts;
}

/** The text of a format; parseLogFormat reads the same parts back. */
export function printLogFormat(parts: readonly LogPart[]): string {
  return parts.map((part) => (part.kind === 'text' ? part.text : `$context.${part.name}`)).join('');
}

// Integration URIs: text with `{pathVariable}` and `${stageVariables.name}` in it (spec/http-api.md §3.2).
import { GrammarError } from './grammar-error.ts';

export type UriPart =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'pathVariable'; readonly name: string }
  | { readonly kind: 'stageVariable'; readonly name: string };

export interface IntegrationUri {
  readonly parts: readonly UriPart[];
}

const TOKEN = /\$\{stageVariables\.([A-Za-z0-9_]+)\}|\{([\w.:-]+)\}/g;

/** Parses an HTTP integration's URI. Throws GrammarError when it is no http or https URL, or when a brace is left over. */
export function parseIntegrationUri(text: string): IntegrationUri {
  const parts: UriPart[] = [];
  let from = 0;
  const literal = (to: number) => {
    if (to > from) parts.push({ kind: 'literal', text: text.slice(from, to) });
  };
  for (const match of text.matchAll(TOKEN)) {
    literal(match.index);
    const [whole, stageVariable, pathVariable] = match;
    if (stageVariable !== undefined) parts.push({ kind: 'stageVariable', name: stageVariable });
    else parts.push({ kind: 'pathVariable', name: pathVariable! });
    from = match.index + whole.length;
  }
  literal(text.length);
  const isHttp = /^https?:\/\/./i.test(text) || parts[0]?.kind === 'stageVariable';
  const hasLeftover = parts.some((part) => part.kind === 'literal' && /[{}\s\u0000-\u001f]/.test(part.text));
  if (!isHttp || hasLeftover) throw new GrammarError('Invalid HTTP endpoint specified for URI');
  return { parts };
}

export function printIntegrationUri(uri: IntegrationUri): string {
  return uri.parts
    .map((part) => {
      if (part.kind === 'literal') return part.text;
      return part.kind === 'pathVariable' ? `{${part.name}}` : `\${stageVariables.${part.name}}`;
    })
    .join('');
}

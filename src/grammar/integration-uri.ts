// Integration URIs: text with `{pathVariable}` and `${stageVariables.name}` in it (spec/http-api.md §3.1, §3.2).
import { GrammarError } from './grammar-error.ts';

export type UriPart =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'pathVariable'; readonly name: string }
  | { readonly kind: 'stageVariable'; readonly name: string };

export interface IntegrationUri {
  readonly parts: readonly UriPart[];
}

const TOKEN = /\$\{stageVariables\.([A-Za-z0-9_]+)\}|(?<!\$)\{([\w.:-]+)\}/g;
/** The characters of RFC 3986, and braces behind the first `?`: what else there is would have to be encoded, or would end a
 *  request line. Variables are the two characters below. */
const URI_TEXT =
  /^[A-Za-z0-9\-._~:/#[\]@!$&'()*+,;=%\u0000\u0001]*(?:\?(?!.*\$\{)[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%{}\u0000]*)?$/;
const HOST = /^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._~-]+)(?::([0-9]{1,5}))?$/;

// Stand in for variables while the URI's form is looked at.
const STAGE_VARIABLE = '\u0000';
const PATH_VARIABLE = '\u0001';

/** Parses an HTTP integration's URI. Throws GrammarError when it is no http or https URL. Stage variables may stand
 *  anywhere behind the scheme, or for the whole beginning; path variables in the path, behind the first `?` they are text. */
export function parseIntegrationUri(text: string): IntegrationUri {
  const parts: UriPart[] = [];
  let form = '';
  let from = 0;
  const takeLiteral = (to: number) => {
    if (to > from) parts.push({ kind: 'literal', text: text.slice(from, to) });
    form += text.slice(from, to);
  };
  for (const match of text.matchAll(TOKEN)) {
    const [whole, stageVariable, pathVariable] = match;
    if (pathVariable !== undefined && text.slice(0, match.index).includes('?')) continue;
    takeLiteral(match.index);
    if (stageVariable !== undefined) parts.push({ kind: 'stageVariable', name: stageVariable });
    else parts.push({ kind: 'pathVariable', name: pathVariable! });
    form += stageVariable !== undefined ? STAGE_VARIABLE : PATH_VARIABLE;
    from = match.index + whole.length;
  }
  takeLiteral(text.length);
  if (/[\u0000\u0001]/.test(text) || !URI_TEXT.test(form) || !isHttpUrl(form))
    throw new GrammarError('Invalid HTTP endpoint specified for URI');
  return { parts };
}

function isHttpUrl(form: string): boolean {
  if (form.startsWith(STAGE_VARIABLE)) return true;
  const authority = /^https?:\/\/([^/?#]+)/i.exec(form)?.[1];
  if (authority === undefined) return false;
  const stageVariable = authority.indexOf(STAGE_VARIABLE);
  // Behind a stage variable the path may have begun; that is seen when the variable has its value.
  if (stageVariable >= 0) return !authority.slice(0, stageVariable).includes(PATH_VARIABLE);
  const host = HOST.exec(authority);
  if (host === null) return false;
  const port = host[1] === undefined ? 80 : Number(host[1]);
  return port >= 1 && port <= 65_535;
}

export function printIntegrationUri(uri: IntegrationUri): string {
  return uri.parts
    .map((part) => {
      if (part.kind === 'literal') return part.text;
      return part.kind === 'pathVariable' ? `{${part.name}}` : `\${stageVariables.${part.name}}`;
    })
    .join('');
}

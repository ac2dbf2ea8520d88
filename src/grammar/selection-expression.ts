// Selection expressions of WebSocket APIs: `$request.body.action`, `${request.body.service}/v1`, `\$default`
// (spec/websocket-api.md §2.3, §2.4).
import { GrammarError } from './grammar-error.ts';

export type SelectionPart = { readonly kind: 'text'; readonly text: string } | SelectionVariable;

export interface SelectionVariable {
  readonly kind: 'variable';
  /** What stands behind `$` or in braces: `request.body.action`. */
  readonly path: string;
  readonly source: SelectionSource;
}

export type SelectionSource =
  /** `path` is a JSONPath without `$`, as `.a[0]`; empty for the whole message. */
  | { readonly from: 'body'; readonly path: string }
  /** Of the integration. */
  | { readonly from: 'answerBody' | 'answerStatus' }
  | { readonly from: 'answerHeader'; readonly name: string; readonly isMultiValue: boolean };

export type SelectionExpression = readonly SelectionPart[];

/** What an expression selects. */
export type SelectionUse = 'route' | 'model' | 'template' | 'responseTemplate';

const BODY = /^request\.body((?:[.[].*)?)$/s;
const ANSWER_BODY = /^integration\.response\.body(?:[.[].*)?$/s;
const ANSWER_STATUS = /^(?:integration\.)?response\.statuscode$/;
const ANSWER_HEADER = /^integration\.response\.(multivalue)?header\.([^.\s]+)$/;

const OF_REQUESTS: ReadonlySet<SelectionSource['from']> = new Set(['body']);
const OF_ANSWERS: ReadonlySet<SelectionSource['from']> = new Set([
  ...(['body', 'answerBody', 'answerStatus', 'answerHeader'] as const),
]);

interface Rules {
  readonly sources: typeof OF_REQUESTS;
  readonly refusal: string;
}

/** Variables and refusal of each use. Only the first text is known to be AWS's. */
const USES: Readonly<Record<SelectionUse, Rules>> = {
  route: { sources: OF_REQUESTS, refusal: 'Invalid routeSelectionExpression' },
  model: { sources: OF_REQUESTS, refusal: 'Invalid modelSelectionExpression specified' },
  template: { sources: OF_REQUESTS, refusal: 'Invalid templateSelectionExpression specified' },
  responseTemplate: { sources: OF_ANSWERS, refusal: 'Invalid templateSelectionExpression specified' },
};

/** Parses an expression. Throws GrammarError when it is empty, leaves a brace open, or has a variable of another use. */
export function parseSelectionExpression(text: string, use: SelectionUse): SelectionExpression {
  const { sources, refusal } = USES[use];
  const parts: SelectionPart[] = [];
  let literal = '';
  let at = 0;
  while (at < text.length) {
    const variable = variableAt(text, at);
    if (variable === undefined) {
      const isEscape = text.startsWith('\\$', at);
      literal += isEscape ? '$' : text[at];
      at += isEscape ? 2 : 1;
      continue;
    }
    const source = sourceOf(variable.path);
    if (source === undefined || !sources.has(source.from)) throw new GrammarError(refusal);
    if (literal !== '') parts.push({ kind: 'text', text: literal });
    literal = '';
    parts.push({ kind: 'variable', path: variable.path, source });
    at = variable.end;
  }
  if (literal !== '') parts.push({ kind: 'text', text: literal });
  if (parts.length === 0) throw new GrammarError(refusal);
  return parts;
}

/** Where a variable is read; undefined for one that no use has. */
function sourceOf(variable: string): SelectionSource | undefined {
  const [, path] = BODY.exec(variable) ?? [];
  if (path !== undefined) return { from: 'body', path };
  if (ANSWER_BODY.test(variable)) return { from: 'answerBody' };
  if (ANSWER_STATUS.test(variable)) return { from: 'answerStatus' };
  const [, multivalue, name] = ANSWER_HEADER.exec(variable) ?? [];
  return name === undefined
    ? undefined
    : { from: 'answerHeader', name, isMultiValue: multivalue !== undefined };
}

/** The variable that begins at a position. An open brace makes one that no use allows. */
function variableAt(text: string, at: number): { readonly path: string; readonly end: number } | undefined {
  if (text.startsWith('${', at)) {
    const close = text.indexOf('}', at);
    return close < 0 ? { path: '', end: text.length } : { path: text.slice(at + 2, close), end: close + 1 };
  }
  if (!/^\$[A-Za-z]/.test(text.slice(at, at + 2))) return undefined;
  let end = at + 1;
  for (;;) {
    const run = /^[A-Za-z0-9_.-]/.test(text.charAt(end)) ? end + 1 : behindBrackets(text, end);
    if (run === end) break;
    end = run;
  }
  while (text[end - 1] === '.') end--;
  return { path: text.slice(at + 1, end), end };
}

/** The position behind a balanced `[…]`; `from` where there is none. */
function behindBrackets(text: string, from: number): number {
  if (text[from] !== '[') return from;
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    if (text[at] === '[') depth++;
    else if (text[at] === ']') depth--;
    if (depth === 0) return at + 1;
  }
  return from;
}

/** Prints variables in braces, but for those with a `}` in brackets. */
export function printSelectionExpression(expression: SelectionExpression): string {
  return expression
    .map((part) => {
      if (part.kind === 'text') return part.text.replaceAll('$', '\\$');
      return part.path.includes('}') ? `$${part.path}` : `\${${part.path}}`;
    })
    .join('');
}

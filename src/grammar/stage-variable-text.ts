// Stage variables: which there may be, and texts that hold `${stageVariables.name}` where a stage variable may stand: URIs
// of Lambda functions, CredentialsArn, ConnectionId (spec/http-api.md §8; management-api.md §2.3.2, §2.8.1).
import { GrammarError } from './grammar-error.ts';

export type StageVariablePart =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'stageVariable'; readonly name: string };

export type StageVariableText = readonly StageVariablePart[];

const NAME = /^[A-Za-z0-9_]+$/;
const VALUE = /^[A-Za-z0-9\-._~:/?#&=,]+$/;

/** Whether a stage variable may have the name. */
export function isStageVariableName(name: string): boolean {
  return NAME.test(name);
}

/** Whether a stage variable may have the value. */
export function isStageVariableValue(value: string): boolean {
  return VALUE.test(value);
}

/** Parses a text with stage variables. Throws GrammarError for a `${` that begins none. */
export function parseStageVariableText(text: string): StageVariableText {
  const parts: StageVariablePart[] = [];
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf('${', at);
    const end = open < 0 ? text.length : open;
    if (end > at) parts.push({ kind: 'literal', text: text.slice(at, end) });
    if (open < 0) break;
    const close = text.indexOf('}', open);
    const name = /^stageVariables\.(.*)$/s.exec(text.slice(open + 2, Math.max(close, open)))?.[1];
    if (name === undefined || !NAME.test(name)) {
      throw new GrammarError(`Invalid stage variable specified: ${text}`);
    }
    parts.push({ kind: 'stageVariable', name });
    at = close + 1;
  }
  return parts;
}

export function printStageVariableText(parts: StageVariableText): string {
  return parts
    .map((part) => (part.kind === 'literal' ? part.text : `\${stageVariables.${part.name}}`))
    .join('');
}

// Regular expressions that a template spells out, checked when it is written (spec/websocket-api.md §5.5.2).
import { parseJaywayPath } from './jayway/parse.ts';
import { UnsupportedPattern } from './regex/errors.ts';
import { translateRegex } from './regex/translate.ts';
import { TemplateError } from './values.ts';

const CHECKS: ReadonlyMap<string, (text: string) => unknown> = new Map([
  ...['matches', 'replaceAll', 'replaceFirst', 'split'].map((name): [string, (text: string) => unknown] => [
    name,
    (text) => translateRegex(text, false),
  ]),
  ['json', parseJaywayPath],
  ['path', parseJaywayPath],
]);
const LONGEST = 4_096;

/**
 * Checks the first argument of a method. Throws UnsupportedPattern for a regular expression that Java has and templates here
 * have not. What is wrong in Java too shows when the method is called.
 */
export function checkLiteral(method: string, text: string): void {
  const check = text.length > LONGEST ? undefined : CHECKS.get(method);
  try {
    check?.(text);
  } catch (error) {
    if (!(error instanceof TemplateError) || error instanceof UnsupportedPattern) throw error;
  }
}

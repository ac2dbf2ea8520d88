// Directives of mapping templates: text → tree (spec/websocket-api.md §5.3).
import type { Cursor } from './cursor.ts';
import { parseExpression, parseOperand } from './parse-expression.ts';
import { bare, parseReference, type WrittenReference } from './parse-reference.ts';
import { parseBlock, parseBranch } from './parse-template.ts';
import type { Block, Call, Expression, Node } from './syntax.ts';

/** Behind a directive, blanks up to the line's end go with it, and the line's end (§5.3.11). */
export const REST_OF_LINE = /[ \t]*(?:\r\n|\n|\r)/y;
const OPEN = /[ \t\r\n]*\(/y;
const WORD = /[A-Za-z_@][A-Za-z0-9_@]*/y;
/** Words that are something else than a name where arguments stand. */
const OPERATORS: ReadonlySet<string> = new Set([
  ...['and', 'or', 'not', 'eq', 'ne', 'lt', 'le', 'gt', 'ge', 'true', 'false'],
]);

const DIRECTIVES: ReadonlySet<string> = new Set([
  ...['set', 'if', 'elseif', 'else', 'end', 'foreach', 'define', 'macro', 'literal'],
  ...['break', 'stop', 'evaluate', 'include', 'parse'],
]);

export function isDirectiveName(name: string): boolean {
  return DIRECTIVES.has(name);
}

/**
 * Reads the directive whose name has been passed over; it began at `start`. A word that is none is a call: of a macro, when
 * there is one of that name as the template runs, else text (§5.3.10).
 */
export function parseDirective(cursor: Cursor, name: string, start: number): Node {
  if (name === 'if') return parseIf(cursor);
  if (name === 'stop') return parseStop(cursor);
  if (name === 'break') return parseBreak(cursor);
  if (!DIRECTIVES.has(name) || name === 'set') return parseCall(cursor, name, start);
  const args = cursor.match(OPEN) === undefined ? undefined : parseArguments(cursor);
  if (args === undefined) {
    cursor.at = start;
    throw cursor.error(`#${name} needs parentheses`);
  }
  switch (name) {
    case 'foreach':
      return parseForeach(cursor, args);
    case 'define':
      return parseDefine(cursor, args);
    case 'macro':
      return parseMacro(cursor, args);
    case 'literal':
      return parseLiteral(cursor);
    case 'evaluate':
      return parseEvaluate(cursor, args);
    default:
      checkWords(cursor, name, args, -1);
      return { kind: 'file', directive: name };
  }
}

/** Behind `#set(`. */
export function parseSet(cursor: Cursor): Node {
  cursor.skipBlanks();
  const reference = cursor.peek() === '$' ? parseReference(cursor) : undefined;
  if (reference === undefined) throw cursor.error('#set needs a reference on its left side');
  const { name, steps } = reference;
  if (steps.at(-1)?.kind === 'method') throw cursor.error('#set cannot set the result of a method');
  cursor.skipBlanks();
  cursor.expect('=');
  const value = parseExpression(cursor);
  closeParentheses(cursor);
  // `${x}` and `$!x` name variables that `$x` does not see; their properties are those of `$x`.
  const isSeen = reference.isPlain || steps.length > 0;
  return { kind: 'set', target: isSeen ? { name, steps } : undefined, value };
}

function parseIf(cursor: Cursor): Node {
  const branches: { test: Expression; block: Block }[] = [];
  for (;;) {
    if (cursor.match(OPEN) === undefined) throw cursor.error('"(" is missing');
    const test = parseExpression(cursor);
    closeParentheses(cursor);
    const [block, end] = parseBranch(cursor, '#if');
    branches.push({ test, block });
    if (end === 'end') return { kind: 'if', branches, otherwise: undefined };
    if (end === 'else') return { kind: 'if', branches, otherwise: parseBlock(cursor, '#else') };
  }
}

function closeParentheses(cursor: Cursor): void {
  cursor.expect(')');
  cursor.match(REST_OF_LINE);
}

/** An argument of a directive or macro: a word, or a value and the reference that it is. */
type Argument =
  | { readonly word: string }
  | { readonly value: Expression; readonly reference: WrittenReference | undefined };

/** Behind the opening parenthesis: arguments between blanks or commas; the closing one and the line's end are passed over. */
function parseArguments(cursor: Cursor): Argument[] {
  const args: Argument[] = [];
  for (;;) {
    cursor.skipBlanks();
    if (cursor.peek() === ')') {
      closeParentheses(cursor);
      return args;
    }
    if (cursor.take(',')) cursor.skipBlanks();
    args.push(parseArgument(cursor));
  }
}

function parseArgument(cursor: Cursor): Argument {
  const from = cursor.at;
  const word = cursor.match(WORD);
  if (word !== undefined && !OPERATORS.has(word)) return { word };
  cursor.at = from;
  if (cursor.peek() !== '$') return { value: parseOperand(cursor), reference: undefined };
  const reference = parseReference(cursor);
  if (reference === undefined) throw cursor.error('a reference is malformed');
  return { value: { kind: 'reference', reference: bare(reference) }, reference };
}

/** A word is an argument of `#foreach` (`in`) and `#macro` (the name) alone. */
function checkWords(cursor: Cursor, name: string, args: readonly Argument[], allowed: number): void {
  const at = args.findIndex((each, i) => 'word' in each && i !== allowed);
  const found = args[at];
  if (found !== undefined && 'word' in found) {
    throw cursor.error(`${JSON.stringify(found.word)} is no argument of #${name}`);
  }
}

function parseForeach(cursor: Cursor, args: readonly Argument[]): Node {
  checkWords(cursor, 'foreach', args, 1);
  const [each, word, over] = args;
  const isMalformed = each === undefined || word === undefined || over === undefined || args.length > 3;
  if (isMalformed || !('word' in word) || word.word !== 'in' || !('value' in each) || !('value' in over)) {
    throw cursor.error('#foreach is written #foreach($each in $all)');
  }
  if (each.reference === undefined) throw cursor.error('#foreach needs a $name for its elements');
  const block = parseBlock(cursor, '#foreach');
  return { kind: 'foreach', name: each.reference.name, over: over.value, block };
}

function parseDefine(cursor: Cursor, args: readonly Argument[]): Node {
  checkWords(cursor, 'define', args, -1);
  const [only] = args;
  if (only === undefined || args.length > 1) throw cursor.error('#define is written #define($name)');
  return { kind: 'define', name: seenName(only), block: parseBlock(cursor, '#define') };
}

/** The name that an argument gives; undefined for `${a}`, `$!a` and what is no reference: no `$a` sees it. */
function seenName(argument: Argument): string | undefined {
  const reference = 'word' in argument ? undefined : argument.reference;
  return reference?.isPlain === true ? reference.name : undefined;
}

function parseMacro(cursor: Cursor, args: readonly Argument[]): Node {
  const [first, ...others] = args;
  if (first === undefined || !('word' in first)) throw cursor.error('#macro needs a name');
  checkWords(cursor, 'macro', args, 0);
  const { word: name } = first;
  const parameters = others.map(seenName);
  const macro = { name, parameters, block: parseBlock(cursor, '#macro') };
  if (!cursor.macros.has(name)) cursor.macros.set(name, macro);
  return { kind: 'macro', ...macro };
}

/** What is in `#literal() … #end` is read, and put out as it is written. */
function parseLiteral(cursor: Cursor): Node {
  const from = cursor.at;
  parseBlock(cursor, '#literal');
  const written = cursor.text.slice(from, cursor.at);
  return { kind: 'text', text: written.replace(/#(?:end|\{end\})(?:[ \t]*(?:\r\n|\n|\r))?$/, '') };
}

function parseEvaluate(cursor: Cursor, args: readonly Argument[]): Node {
  const [only] = args;
  const source = only !== undefined && 'value' in only && args.length === 1 ? only.value : undefined;
  if (source?.kind !== 'string' && source?.kind !== 'template' && source?.kind !== 'reference') {
    throw cursor.error('#evaluate takes one text or reference');
  }
  return { kind: 'evaluate', source };
}

function parseBreak(cursor: Cursor): Node {
  if (cursor.match(OPEN) === undefined) return { kind: 'break', scope: undefined };
  const args = parseArguments(cursor);
  checkWords(cursor, 'break', args, -1);
  const [only] = args;
  if (args.length > 1) throw cursor.error('#break takes one loop, such as $foreach.parent');
  return { kind: 'break', scope: only !== undefined && 'value' in only ? only.value : undefined };
}

/** What `#stop(…)` is given is for a log. */
function parseStop(cursor: Cursor): Node {
  if (cursor.match(OPEN) !== undefined) checkWords(cursor, 'stop', parseArguments(cursor), -1);
  return { kind: 'stop' };
}

function parseCall(cursor: Cursor, written: string, start: number): Call {
  const isBlock = written.startsWith('@');
  const hasArguments = cursor.match(OPEN) !== undefined;
  const args = hasArguments ? parseArguments(cursor) : [];
  const body = isBlock && hasArguments ? parseBlock(cursor, `#${written}`) : undefined;
  const word = args.find((each) => 'word' in each);
  return {
    kind: 'call',
    name: isBlock && hasArguments ? written.slice(1) : written,
    args: args.flatMap((each) => ('value' in each ? [each.value] : [])),
    word: word !== undefined && 'word' in word ? word.word : undefined,
    body,
    written: cursor.text.slice(start, cursor.at),
  };
}

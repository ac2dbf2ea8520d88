// References of mapping templates: text → tree (spec/websocket-api.md §5.2).
import type { Cursor } from './cursor.ts';
import { parseOperand } from './parse-expression.ts';
import type { Expression, Reference, Step } from './syntax.ts';
import { MAX_DEPTH } from './values.ts';

const NAME = /[A-Za-z_][A-Za-z0-9_-]*/y;
/** Properties do not begin with `_` (§5.2.3). */
const PROPERTY = /[A-Za-z][A-Za-z0-9_-]*/y;
const LETTER = /[A-Za-z]/;
const RESERVED: ReadonlySet<string> = new Set(['true', 'false']);

/** A reference, and whether it was written `$name…`: neither quiet nor in braces. */
export interface WrittenReference extends Reference {
  readonly isPlain: boolean;
}

/** Without how it was written. */
export function bare({ name, steps, seen }: WrittenReference): Reference {
  return seen === undefined ? { name, steps } : { name, steps, seen };
}

/** The reference that begins at the cursor's `$`; undefined, with the cursor where it was, when there is none. */
export function parseReference(cursor: Cursor): WrittenReference | undefined {
  const from = cursor.at;
  cursor.expect('$');
  const isQuiet = cursor.take('!');
  const isBraced = cursor.take('{');
  const name = cursor.match(NAME);
  if (name === undefined) {
    cursor.at = from;
    return undefined;
  }
  checkName(cursor, name);
  const steps = parseSteps(cursor);
  if (isBraced) cursor.expect('}');
  return { name, steps, isPlain: !isQuiet && !isBraced, ...cursor.seenFrom(from) };
}

function checkName(cursor: Cursor, name: string): void {
  if (RESERVED.has(name)) throw cursor.error(`${name} is no name`);
}

function parseSteps(cursor: Cursor): Step[] {
  const steps: Step[] = [];
  let isProperty = false;
  for (;;) {
    if (cursor.peek() === '.' && LETTER.test(cursor.peek(1))) {
      cursor.at++;
      const name = cursor.match(PROPERTY)!;
      checkName(cursor, name);
      if (cursor.take('(')) {
        steps.push({ kind: 'method', name, args: parseArguments(cursor) });
        isProperty = false;
      } else {
        steps.push({ kind: 'property', name });
        isProperty = true;
      }
    } else if (cursor.peek() === '[') steps.push({ kind: 'index', index: parseIndex(cursor) });
    else if (isProperty && cursor.peek() === '(') throw cursor.error('a ( stands where a . or [ may');
    else return steps;
  }
}

/** Behind a reference a bracket is always an index: `[0]`, `["k"]`, `[$i]`, `[true]` (§5.2.2). */
function parseIndex(cursor: Cursor): Expression {
  cursor.expect('[');
  cursor.skipBlanks();
  if (/[[{]/.test(cursor.peek())) throw cursor.error('an index is a number, a text or a reference');
  const index = nested(cursor);
  if (index.kind === 'decimal') throw cursor.error('an index is a number without decimals');
  cursor.skipBlanks();
  cursor.expect(']');
  return index;
}

function nested(cursor: Cursor): Expression {
  if (++cursor.depth > MAX_DEPTH) throw cursor.error('the template is nested too deeply');
  const operand = parseOperand(cursor);
  cursor.depth--;
  return operand;
}

/** What stands between a method's parentheses; the closing one is passed over. */
function parseArguments(cursor: Cursor): Expression[] {
  const args: Expression[] = [];
  if (cursor.take(')')) return args;
  for (;;) {
    args.push(nested(cursor));
    cursor.skipBlanks();
    if (cursor.take(')')) return args;
    cursor.expect(',');
  }
}

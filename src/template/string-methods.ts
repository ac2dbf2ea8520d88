// Methods of strings, as Java's String has them (spec/websocket-api.md §5.5).
import { hashOf } from './hash-code.ts';
import { elementsOf } from './list-methods.ts';
import { type Method, methodTable, taking, takingNone } from './method.ts';
import { textOf } from './print-value.ts';
import { patternMethods } from './text-patterns.ts';
import { type Budget, bounded, MAX_TEXT, TemplateError, type Value, VChar } from './values.ts';

/** What `trim()` takes away. */
const CONTROL = /^[\u0000- ]+|[\u0000- ]+$/g;
/** White space of Java's Character.isWhitespace, at either end. */
const BLANK = '[\\t-\\r\\x1c-\\x20\\u1680\\u2000-\\u2006\\u2008-\\u200a\\u2028\\u2029\\u205f\\u3000]+';
const LEADING = new RegExp(`^${BLANK}`);
const TRAILING = new RegExp(`(?<!${BLANK.slice(0, -1)})${BLANK}$`);

export const stringMethods: ReadonlyMap<string, Method<string>> = new Map([
  ...patternMethods,
  ...methodTable<string>({
    length: (self) => BigInt(self.length),
    isEmpty: (self) => self === '',
    isBlank: (self) => withoutBlanks(self, true, false) === '',
    toString: (self: string) => self,
    intern: (self) => self,
    trim: (self) => self.replace(CONTROL, ''),
    strip: (self) => withoutBlanks(self, true, true),
    stripLeading: (self) => withoutBlanks(self, true, false),
    stripTrailing: (self) => withoutBlanks(self, false, true),
    toLowerCase: (self) => self.toLowerCase(),
    toUpperCase: (self) => self.toUpperCase(),
    hashCode: takingNone((self, _args, budget) => hashOf(self, budget)),
    charAt: taking(1, (self, [at]) =>
      typeof at === 'bigint' ? new VChar(self[indexIn(self, at, self.length - 1)]!) : undefined,
    ),
    codePointAt: taking(1, (self, [at]) =>
      typeof at === 'bigint' ? BigInt(self.codePointAt(indexIn(self, at, self.length - 1))!) : undefined,
    ),
    substring: (self, args) => {
      const [from, to] = args;
      if (typeof from !== 'bigint' || (to !== undefined && typeof to !== 'bigint') || args.length > 2)
        return undefined;
      const end = to === undefined ? self.length : indexIn(self, to, self.length);
      const start = indexIn(self, from, self.length);
      if (start > end) throw new TemplateError('substring() ends before it begins');
      return self.slice(start, end);
    },
    subSequence: taking(2, (self, args, budget) => stringMethods.get('substring')!(self, args, budget)),
    indexOf: (self, [text, from]) =>
      found(self, text, from, (each, at) => self.indexOf(each, Math.max(at ?? 0, 0))),
    lastIndexOf: (self, [text, from]) =>
      found(self, text, from, (each, at) => (at !== undefined && at < 0 ? -1 : self.lastIndexOf(each, at))),
    contains: onText((self, text) => self.includes(text)),
    startsWith: (self, args) => {
      const [text, from] = args;
      if (typeof text !== 'string' || args.length > 2) return undefined;
      if (from === undefined) return self.startsWith(text);
      if (typeof from !== 'bigint') return undefined;
      return from >= 0n && from <= BigInt(self.length) && self.startsWith(text, Number(from));
    },
    endsWith: onText((self, text) => self.endsWith(text)),
    equals: taking(1, (self, [other]) => self === other),
    contentEquals: onText((self, text) => self === text),
    equalsIgnoreCase: taking(
      1,
      (self, [other]) => typeof other === 'string' && comparedFolded(self, other) === 0n,
    ),
    compareTo: orFail(compared),
    compareToIgnoreCase: orFail(comparedFolded),
    concat: onText((self, text) => bounded(self + text)),
    replace: taking(2, (self, [from, to]) =>
      typeof from === 'string' && typeof to === 'string'
        ? replaced(self, from, to)
        : replacedCharacter(self, from, to),
    ),
    repeat: taking(1, (self, [count]) => (typeof count === 'bigint' ? repeated(self, count) : undefined)),
    join: (_self, [separator, ...parts], budget) =>
      typeof separator === 'string' ? joined(separator, parts, budget) : undefined,
    valueOf: taking(1, (_self, [value]) => textOf(value!)),
    codePointCount: taking(2, (self, args, budget) => {
      const part = stringMethods.get('substring')!(self, args, budget);
      return typeof part === 'string' ? BigInt(Array.from(part).length) : undefined;
    }),
  }),
]);

function onText(method: (self: string, text: string) => Value): Method<string> {
  return taking(1, (self, [text]) => (typeof text === 'string' ? method(self, text) : undefined));
}

/** Java finds the method for any value, and fails for what is no text. */
function orFail(method: (self: string, text: string) => Value): Method<string> {
  return taking(1, (self, [text]) => {
    if (typeof text !== 'string') throw new TemplateError('A text can be compared with another text alone');
    return method(self, text);
  });
}

/** Java throws for an index outside of the string, and so the template fails. */
function indexIn(self: string, at: bigint, most: number): number {
  if (at < 0n || at > BigInt(most))
    throw new TemplateError(`Index ${at} is outside of a string of ${self.length}`);
  return Number(at);
}

/** An integer is the code of a character. */
function found(
  self: string,
  text: Value | undefined,
  from: Value | undefined,
  find: (text: string, from: number | undefined) => number,
): bigint | undefined {
  if (from !== undefined && typeof from !== 'bigint') return undefined;
  if (typeof text === 'bigint') {
    if (text < 0n || text > 0x10ffffn) return -1n;
    return found(self, String.fromCodePoint(Number(text)), from, find);
  }
  return typeof text === 'string'
    ? BigInt(find(text, from === undefined ? undefined : Number(from)))
    : undefined;
}

function withoutBlanks(self: string, isLeading: boolean, isTrailing: boolean): string {
  const text = isLeading ? self.replace(LEADING, '') : self;
  return isTrailing ? text.replace(TRAILING, '') : text;
}

function replaced(self: string, from: string, to: string): string {
  const count = from === '' ? self.length + 1 : self.split(from).length - 1;
  if (self.length + count * to.length > 2 * MAX_TEXT)
    throw new TemplateError('replace() makes too long a text');
  return bounded(self.replaceAll(from, () => to));
}

function replacedCharacter(self: string, from: Value | undefined, to: Value | undefined): string | undefined {
  return from instanceof VChar && to instanceof VChar ? replaced(self, from.text, to.text) : undefined;
}

function repeated(self: string, count: bigint): string {
  if (count < 0n) throw new TemplateError('repeat() needs a count that is not below 0');
  if (count * BigInt(self.length) > BigInt(MAX_TEXT))
    throw new TemplateError('repeat() makes too long a text');
  return self.repeat(Number(count));
}

/** The elements of a list, or the arguments: texts all of them. */
function joined(separator: string, parts: readonly Value[], budget: Budget): string | undefined {
  const elements = parts.length === 1 ? elementsOf(parts[0]) : undefined;
  const items = elements ?? parts;
  const isText = items.every((item) => item === null || typeof item === 'string');
  if (!isText && elements !== undefined) throw new TemplateError('join() joins texts alone');
  if (!isText || parts.length === 0) return undefined;
  budget.spend(items.length);
  let text = '';
  items.forEach((item, i) => {
    text = bounded(text + (i === 0 ? '' : separator) + String(item));
  });
  return text;
}

function compared(self: string, other: string): bigint {
  const shorter = Math.min(self.length, other.length);
  for (let i = 0; i < shorter; i++) {
    if (self[i] !== other[i]) return BigInt(self.charCodeAt(i) - other.charCodeAt(i));
  }
  return BigInt(self.length - other.length);
}

/** Character by character, so that a text equals none of another length. */
function comparedFolded(self: string, other: string): bigint {
  return compared(folded(self), folded(other));
}

function folded(text: string): string {
  return text.replace(/[\s\S]/g, (character) => {
    const upper = character.toUpperCase();
    const lower = (upper.length === 1 ? upper : character).toLowerCase();
    return lower.length === 1 ? lower : character;
  });
}

// Methods of strings, as Java's String has them (spec/websocket-api.md §5.5).
import { textOf } from './print-value.ts';
import { patternOf } from './regex.ts';
import { type Budget, bounded, MAX_TEXT, TemplateError, type Value, VList } from './values.ts';

/** A method of a kind of value; undefined when there is none for these arguments, or when it returns nothing. */
export type Method<T> = (self: T, args: readonly Value[], budget: Budget) => Value | undefined;

/** By name, so that nothing but these can be called. */
export function methodTable<T>(table: Readonly<Record<string, Method<T>>>): ReadonlyMap<string, Method<T>> {
  return new Map(Object.entries(table));
}

export const stringMethods: ReadonlyMap<string, Method<string>> = methodTable<string>({
  length: (self) => BigInt(self.length),
  isEmpty: (self) => self === '',
  toString: (self: string) => self,
  trim: (self) => self.replace(/^[\u0000- ]+|[\u0000- ]+$/g, ''),
  toLowerCase: (self) => self.toLowerCase(),
  toUpperCase: (self) => self.toUpperCase(),
  hashCode: (self) => hashOf(self),
  charAt: (self, [at]) => (typeof at === 'bigint' ? self[indexIn(self, at, self.length - 1)]! : undefined),
  substring: (self, [from, to]) => {
    if (typeof from !== 'bigint' || (to !== undefined && typeof to !== 'bigint')) return undefined;
    const end = to === undefined ? self.length : indexIn(self, to, self.length);
    const start = indexIn(self, from, self.length);
    if (start > end) throw new TemplateError('substring() ends before it begins');
    return self.slice(start, end);
  },
  indexOf: (self, [text, from]) =>
    typeof text !== 'string' ? undefined : BigInt(self.indexOf(text, Number(from ?? 0))),
  lastIndexOf: (self, [text]) => (typeof text !== 'string' ? undefined : BigInt(self.lastIndexOf(text))),
  contains: onText((self, text) => self.includes(text)),
  startsWith: onText((self, text) => self.startsWith(text)),
  endsWith: onText((self, text) => self.endsWith(text)),
  equals: (self, [other]) => self === other,
  equalsIgnoreCase: (self, [other]) =>
    typeof other === 'string' && self.toLowerCase() === other.toLowerCase(),
  compareTo: onText((self, text) => compared(self, text)),
  concat: onText((self, text) => bounded(self + text)),
  matches: onText((self, source, budget) => patternOf(source, false, self.length, budget).matches(self)),
  replace: (self, [from, to]) =>
    typeof from === 'string' && typeof to === 'string' ? replaced(self, from, to) : undefined,
  replaceAll: (self, [source, to], budget) =>
    typeof source === 'string' && typeof to === 'string'
      ? substitute(self, source, to, Number.POSITIVE_INFINITY, budget)
      : undefined,
  replaceFirst: (self, [source, to], budget) =>
    typeof source === 'string' && typeof to === 'string'
      ? substitute(self, source, to, 1, budget)
      : undefined,
  split: (self, [source, limit], budget) =>
    typeof source === 'string' && (limit === undefined || typeof limit === 'bigint')
      ? split(self, source, Number(limit ?? 0), budget)
      : undefined,
});

function onText(method: (self: string, text: string, budget: Budget) => Value | bigint): Method<string> {
  return (self, [text], budget) => (typeof text === 'string' ? method(self, text, budget) : undefined);
}

/** Java throws for an index outside of the string, and so the template fails. */
function indexIn(self: string, at: bigint, most: number): number {
  if (at < 0n || at > BigInt(most))
    throw new TemplateError(`Index ${at} is outside of a string of ${self.length}`);
  return Number(at);
}

function matcher(self: string, source: string, budget: Budget) {
  return patternOf(source, false, self.length, budget).matcher(self);
}

/** Java's replacement text: `$1` is a group, a backslash takes what follows as it is. */
function substitute(self: string, source: string, to: string, most: number, budget: Budget): string {
  const found = matcher(self, source, budget);
  const parts = replacementParts(to);
  let text = '';
  let from = 0;
  for (let count = 0; count < most && found.find(); count++) {
    budget.spend(1 + parts.length);
    text += self.slice(from, Number(found.start()));
    from = Number(found.end());
    for (const part of parts) {
      if (typeof part === 'string') text += part;
      else if (part > Number(found.groupCount()))
        throw new TemplateError(`There is no group ${part} to replace with`);
      else text += found.group(part) ?? '';
    }
    bounded(text);
  }
  return bounded(text + self.slice(from));
}

/** Literal texts and numbers of groups. */
function replacementParts(text: string): (string | number)[] {
  const parts: (string | number)[] = [];
  for (const [token] of text.matchAll(/\\(?:.|$)|\$\d?|[^\\$]+/gs)) {
    if (token === '\\' || token === '$') throw new TemplateError('The replacement text is malformed');
    if (token[0] === '$') parts.push(Number(token[1]));
    else parts.push(token[0] === '\\' ? token.slice(1) : token);
  }
  return parts;
}

function replaced(self: string, from: string, to: string): string {
  const count = from === '' ? self.length + 1 : self.split(from).length - 1;
  if (self.length + count * to.length > 2 * MAX_TEXT)
    throw new TemplateError('replace() makes too long a text');
  return bounded(self.replaceAll(from, () => to));
}

/** Java's split: no empty text in front for a match of nothing; without limit none at the end. */
function split(self: string, source: string, limit: number, budget: Budget): VList {
  if (LITERAL.test(source)) return splitAt(self, source, limit, budget);
  const found = matcher(self, source, budget);
  const parts: string[] = [];
  let from = 0;
  while ((limit <= 0 || parts.length < limit - 1) && found.find()) {
    const [start, end] = [Number(found.start()), Number(found.end())];
    if (end === 0) continue;
    if (start === end && start >= self.length) break;
    budget.spend(1);
    parts.push(self.slice(from, start));
    from = end;
  }
  parts.push(self.slice(from));
  if (limit === 0) while (parts.length > 1 && parts.at(-1) === '') parts.pop();
  return new VList(parts, false);
}

/** Patterns that match themselves alone. */
const LITERAL = /^[\w ,;:/@=&%#"'<>!~-]+$/;

/** The same for a text that is no pattern. */
function splitAt(self: string, separator: string, limit: number, budget: Budget): VList {
  const parts: string[] = [];
  let from = 0;
  while (limit <= 0 || parts.length < limit - 1) {
    const at = self.indexOf(separator, from);
    if (at < 0) break;
    budget.spend(1);
    parts.push(self.slice(from, at));
    from = at + separator.length;
  }
  budget.spend(1 + (self.length >> 4));
  parts.push(self.slice(from));
  if (limit === 0) while (parts.length > 1 && parts.at(-1) === '') parts.pop();
  return new VList(parts, false);
}

function compared(self: string, other: string): bigint {
  const shorter = Math.min(self.length, other.length);
  for (let i = 0; i < shorter; i++) {
    if (self[i] !== other[i]) return BigInt(self.charCodeAt(i) - other.charCodeAt(i));
  }
  return BigInt(self.length - other.length);
}

/** Java's String.hashCode. */
export function hashOf(value: Value): bigint {
  let hash = 0;
  for (const character of textOf(value).split('')) hash = (Math.imul(31, hash) + character.charCodeAt(0)) | 0;
  return BigInt(hash);
}

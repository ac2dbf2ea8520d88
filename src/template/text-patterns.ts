// Methods of strings that take a regular expression (spec/websocket-api.md §5.5, §5.5.2).
import { type Method, methodTable, taking } from './method.ts';
import { type Found, type JavaPattern, javaPattern } from './regex/regex.ts';
import { type Budget, bounded, TemplateError, type Value, VList } from './values.ts';

export const patternMethods: ReadonlyMap<string, Method<string>> = methodTable<string>({
  matches: taking(1, (self, [source], budget) =>
    typeof source === 'string' ? patternFor(self, source, budget).matches(self) : undefined,
  ),
  replaceAll: taking(2, (self, args, budget) => replaced(self, args, Number.POSITIVE_INFINITY, budget)),
  replaceFirst: taking(2, (self, args, budget) => replaced(self, args, 1, budget)),
  split: (self, args, budget) => {
    const [source, limit] = args;
    if (typeof source !== 'string' || args.length > 2) return undefined;
    if (limit !== undefined && typeof limit !== 'bigint') return undefined;
    return split(self, source, Number(limit ?? 0), budget);
  },
});

function patternFor(self: string, source: string, budget: Budget): JavaPattern {
  return javaPattern(source, false, self.length, budget);
}

function replaced(
  self: string,
  [source, to]: readonly Value[],
  most: number,
  budget: Budget,
): string | undefined {
  if (typeof source !== 'string' || typeof to !== 'string') return undefined;
  const pattern = patternFor(self, source, budget);
  // One that is malformed matters where something is replaced.
  let parts: readonly (string | number)[] | undefined;
  let text = '';
  let from = 0;
  let count = 0;
  for (const found of pattern.find(self, budget)) {
    parts ??= replacementParts(to, pattern);
    budget.spend(1 + parts.length);
    text += self.slice(from, found.start);
    for (const part of parts) text += typeof part === 'string' ? part : (found.group(part) ?? '');
    bounded(text);
    from = found.end;
    if (++count === most) break;
  }
  return bounded(text + self.slice(from));
}

/** Java's replacement text: `$1` and `${name}` are groups, a backslash takes what follows as it is. */
function replacementParts(text: string, pattern: JavaPattern): readonly (string | number)[] {
  const parts: (string | number)[] = [];
  for (const [token] of text.matchAll(/\\[\s\S]?|\$(?:\{[^}]*\}|\d+)?|[^\\$]+/g)) {
    if (token === '\\' || token === '$') throw malformed(text, `a ${token} stands alone`);
    if (token[0] === '\\') parts.push(token.slice(1));
    else if (token[0] !== '$') parts.push(token);
    else if (token[1] === '{') parts.push(namedGroup(text, token.slice(2, -1), pattern));
    else parts.push(...numberedGroup(text, token.slice(1), pattern));
  }
  return parts;
}

function malformed(text: string, why: string): TemplateError {
  return new TemplateError(`The replacement ${text} is malformed: ${why}`);
}

function namedGroup(text: string, name: string, pattern: JavaPattern): number {
  const group = pattern.groupNamed(name);
  if (group === undefined) throw malformed(text, `there is no group ${name}`);
  return group;
}

/** So many digits as there are groups for; the rest is text. */
function numberedGroup(text: string, digits: string, pattern: JavaPattern): (string | number)[] {
  let length = 1;
  while (length < digits.length && Number(digits.slice(0, length + 1)) <= pattern.groups) length++;
  const group = Number(digits.slice(0, length));
  if (group > pattern.groups) throw malformed(text, `there is no group ${group}`);
  return length === digits.length ? [group] : [group, digits.slice(length)];
}

/** Java's split: no empty text in front for a match of nothing; without limit none at the end. */
function split(self: string, source: string, limit: number, budget: Budget): VList {
  const parts: string[] = [];
  let from = 0;
  for (const found of placesOf(self, source, budget)) {
    if (limit > 0 && parts.length === limit - 1) break;
    // A match of nothing at the start divides nothing.
    if (found.end === 0) continue;
    budget.spend(1);
    parts.push(self.slice(from, found.start));
    from = found.end;
  }
  if (from === 0 && parts.length === 0) return new VList([self], false, true);
  parts.push(self.slice(from));
  if (limit === 0) while (parts.at(-1) === '') parts.pop();
  return new VList(parts, false, true);
}

/** Patterns that match themselves alone. */
const LITERAL = /^(?:[\w ,;:/@=&%#"'<>!~-]+|\\?[-,;:|/.])$/;

function placesOf(self: string, source: string, budget: Budget): Iterable<Pick<Found, 'start' | 'end'>> {
  const isLiteral = LITERAL.test(source) && source !== '.' && source !== '|';
  return isLiteral
    ? literalPlaces(self, source, budget)
    : patternFor(self, source, budget).find(self, budget);
}

function* literalPlaces(
  self: string,
  source: string,
  budget: Budget,
): Generator<Pick<Found, 'start' | 'end'>, void> {
  const separator = source.replace(/^\\/, '');
  budget.spend(1 + (self.length >> 4));
  for (let at = self.indexOf(separator); at >= 0; at = self.indexOf(separator, at + separator.length)) {
    yield { start: at, end: at + separator.length };
  }
}

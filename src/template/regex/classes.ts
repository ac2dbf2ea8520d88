// The named classes of Java's regular expressions (spec/websocket-api.md §5.5.2).
import { type CharacterSet, complement, intersection, setOf, unicodeSet, union } from '../character-set.ts';

const LOWER = setOf('a-z');
const UPPER = setOf('A-Z');
const DIGIT = setOf('0-9');
const PUNCTUATION = setOf('!-/', ':-@', '[-`', '{-~');
const ALPHA = union([LOWER, UPPER]);
const SPACE = setOf(' ', '\t', '\n', '\u000b', '\f', '\r');
const HORIZONTAL = setOf(
  ' ',
  '\t',
  '\u00a0',
  '\u1680',
  '\u180e',
  '\u2000-\u200a',
  '\u202f',
  '\u205f',
  '\u3000',
);
/** `\v`. */
export const VERTICAL = setOf('\n-\r', '\u0085', '\u2028', '\u2029');

/** What ends a line: `.` stops there. */
export const LINE_ENDS = setOf('\n', '\r', '\u0085', '\u2028', '\u2029');

/** `\d` and the like. */
export const SHORT_CLASSES: Readonly<Record<string, CharacterSet>> = {
  d: DIGIT,
  D: complement(DIGIT),
  s: SPACE,
  S: complement(SPACE),
  w: union([ALPHA, DIGIT, setOf('_')]),
  W: complement(union([ALPHA, DIGIT, setOf('_')])),
  h: HORIZONTAL,
  H: complement(HORIZONTAL),
  v: VERTICAL,
  V: complement(VERTICAL),
};

const POSIX: ReadonlyMap<string, CharacterSet> = new Map([
  ['Lower', LOWER],
  ['Upper', UPPER],
  ['ASCII', setOf('\u0000-\u007f')],
  ['Alpha', ALPHA],
  ['Digit', DIGIT],
  ['Alnum', union([ALPHA, DIGIT])],
  ['Punct', PUNCTUATION],
  ['Graph', setOf('!-~')],
  ['Print', setOf(' -~')],
  ['Blank', setOf(' ', '\t')],
  ['Cntrl', setOf('\u0000-\u001f', '\u007f')],
  ['XDigit', setOf('0-9', 'a-f', 'A-F')],
  ['Space', SPACE],
  ['all', [0, 0x10ffff]],
  ['ALL', [0, 0x10ffff]],
  ['L1', setOf('\u0000-\u00ff')],
]);

/** Java's names of properties, as ECMAScript has them. */
const PROPERTIES: ReadonlyMap<string, readonly string[]> = new Map([
  ['javaLowerCase', ['Lowercase']],
  ['javaUpperCase', ['Uppercase']],
  ['javaTitleCase', ['Lt']],
  ['javaAlphabetic', ['Alphabetic']],
  ['javaIdeographic', ['Ideographic']],
  ['javaDigit', ['Nd']],
  ['javaLetter', ['L']],
  ['javaLetterOrDigit', ['L', 'Nd']],
  ['javaDefined', ['Assigned']],
  ['javaSpaceChar', ['Z']],
  ['javaISOControl', ['Cc']],
  ['LC', ['Lu', 'Ll', 'Lt']],
  ['LD', ['L', 'Nd']],
  ['IsLetter', ['L']],
  ['IsDigit', ['Nd']],
  ['IsPunctuation', ['P']],
  ['IsControl', ['Cc']],
  ['IsTitlecase', ['Lt']],
  ['IsHex_Digit', ['Hex_Digit']],
  ['IsWhite_Space', ['White_Space']],
]);

/** The class `\p{name}`; undefined when Java or we have none of the name. */
export function namedClass(name: string): CharacterSet | undefined {
  const posix = POSIX.get(name);
  if (posix !== undefined) return posix;
  if (name === 'javaWhitespace') {
    const separators = intersection(unicodeSet('Z')!, complement(setOf('\u00a0', '\u2007', '\u202f')));
    return union([separators, setOf('\t-\r', '\u001c-\u001f')]);
  }
  const properties = PROPERTIES.get(name);
  if (properties !== undefined) return union(properties.map((each) => unicodeSet(each)!));
  if (/^(?:[CLMNPSZ][a-z]?)$/.test(name)) return unicodeSet(name);
  const [, , category] = /^(?:(general_category|gc)=)([A-Z][a-z]?)$/i.exec(name) ?? [];
  if (category !== undefined) return unicodeSet(category);
  const [, script] = /^(?:script|sc)=(\w+)$/i.exec(name) ?? [];
  if (script !== undefined) return ofScript(script);
  const [, property] = /^Is(\w+)$/.exec(name) ?? [];
  if (property === undefined) return undefined;
  return ofScript(property) ?? unicodeSet(property) ?? unicodeSet(capitalized(property));
}

function ofScript(name: string): CharacterSet | undefined {
  return unicodeSet(`Script=${capitalized(name)}`);
}

function capitalized(name: string): string {
  return name.toLowerCase().replace(/(?<![a-z])[a-z]/g, (letter) => letter.toUpperCase());
}

// What the pages of docs/spec say a statement rests on, found where the statement's id points: `§4.2-3` is the third bullet of a
// section, `§2.3(4)` its fourth numbered item, `§4.16#12` row 12 of its table, `§5.3 answer: vary` the row of its table whose first
// cell has that word. An id whose place is not found stands for the section.
import { readFileSync } from 'node:fs';

type Sections = ReadonlyMap<string, string>;

/** Where a heading's section begins or, on the WebSocket page, a numbered statement. */
const EACH = /^(?:#+ )?§?(\d+(?:\.\d+)*)\.?(?= )/gm;
/** A chapter with all its sections. */
const CHAPTER = /^## §(\d+)(?= )/gm;

/** Number → text, up to the next one. */
function sectionsOf(page: string, begins = EACH): Sections {
  const text = readFileSync(`docs/spec/${page}.md`, 'utf8');
  const starts = [...text.matchAll(begins)];
  return new Map(
    starts.map((start, i) => [start[1]!, text.slice(start.index, starts[i + 1]?.index ?? text.length)]),
  );
}

const PAGES = {
  '': sectionsOf('http-api'),
  'ws ': sectionsOf('websocket-api'),
  'oas ': sectionsOf('openapi', CHAPTER),
};

/** Blocks of lines that begin with a pattern, each with the indented lines behind it. */
const blocks = (section: string, begins: RegExp): string[] =>
  [...section.matchAll(new RegExp(`^${begins.source}.*(?:\\n(?=[ \\t]+\\S).*)*`, 'gm'))].map(
    ([block]) => block,
  );

function placeIn(section: string, rest: string): string {
  const row = /^#(\d+)$/.exec(rest) ?? /^ ([A-Z]\d+)$/.exec(rest);
  if (row !== null) {
    const example = section.split(/^### /m).find((each) => each.startsWith(`${row[1]} `));
    return blocks(section, /\|/).find((each) => each.startsWith(`| ${row[1]} |`)) ?? example ?? section;
  }
  const bullet = /^-(\d+)$/.exec(rest);
  if (bullet !== null) return blocks(section, /[*-] /)[Number(bullet[1]) - 1] ?? section;
  const item = /^\((\d+)\)$/.exec(rest);
  if (item !== null) return blocks(section, new RegExp(`${item[1]}\\. `))[0] ?? section;
  const word = rest.split(': ').at(-1)!.trim();
  const cell = blocks(section, /\|/).find((each) => each.split('|')[1]!.includes(word));
  return word === '' ? section : (cell ?? section);
}

/** In the order of strength; the first two are how the pages write of what others saw. */
const LABELS: readonly (readonly [label: string, found: RegExp])[] = [
  ['validated on AWS', /aws-validated|acceptance/],
  ['observed', /\(observed|\bobserved:|captured/],
  ['model', /\(model/],
  ['inferred', /\(inferred|by analogy/],
  ['choice', /\([Cc]hoice|Choice/],
];

/** `observed, inferred`; a statement without a mark is AWS's own documentation. */
export function evidenceOf(id: string): string {
  const [, page, number, rest] = /^((?:ws |oas )?)§(\d+(?:\.\d+)*)(.*)$/.exec(id)!;
  const section = PAGES[page as keyof typeof PAGES].get(number!);
  if (section === undefined) throw new Error(`no section ${number} for the statement ${id}`);
  // The list of choices, whose rows carry no mark of their own.
  if (/^ [CUO]\d+$/.test(rest!)) return 'choice';
  const place = placeIn(section, rest!);
  const found = LABELS.filter(([, pattern]) => pattern.test(place)).map(([label]) => label);
  return found.length === 0 ? 'AWS documentation' : found.join(', ');
}

// Regular expressions of templates, keys of integration responses and models, matched in linear time: Java's dialect for the
// first two (spec/websocket-api.md §5.5.2), ECMA 262's for models.
import { requirePackage } from '../../packages.ts';
import { type Budget, TemplateError } from '../values.ts';
import { type Search, type Translation, translateRegex } from './translate.ts';

type Library = typeof import('re2js');
type Pattern = ReturnType<Library['RE2JS']['compile']>;

const MAX_PATTERN = 4_096;
const KEPT = 256;
/** What a class of Unicode (`\pL`) weighs: its tables are large. */
const CLASS_WEIGHT = 100;
/** Steps for each unit of weight. */
const COMPILING = 10;
/** Instructions that look at one character for a step, and steps of a match that looks at none. */
const LOOKS = 3;
const MATCHING = 50;
/** Bytes of what a search remembers of its texts. */
const MAX_MEMORY = 65_536;
/** Steps of finding a place close by. */
const FINDING = 4;

// A quarter of a megabyte of code, loaded by the first template that matches something.
let loaded: Library | undefined;

function library(): Library {
  loaded ??= requirePackage('re2js') as Library;
  return loaded;
}

function compile(source: string): Pattern {
  return understood(source, () => library().RE2JS.compile(source));
}

/** Where a pattern was found. */
export interface Found {
  readonly start: number;
  readonly end: number;
  /** The text of a group; undefined when it took no part. */
  group(index: number): string | undefined;
}

/** A pattern of Java's. */
export class JavaPattern {
  readonly #translation: Translation;
  #whole: Pattern | undefined;
  #search: Pattern | undefined;
  #later: Pattern | undefined;

  constructor(source: string, ignoreCase: boolean) {
    this.#translation = translateRegex(source, ignoreCase);
  }

  /** How many states matching needs. */
  get size(): number {
    return this.#translation.size;
  }

  /** How many groups it has. */
  get groups(): number {
    return Math.max(this.#translation.search.groups.length - 1, 0);
  }

  groupNamed(name: string): number | undefined {
    return this.#translation.names.get(name);
  }

  /** Whether it matches all of a text. */
  matches(text: string): boolean {
    this.#whole ??= compile(this.#translation.whole);
    return this.#whole.matches(text);
  }

  /** Each place where it is found, as Java's Matcher.find() does it. */
  *find(text: string, budget: Budget): Generator<Found, void> {
    const { readsFar, size } = this.#translation;
    let from = 0;
    while (from <= text.length) {
      budget.spend(readsFar ? size * ((text.length - from) >> 1) : FINDING);
      const found = this.#findFrom(text, from);
      if (found === undefined) return;
      yield found;
      from = found.end > found.start ? found.end : found.end + 1;
    }
  }

  #findFrom(text: string, from: number): Found | undefined {
    const { search, later } = this.#translation;
    if (from === 0) {
      this.#search ??= compile(search.source);
      return foundIn(this.#search, search, text, 0);
    }
    this.#later ??= compile(later.source);
    return foundIn(this.#later, later, text, later.heads.length === 0 ? from : before(text, from));
  }
}

/** The place of the character that is in front of one. */
function before(text: string, at: number): number {
  return at > 1 && /[\udc00-\udfff]/.test(text[at - 1]!) ? at - 2 : at - 1;
}

function foundIn(pattern: Pattern, search: Search, text: string, from: number): Found | undefined {
  const matcher = pattern.matcher(text);
  if (!matcher.find(from)) return undefined;
  let [start, end] = [Number(matcher.start()), Number(matcher.end())];
  for (const head of search.heads)
    if (matcher.group(head) !== null) start = Math.max(start, Number(matcher.end(head)));
  for (const tail of search.tails)
    if (matcher.group(tail) !== null) end = Math.min(end, Number(matcher.start(tail)));
  return {
    start,
    end,
    group(index) {
      if (index === 0) return text.slice(start, end);
      const group = search.groups[index];
      if (group === undefined || matcher.group(group.number) === null) return undefined;
      const [first, last] = [Number(matcher.start(group.number)), Number(matcher.end(group.number))];
      return group.isOutside
        ? text.slice(first, last)
        : text.slice(Math.max(first, start), Math.min(last, end));
    },
  };
}

const javaPatterns = new Map<string, JavaPattern>();

/** Compiles a pattern of Java's, and pays for a search in so many characters. Throws TemplateError. */
export function javaPattern(
  source: string,
  ignoreCase: boolean,
  characters: number,
  budget: Budget,
): JavaPattern {
  // As if it were compiled each time: what a template may do does not hang on what others have done.
  budget.spend(weighed(source) * COMPILING);
  const key = ignoreCase ? `i${source}` : `c${source}`;
  let pattern = javaPatterns.get(key);
  if (pattern === undefined) {
    pattern = new JavaPattern(source, ignoreCase);
    if (javaPatterns.size >= KEPT) javaPatterns.clear();
    javaPatterns.set(key, pattern);
  }
  budget.spend(matchSteps(pattern.size, characters));
  return pattern;
}

/** A pattern that is looked for in many texts, with a bound on the memory it takes. */
export interface TextSearch {
  /** What compiling it takes. */
  readonly weight: number;
  /** In instructions. */
  readonly size: number;
  /** Whether there is a match anywhere. Throws TemplateError when the budget is spent. */
  isIn(text: string, budget: Budget): boolean;
}

/** Compiles a pattern in ECMA 262's dialect. Throws TemplateError. */
export function compileSearch(source: string): TextSearch {
  const weight = weighed(source);
  const { RE2JS, RE2Set } = library();
  return understood(source, () => {
    const translated = RE2JS.translateRegExp(source);
    const size = RE2JS.compile(translated).programSize();
    const set = new RE2Set(RE2Set.UNANCHORED, 0, MAX_MEMORY);
    set.add(translated);
    set.compile();
    return {
      weight,
      size,
      isIn(text, budget) {
        budget.spend(matchSteps(size, text.length));
        return set.match(text).length > 0;
      },
    };
  });
}

function weighed(source: string): number {
  if (source.length > MAX_PATTERN) throw new TemplateError('A regular expression is too long');
  const classes = source.match(/\\p/gi)?.length ?? 0;
  const weight = source.length + classes * CLASS_WEIGHT;
  if (weight > 2 * MAX_PATTERN)
    throw new TemplateError('A regular expression has too many classes of Unicode');
  return weight;
}

function understood<T>(source: string, compile: () => T): T {
  try {
    return compile();
  } catch (error) {
    throw new TemplateError(`The regular expression ${source} is not understood`, { cause: error });
  }
}

function matchSteps(size: number, characters: number): number {
  return MATCHING + Math.ceil((size * (characters + 1)) / LOOKS);
}

// Regular expressions of templates and models: Java's dialect but for backreferences and lookaround, matched in linear time.
import { createRequire } from 'node:module';
import { type Budget, TemplateError } from './values.ts';

type Library = typeof import('re2js');
export type Pattern = ReturnType<Library['RE2JS']['compile']>;

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

// A quarter of a megabyte of code, loaded by the first template that matches something.
let loaded: Library | undefined;
const compiled = new Map<string, Pattern>();

function library(): Library {
  loaded ??= createRequire(import.meta.url)('re2js') as Library;
  return loaded;
}

/** Compiles a pattern, and pays for a match against so many characters. Throws TemplateError. */
export function patternOf(source: string, ignoreCase: boolean, characters: number, budget: Budget): Pattern {
  // As if it were compiled each time: what a template may do does not hang on what others have done.
  budget.spend(weighed(source) * COMPILING);
  const key = ignoreCase ? `i${source}` : `c${source}`;
  let pattern = compiled.get(key);
  if (pattern === undefined) {
    const { RE2JS } = library();
    pattern = understood(source, () => RE2JS.compile(source, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0));
    if (compiled.size >= KEPT) compiled.clear();
    compiled.set(key, pattern);
  }
  budget.spend(matchSteps(pattern.programSize(), characters));
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

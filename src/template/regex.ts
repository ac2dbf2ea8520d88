// Regular expressions of templates: Java's dialect but for backreferences and lookaround, matched in linear time.
import { createRequire } from 'node:module';
import { type Budget, TemplateError } from './values.ts';

type Library = typeof import('re2js');
export type Pattern = ReturnType<Library['RE2JS']['compile']>;

const MAX_PATTERN = 4_096;
const KEPT = 256;

// A quarter of a megabyte of code, loaded by the first template that matches something.
let library: Library | undefined;
const compiled = new Map<string, Pattern>();

/** Compiles a pattern, and pays for a match against so many characters. Throws TemplateError. */
export function patternOf(source: string, ignoreCase: boolean, characters: number, budget: Budget): Pattern {
  if (source.length > MAX_PATTERN) throw new TemplateError('A regular expression is too long');
  budget.spend(1 + source.length * (1 + (characters >> 4)));
  const key = ignoreCase ? `i${source}` : `c${source}`;
  let pattern = compiled.get(key);
  if (pattern === undefined) {
    library ??= createRequire(import.meta.url)('re2js') as Library;
    const { RE2JS } = library;
    try {
      pattern = RE2JS.compile(source, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
    } catch (error) {
      throw new TemplateError(`The regular expression ${source} is not understood`, { cause: error });
    }
    if (compiled.size >= KEPT) compiled.clear();
    compiled.set(key, pattern);
  }
  return pattern;
}

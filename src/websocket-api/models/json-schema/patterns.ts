// Patterns of models: ECMA 262's dialect as far as it can be matched in linear time (no backreferences, no lookaround), with
// a bound on what compiling, keeping and matching them takes.

import { compileSearch, type TextSearch } from '../../../template/regex/regex.ts';
import type { Budget } from '../../../template/values.ts';
import { SchemaError } from './schema-error.ts';

/** Whether a text has a match anywhere. */
export type TextPattern = (text: string, budget: Budget) => boolean;

/** What the patterns of one schema may still take. */
export interface PatternSpace {
  /** In `weightOf`. */
  weight: number;
  /** In instructions of compiled patterns. */
  instructions: number;
  readonly compiled: Map<string, TextSearch>;
}

export function patternSpace(): PatternSpace {
  return { weight: 16_384, instructions: 20_000, compiled: new Map() };
}

/** Compiles a pattern. Throws SchemaError when it is malformed or the schema's patterns are too large together. */
export function compileTextPattern(source: string, space: PatternSpace): TextPattern {
  const search = space.compiled.get(source) ?? compiled(source, space);
  space.compiled.set(source, search);
  return (text, budget) => search.isIn(text, budget);
}

function compiled(source: string, space: PatternSpace): TextSearch {
  let search: TextSearch;
  try {
    search = compileSearch(source);
  } catch (error) {
    throw new SchemaError((error as Error).message, { cause: error });
  }
  space.weight -= search.weight;
  space.instructions -= search.size;
  if (space.weight < 0 || space.instructions < 0) {
    throw new SchemaError('the patterns are too large together');
  }
  return search;
}

// The envelope that AWS puts around what is wrong with parameter mappings (spec/http-api.md §4.10).
import { GrammarError } from './grammar-error.ts';

class MappingError extends GrammarError {
  readonly causes: readonly string[];

  constructor(causes: readonly string[]) {
    super(
      `Invalid mapping expression specified: Validation Result: warnings : [], errors : [${causes.join(', ')}]`,
    );
    this.causes = causes;
  }
}

/** Causes in the envelope. */
export function mappingError(...causes: string[]): GrammarError {
  return new MappingError(causes);
}

/** A value that is none, or too long. */
export function badValue(text: string): GrammarError {
  return mappingError(`Invalid mapping expression specified: ${text}`);
}

/** Runs `work`, keeping the causes of a MappingError. */
export function collect(causes: string[], work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof MappingError)) throw error;
    causes.push(...error.causes);
  }
}

/** Throws when there are causes. */
export function throwCauses(causes: readonly string[]): void {
  if (causes.length > 0) throw new MappingError(causes);
}
